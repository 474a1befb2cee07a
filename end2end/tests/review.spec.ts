// What waits for a look: rows without a category, a suggested transfer, the other side chosen by hand.
import { address, follow, go, isOn, open, press } from "../support/browsing";
import { expect, test, type Page } from "../support/fixtures";
import { today } from "../support/files";
import { addAccount, signUp } from "../support/people";

async function typeIn(page: Page, account: string, direction: "in" | "out", description: string, amount: string): Promise<void> {
  await open(page, "/transactions/new");
  const choices = page.getByLabel("Account", { exact: true });
  const label = await choices.locator("option", { hasText: account }).first().textContent();
  await choices.selectOption({ label: label ?? account });
  await page.getByLabel("Amount", { exact: true }).fill(amount);
  await page.locator(`[name=direction][value=${direction}]`).check();
  await page.getByLabel("Date", { exact: true }).fill(today());
  await page.getByLabel("Description", { exact: true }).fill(description);
  await press(page, "Add transaction");
  await isOn(page, "transaction");
}

async function addCash(page: Page, name: string): Promise<void> {
  await open(page, "/accounts/link?how=hand");
  await page.getByLabel("Bank name", { exact: true }).fill(name);
  await page.getByLabel("Account type", { exact: true }).selectOption("cash");
  await press(page, "Add account");
}

async function addRow(page: Page, description: string, amount: string): Promise<void> {
  await open(page, "/transactions/new");
  await page.getByLabel("Amount", { exact: true }).fill(amount);
  await page.getByLabel("Date", { exact: true }).fill(today());
  await page.getByLabel("Description", { exact: true }).fill(description);
  await press(page, "Add transaction");
  await isOn(page, "transaction");
}

test("nothing waits for somebody who is new @main", async ({ page }) => {
  await signUp(page);
  await open(page, "/dashboard");
  await follow(page, "Review", page.getByRole("navigation", { name: "Main" }));

  await isOn(page, "review");
  await expect(page.getByTestId("review-done")).toContainText("All reviewed.");
});

test("a row gets the category that is suggested, and loses it again @main", async ({ page }) => {
  await signUp(page);
  await addAccount(page);
  await open(page, "/transactions/new");
  await page.getByLabel("Amount", { exact: true }).fill("15.49");
  await page.getByLabel("Date", { exact: true }).fill(today());
  await page.getByLabel("Description", { exact: true }).fill("NETFLIX.COM");
  await press(page, "Add transaction");
  await open(page, "/dashboard");
  await follow(page, "1 transaction to review", page.getByTestId("to-do-row"));
  await isOn(page, "review");
  await expect(page.getByTestId("review-left")).toHaveAttribute("data-count", "1");

  await press(page, /^Streaming/, page.getByTestId("review-row"));

  await isOn(page, "review");
  await expect(page.getByTestId("review-done")).toBeVisible();
  await press(page, "Undo", page.getByTestId("flash"));
  await expect(page.getByTestId("review-row")).toHaveCount(1);
  await page.getByTestId("review-row").getByLabel(/^Category/).selectOption("travel");
  await press(page, /^Save/, page.getByTestId("review-row"));
  await expect(page.getByRole("main")).toContainText("1 transaction is in Travel now.");
});

test("without a category the list says so", async ({ page }) => {
  await signUp(page);
  await addAccount(page);
  await open(page, "/transactions/new");
  await page.getByLabel("Amount", { exact: true }).fill("9");
  await page.getByLabel("Date", { exact: true }).fill(today());
  await page.getByLabel("Description", { exact: true }).fill("ZXQV");
  await press(page, "Add transaction");
  await open(page, "/review");

  await press(page, /^Save/, page.getByTestId("review-row"));

  await expect(page.getByTestId("flash")).toContainText("Choose a category first.");
  await expect(page.getByTestId("review-row")).toHaveCount(1);
});

test("the other side of a transfer is chosen beside a row and let go again", async ({ page }) => {
  await signUp(page);
  await addCash(page, "Wallet");
  await addCash(page, "Box");
  await typeIn(page, "Wallet", "out", "Cash", "500");
  await typeIn(page, "Box", "in", "Cash", "500");
  await page.getByText("Choose the other side", { exact: true }).click();
  await page.getByRole("radio").first().check();

  await press(page, "Mark as transfer");

  await isOn(page, "transaction");
  await expect(page.getByTestId("transaction-facts")).toContainText("Transfer with Wallet");
  await press(page, "Not a transfer");
  await expect(page.getByTestId("transaction-facts")).not.toContainText("Transfer with");
});

