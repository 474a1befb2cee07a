// What of the person's is kept, and the ways to take it along.
import { follow, isOn, open } from "../support/browsing";
import { expect, test } from "../support/fixtures";
import { signUp } from "../support/people";

test("the page of one's data leads to the file, the imports and the demo data", async ({ page }) => {
  await signUp(page);
  await open(page, "/settings/data");

  await isOn(page, "settings-data");
  await expect(page.getByTestId("settings-danger-export")).toBeVisible();
  await expect(page.getByTestId("demo-link")).toBeVisible();
  await expect(page.getByTestId("settings-data-kept")).toContainText("400 days");
  await expect(page.getByTestId("settings-data-imports")).toContainText("Nothing was imported yet.");
  await follow(page, "All imports");
  await isOn(page, "import");
});
