// Rules: looked at before they are made, put in an order, and asked of what comes.
import { follow, isOn, open, press } from "../support/browsing";
import { recentChecking } from "../support/files";
import { expect, test, type Page } from "../support/fixtures";
import { addAccount, signUp } from "../support/people";

async function fill(page: Page, name: string, words: string, category: string): Promise<void> {
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel(/^Words/).fill(words);
  await page.getByLabel(/^Set the category/).selectOption(category);
}

async function bring(page: Page): Promise<void> {
  await open(page, "/import");
  await page.getByLabel("File", { exact: true }).setInputFiles(recentChecking().file);
  await press(page, "Read file");
  await press(page, "Import 60 transactions");
}

test("a rule sorts what comes @main", async ({ page }) => {
  await signUp(page);
  await addAccount(page);
  await open(page, "/rules");
  await expect(page.getByTestId("empty-state")).toContainText("No rules yet");
  await follow(page, "New rule", page.getByRole("main"));
  await fill(page, "Rides", "netflix", "travel");
  await press(page, "Add rule");
  await isOn(page, "rules");
  await expect(page.getByTestId("rule-row")).toContainText("When the bank's text contains “netflix”");

  await bring(page);
  await open(page, "/transactions?q=netflix");

  await expect(page.getByTestId("tx-row").first()).toContainText("Travel");
});

test("a look says what a rule would change, and writes nothing", async ({ page }) => {
  await signUp(page);
  await addAccount(page);
  await bring(page);
  await open(page, "/rules/new");
  await fill(page, "Films", "netflix", "travel");

  await press(page, "Preview");

  await expect(page.getByTestId("rule-look")).toHaveAttribute("data-minor", "3");
  await expect(page.getByTestId("rule-sample")).toHaveCount(3);
  await expect(page.getByLabel(/^Words/)).toHaveValue("netflix");
  await open(page, "/transactions?q=netflix");
  await expect(page.getByTestId("tx-row").first()).not.toContainText("Travel");
});

test("a saved rule is applied to what is here, and undone", async ({ page }) => {
  await signUp(page);
  await addAccount(page);
  await bring(page);
  await open(page, "/rules/new");
  await fill(page, "Films", "netflix", "travel");
  await press(page, "Add rule");
  await follow(page, "Films", page.getByTestId("rule-row"));
  await press(page, "Preview");
  await expect(page.getByTestId("rule-look")).toHaveAttribute("data-minor", "3");

  await press(page, "Apply to 3 transactions");

  await isOn(page, "rule");
  await expect(page.getByTestId("flash")).toContainText("3 transactions changed by “Films”.");
  await press(page, "Undo", page.getByTestId("flash"));
  await expect(page.getByTestId("flash")).toContainText("Undone. 3 transactions are as they were.");
  await open(page, "/transactions?q=netflix");
  await expect(page.getByTestId("tx-row").first()).not.toContainText("Travel");
});

test("rules change places, are switched off and deleted", async ({ page }) => {
  await signUp(page);
  for (const name of ["First", "Second"]) {
    await open(page, "/rules/new");
    await fill(page, name, name, "food");
    await press(page, "Add rule");
  }
  await press(page, /^Earlier/, page.getByTestId("rule-row").last());
  await expect(page.getByTestId("rule-row").first()).toContainText("Second");

  await follow(page, "Second", page.getByTestId("rule-row").first());
  await isOn(page, "rule");
  await page.getByLabel("Ask this rule", { exact: true }).uncheck();
  await press(page, "Save changes");
  await expect(page.getByTestId("rule-row").first()).toContainText("Off");

  await follow(page, "Second", page.getByTestId("rule-row").first());
  await page.getByText("Delete this rule").click();
  await press(page, "Delete rule");
  await expect(page.getByTestId("rule-row")).toHaveCount(1);
});

test("what is wrong with a rule is named, and nothing typed is lost", async ({ page, problems }) => {
  problems.expect(/422 POST \/rules\/new/);
  await signUp(page);
  await open(page, "/rules/new");
  await page.getByLabel("How", { exact: true }).selectOption("regex");
  await fill(page, "Broken", "(", "food");
  await press(page, "Add rule");

  await isOn(page, "rule-new");
  await expect(page.getByLabel(/^Words/)).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByLabel(/^Words/)).toHaveValue("(");
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Broken");
});

test("a rule of a program keeps all that it says in the form", async ({ page }) => {
  await signUp(page);
  await addAccount(page);
  const said = {
    name: "All of it",
    match: "all",
    conditions: [
      { field: "description", operator: "contains", value: "netflix" },
      { field: "providerCategory", operator: "contains", value: "ENTERTAINMENT" },
      { field: "currency", value: "USD" },
      { field: "day", operator: "between", value: "1", to: "10" },
      { field: "day", operator: "between", value: "5", to: "20" },
    ],
    actions: [
      { kind: "tag", value: "films" },
      { kind: "tag", value: "home" },
    ],
  };
  const { origin } = new URL(page.url());
  const made = await page.request.post("/api/rules", { data: said, headers: { origin } });
  expect(made.status()).toBe(201);
  const { rule } = (await made.json()) as { rule: { id: string } };

  await open(page, `/rules/${rule.id}`);
  await expect(page.getByLabel("Currency (optional)")).toHaveValue("USD");
  await expect(page.getByTestId("rule-also")).toHaveCount(2);
  await page.getByLabel(/^Mark as a transfer with/).selectOption({ index: 1 });
  await press(page, "Save changes");
  await isOn(page, "rules");

  const row = page.getByTestId("rule-row");
  for (const words of ["the bank's category contains", "the currency is USD", "between 5 and 20", "Tag: home", "Transfer with"]) {
    await expect(row).toContainText(words);
  }
  await follow(page, "All of it", row);
  await page.getByTestId("rule-also").filter({ hasText: "Tag: home" }).getByRole("checkbox").uncheck();
  await press(page, "Save changes");
  await expect(page.getByTestId("rule-row")).not.toContainText("Tag: home");
  await expect(page.getByTestId("rule-row")).toContainText("between 5 and 20");
});
