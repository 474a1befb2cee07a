// Budgets: set from a suggestion, looked back over before, changed, ended, deleted.
import { fieldSays, follow, isOn, open, press } from "../support/browsing";
import { recentChecking } from "../support/files";
import { expect, test, type Page } from "../support/fixtures";
import { addAccount, signUp } from "../support/people";

/** Somebody with the spending of this month and the last ones. */
async function spender(page: Page): Promise<void> {
  await signUp(page);
  await addAccount(page);
  await open(page, "/import");
  await page.getByLabel("File", { exact: true }).setInputFiles(recentChecking().file);
  await press(page, "Read file");
  await press(page, "Import 60 transactions");
}

async function addCash(page: Page, name: string, currency: string): Promise<void> {
  await open(page, "/accounts/link?how=hand");
  await page.getByLabel("Bank name", { exact: true }).fill(name);
  await page.getByLabel("Account type", { exact: true }).selectOption("cash");
  await page.getByLabel("Currency", { exact: true }).selectOption(currency);
  await press(page, "Add account");
}

async function fill(page: Page, category: string, amount: string): Promise<void> {
  await page.getByLabel("Category", { exact: true }).selectOption(category);
  await page.getByLabel("Amount", { exact: true }).fill(amount);
}

test("a budget shows what is left of it, and ends or goes @main", async ({ page }) => {
  await signUp(page);
  await open(page, "/budgets");
  await expect(page.getByTestId("empty-state")).toContainText("Your budgets will be here");
  await follow(page, "Set a budget", page.getByRole("main"));
  await fill(page, "food", "500");
  await press(page, "Create budget");

  await isOn(page, "budget");
  await expect(page.getByTestId("budget-standing")).toHaveAttribute("data-minor", "50000");
  await expect(page.getByTestId("budget-standing")).toContainText("On track");

  await page.getByLabel("Amount, USD", { exact: true }).fill("250.50");
  await press(page, "Save changes");
  await expect(page.getByTestId("budget-standing")).toHaveAttribute("data-minor", "25050");

  await open(page, "/budgets");
  await expect(page.getByTestId("budget-row")).toHaveAttribute("data-state", "fine");
  await expect(page.getByTestId("budgets-summary")).toContainText("$250.50");
  await follow(page, "Food", page.getByTestId("budgets"));
  await page.getByText("Delete with its history").click();
  await press(page, "Delete budget");

  await isOn(page, "budgets");
  await expect(page.getByTestId("empty-state")).toBeVisible();
});

test("what is left in a month names it in the next, and a budget ends with its history", async ({ page }) => {
  await signUp(page);
  await open(page, "/budgets/new");
  await fill(page, "food", "40");
  const today = new Date();
  const before = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - 1, 15));
  const month = before.toLocaleString("en", { month: "long", timeZone: "UTC" });
  await page.getByLabel(/^First day/).fill(before.toISOString().slice(0, 10));
  await page.locator('input[name="rollover"][value="surplus"]').check();
  await press(page, "Create budget");

  await isOn(page, "budget");
  await expect(page.getByTestId("budget-standing")).toContainText(`+$40.00 from ${month}`);
  await expect(page.getByTestId("budget-window")).toHaveCount(2);
  await open(page, "/budgets");
  await expect(page.getByTestId("budget-row")).toContainText(`+$40.00 from ${month}`);
  await follow(page, "Food", page.getByTestId("budgets"));

  await press(page, "End budget");
  await expect(page.getByTestId("flash")).toContainText("Budget ended.");
  await expect(page.getByTestId("budget-window")).toHaveCount(2);
  await expect(page.getByRole("button", { name: "End budget" })).toHaveCount(0);
});

test("a new budget begins in the currency of most accounts", async ({ page }) => {
  await signUp(page);
  await open(page, "/budgets/new");
  await expect(page.getByLabel("Currency", { exact: true })).toHaveValue("USD");
  await addCash(page, "Girokonto", "EUR");
  await open(page, "/budgets/new");
  await expect(page.getByLabel("Currency", { exact: true })).toHaveValue("EUR");

  await fill(page, "food", "120");
  await press(page, "Create budget");

  await expect(page.getByTestId("budget-standing")).toContainText("€120.00");
});

test("spending without a budget suggests one, and a preview looks back", async ({ page }) => {
  await spender(page);
  await open(page, "/budgets");
  const missing = page.getByTestId("budget-missing").first();
  await missing.getByRole("link", { name: /Budget this/ }).click();
  await isOn(page, "budget-new");
  await expect(page.getByLabel("Amount", { exact: true })).not.toHaveValue("");

  await page.getByLabel("Amount", { exact: true }).fill("0.01");
  await press(page, "Preview");

  await expect(page.getByTestId("budget-replay-window")).toHaveCount(12);
  await expect(page.getByLabel("Amount", { exact: true })).toHaveValue("0.01");
  await press(page, "Create budget");

  await expect(page.getByTestId("budget-standing")).toContainText("Over by");
  const amount = page.getByLabel("Amount, USD", { exact: true });
  const mails = page.getByLabel("Mail me at", { exact: true });
  await expect(mails).toHaveValue("80,100");

  await amount.fill("90000");
  await mails.selectOption("none");
  await press(page, "Preview");

  await expect(page.getByTestId("budget-replay")).toContainText("You would have stayed within it");
  await expect(amount).toHaveValue("90000");
  await expect(mails).toHaveValue("none");
  await expect(page.getByTestId("budget-standing")).toContainText("Over by");
  await press(page, "Save changes");

  await expect(page.getByTestId("budget-standing")).toContainText("On track");
  await expect(mails).toHaveValue("none");
});

test("what is wrong with a budget is named, and nothing typed is lost", async ({ page, problems }) => {
  problems.expect(/422 POST \/budgets\/new/);
  await signUp(page);
  await open(page, "/budgets/new");
  await fill(page, "food.groceries", "nothing");
  await page.getByLabel(/^Carry over at most/).fill("12");
  await page.getByLabel("Mail me at", { exact: true }).selectOption("own");
  await page.getByLabel(/^Percentages of your own/).fill("40");
  await press(page, "Create budget");

  await fieldSays(page, "Amount", "Enter an amount, like 0.32.");
  await fieldSays(page, "Percentages of your own (optional)", "Enter up to four percentages from 50 to 100");
  await expect(page.getByLabel("Category", { exact: true })).toHaveValue("food.groceries");
  await expect(page.getByLabel(/^Carry over at most/)).toHaveValue("12");
});