test("a transfer that was found is turned down, taken back and confirmed", async ({ page }) => {
  await signUp(page);
  await addCash(page, "Wallet");
  await addCash(page, "Box");
  await typeIn(page, "Wallet", "out", "ONLINE", "500");
  await typeIn(page, "Box", "in", "DEPOSIT", "500");
  // A job looks for them.
  await expect
    .poll(async () => {
      await open(page, "/review?kind=transfers");
      return page.getByTestId("review-transfer").count();
    })
    .toBe(1);

  await press(page, /^Not a transfer/, page.getByTestId("review-transfer"));
  await expect(page.getByTestId("review-transfer")).toHaveCount(0);
  await press(page, "Undo", page.getByTestId("flash"));
  await press(page, /^It is a transfer/, page.getByTestId("review-transfer"));

  await expect(page.getByTestId("flash")).toContainText("neither as spending nor as income");
});

test("a row is skipped by its link", async ({ page }) => {
  await signUp(page);
  await addAccount(page);
  await addRow(page, "NETFLIX.COM", "15.49");
  await addRow(page, "NETFLIX.COM", "17.99");
  await open(page, "/review");
  await expect(page.getByTestId("review-row")).toHaveCount(2);

  await follow(page, /^Skip/, page.getByTestId("review-row").first());

  await expect(page.getByTestId("review-row")).toHaveCount(1);
  await expect(page.getByTestId("review-left")).toHaveAttribute("data-count", "2");
});

test("keys answer what waits and undo it @script", async ({ page }) => {
  await signUp(page);
  await addAccount(page);
  await addRow(page, "NETFLIX.COM", "15.49");
  await addRow(page, "NETFLIX.COM", "17.99");
  await open(page, "/review?kind=uncategorized");
  const left = page.getByTestId("review-left");
  const row = page.getByTestId("review-row").first();
  await expect(row.getByRole("button", { name: /^Streaming/ })).toHaveAttribute("aria-keyshortcuts", "1 y");
  await expect(row.locator("kbd").first()).toBeVisible();
  await expect(page.getByTestId("review-row").nth(1).locator("kbd").first()).toBeHidden();

  await go(page, () => page.keyboard.press("s"));
  expect(address(page)).toContain("after=");
  await expect(page.getByTestId("review-row")).toHaveCount(1);
  await go(page, () => page.keyboard.press("1"));
  await expect(page.getByTestId("flash")).toContainText("1 transaction is in Streaming now.");
  await expect(left).toHaveAttribute("data-count", "1");
  await go(page, () => page.keyboard.press("u"));
  await expect(left).toHaveAttribute("data-count", "2");
  await go(page, () => page.keyboard.press("y"));

  await expect(left).toHaveAttribute("data-count", "1");
});

test("keys are about what has the focus, and are quiet in fields and when they are turned off @script", async ({ page }) => {
  await signUp(page);
  await addAccount(page);
  await addRow(page, "NETFLIX.COM", "15.49");
  await addRow(page, "NETFLIX.COM", "17.99");
  await open(page, "/review?kind=uncategorized");
  const rows = page.getByTestId("review-row");
  await rows.nth(1).getByRole("link").first().focus();
  await expect(rows.nth(1).locator("kbd").first()).toBeVisible();
  await expect(rows.nth(0).locator("kbd").first()).toBeHidden();

  await page.getByLabel(/^Category/).first().focus();
  await page.keyboard.press("y");
  await page.getByTestId("review-keys").getByText("Keys on this page").click();
  await press(page, "Turn keys off", page.getByTestId("review-keys"));
  await expect(page.locator("kbd")).toHaveCount(0);
  await page.keyboard.press("y");
  await press(page, "Turn keys on");

  await expect(page.getByTestId("review-left")).toHaveAttribute("data-count", "2");
  await expect(page.getByTestId("flash")).toHaveCount(0);
});
