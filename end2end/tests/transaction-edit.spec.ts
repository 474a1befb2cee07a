// One transaction: typed in, changed, split, deleted; the search that finds it; the list as a file.
import { readFile } from "node:fs/promises";
import { address, follow, go, isOn, open, press } from "../support/browsing";
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
  await expect(page.getByTestId("tx-row")).toContainText("School lunch");
  await follow(page, "Open as a page", page.getByTestId("row-details"));
  await isOn(page, "transaction");
  await follow(page, "Back to Transactions");
  expect(address(page)).toBe("/transactions?q=lunch");
});

test("a row opens beside the list and closes again", async ({ page }) => {
  await withLunch(page);
  await open(page, "/transactions?q=lunch");
  const row = page.getByTestId("tx-row");

  await follow(page, "Lunch With Bo", row);

  const details = page.getByTestId("row-details");
  await expect(details).toBeInViewport();
  await expect(details.getByTestId("transaction-amount")).toHaveText("\u2212$12.50");
  await expect(row).toBeVisible();
  await expect(row.getByRole("link")).toHaveAttribute("aria-current", "true");
  await follow(page, "Close details");
  expect(address(page)).toBe("/transactions?q=lunch");
  await expect(details).toHaveCount(0);
  await go(page, async () => void (await page.goBack()));
  await expect(details).toBeVisible();
});

test("on a phone the details stand in the place of the list", async ({ page }) => {
  await withLunch(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page, "/transactions");

  await follow(page, "Lunch With Bo", page.getByTestId("tx-row"));

  await expect(page.getByTestId("transaction-facts")).toBeVisible();
  await expect(page.getByTestId("tx-row")).toBeHidden();
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(390);
});

test("Escape closes the details unless something was typed @script", async ({ page }) => {
  await withLunch(page);
  await open(page, "/transactions");
  await follow(page, "Lunch With Bo", page.getByTestId("tx-row"));
  await page.locator("#edit-note").fill("half a thought");

  await page.keyboard.press("Escape");
  await expect(page.locator("#edit-note")).toHaveValue("half a thought");
  await press(page, "Save changes");
  await expect(page.getByTestId("row-details")).toBeVisible();
  await go(page, () => page.keyboard.press("Escape"));

  expect(address(page)).toBe("/transactions");
});

test("a change, a split and a deletion are each undone from their message", async ({ page }) => {
  await withLunch(page);
  const facts = page.getByTestId("transaction-facts");
  const before = await facts.innerText();
  const undo = async (said: string): Promise<void> => {
    await expect(page.getByTestId("flash")).toContainText(said);
    await press(page, "Undo", page.getByTestId("flash"));
    await expect(page.getByTestId("flash")).toContainText("Undone. 1 transaction is as it was.");
  };

  await page.locator("#edit-category").selectOption("travel");
  await page.locator("#edit-note").fill("with Bo");
  await page.getByLabel("Leave out of budgets and sums", { exact: true }).check();
  await press(page, "Save changes");
  await expect(facts).toContainText("with Bo");
  await undo("Transaction saved.");
  expect(await facts.innerText()).toBe(before);

  await page.getByText("Split into parts", { exact: true }).click();
  const parts = page.getByTestId("split-part");
  await parts.nth(0).getByLabel("Amount").fill("10");
  await parts.nth(0).getByLabel("Category").selectOption("travel");
  await parts.nth(1).getByLabel("Amount").fill("2.50");
  await parts.nth(1).getByLabel("Category").selectOption("giving");
  await press(page, "Save parts");
  await undo("Transaction split.");
  expect(await facts.innerText()).toBe(before);

  await page.getByText("Delete this transaction", { exact: true }).click();
  await press(page, "Delete transaction");
  await undo("Transaction deleted.");
  await expect(page.getByTestId("tx-row")).toContainText("Lunch With Bo");
});

test("the last part of a split takes what the others leave", async ({ page }) => {
  await withLunch(page);
  await page.getByText("Split into parts", { exact: true }).click();
  const parts = page.getByTestId("split-part");
  await parts.nth(0).getByLabel("Amount").fill("10");

  await page.getByRole("button", { name: "Balance", exact: true }).click();

  await expect(parts.nth(1).getByLabel("Amount")).toHaveValue("2.50");
  await expect(parts.nth(0).getByLabel("Amount")).toHaveValue("10");
  await expect(page.getByTestId("split-left")).toHaveText("The parts add up to $12.50");
});

test("what is left is said while a part is typed @script", async ({ page }) => {
  await withLunch(page);
  await page.getByText("Split into parts", { exact: true }).click();
  const amount = page.getByTestId("split-part").nth(0).getByLabel("Amount");
  const left = page.getByTestId("split-left");

  await amount.fill("10");
  await expect(left).toHaveText("$2.50 of $12.50 left for further parts");
  await amount.fill("13");
  await expect(left).toHaveText("$0.50 more than the $12.50 there is");
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
