// What somebody calls their categories, and those they made.
import { fieldSays, follow, isOn, open, press } from "../support/browsing";
import { expect, test, type Page } from "../support/fixtures";
import { addAccount, signUp } from "../support/people";
import { today } from "../support/files";

async function add(page: Page, label: string): Promise<void> {
  await open(page, "/settings/categories");
  await page.getByLabel("Name", { exact: true }).fill(label);
  await page.getByLabel("Group", { exact: true }).selectOption("food");
  await press(page, "Add category");
}

function row(page: Page, key: string) {
  return page.locator(`[data-testid="category-row"][data-id="${key}"]`);
}

test("a category of one's own is added, used, renamed and deleted @main", async ({ page }) => {
  await signUp(page);
  await addAccount(page);
  await add(page, "School lunch");
  await expect(row(page, "food.school-lunch")).toHaveAttribute("data-state", "own");
  await expect(row(page, "food.school-lunch")).toContainText("Yours");

  await open(page, "/transactions/new");
  await page.getByLabel("Amount", { exact: true }).fill("4.50");
  await page.getByLabel("Date", { exact: true }).fill(today());
  await page.getByLabel("Description", { exact: true }).fill("CANTEEN");
  await page.locator('select[name="category"]').selectOption("food.school-lunch");
  await press(page, "Add transaction");

  await open(page, "/settings/categories");
  await follow(page, "School lunch", row(page, "food.school-lunch"));
  await isOn(page, "settings-category");
  await page.getByRole("textbox", { name: "Name" }).fill("Canteen");
  await press(page, "Save name");
  await expect(row(page, "food.school-lunch")).toContainText("Canteen");

  await follow(page, "Canteen", row(page, "food.school-lunch"));
  await expect(page.getByTestId("category-uses")).toContainText("In it: 1 transaction.");
  await page.getByLabel("Category that gets what is in it", { exact: true }).selectOption("food.restaurants");
  await press(page, "Delete category");

  await expect(page.getByTestId("flash")).toContainText("Canteen deleted. 1 transaction is in Restaurants now.");
  await expect(row(page, "food.school-lunch")).toHaveCount(0);
  await open(page, "/transactions?category=food.restaurants");
  await expect(page.getByTestId("tx-row")).toContainText("Canteen");
});

test("a category of ours gets another name, and its own again", async ({ page }) => {
  await signUp(page);
  await open(page, "/settings/categories/food.coffee");
  await page.getByRole("textbox", { name: "Name" }).fill("Caffeine");
  await press(page, "Save name");
  await expect(row(page, "food.coffee")).toHaveAttribute("data-state", "renamed");

  await follow(page, "Caffeine", row(page, "food.coffee"));
  await press(page, "Call it Coffee again");

  await expect(page.getByTestId("flash")).toContainText("It is called Coffee again.");
  await expect(row(page, "food.coffee")).toHaveAttribute("data-state", "ours");
});

test("a name that is there already is named at its field, and stays", async ({ page, problems }) => {
  problems.expect(/422 POST \/settings\/categories/);
  await signUp(page);
  await add(page, "School lunch");
  await add(page, "School lunch");

  await fieldSays(page, "Name", "This group has a category of that name already.");
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("School lunch");
  await expect(page.getByLabel("Group", { exact: true })).toHaveValue("food");
});
