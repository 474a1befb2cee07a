// The list: filters and pages live in the address.
import { address, fieldSays, follow, go, isOn, open, press } from "../support/browsing";
import { dollars, sum } from "../support/files";
import { expect, test } from "../support/fixtures";
import { withSixtyTransactions } from "../support/people";

test("a search narrows the list, is in the address and can be cleared", async ({ page }) => {
  const { rows } = await withSixtyTransactions(page);
  const coffees = rows.filter(({ description }) => description.includes("STARBUCKS"));

  await open(page, "/transactions");
  await page.getByRole("main").getByRole("searchbox").fill("starbucks");
  await press(page, "Search", page.getByRole("main"));

  await expect(page.getByTestId("tx-row")).toHaveCount(coffees.length);
  expect(new URL(page.url()).searchParams.get("q")).toBe("starbucks");
  await follow(page, "Clear all", page.getByRole("main"));
  await expect(page.getByTestId("tx-row")).toHaveCount(50);
});

test("amounts and direction narrow the list", async ({ page }) => {
  const { rows } = await withSixtyTransactions(page);
  const income = rows.filter(({ minor }) => minor > 0);

  await open(page, "/transactions?type=credit");

  await expect(page.getByTestId("tx-row")).toHaveCount(income.length);
});

test("a filter without a match says so and offers the way back", async ({ page }) => {
  await withSixtyTransactions(page);

  await open(page, "/transactions?q=zeppelin");

  await expect(page.getByRole("main")).toContainText("No transactions match.");
  await follow(page, "Clear all", page.getByRole("main"));
  expect(address(page)).toBe("/transactions");
});

test("pages follow each other and back works", async ({ page }) => {
  await withSixtyTransactions(page);

  await open(page, "/transactions");
  const first = await page.getByTestId("tx-row").first().innerText();
  await follow(page, "Next", page.getByTestId("pager"));
  await expect(page.getByTestId("tx-row")).toHaveCount(10);
  await follow(page, "Previous", page.getByTestId("pager"));
  expect(await page.getByTestId("tx-row").first().innerText()).toBe(first);
});

test("the list says how much went out and came in", async ({ page }) => {
  const { rows } = await withSixtyTransactions(page);
  const out = sum(rows.filter(({ minor }) => minor < 0));
  const income = sum(rows.filter(({ minor }) => minor > 0));

  await open(page, "/transactions");

  const summary = page.getByTestId("transactions-summary");
  await expect(summary).toHaveText(`60 transactions · ${dollars(out)} out · +${dollars(income)} in`);
});

test("what a search can say is there on a phone, and without script", async ({ page }) => {
  await withSixtyTransactions(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page, "/transactions");
  const help = page.getByTestId("search-help");
  await expect(help.getByText("-category:travel")).toBeHidden();

  await help.getByText("What a search can say").click();

  await expect(help.getByText("-category:travel")).toBeVisible();
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(390);
});

test("a filter is saved, found above the list, renamed and deleted", async ({ page, problems }) => {
  problems.expect(/422 POST \/transactions\/views/);
  await withSixtyTransactions(page);
  await open(page, "/transactions?q=starbucks");
  const found = await page.getByTestId("tx-row").count();
  await page.getByText("Save this view", { exact: true }).click();
  await press(page, "Save view");
  await fieldSays(page, "Name of the view", "Enter some text.");

  await page.getByLabel("Name of the view", { exact: true }).fill("Coffee");
  await press(page, "Save view");
  await expect(page.getByTestId("flash")).toContainText("View “Coffee” saved.");
  await expect(page.getByTestId("save-view")).toHaveCount(0);
  await open(page, "/transactions");
  await follow(page, "Coffee", page.getByTestId("saved-views"));
  expect(address(page)).toBe("/transactions?q=starbucks");
  await expect(page.getByTestId("tx-row")).toHaveCount(found);

  await follow(page, "Change views", page.getByTestId("saved-views"));
  await follow(page, "Change Coffee");
  await page.getByLabel("Name", { exact: true }).fill("Cafés");
  await press(page, "Save name");
  await follow(page, "Change Cafés");
  await press(page, "Delete “Cafés”");
  await expect(page.getByRole("main")).toContainText("You have no saved views.");
});

test("rows are read, ticked, opened and changed by single keys @script", async ({ page }) => {
  await withSixtyTransactions(page);
  await open(page, "/transactions?q=starbucks");
  const rows = page.getByTestId("tx-row");
  const link = (n: number) => rows.nth(n).getByRole("link");
  const tick = (n: number) => rows.nth(n).getByRole("checkbox");

  await page.keyboard.press("j");
  await expect(link(0)).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("j");
  await expect(link(2)).toBeFocused();
  await page.keyboard.press("k");
  await page.keyboard.press("ArrowUp");
  await expect(link(0)).toBeFocused();
  await page.keyboard.press("x");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("Shift+X");
  for (const n of [0, 1, 2]) await expect(tick(n)).toBeChecked();

  await go(page, () => page.keyboard.press("e"));
  await expect(page.getByTestId("flash")).toContainText("1 transaction left out of budgets.");
  await expect(rows.nth(2)).toContainText("Left out");
  await expect(link(2)).toBeFocused();
  await page.keyboard.press("k");
  await page.keyboard.press("k");
  await go(page, () => page.keyboard.press("o"));
  await expect(page.getByTestId("row-details")).toBeVisible();
  await go(page, () => page.keyboard.press("Escape"));
  await page.keyboard.press("j");
  await expect(link(1)).toBeFocused();
  await go(page, () => page.keyboard.press("c"));
  await expect(page.locator("#edit-category")).toBeFocused();
  await page.keyboard.press("j");
  await expect(page.locator("#edit-category")).toBeFocused();
  await open(page, "/transactions?q=starbucks");
  await page.keyboard.press("j");
  await go(page, () => page.keyboard.press("n"));
  await expect(page.locator("#edit-note")).toBeFocused();
  await open(page, "/transactions?q=starbucks");
  await page.keyboard.press("j");
  await go(page, () => page.keyboard.press("#"));
  await isOn(page, "transactions-delete");
});

test("keys that are off do nothing to rows, and fields take what is typed @script", async ({ page }) => {
  await withSixtyTransactions(page);
  await open(page, "/transactions");
  const search = page.getByRole("main").getByRole("searchbox");
  await search.focus();
  await page.keyboard.type("jx");
  await expect(search).toHaveValue("jx");
  await search.blur();

  await page.evaluate(() => document.documentElement.setAttribute("data-keys", "off"));
  await page.keyboard.press("j");

  await expect(page.getByTestId("tx-row").first().getByRole("link")).not.toBeFocused();
});
