// How a person gets around. Every step ends when the page that answers is ready to be used.
import { expect, type Locator, type Page } from "@playwright/test";

const withoutScript = new WeakSet<Page>();

/** The fixtures say so: a page cannot tell. */
export function runsNoScript(page: Page): void {
  withoutScript.add(page);
}

/** Without script a page is ready as it is; with it, when its islands are alive. Some pages have no script at all. */
export async function settled(page: Page): Promise<void> {
  if (withoutScript.has(page)) return;
  const ready = page.locator('html[data-hydrated="true"], html:not(:has(script[type="module"]))');
  await ready.waitFor({ state: "attached" });
}

/** Opens a path and answers its status. */
export async function open(page: Page, path: string): Promise<number> {
  const response = await page.goto(path);
  await settled(page);
  return response?.status() ?? 0;
}

/** Does what leads to another page, and waits for that page. */
export async function go(page: Page, action: () => Promise<void>): Promise<void> {
  const loaded = page.waitForEvent("domcontentloaded");
  await action();
  await loaded;
  await settled(page);
}

/** A name in words is the whole name: "Sign in" is not "Sign in with a passkey". */
export async function press(page: Page, name: string | RegExp, within: Page | Locator = page): Promise<void> {
  await go(page, () => within.getByRole("button", { name, exact: true }).click());
}

export async function follow(page: Page, name: string | RegExp, within: Page | Locator = page): Promise<void> {
  await go(page, () => within.getByRole("link", { name }).click());
}

/** The root of a page is there: `dashboard`, `sign-in`, `error-404`. */
export async function isOn(page: Page, testId: string): Promise<void> {
  await expect(page.getByTestId(testId)).toBeVisible();
}

/** The path and query of the page. */
export function address(page: Page): string {
  const { pathname, search } = new URL(page.url());
  return pathname + search;
}

/** The field that the label names shows this message, and says so to assistive technology. */
export async function fieldSays(page: Page, label: string, message: string | RegExp): Promise<void> {
  const field = page.getByLabel(label, { exact: true });
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await expect(field).toHaveAccessibleDescription(message instanceof RegExp ? message : new RegExp(escape(message)));
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
