// The list: filters and pages live in the address.
import { address, follow, open, press } from "../support/browsing";
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
