// One transaction: typed in, changed, split, deleted; the search that finds it; the list as a file.
import { readFile } from "node:fs/promises";
import { address, follow, isOn, open, press } from "../support/browsing";
import { expect, test, type Page } from "../support/fixtures";
import { today } from "../support/files";
import { addAccount, signUp } from "../support/people";

/** Types in a lunch of $12.50 and ends on its page. */
async function typeInLunch(page: Page): Promise<void> {
  await open(page, "/transactions/new");
  await page.getByLabel("Amount", { exact: true }).fill("12.50");
  await page.getByLabel("Date", { exact: true }).fill(today());
  await page.getByLabel("Description", { exact: true }).fill("Lunch With Bo");
  await page.getByLabel("Category", { exact: false }).selectOption("food.restaurants");
  await page.getByLabel("Tags", { exact: false }).fill("trip");
  await press(page, "Add transaction");
  await isOn(page, "transaction");
}

async function withLunch(page: Page): Promise<void> {
  await signUp(page);
  await addAccount(page);
  await typeInLunch(page);
}

test("a transaction is typed in and its page says who set what", async ({ page }) => {
  await withLunch(page);

  await expect(page.getByRole("main")).toContainText("Transaction added.");
  await expect(page.getByTestId("transaction-amount")).toHaveText("\u2212$12.50");
  const facts = page.getByTestId("transaction-facts");
  await expect(facts).toContainText("Restaurants");
  await expect(facts).toContainText("Set by: You");
});

test("an amount that is none keeps what was typed", async ({ page, problems }) => {
  problems.expect(/422 POST/);
  await signUp(page);
  await addAccount(page);
  await open(page, "/transactions/new");
  await page.getByLabel("Amount", { exact: true }).fill("0");
  await page.getByLabel("Description", { exact: true }).fill("Lunch");

  await press(page, "Add transaction");

  await expect(page.getByTestId("error-summary")).toBeVisible();
  await expect(page.getByLabel("Description", { exact: true })).toHaveValue("Lunch");
});

test("a change in a new category is saved and the way back keeps the filter", async ({ page }) => {
  await withLunch(page);
  await open(page, "/transactions?q=lunch");
  await follow(page, "Lunch With Bo", page.getByTestId("tx-row"));

  await page.getByText("New category", { exact: true }).click();
  await page.locator("#edit-label").fill("School lunch");
  await page.locator("#edit-group").selectOption("food");
  await press(page, "Save changes");

  await expect(page.getByRole("main")).toContainText("Transaction saved.");
  await expect(page.getByTestId("transaction-facts")).toContainText("School lunch");
  await follow(page, "Back to Transactions");
  expect(address(page)).toBe("/transactions?q=lunch");
  await expect(page.getByTestId("tx-row")).toContainText("School lunch");
});

test("a transaction is split into three parts and made whole again", async ({ page, problems }) => {
  problems.expect(/422 POST/);
  await withLunch(page);
  await page.getByText("Split into parts", { exact: true }).click();
  const parts = page.getByTestId("split-part");
  await parts.nth(0).getByLabel("Amount").fill("10");
  await parts.nth(0).getByLabel("Category").selectOption("food.restaurants");
  await press(page, "Add a part");
  await expect(parts).toHaveCount(3);
  await expect(page.getByTestId("split-left")).toHaveAttribute("data-minor", "250");
  await parts.nth(1).getByLabel("Amount").fill("1");
  await parts.nth(1).getByLabel("Category").selectOption("giving");
  await parts.nth(2).getByLabel("Amount").fill("1");
  await parts.nth(2).getByLabel("Category").selectOption("travel");

  await press(page, "Save parts");
  await expect(page.getByTestId("error-summary")).toContainText("The parts add up to $12.00, not $12.50.");
  await parts.nth(2).getByLabel("Amount").fill("1.50");
  await press(page, "Save parts");

  await expect(page.getByRole("main")).toContainText("Transaction split.");
  await open(page, "/transactions?category=giving");
  await expect(page.getByTestId("tx-row")).toContainText("Split");
  await follow(page, "Lunch With Bo", page.getByTestId("tx-row"));
  await press(page, "Undo split");
  await expect(page.getByTestId("transaction-facts")).toContainText("Restaurants");
});

test("what was typed in can be deleted", async ({ page }) => {
  await withLunch(page);
  await page.getByText("Delete this transaction", { exact: true }).click();

  await press(page, "Delete transaction");

  expect(address(page)).toBe("/transactions");
  await expect(page.getByRole("main")).toContainText("Transaction deleted.");
  await expect(page.getByTestId("tx-row")).toHaveCount(0);
});

test("a search with words of its own says how it was read", async ({ page }) => {
  await withLunch(page);

  await open(page, "/transactions");
  await page.getByRole("main").getByRole("searchbox").fill("lunch >5 tag:trip amount:abc");
  await press(page, "Search", page.getByRole("main"));

  await expect(page.getByTestId("transactions-read-as")).toContainText("more than 5.00");
  await expect(page.getByTestId("transactions-not-understood")).toContainText("amount:abc");
  await follow(page, "Show all transactions", page.getByRole("main"));
  await expect(page.getByTestId("tx-row")).toHaveCount(1);
});

test("the list leaves as a file for a spreadsheet", async ({ page }) => {
  await withLunch(page);
  await open(page, "/transactions?tag=trip");
  const download = page.waitForEvent("download");

  await page.getByRole("link", { name: "Export as CSV" }).click();

  const text = await readFile(await (await download).path(), "utf8");
  expect(text.split("\n")[1]).toContain("Lunch With Bo,Lunch With Bo,food.restaurants,debit,completed,-12.50,USD");
});
