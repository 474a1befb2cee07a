// The statement of a month: what it had, what came and went, what it has.
import type { Locator, Page } from "@playwright/test";
import { follow, go, isOn, open, press } from "../support/browsing";
import { recentChecking, today } from "../support/files";
import { expect, test } from "../support/fixtures";
import { addAccount, signUp } from "../support/people";

/** A new person on the page of an account with sixty rows; answers what they are. */
async function withRows(page: Page) {
  const { file, rows } = recentChecking();
  await signUp(page);
  await addAccount(page);
  await open(page, "/import");
  await page.getByLabel("File", { exact: true }).setInputFiles(file);
  await press(page, "Read file");
  await press(page, "Import 60 transactions");
  await open(page, "/accounts");
  await page.getByTestId("accounts").locator('a[href^="/accounts/"]:not([href^="/accounts/link"])').first().click();
  await isOn(page, "account");
  return rows;
}

/** How light something is painted, from black (0) to white (1): a canvas reads every way to write a colour. */
async function lightness(of: Locator, property: "color" | "backgroundColor"): Promise<number> {
  return of.evaluate((element, property) => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true })!;
    canvas.fillStyle = "white";
    canvas.fillRect(0, 0, 1, 1);
    canvas.fillStyle = getComputedStyle(element)[property];
    canvas.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0] = canvas.getImageData(0, 0, 1, 1).data;
    return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
  }, property);
}

test("a statement leads from one balance to the next @main", async ({ page }) => {
  const rows = await withRows(page);
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
  const account = page.getByTestId("accounts").locator('a[href^="/accounts/"]:not([href^="/accounts/link"])').first();
  const path = (await account.getAttribute("href")) ?? "";

  expect(await open(page, `${path}/statements/2026-13`)).toBe(404);
});

test("a statement is black on white on a sheet of paper, also in the dark theme @script", async ({ page }) => {
  await withRows(page);
  await open(page, "/settings/profile");
  await page.getByRole("main").getByRole("radio", { name: "Dark", exact: true }).check();
  await go(page, () => page.getByRole("main").getByRole("button", { name: /theme/i }).click());
  await open(page, "/accounts");
  await page.getByTestId("accounts").locator('a[href^="/accounts/"]:not([href^="/accounts/link"])').first().click();
  const month = new Date(today()).toLocaleDateString("en-US", { month: "long", year: "numeric", timeZone: "UTC" });
  await follow(page, month, page.getByRole("region", { name: "Statements" }));
  await isOn(page, "statement");
  const html = page.locator("html");
  await expect(html).toHaveAttribute("data-theme", "dark");
  expect(await lightness(html, "backgroundColor")).toBeLessThan(0.3);

  // A sheet of A4 with the margins of a browser.
  await page.setViewportSize({ width: 717, height: 1050 });
  await page.emulateMedia({ media: "print" });

  const row = page.getByTestId("statement-row").first();
  await expect(row).toHaveCSS("display", "table-row");
  const written = [
    page.getByTestId("statement-opening"),
    page.getByTestId("statement").locator("dt").first(),
    page.getByRole("columnheader", { name: "Amount" }),
    row.getByRole("cell").first(),
    row.locator("data"),
  ];
  for (const text of written) expect(await lightness(text, "color")).toBeLessThan(0.5);
  for (const ground of [html, row, page.locator(".card").first()]) {
    expect(await lightness(ground, "backgroundColor")).toBeGreaterThan(0.9);
  }
  await expect(page.getByRole("navigation")).toHaveCount(0);
});
