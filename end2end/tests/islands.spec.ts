// What script adds to pages that work without it.
import { open, press } from "../support/browsing";
import { recentChecking, tooLarge } from "../support/files";
import { expect, test } from "../support/fixtures";
import { addAccount, fillAccount, newBankAccount, ROUTING_NUMBER, signUp } from "../support/people";
import { newPassword } from "../support/secrets";

test.describe("@script", () => {
  test("a password can be looked at and is rated in words while it is typed", async ({ page }) => {
    await open(page, "/sign-up");
    const password = page.getByLabel("Password", { exact: true });

    await password.fill("short");
    await expect(page.getByRole("status").filter({ hasText: "Strength" })).toHaveText("Strength: too short");
    await password.fill(newPassword());
    await expect(page.getByRole("status").filter({ hasText: "Strength" })).toHaveText("Strength: strong");

    await expect(password).toHaveAttribute("type", "password");
    await page.getByRole("button", { name: "Show password" }).click();
    await expect(password).toHaveAttribute("type", "text");
    await page.getByRole("button", { name: "Hide password" }).click();
    await expect(password).toHaveAttribute("type", "password");
  });

  test("a routing number is checked when its field is left, and named by its bank", async ({ page }) => {
    await signUp(page);
    await open(page, "/accounts/link?how=numbers");
    const routing = page.getByLabel("Routing number", { exact: true });

    await routing.fill("021000022");
    await routing.blur();
    await expect(routing).toHaveAttribute("aria-invalid", "true");
    await expect(routing).toHaveAccessibleDescription(/That routing number isn't valid\./);

    await routing.fill(ROUTING_NUMBER);
    await expect(routing).not.toHaveAttribute("aria-invalid", "true");
    await expect(routing).not.toHaveAccessibleDescription(/isn't valid/);
  });

  test("account numbers that differ are named before the form is sent", async ({ page }) => {
    await signUp(page);
    await open(page, "/accounts/link?how=numbers");

    await page.getByLabel("Account number", { exact: true }).fill("123456789");
    await page.getByLabel("Account number again", { exact: true }).fill("123456788");
    await page.getByLabel("Account number again", { exact: true }).blur();

    await expect(page.getByRole("main")).toContainText("The two account numbers don't match.");
  });

  test("a file that is too large is named when it is chosen", async ({ page }) => {
    await signUp(page);
    await addAccount(page);
    await open(page, "/import");

    await page.getByLabel("File", { exact: true }).setInputFiles(tooLarge());

    await expect(page.getByRole("alert").filter({ hasText: "Files can be up to 10 MB." })).toBeVisible();
  });

  test("a message can be closed", async ({ page }) => {
    await signUp(page);
    await open(page, "/accounts/link?how=numbers");
    await fillAccount(page, newBankAccount());
    await press(page, "Add account");

    await expect(page.getByTestId("flash")).toBeVisible();
    await page.getByTestId("flash").getByRole("button", { name: "Dismiss" }).click();

    await expect(page.getByTestId("flash")).toHaveCount(0);
  });

  test("the chart is one tab stop and tells its points by arrow keys", async ({ page }) => {
    await signUp(page);
    await addAccount(page);
    await open(page, "/import");
    await page.getByLabel("File", { exact: true }).setInputFiles(recentChecking().file);
    await press(page, "Read file");
    await press(page, "Import 60 transactions");
    await open(page, "/dashboard");
    const chart = page.getByRole("application");

    await chart.focus();
    await page.keyboard.press("End");
    await expect(page.getByRole("status").filter({ hasText: "$" })).toHaveText(/^\d+ \w+ \d{4}, \$[\d,]+\.\d\d/);
    const last = await page.getByRole("status").filter({ hasText: "$" }).textContent();
    await page.keyboard.press("ArrowLeft");

    await expect(page.getByRole("status").filter({ hasText: "$" })).not.toHaveText(last ?? "");
    await page.keyboard.press("Escape");
    await expect(chart).not.toBeFocused();
  });

  test("a form that was sent is not sent twice", async ({ page }) => {
    await open(page, "/sign-up");
    const form = page.locator("form").filter({ has: page.getByLabel("Password", { exact: true }) });

    const sent = await form.evaluate((form) => {
      const tries: boolean[] = [];
      // Listens after the page's own listener, and keeps the browser from leaving.
      window.addEventListener("submit", (event) => {
        tries.push(!event.defaultPrevented);
        event.preventDefault();
      });
      const button = (form as HTMLFormElement).querySelector("button:not([type=button])") as HTMLButtonElement;
      (form as HTMLFormElement).noValidate = true;
      button.click();
      button.click();
      return tries;
    });

    expect(sent).toEqual([true, false]);
  });
});
