import { expect, test } from "../support/fixtures";
import { withSixtyTransactions } from "../support/people";
import { open } from "../support/browsing";
test("look @script", async ({ page }) => {
  await withSixtyTransactions(page);
  const headers = { origin: `http://localhost:${process.env.COFFER_E2E_PORT}`, accept: "application/json" };
  const data = { category: "food", amount: "120.00", currency: "USD", period: "monthly", startDate: "2026-01-01", fromStart: true, rollover: "none" };
  const made = await page.request.post("/api/budgets", { headers, data });
  const body = await made.json();
  const id = body.budget?.id ?? body.id;
  for (const [w, h] of [[1280, 900], [390, 844]] as const) for (const theme of ["light", "dark"] as const) {
    await page.setViewportSize({ width: w, height: h });
    await page.emulateMedia({ colorScheme: theme });
    for (const [name, path] of [["budget", `/budgets/${id}`], ["tx", "/transactions"], ["import", "/import"], ["review", "/review?kind=prices"]] as const) {
      await open(page, path);
      await page.screenshot({ path: `/tmp/look-${name}-${w}-${theme}.png`, fullPage: true });
    }
    await open(page, "/transactions");
    await page.getByTestId("tx-row").first().getByRole("link").first().click();
    await page.waitForURL(/row=/);
    await page.screenshot({ path: `/tmp/look-row-${w}-${theme}.png` });
  }
});
