// What belongs to one person does not exist for another.
import { isOn, open, press } from "../support/browsing";
import { recentChecking } from "../support/files";
import { expect, test } from "../support/fixtures";
import { addAccount, newPerson, signUp } from "../support/people";

test("another person's account and import are not found @main", async ({ page, otherPage, problems }) => {
  problems.expect(/404 GET \/(accounts|import)\//);
  await signUp(page);
  await addAccount(page);
  await open(page, "/accounts");
  const account = await page.getByTestId("accounts").locator('a[href^="/accounts/"]:not([href^="/accounts/link"])').first().getAttribute("href");
  await open(page, "/import");
  await page.getByLabel("File", { exact: true }).setInputFiles(recentChecking().file);
  await press(page, "Read file");
  const preview = new URL(page.url()).pathname;
  expect(account).toMatch(/^\/accounts\/[^/]+$/);
  expect(preview).toMatch(/^\/import\/[^/]+$/);

  await signUp(otherPage, newPerson("Mallory Other"));
  for (const path of [account ?? "", `${account}/delete`, preview]) {
    expect(await open(otherPage, path), path).toBe(404);
    await isOn(otherPage, "error-404");
  }
  await open(otherPage, `/transactions?account=${account?.split("/").pop()}`);
  await expect(otherPage.getByTestId("tx-row")).toHaveCount(0);
});

test("personal pages are kept by no cache", async ({ page }) => {
  await signUp(page);

  const response = await page.goto("/dashboard");

  expect(response?.headers()["cache-control"]).toContain("no-store");
});
