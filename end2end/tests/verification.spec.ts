// Small deposits that prove an account: asked for, waited for, answered wrong and right. The built-in bank sends them.
import { address, fieldSays, follow, isOn, open, press } from "../support/browsing";
import { letDepositsArrive, statementCents } from "../support/deposits";
import { expect, test, type Page } from "../support/fixtures";
import { addAccount, signUp } from "../support/people";

/** From a new account to the page that proves it; answers its path. */
async function toProof(page: Page): Promise<string> {
  await signUp(page);
  await addAccount(page);
  await isOn(page, "account");
  await expect(page.getByTestId("verification-notice")).toContainText("Small deposits prove that this account is yours.");
  await follow(page, "Send deposits", page.getByTestId("verification-notice"));
  await isOn(page, "verify");
  return address(page);
}

test("an account is proven by two amounts @main", async ({ page, problems }) => {
  problems.expect(/422 POST \/accounts\/verify/);
  const proof = await toProof(page);

  await test.step("deposits are on their way", async () => {
    await press(page, "Send deposits");
    await isOn(page, "verify");
    await expect(page.getByTestId("deposits-instruction")).toContainText("Two small deposits marked COFFER ACCTVERIFY should arrive by");
    await open(page, "/accounts");
    await expect(page.getByTestId("accounts-row")).toContainText("Confirm deposits · expected");
    await follow(page, "Confirm deposits", page.getByTestId("accounts-row"));
  });

  await test.step("an answer before they are there uses no try", async () => {
    await page.getByLabel("First amount", { exact: true }).fill("0.32");
    await page.getByLabel("Second amount", { exact: true }).fill("0.45");
    await press(page, "Verify account");
    await fieldSays(page, "Second amount", /haven't arrived yet/);
    await expect(page.getByLabel("First amount", { exact: true })).toHaveValue("0.32");
  });

  await letDepositsArrive(page, proof);
  const [low = 0, high = 0] = await statementCents(page);

  await test.step("what can be no deposit is named and uses no try", async () => {
    await page.getByLabel("First amount", { exact: true }).fill("1.20");
    await page.getByLabel("Second amount", { exact: true }).fill(String(high));
    await press(page, "Verify account");
    await fieldSays(page, "First amount", "Each deposit is between $0.01 and $0.98.");
  });

  await test.step("a wrong answer uses one", async () => {
    await page.getByLabel("First amount", { exact: true }).fill(String(low));
    await page.getByLabel("Second amount", { exact: true }).fill(String(low === 1 ? 98 : low - 1 === high ? low - 2 : low - 1));
    await press(page, "Verify account");
    await fieldSays(page, "Second amount", /2 tries left/);
  });

  await test.step("the right one, in the other order", async () => {
    await page.getByLabel("First amount", { exact: true }).fill(`$0.${String(high).padStart(2, "0")}`);
    await page.getByLabel("Second amount", { exact: true }).fill(String(low));
    await press(page, "Verify account");
    await isOn(page, "account");
    await expect(page.getByTestId("verification-notice")).toHaveCount(0);
    await expect(page.getByTestId("account")).toContainText("Two small deposits");
  });
});

test("three wrong answers close the round, and another one may begin", async ({ page, problems }) => {
  problems.expect(/422 POST \/accounts\/verify/);
  const proof = await toProof(page);
  await press(page, "Send deposits");
  await letDepositsArrive(page, proof);
  const sent = await statementCents(page);
  const [one = 1, other = 2] = [1, 2, 3, 4].filter((cents) => !sent.includes(cents));

  for (const left of ["2 tries left", "1 try left"]) {
    await page.getByLabel("First amount", { exact: true }).fill(String(one));
    await page.getByLabel("Second amount", { exact: true }).fill(String(other));
    await press(page, "Verify account");
    await fieldSays(page, "Second amount", new RegExp(left));
  }
  await press(page, "Verify account");

  await isOn(page, "verify");
  await expect(page.getByTestId("verification")).toHaveAttribute("data-state", "failed");
  await expect(page.getByTestId("verification-message")).toContainText("For safety, this round is closed.");
  await page.getByRole("radio", { name: /A deposit with a code/ }).check();
  await press(page, "Send new deposits");
  await expect(page.getByTestId("deposits-instruction")).toContainText("One deposit of 1 cent marked COFFER ACCTVERIFY CF");
});

test("an account is proven by a code", async ({ page }) => {
  const proof = await toProof(page);
  await page.getByRole("radio", { name: /A deposit with a code/ }).check();
  await press(page, "Send deposits");
  await letDepositsArrive(page, proof);
  const text = (await page.getByTestId("statement-deposit").first().textContent()) ?? "";
  const code = /COFFER ACCTVERIFY CF([A-Z2-9]{4})/.exec(text)?.[1] ?? "";

  await page.getByLabel("Code", { exact: true }).fill(`cf ${code.toLowerCase()}`);
  await press(page, "Verify account");

  await isOn(page, "account");
  await expect(page.getByTestId("account")).toContainText("A deposit with a code");
});

test("an account that was put away is asked for its numbers again", async ({ page, problems }) => {
  problems.expect(/422 POST \/accounts\/verify\/numbers/);
  await signUp(page);
  await addAccount(page);
  const account = address(page);
  await press(page, "Archive account");
  await open(page, account);
  await press(page, "Bring back");
  await isOn(page, "account");
  await expect(page.getByRole("heading", { name: "Enter its numbers again" })).toBeVisible();

  await page.getByLabel("Routing number", { exact: true }).fill("021000021");
  await page.getByLabel("Account number", { exact: true }).fill("000123456789");
  await page.getByLabel("Account number again", { exact: true }).fill("000123456780");
  await press(page, "Save numbers");
  await isOn(page, "account");
  await fieldSays(page, "Account number again", "The two account numbers don't match.");
  await expect(page.getByLabel("Routing number", { exact: true })).toHaveValue("021000021");

  await page.getByLabel("Account number", { exact: true }).fill("000123456789");
  await page.getByLabel("Account number again", { exact: true }).fill("000123456789");
  await press(page, "Save numbers");
  await isOn(page, "verify");
  await press(page, "Send deposits");
  await expect(page.getByTestId("deposits-instruction")).toBeVisible();
});
