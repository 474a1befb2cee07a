// The dashboard: every figure leads to its rows, and one line above every page says what needs attention.
import { axe } from "../support/accessibility";
import { address, follow, isOn, open, press } from "../support/browsing";
import { expect, test } from "../support/fixtures";
import { signUp, withSixtyTransactions } from "../support/people";

test("eight of the newest rows lead to all of them, and net worth to what changed it", async ({ page, script }) => {
  await withSixtyTransactions(page);
  await open(page, "/dashboard");
  if (script) await axe(page);

  await expect(page.getByTestId("dashboard-recent").getByTestId("tx-row")).toHaveCount(8);
  const worth = page.getByTestId("dashboard-net-worth");
  await expect(worth).toContainText("in 90 days");
  await expect(worth.getByTestId("sparkline")).toBeVisible();
  await follow(page, /this month/, worth);
  await isOn(page, "transactions");
  expect(address(page)).toContain("status=completed");

  await open(page, "/dashboard");
  await follow(page, "All transactions", page.getByTestId("dashboard-recent"));
  await expect(page.getByTestId("transactions-summary")).toContainText("60 transactions");
});

test("a budget has its figure and its line in the chart", async ({ page, script }) => {
  await withSixtyTransactions(page);
  await open(page, "/dashboard");
  await expect(page.getByTestId("dashboard-left")).toHaveCount(0);

  await open(page, "/budgets/new?category=food&amount=400&currency=USD");
  await press(page, "Create budget");
  await open(page, "/dashboard");

  await expect(page.getByTestId("dashboard-left")).toContainText("of $400.00");
  await expect(page.getByTestId("chart-guide")).toContainText("Budgets, $400.00 this month");
  if (script) await axe(page);
  await follow(page, /\$/, page.getByTestId("dashboard-left"));
  await isOn(page, "budgets");
});

test("the line above the page is on every page, and its form comes back to it", async ({ page }) => {
  await signUp(page);
  for (const path of ["/accounts", "/transactions", "/budgets", "/settings/profile"]) {
    await open(page, path);
    await expect(page.getByTestId("banner-verify-email"), path).toBeVisible();
  }

  await open(page, "/transactions");
  await follow(page, "Confirm your e-mail", page.getByTestId("banner-verify-email"));
  await isOn(page, "verify-email");
});
