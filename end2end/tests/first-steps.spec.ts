// What a new person is led through, and how it goes away.
import { axe } from "../support/accessibility";
import { go, open, press } from "../support/browsing";
import { expect, test } from "../support/fixtures";
import { addAccount, signUp } from "../support/people";

test("the first steps are ticked, put away, and brought back from the settings", async ({ page, script }) => {
  await signUp(page);
  const steps = page.getByTestId("onboarding");
  await expect(steps).toContainText("0 of 5 done");
  if (script) await axe(page);
  await addAccount(page);
  await open(page, "/dashboard");
  await expect(steps).toContainText("1 of 5 done");
  await expect(steps.getByRole("link", { name: "Add an account" })).toHaveCount(0);

  await press(page, "Put away");
  await expect(steps).toHaveCount(0);
  if (script) await go(page, () => page.keyboard.press("Control+z"));
  else await press(page, "Undo");
  await expect(steps).toBeVisible();
  await press(page, "Put away");
  await open(page, "/settings/profile");
  await press(page, "Show the first steps");
  await expect(steps).toBeVisible();
});
