// One change of many transactions: ticked, or all that match; and its undo.
import { type Locator } from "@playwright/test";
import { address, follow, isOn, open, press } from "../support/browsing";
import { today } from "../support/files";
import { expect, test, type Page } from "../support/fixtures";
import { addAccount, signUp, withSixtyTransactions } from "../support/people";

function rows(page: Page): Locator {
  return page.getByTestId("tx-row");
}

/** Chooses what is done with what is ticked; the bar is there since the first tick. */
async function choose(page: Page, action: string, category?: string): Promise<void> {
  const bar = page.getByTestId("bulk-bar");
  await bar.getByLabel("With what is ticked").selectOption(action);
  if (category !== undefined) await bar.getByLabel("Category to set").selectOption(category);
  await press(page, "Change", bar);
}

test("two ticked transactions get a category, and the undo gives the old one back @main", async ({ page }) => {
  await withSixtyTransactions(page);
  await open(page, "/transactions?q=starbucks");
  const before = await rows(page).allInnerTexts();
  await expect(page.getByTestId("bulk-bar")).toBeHidden();

  await rows(page).nth(0).getByRole("checkbox").check();
  await rows(page).nth(1).getByRole("checkbox").check();
  await choose(page, "category", "travel");

  expect(address(page)).toBe("/transactions?q=starbucks");
  await expect(page.getByTestId("flash")).toContainText("2 transactions are in Travel now.");
  await expect(rows(page).nth(0)).toContainText("Travel");
  await expect(rows(page).nth(1)).toContainText("Travel");
  await press(page, "Undo", page.getByTestId("flash"));

  expect(address(page)).toBe("/transactions?q=starbucks");
  await expect(page.getByTestId("flash")).toContainText("Undone. 2 transactions are as they were.");
  expect(await rows(page).allInnerTexts()).toEqual(before);
});

test("all that match are meant, also those on other pages", async ({ page }) => {
  const { rows: all } = await withSixtyTransactions(page);
  await open(page, "/transactions");

  await page.getByLabel("All 60 that match", { exact: true }).check();
  await choose(page, "exclude");

  await expect(page.getByTestId("flash")).toContainText("60 transactions left out of budgets.");
  await follow(page, "Next", page.getByTestId("pager"));
  await expect(rows(page)).toHaveCount(all.length - 50);
  await expect(rows(page).last()).toContainText("Left out");
});

test("what was changed since the change stays when it is undone", async ({ page }) => {
  await withSixtyTransactions(page);
  await open(page, "/transactions?q=netflix");
  await rows(page).nth(0).getByRole("checkbox").check();
  await rows(page).nth(1).getByRole("checkbox").check();
  await choose(page, "category", "travel");
  const later = await page.context().newPage();
  await later.goto("/transactions?q=netflix");
  await later.getByTestId("tx-row").first().getByRole("link").click();
  await later.locator("#edit-category").selectOption("giving");
  await later.getByRole("button", { name: "Save changes", exact: true }).click();
  await expect(later.getByTestId("transaction-facts")).toContainText("Giving");
  await later.close();

  await press(page, "Undo", page.getByTestId("flash"));

  await expect(page.getByTestId("flash")).toContainText("1 was changed since and stays.");
  await expect(rows(page).first()).toContainText("Giving");
});

test("without a category the form comes back with its ticks", async ({ page, problems }) => {
  problems.expect(/422 POST \/transactions\/change/);
  await withSixtyTransactions(page);
  await open(page, "/transactions?q=starbucks");
  await rows(page).nth(0).getByRole("checkbox").check();

  await choose(page, "category");

  await expect(page.getByTestId("error-summary")).toContainText("Choose a category.");
  await expect(rows(page).nth(0).getByRole("checkbox")).toBeChecked();
  await expect(rows(page).nth(1).getByRole("checkbox")).not.toBeChecked();
});

