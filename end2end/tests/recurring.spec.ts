// What repeats: found after an import, confirmed, ignored, merged, and rows taken out of it.
import { follow, isOn, open, press } from "../support/browsing";
import { recentChecking } from "../support/files";
import { expect, test, type Page } from "../support/fixtures";
import { addAccount, signUp } from "../support/people";

/** Somebody with three months of rows, whose series have been looked for. */
async function subscriber(page: Page): Promise<void> {
  await signUp(page);
  await addAccount(page);
  await open(page, "/import");
  await page.getByLabel("File", { exact: true }).setInputFiles(recentChecking().file);
  await press(page, "Read file");
  await press(page, "Import 60 transactions");
  // A job looks for them.
  await expect
    .poll(async () => {
      await open(page, "/recurring");
      return page.getByTestId("series-row").count();
    })
    .toBeGreaterThan(2);
}

function series(page: Page, name: string) {
  return page.getByTestId("series-row").filter({ hasText: name });
}

test("nothing repeats before there are rows", async ({ page }) => {
  await signUp(page);
  await open(page, "/dashboard");
  await follow(page, "Recurring", page.getByRole("navigation", { name: "Main" }));

  await isOn(page, "recurring");
  await expect(page.getByTestId("empty-state")).toContainText("about three months");
});

test("a subscription is found, confirmed, ignored and shown again @main", async ({ page }) => {
  await subscriber(page);
  await expect(series(page, "Netflix")).toHaveAttribute("data-minor", "-1549");
  await expect(series(page, "Netflix")).toContainText("Monthly");
  await expect(page.getByTestId("recurring-monthly")).toContainText("Fixed costs a month");
  await expect(page.getByTestId("coming-row").filter({ hasText: "Netflix" })).toHaveCount(1);

  await press(page, /^Confirm/, series(page, "Netflix"));
  await isOn(page, "recurring");
  await expect(series(page, "Netflix")).toContainText("Confirmed");

  await press(page, /^Ignore/, series(page, "Netflix"));
  await expect(page.getByTestId("coming-row").filter({ hasText: "Netflix" })).toHaveCount(0);
  await page.getByTestId("series-ignored").locator("summary").click();
  await press(page, /^Show again/, series(page, "Netflix"));

  await expect(series(page, "Netflix")).toContainText("Confirmed");
});

test("what was said about a subscription is undone", async ({ page }) => {
  await subscriber(page);

  await press(page, /^Confirm/, series(page, "Netflix"));
  await expect(series(page, "Netflix")).toContainText("Confirmed");
  await press(page, "Undo", page.getByTestId("flash"));
  await isOn(page, "recurring");
  await expect(page.getByTestId("flash")).toContainText("Undone.");
  await expect(series(page, "Netflix").getByRole("button", { name: /^Confirm/ })).toBeVisible();

  await press(page, /^Confirm/, series(page, "Netflix"));
  await press(page, /^Ignore/, series(page, "Netflix"));
  await press(page, "Undo", page.getByTestId("flash"));
  await expect(series(page, "Netflix")).toContainText("Confirmed");
});

test("a row that was taken out is put back", async ({ page }) => {
  await subscriber(page);
  await follow(page, "Netflix", series(page, "Netflix"));
  await press(page, /^Not this one/, page.getByTestId("series-transaction").last());
  await expect(page.getByTestId("series-left-out")).toHaveCount(1);

  await press(page, "Undo", page.getByTestId("flash"));
  await isOn(page, "series");
  await expect(page.getByTestId("series-transaction")).toHaveCount(3);
  await expect(page.getByTestId("series-left-out")).toHaveCount(0);

  await press(page, /^Not this one/, page.getByTestId("series-transaction").last());
  await press(page, /^Put back/, page.getByTestId("series-left-out"));
  await expect(page.getByTestId("series-transaction")).toHaveCount(3);
});

test("a row is taken out of a series, and a series goes into another", async ({ page }) => {
  await subscriber(page);
  await follow(page, "Netflix", page.getByTestId("series-row").filter({ hasText: "Netflix" }));
  await isOn(page, "series");
  await expect(page.getByTestId("series-transaction")).toHaveCount(3);

  await press(page, /^Not this one/, page.getByTestId("series-transaction").last());
  await isOn(page, "series");
  await expect(page.getByTestId("series-transaction")).toHaveCount(2);

  await page.getByLabel("Merge into", { exact: true }).selectOption({ label: "Comcast Xfinity, −$79.99, Monthly" });
  await press(page, "Look at both");
  await isOn(page, "series-merge");
  await expect(page.getByTestId("merge-look")).toContainText("2 transactions of Netflix.com Los Gatos join the 3 of Comcast Xfinity: 5 in all.");
  await expect(page.getByTestId("merge-row")).toHaveCount(5);
  await follow(page, "Cancel", page.getByTestId("merge-look"));
  await isOn(page, "series");
  await expect(page.getByTestId("series-transaction")).toHaveCount(2);

  await page.getByLabel("Merge into", { exact: true }).selectOption({ label: "Comcast Xfinity, −$79.99, Monthly" });
  await press(page, "Look at both");
  await press(page, "Merge");
  await isOn(page, "series");
  await expect(page.getByTestId("series-standing")).toHaveAttribute("data-minor", "-7999");
  await expect(page.getByTestId("series-transaction")).toHaveCount(5);
});

test("a merge into nothing is refused at its field", async ({ page, problems }) => {
  problems.expect(/422 POST \/recurring\/merge/);
  await subscriber(page);
  await follow(page, "Netflix", page.getByTestId("series-row").filter({ hasText: "Netflix" }));

  await press(page, "Look at both");

  await isOn(page, "series");
  await expect(page.getByLabel("Merge into", { exact: true })).toHaveAttribute("aria-invalid", "true");
});
