// Hidden amounts: four dots wherever one stood, in the first byte, without script.
import { open, press } from "../support/browsing";
import { expect, test } from "../support/fixtures";
import { withSixtyTransactions } from "../support/people";

const PAGES = ["/dashboard", "/accounts", "/transactions", "/budgets", "/recurring", "/review"];

test("amounts are hidden on every page and shown again @main", async ({ page }) => {
  await withSixtyTransactions(page);
  await open(page, "/dashboard");
  const toggle = page.getByTestId("amounts-toggle");
  await expect(toggle).toHaveAttribute("aria-pressed", "false");
  await expect(page.getByRole("main")).toContainText("$");
  await press(page, "Hide amounts");

  for (const path of PAGES) {
    await open(page, path);
    await expect(toggle).toHaveAttribute("aria-pressed", "true");
    const html = await page.getByRole("main").innerHTML();
    expect(html.replace(/<script[^]*?<\/script>/g, ""), path).not.toMatch(/[$]|data-minor/);
  }
  await open(page, "/dashboard");
  await expect(page.getByRole("main")).toContainText("••••");
  await press(page, "Hide amounts");
  await expect(toggle).toHaveAttribute("aria-pressed", "false");
  await expect(page.getByRole("main")).toContainText("$");
});