test("on a phone the ticks come when they are wanted", async ({ page }) => {
  await withSixtyTransactions(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page, "/transactions?q=starbucks");
  await expect(rows(page).nth(0).getByRole("checkbox")).toBeHidden();

  await page.getByLabel("Change several", { exact: true }).check();
  await rows(page).nth(0).getByRole("checkbox").check();
  await choose(page, "exclude");

  await expect(page.getByTestId("flash")).toContainText("1 transaction left out of budgets.");
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(390);
});

test("changes of many are listed, and undone from there", async ({ page }) => {
  await withSixtyTransactions(page);
  await open(page, "/transactions/changes");
  await expect(page.getByTestId("empty-state")).toContainText("Nothing was changed in the last 30 days.");
  await open(page, "/transactions?q=starbucks");
  await rows(page).nth(0).getByRole("checkbox").check();
  await choose(page, "category", "travel");

  await follow(page, "See all changes", page.getByTestId("flash"));
  const change = page.getByTestId("change-row");
  await expect(change).toContainText("Category set to Travel");
  await expect(change).toContainText("Can be undone until");
  await press(page, /^Undo/, change);

  expect(address(page)).toBe("/transactions/changes");
  await expect(change).toHaveAttribute("data-state", "undone");
  await expect(change).toContainText("Undone. 1 transaction is as it was.");
  await expect(change.getByRole("button")).toHaveCount(0);
});

test("with Shift, a tick takes those since the last one along @script", async ({ page }) => {
  await withSixtyTransactions(page);
  await open(page, "/transactions");
  const ticks = page.locator('input[name="ids[]"]');

  await ticks.nth(4).check();
  await ticks.nth(1).click({ modifiers: ["Shift"] });
  for (const n of [1, 2, 3, 4]) await expect(ticks.nth(n)).toBeChecked();
  await expect(ticks.nth(0)).not.toBeChecked();
  await expect(ticks.nth(5)).not.toBeChecked();

  await ticks.nth(3).click({ modifiers: ["Shift"] });
  for (const n of [1, 2, 3]) await expect(ticks.nth(n)).not.toBeChecked();
  await expect(ticks.nth(4)).toBeChecked();
});

test("a deletion says what goes before it happens, and is undone", async ({ page }) => {
  await signUp(page);
  await addAccount(page);
  for (const description of ["Lunch With Bo", "Lunch Alone"]) {
    await open(page, "/transactions/new");
    await page.getByLabel("Amount", { exact: true }).fill("21");
    await page.getByLabel("Date", { exact: true }).fill(today());
    await page.getByLabel("Description", { exact: true }).fill(description);
    await press(page, "Add transaction");
  }
  await open(page, "/transactions?q=lunch");
  await rows(page).nth(0).getByRole("checkbox").check();
  await rows(page).nth(1).getByRole("checkbox").check();

  await choose(page, "delete");
  await isOn(page, "transactions-delete");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Delete 2 transactions?");
  await expect(page.getByTestId("delete-effect")).toContainText("Your balance in the app will change by $42.00.");
  await follow(page, "Cancel");
  await expect(rows(page)).toHaveCount(2);

  await rows(page).nth(0).getByRole("checkbox").check();
  await rows(page).nth(1).getByRole("checkbox").check();
  await choose(page, "delete");
  await press(page, "Delete 2 transactions");
  expect(address(page)).toBe("/transactions?q=lunch");
  await expect(page.getByTestId("flash")).toContainText("2 transactions deleted.");
  await press(page, "Undo", page.getByTestId("flash"));
  await expect(rows(page)).toHaveCount(2);
});

test("what a bank brought is not deleted, and that is said first", async ({ page }) => {
  await withSixtyTransactions(page);
  await open(page, "/transactions?q=starbucks");
  await rows(page).nth(0).getByRole("checkbox").check();

  await choose(page, "delete");

  await expect(page.getByRole("main")).toContainText("1 transaction stays: only what was typed in");
  await expect(page.getByTestId("delete-submit")).toHaveCount(0);
  await follow(page, "Back to the list");
  expect(address(page)).toBe("/transactions?q=starbucks");
});
