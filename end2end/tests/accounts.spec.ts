// Accounts: added by numbers or by hand, renamed, deleted, and never twice.
import { fieldSays, follow, go, isOn, open, press } from "../support/browsing";
import { expect, test } from "../support/fixtures";
import { addAccount, fillAccount, newBankAccount, signUp } from "../support/people";

test("the same account cannot be added twice", async ({ page, problems }) => {
  problems.expect(/(409|422) POST \/accounts\/link/);
  await signUp(page);
  const account = await addAccount(page);

  await open(page, "/accounts/link");
  await fillAccount(page, account);
  await press(page, "Add account");

  await expect(page.getByRole("main")).toContainText("You've already added this account.");
});

test("account numbers that differ are named at the second field", async ({ page, problems }) => {
  problems.expect(/422 POST \/accounts\/link/);
  await signUp(page);

  await open(page, "/accounts/link");
  await fillAccount(page, newBankAccount());
  await page.getByLabel("Account number again", { exact: true }).fill(newBankAccount().accountNumber);
  await press(page, "Add account");

  await fieldSays(page, "Account number again", "The two account numbers don't match.");
});

test("cash is an account without numbers", async ({ page }) => {
  await signUp(page);

  await open(page, "/accounts/link");
  await page.getByLabel("Bank name", { exact: true }).fill("Jar in the kitchen");
  await page.getByLabel("Account type", { exact: true }).selectOption({ label: "Cash" });
  await press(page, "Add account");

  await open(page, "/accounts");
  await expect(page.getByTestId("accounts")).toContainText("Jar in the kitchen");
});

test("an account gets a name of its own", async ({ page }) => {
  await signUp(page);
  const account = await addAccount(page);
  await open(page, "/accounts");
  await follow(page, new RegExp(account.bankName), page.getByTestId("accounts"));
  await isOn(page, "account");

  await page.getByLabel(/^(Name|Nickname)/).fill("Everyday money");
  await press(page, /^(Save|Rename)/);

  await isOn(page, "account");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Everyday money");
});

test("an account is deleted only by typing its name", async ({ page, problems }) => {
  problems.expect(/422 POST \/accounts\//);
  await signUp(page);
  const account = await addAccount(page);
  await open(page, "/accounts");
  await follow(page, new RegExp(account.bankName), page.getByTestId("accounts"));
  await follow(page, /delete/i, page.getByRole("main"));

  await page.getByRole("textbox").fill("something else");
  await press(page, /^Delete/, page.getByRole("main"));
  await expect(page.getByRole("main")).toContainText(account.bankName);

  await page.getByRole("textbox").fill(account.bankName);
  await go(page, () => page.getByRole("main").getByRole("button", { name: /^Delete/ }).click());
  await isOn(page, "accounts");
  await expect(page.getByTestId("accounts")).not.toContainText(account.bankName + " ");
});
