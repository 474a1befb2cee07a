// The plans, for everybody. Buying one is another journey.
import { axe, fitsItsWidth } from "../support/accessibility";
import { address, follow, isOn, open } from "../support/browsing";
import { expect, test } from "../support/fixtures";
import { signUp } from "../support/people";

test("the plans are one click from every public page", async ({ page }) => {
  await open(page, "/");
  await follow(page, "Pricing", page.getByRole("banner"));
  await isOn(page, "pricing");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Plans and prices");
  await follow(page, "Pricing", page.getByRole("contentinfo"));
  await isOn(page, "pricing");
});

test("the interval is in the address, and the plan survives the sign-up", async ({ page }) => {
  await open(page, "/pricing");
  await isOn(page, "pricing");

  await test.step("four plans, and all of them compared", async () => {
    await expect(page.getByTestId("pricing-card")).toHaveCount(4);
    await expect(page.getByRole("table", { name: "What each plan holds, and its price" })).toBeVisible();
    await expect(page.getByRole("rowheader", { name: "Bank accounts" })).toBeVisible();
  });

  await test.step("by the year", async () => {
    await follow(page, "Yearly", page.getByTestId("pricing-interval"));
    expect(address(page)).toContain("interval=year");
  });

  await test.step("a stranger signs up and finds the plan chosen", async () => {
    const card = page.locator('[data-testid="pricing-card"][data-id="plus"]');
    await follow(page, "Choose Plus", card);
    await isOn(page, "sign-up");
    expect(address(page)).toBe("/sign-up?next=%2Fpricing%3Fplan%3Dplus-yearly");
  });
});

test("the plans can be read by everybody @script", async ({ page }) => {
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    await open(page, "/pricing");
    await axe(page);
    await fitsItsWidth(page);
  }
});

test("somebody signed in stays with their plan", async ({ page }) => {
  await signUp(page);
  await open(page, "/pricing");

  const free = page.locator('[data-testid="pricing-card"][data-id="free"]');
  await expect(free).toHaveAttribute("data-state", "current");
  await expect(free).toContainText("Your plan");
});
