// The main job, from nothing to a person looking at their own transactions.
import { address, fieldSays, follow, isOn, open, press } from "../support/browsing";
import { dollars, recentChecking, sum, today } from "../support/files";
import { expect, test } from "../support/fixtures";
import { fillAccount, fillAccountNumber, fillSignIn, fillSignUp, newBankAccount, newPerson } from "../support/people";

test("from sign-up to one's own transactions and back out @main", async ({ page, problems }) => {
  const person = newPerson();
  const account = newBankAccount();
  const { file, rows } = recentChecking();
  problems.expect(/422 POST \/accounts\/link/);

  await test.step("sign up from the landing page", async () => {
    await open(page, "/");
    await isOn(page, "landing");
    await follow(page, "Get started", page.getByRole("banner"));
    await fillSignUp(page, person);
    await press(page, "Create account");
  });

  await test.step("the dashboard says what to do first", async () => {
    await isOn(page, "dashboard");
    expect(address(page)).toBe("/dashboard");
    await expect(page.getByTestId("onboarding").getByRole("link", { name: "Add an account" })).toBeVisible();
  });

  await test.step("a wrong routing number is named at its field, the rest is kept", async () => {
    await open(page, "/accounts/link?how=numbers");
    await isOn(page, "link");
    await fillAccount(page, { ...account, routingNumber: "021000022" });
    await press(page, "Add account");
    await fieldSays(page, "Routing number", "That routing number isn't valid.");
    await expect(page.getByLabel("Bank name", { exact: true })).toHaveValue(account.bankName);
    await expect(page.getByLabel("Routing number", { exact: true })).toHaveValue("021000022");
    await expect(page.getByLabel("Account number", { exact: true })).toHaveValue("");
  });

  await test.step("put right, the account is there with its mask alone", async () => {
    await page.getByLabel("Routing number", { exact: true }).fill(account.routingNumber);
    await fillAccountNumber(page, account.accountNumber);
    await press(page, "Add account");
    await expect(page.getByRole("main")).toContainText(account.bankName);
    await expect(page.getByRole("main")).toContainText(account.accountNumber.slice(-4));
  });

  await test.step("a file of the bank is looked at before anything is written", async () => {
    await open(page, "/import");
    await isOn(page, "import");
    await page.getByLabel("File", { exact: true }).setInputFiles(file);
    await press(page, "Read file");
    await expect(page.getByRole("button", { name: "Import 60 transactions" })).toBeVisible();
    await open(page, "/transactions");
    await expect(page.getByTestId("tx-row")).toHaveCount(0);
    await page.goBack();
  });

  await test.step("then it is imported", async () => {
    await press(page, "Import 60 transactions");
    await expect(page.getByRole("main")).toContainText("60 transactions");
  });

  await test.step("the dashboard shows the money", async () => {
    await open(page, "/dashboard");
    await expect(page.getByRole("main")).toContainText(dollars(sum(rows)));
    const spent = sum(rows.filter(({ date, minor }) => minor < 0 && date.slice(0, 7) === today().slice(0, 7)));
    if (spent < 0) await expect(page.getByRole("main")).toContainText(/spent/i);
    await expect(page.getByRole("main")).toContainText(rows[0]?.description ?? "");
  });

  await test.step("sixty transactions are two pages", async () => {
    await open(page, "/transactions");
    await isOn(page, "transactions");
    await expect(page.getByTestId("tx-row")).toHaveCount(50);
    await follow(page, "Next", page.getByTestId("pager"));
    await expect(page.getByTestId("tx-row")).toHaveCount(10);
  });

  await test.step("the import is undone", async () => {
    await open(page, "/import");
    await press(page, /^Undo/);
    await open(page, "/transactions");
    await expect(page.getByTestId("tx-row")).toHaveCount(0);
  });

  await test.step("signed out, a personal page waits behind sign-in", async () => {
    await open(page, "/settings/profile");
    await press(page, "Sign out", page.getByRole("main"));
    await open(page, "/transactions?page=2");
    await isOn(page, "sign-in");
    await fillSignIn(page, person);
    await press(page, "Sign in");
    await isOn(page, "transactions");
    expect(address(page)).toBe("/transactions?page=2");
  });
});
