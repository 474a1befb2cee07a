// The main path with the keyboard alone: every step by Tab, Enter, Space and typing.
import { expect, test, type Page } from "../support/fixtures";
import { focusIsVisible } from "../support/accessibility";
import { go, isOn, open } from "../support/browsing";
import { recentChecking } from "../support/files";
import { newBankAccount, newPerson, signUp, withSixtyTransactions } from "../support/people";
import type { Locator } from "@playwright/test";

/** A page of transactions has a link for each of its rows. */
const MOST = 160;

/** Presses Tab until the target has the focus; what has the focus on the way must be seen. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let steps = 0; steps < MOST; steps++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
    await focusIsVisible(page);
  }
  throw new Error(`${MOST} times Tab did not reach ${target}`);
}

async function type(page: Page, label: string, text: string): Promise<void> {
  await tabTo(page, page.getByLabel(label, { exact: true }));
  await page.keyboard.type(text);
}

async function enter(page: Page, target: Locator): Promise<void> {
  await tabTo(page, target);
  await go(page, () => page.keyboard.press("Enter"));
}

test("sign up, add an account, import and read by keyboard alone @script", async ({ page }) => {
  // Some hundred times Tab, each looked at.
  test.setTimeout(180_000);
  const person = newPerson("Kim Keys");
  const account = newBankAccount();

  await open(page, "/sign-up");
  await type(page, "Name", person.name);
  await type(page, "E-mail", person.email);
  await type(page, "Password", person.password);
  await go(page, () => page.keyboard.press("Enter"));
  await isOn(page, "dashboard");

  await open(page, "/accounts/link?how=numbers");
  await type(page, "Bank name", account.bankName);
  await type(page, "Account type", account.type.slice(0, 3));
  await type(page, "Routing number", account.routingNumber);
  await type(page, "Account number", account.accountNumber);
  await type(page, "Account number again", account.accountNumber);
  await go(page, () => page.keyboard.press("Enter"));

  await open(page, "/import");
  await tabTo(page, page.getByLabel("File", { exact: true }));
  const chooser = page.waitForEvent("filechooser");
  await page.keyboard.press("Space");
  await (await chooser).setFiles(recentChecking().file);
  await enter(page, page.getByRole("button", { name: "Read file" }));
  await enter(page, page.getByRole("button", { name: "Import 60 transactions" }));

  await open(page, "/transactions");
  await enter(page, page.getByTestId("pager").getByRole("link", { name: "Next" }));
  await expect(page.getByTestId("tx-row")).toHaveCount(10);
});

test("the skip link is first and leads to the content @script", async ({ page }) => {
  await open(page, "/");

  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: /skip to/i })).toBeFocused();
  await page.keyboard.press("Enter");

  await expect(page.getByRole("main")).toBeFocused();
});

test("single keys go to pages, search, turn pages and hide amounts @script", async ({ page }) => {
  await withSixtyTransactions(page);
  await open(page, "/dashboard");
  const keys = async (...pressed: string[]) => {
    for (const key of pressed) await page.keyboard.press(key);
  };

  await go(page, () => keys("g", "t"));
  await isOn(page, "transactions");
  await go(page, () => keys("]"));
  await expect(page).toHaveURL(/page=2/);
  await go(page, () => keys("["));
  await expect(page.getByTestId("tx-row")).toHaveCount(50);

  await keys("/");
  const search = page.getByLabel("Search", { exact: true });
  await expect(search).toBeFocused();
  await page.keyboard.type("hn");
  await expect(search).toHaveValue("hn");
  await keys("Escape");
  await expect(search).toHaveValue("");
  await keys("Escape");
  await expect(search).not.toBeFocused();

  await go(page, () => keys("h"));
  await expect(page.getByTestId("amounts-toggle")).toHaveAttribute("aria-pressed", "true");
  await go(page, () => keys("g", "a"));
  await keys("j");
  await expect(page.getByTestId("accounts-row").first().getByRole("link").first()).toBeFocused();
  await go(page, () => keys("g", "t"));
  await go(page, () => keys("n"));
  await expect(page).toHaveURL(/\/transactions\/new$/);
});

test("the list of keys is a dialog, and F6 goes through the parts of the page @script", async ({ page }) => {
  await signUp(page);
  await open(page, "/accounts");

  await page.keyboard.press("?");
  const list = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(list).toBeVisible();
  await expect(list).toContainText("Go to transactions");
  await page.keyboard.press("Escape");
  await expect(list).toBeHidden();

  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.press("F6");
  await expect(page.getByTestId("banner-verify-email")).toBeFocused();
  await page.keyboard.press("F6");
  await expect(page.getByRole("banner")).toBeFocused();
  await page.keyboard.press("F6");
  await expect(page.getByRole("navigation", { name: "Main" })).toBeFocused();
  await page.keyboard.press("F6");
  await expect(page.getByRole("main")).toBeFocused();
  await page.keyboard.press("Shift+F6");
  await expect(page.getByRole("navigation", { name: "Main" })).toBeFocused();
});

test("keys that are turned off do nothing @script", async ({ page, context }) => {
  await signUp(page);
  await context.addCookies([{ name: "coffer.keys", value: "off", url: new URL("/", page.url()).href }]);
  await open(page, "/accounts");

  for (const key of ["h", "?", "n", "g", "t"]) await page.keyboard.press(key);

  await isOn(page, "accounts");
  await expect(page.getByTestId("amounts-toggle")).toHaveAttribute("aria-pressed", "false");
});
