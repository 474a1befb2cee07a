// How somebody counts their days, and what is done for them.
import { fieldSays, open, press } from "../support/browsing";
import { expect, test } from "../support/fixtures";
import { signUp } from "../support/people";

test("every preference is saved and shown again @main", async ({ page }) => {
  await signUp(page);
  await open(page, "/settings/preferences");
  await page.getByLabel("Time zone", { exact: true }).fill("europe/berlin");
  await page.getByLabel("First day of a week", { exact: true }).selectOption({ label: "Sunday" });
  await page.getByLabel("First day of a month", { exact: true }).selectOption("25");
  await page.getByLabel("First month of a year", { exact: true }).selectOption({ label: "April" });
  await page.getByLabel("First day in that month", { exact: true }).selectOption("6");
  await page.getByLabel("Find transfers between my accounts", { exact: true }).uncheck();
  await press(page, "Save preferences");

  await expect(page.getByTestId("flash")).toContainText("Preferences saved.");
  await expect(page.getByLabel("Time zone", { exact: true })).toHaveValue("Europe/Berlin");
  await expect(page.getByLabel("First day of a week", { exact: true })).toHaveValue("7");
  await expect(page.getByLabel("First day of a month", { exact: true })).toHaveValue("25");
  await expect(page.getByLabel("First month of a year", { exact: true })).toHaveValue("4");
  await expect(page.getByLabel("First day in that month", { exact: true })).toHaveValue("6");
  await expect(page.getByLabel("Find transfers between my accounts", { exact: true })).not.toBeChecked();
});

test("what does not fit is named at its field, and the rest stays", async ({ page, problems }) => {
  problems.expect(/422 POST \/settings\/preferences/);
  await signUp(page);
  await open(page, "/settings/preferences");
  await page.getByLabel("Time zone", { exact: true }).fill("Mars/Base");
  await page.getByLabel("First month of a year", { exact: true }).selectOption({ label: "February" });
  await page.getByLabel("First day in that month", { exact: true }).selectOption("31");
  await press(page, "Save preferences");

  await fieldSays(page, "Time zone", "Choose one from the list.");
  await expect(page.getByLabel("First day in that month", { exact: true })).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByLabel("Time zone", { exact: true })).toHaveValue("Mars/Base");
  await expect(page.getByLabel("First day in that month", { exact: true })).toHaveValue("31");
});

test("single keys are turned off for this browser, and on again", async ({ page }) => {
  await signUp(page);
  await open(page, "/settings/preferences");
  const keys = page.getByRole("group", { name: "Single-key shortcuts" });
  await keys.getByRole("radio", { name: "Off" }).check();
  await press(page, "Save keys");

  await expect(page.locator("html")).toHaveAttribute("data-keys", "off");
  await expect(keys.getByRole("radio", { name: "Off" })).toBeChecked();
  await keys.getByRole("radio", { name: "On" }).check();
  await press(page, "Save keys");
  await expect(page.locator("html")).not.toHaveAttribute("data-keys", /.*/);
});
