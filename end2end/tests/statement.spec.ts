// The statement of a month: what it had, what came and went, what it has.
import { follow, isOn, open, press } from "../support/browsing";
import { recentChecking, today } from "../support/files";
import { expect, test } from "../support/fixtures";
import { addAccount, signUp } from "../support/people";

test("a statement leads from one balance to the next @main", async ({ page }) => {
  const { file, rows } = recentChecking();
  await signUp(page);
  await addAccount(page);
  await open(page, "/import");
  await page.getByLabel("File", { exact: true }).setInputFiles(file);
  await press(page, "Read file");
  await press(page, "Import 60 transactions");
  await open(page, "/accounts");
  await page.getByTestId("accounts").locator('a[href^="/accounts/"]:not([href$="/link"])').first().click();
  await isOn(page, "account");
  const month = new Date(today()).toLocaleDateString("en-US", { month: "long", year: "numeric", timeZone: "UTC" });

  await follow(page, month, page.getByRole("region", { name: "Statements" }));

  await isOn(page, "statement");
  const minor = async (id: string) =>
    Number(await page.getByTestId(id).locator("data").getAttribute("data-minor"));
  const [opening, came, went, closing] = [
    await minor("statement-opening"),
    await minor("statement-in"),
    await minor("statement-out"),
    await minor("statement-closing"),
  ];
  expect(opening + came + went).toBe(closing);
  expect(closing).toBe(rows.reduce((sum, row) => sum + row.minor, 0));
  await expect(page.getByTestId("statement-row").first()).toBeVisible();
});

test("a month that is none is not found", async ({ page, problems }) => {
  problems.expect(/404 GET/);
  await signUp(page);
  await addAccount(page);
  await open(page, "/accounts");
  const account = page.getByTestId("accounts").locator('a[href^="/accounts/"]:not([href$="/link"])').first();
  const path = (await account.getAttribute("href")) ?? "";

  expect(await open(page, `${path}/statements/2026-13`)).toBe(404);
});
