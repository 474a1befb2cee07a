// Accounts: added by numbers or by hand, renamed, deleted, and never twice.
import { axe } from "../support/accessibility";
import { address, fieldSays, follow, isOn, open, press } from "../support/browsing";
import { expect, test } from "../support/fixtures";
import { addAccount, fillAccount, newBankAccount, signUp, withSixtyTransactions } from "../support/people";

test("the same account cannot be added twice", async ({ page, problems }) => {
  problems.expect(/(409|422) POST \/accounts\/link/);
  await signUp(page);
  const account = await addAccount(page);

  await open(page, "/accounts/link?how=numbers");
  await fillAccount(page, account);
  await press(page, "Add account");

  await expect(page.getByRole("main")).toContainText("You've already added this account.");
});

test("account numbers that differ are named at the second field", async ({ page, problems }) => {
  problems.expect(/422 POST \/accounts\/link/);
  await signUp(page);

  await open(page, "/accounts/link?how=numbers");
  await fillAccount(page, newBankAccount());
  await page.getByLabel("Account number again", { exact: true }).fill(newBankAccount().accountNumber);
  await press(page, "Add account");

  await fieldSays(page, "Account number again", "The two account numbers don't match.");
});

test("cash is an account without numbers", async ({ page }) => {
  await signUp(page);

  await open(page, "/accounts/link?how=numbers");
  await follow(page, "By hand", page.getByRole("main"));
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

  await page.getByLabel(/^Nickname/).fill("Everyday money");
  await press(page, "Save nickname");

  await isOn(page, "account");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Everyday money");
});

test("an account is deleted only by typing its name", async ({ page, problems }) => {
  problems.expect(/422 POST \/accounts\//);
  await signUp(page);
  const account = await addAccount(page);
  await open(page, "/accounts");
  await follow(page, new RegExp(account.bankName), page.getByTestId("accounts"));
  await follow(page, "Delete account", page.getByRole("main"));
  await isOn(page, "account-delete");
  const name = page.getByRole("textbox", { name: `Type “${account.bankName}” to confirm` });

  await name.fill("something else");
  await press(page, "Delete account", page.getByRole("main"));
  await isOn(page, "account-delete");
  await expect(name).toHaveValue("something else");

  await name.fill(account.bankName);
  await press(page, "Delete account", page.getByRole("main"));
  await isOn(page, "accounts");
  await expect(page.getByTestId("accounts")).toContainText("No accounts yet.");
});

test("an account is put away with its transactions and brought back", async ({ page }) => {
  await withSixtyTransactions(page);
  await open(page, "/accounts");
  const name = (await page.getByTestId("accounts-row").getByRole("link").first().innerText()).trim();
  await follow(page, name, page.getByTestId("accounts"));
  await isOn(page, "account");

  await press(page, "Archive account", page.getByRole("main"));
  await isOn(page, "accounts");
  await expect(page.getByTestId("accounts-row")).toHaveCount(0);
  await open(page, "/transactions");
  await expect(page.getByTestId("transactions-summary")).toContainText("60 transactions");

  await open(page, "/accounts");
  await page.getByTestId("accounts-archived").locator("summary").click();
  await follow(page, name, page.getByTestId("accounts-archived"));
  await expect(page.getByTestId("account-archived")).toContainText("Its transactions stay");
  await press(page, "Bring back", page.getByRole("main"));

  await isOn(page, "account");
  await open(page, "/accounts");
  await expect(page.getByTestId("accounts-row")).toHaveCount(1);
});

test("an account has a line of 90 days that leads to its balance by day", async ({ page, script }) => {
  await withSixtyTransactions(page);
  await open(page, "/accounts");
  if (script) await axe(page);

  const lately = page.getByTestId("account-lately");
  await expect(lately).toContainText(/(Up|Down) \$[\d,.]+ in 90 days|Unchanged in 90 days/);
  await expect(lately.getByTestId("sparkline")).toBeVisible();
  await follow(page, /in 90 days/, lately);

  await isOn(page, "account");
  expect(address(page)).toContain("range=3m");
  await expect(page.getByTestId("chart").locator("svg[role=img]")).toBeVisible();
  for (const range of ["1M", "1Y", "All"]) {
    await follow(page, range, page.getByRole("navigation", { name: "How far back" }));
    await expect(page.getByTestId("chart")).toContainText(/^.*From .* to .*\./);
  }
  await page.getByTestId("chart").locator("summary").click();
  await expect(page.getByTestId("chart").getByRole("table")).toBeVisible();
});

test("accounts are moved by the menu of their row", async ({ page }) => {
  await signUp(page);
  for (const name of ["Purse", "Drawer"]) {
    await open(page, "/accounts/link?how=hand");
    await page.getByLabel("Bank name", { exact: true }).fill(name);
    await page.getByLabel("Account type", { exact: true }).selectOption({ label: "Cash" });
    await press(page, "Add account");
  }
  await open(page, "/accounts");
  await expect(page.getByTestId("accounts-row").first()).toContainText("Purse");

  await page.getByTestId("accounts-row").first().getByRole("button", { name: /^More for Purse/ }).click();
  await press(page, /^Down/);

  await isOn(page, "accounts");
  await expect(page.getByTestId("accounts-row").first()).toContainText("Drawer");
});
