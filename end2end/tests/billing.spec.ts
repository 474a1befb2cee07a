// What somebody has, and who may see it. What happens at Polar is another journey.
import { axe, fitsItsWidth } from "../support/accessibility";
import { address, follow, isOn, open } from "../support/browsing";
import { expect, test } from "../support/fixtures";
import { signUp } from "../support/people";

test("billing is in the settings, for its owner alone", async ({ page }) => {
  await open(page, "/billing");
  await isOn(page, "sign-in");
  expect(address(page)).toBe("/sign-in?next=%2Fbilling");

  await signUp(page);
  await open(page, "/settings/profile");
  await follow(page, "Billing", page.getByRole("navigation", { name: "Settings" }));
  await isOn(page, "billing");
  await expect(page.getByRole("heading", { name: "Your plan" })).toBeVisible();
});

test("somebody without a subscription has nothing to change or to end", async ({ page }) => {
  await signUp(page);
  await open(page, "/billing/cancel");
  expect(address(page)).toBe("/billing");
  await open(page, "/billing/plan?to=plus");
  await isOn(page, "pricing");
});

test("a checkout of nobody is not there", async ({ page, problems }) => {
  problems.expect(/404 GET \/success/);
  await signUp(page);
  await open(page, "/success?checkout_id=c-1&customer_session_token=polar_cst_x");
  expect(address(page)).toBe("/success?checkout_id=c-1");
  await isOn(page, "error-404");
});

test("the pages of administrators are not there for others", async ({ page, problems }) => {
  problems.expect(/404 GET \/admin/);
  await signUp(page);
  for (const path of ["/admin", "/admin/webhooks", "/admin/drift", "/admin/jobs", "/admin/accounts"]) {
    expect(await open(page, path)).toBe(404);
    await isOn(page, "error-404");
  }
});

test("billing can be read by everybody @script", async ({ page }) => {
  await signUp(page);
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    await open(page, "/billing");
    await axe(page);
    await fitsItsWidth(page);
  }
});
