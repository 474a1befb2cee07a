// A real bank by way of Plaid: the window that its script opens over one page, and what that page says without it.
import { axe, fitsItsWidth, targetsAreLargeEnough } from "../support/accessibility";
import { address, follow, go, isOn, open, press } from "../support/browsing";
import { expect, test, type Page } from "../support/fixtures";
import { signUp } from "../support/people";
import { PLAID_SCRIPT, plaidOrigin, plaidsWindow, servePlaidsWindow } from "../support/plaid";
import { Problems } from "../support/problems";

/** The script and the window of Plaid are requests to another site, and meant to be. */
function visitsPlaid(problems: Problems): void {
  problems.expect(/^request to another site: https:\/\/cdn\.plaid\.com\//);
}

/** From the list of banks to the page of Plaid's window. */
async function toWindow(page: Page): Promise<void> {
  await open(page, "/accounts/link");
  await isOn(page, "link");
  await press(page, "Find your bank with Plaid");
  await isOn(page, "link-window");
}

/** Answers in Plaid's window, and stays on its page. */
async function answer(page: Page, button: "Close" | "Fail"): Promise<void> {
  await plaidsWindow(page).getByRole("button", { name: button }).click();
  await expect(page.locator('iframe[title="Plaid"]')).toHaveCount(0);
}

/** Links the bank in Plaid's window; the accounts are to be chosen. */
async function signInThere(page: Page): Promise<void> {
  await toWindow(page);
  await go(page, () => plaidsWindow(page).getByRole("button", { name: "Continue" }).click());
  await isOn(page, "connection-accounts");
}

/** The policy that the page at this path is sent with. */
async function policyOf(page: Page, path: string): Promise<string> {
  const sent = await page.request.get(path);
  expect(sent.status(), path).toBe(200);
  return sent.headers()["content-security-policy"] ?? "";
}

test("a bank is linked in Plaid's window, read and disconnected @script", async ({ page, problems }) => {
  visitsPlaid(problems);
  await servePlaidsWindow(page);
  await signUp(page);

  await test.step("sign in in the window, which opens by itself", async () => {
    await toWindow(page);
    await expect(page.getByTestId("link-progress")).toContainText("Step 2 of 4");
    await expect(plaidsWindow(page).getByRole("heading", { name: "Plaid" })).toBeVisible();
    await go(page, () => plaidsWindow(page).getByRole("button", { name: "Continue" }).click());
  });

  await test.step("choose two of three accounts", async () => {
    await isOn(page, "connection-accounts");
    await expect(page.getByRole("main")).toContainText("Platypus Checking");
    await expect(page.getByTestId("connection-candidate")).toHaveCount(3);
    await page.getByRole("checkbox", { name: /Platypus Saving/ }).uncheck();
    await press(page, "Add these accounts");
    await isOn(page, "connection-added");
    await expect(page.getByTestId("connection-account")).toHaveCount(2);
  });

  await test.step("see what was read", async () => {
    await expect
      .poll(async () => {
        await open(page, "/transactions");
        return page.getByTestId("tx-row").count();
      })
      .toBe(3);
    await expect(page.getByRole("main")).toContainText("$72.10");
    await expect(page.getByRole("main")).toContainText("$2,078.50");
    await open(page, "/accounts");
    await expect(page.getByTestId("accounts-row")).toHaveCount(2);
    await expect(page.getByTestId("connection-standing").first()).toContainText("Synced");
  });

  await test.step("disconnect, and keep what was read", async () => {
    await open(page, "/settings/connections");
    await follow(page, "First Platypus Bank", page.getByTestId("connection-row"));
    await isOn(page, "connection");
    await follow(page, "Disconnect", page.getByRole("main"));
    await press(page, "Disconnect");
    await isOn(page, "accounts");
    await expect(page.getByTestId("flash")).toContainText("First Platypus Bank is disconnected.");
    await expect(page.getByTestId("accounts-row")).toHaveCount(2);
  });
});

test("a window that is closed or fails says so, opens again, and leads elsewhere @script", async ({ page, problems }) => {
  visitsPlaid(problems);
  await servePlaidsWindow(page);
  await signUp(page);
  await toWindow(page);
  const told = page.getByTestId("link-told");
  await expect(told).toHaveText("");

  await answer(page, "Close");
  await expect(told).toHaveText("Nothing was linked.");
  await axe(page);
  await fitsItsWidth(page);
  await targetsAreLargeEnough(page);

  await page.getByRole("button", { name: "Open Plaid", exact: true }).click();
  await expect(told).toHaveText("");
  await answer(page, "Fail");
  await expect(told).toContainText("Plaid's window did not open, or ended early. Try again, or use account numbers instead.");

  await follow(page, "Use account numbers instead", page.getByRole("main"));
  await expect(page.getByLabel("Routing number", { exact: true })).toBeVisible();
  await page.goBack();
  await isOn(page, "link-window");
  await follow(page, "Cancel", page.getByRole("main"));
  await isOn(page, "link");
});

test("what was brought counts once, and an attempt is its owner's @script", async ({ page, otherPage, problems }) => {
  visitsPlaid(problems);
  await servePlaidsWindow(page);
  await signUp(page);
  await toWindow(page);
  const window = address(page);
  await signUp(otherPage);
  await open(otherPage, window);
  await isOn(otherPage, "link-failed");

  await go(page, () => plaidsWindow(page).getByRole("button", { name: "Continue" }).click());
  await isOn(page, "connection-accounts");
  await open(page, window);
  await isOn(page, "link-failed");
  await expect(page.getByRole("main")).toContainText("This sign-in was used already");
});

test("the same accounts linked twice are one connection @script", async ({ page, problems }) => {
  visitsPlaid(problems);
  await servePlaidsWindow(page);
  await signUp(page);
  await signInThere(page);
  // The smallest plan holds three.
  await page.getByRole("checkbox", { name: /Platypus Saving/ }).uncheck();
  await press(page, "Add these accounts");
  await isOn(page, "connection-added");
  const connection = address(page).replace(/\/added$/, "");

  await toWindow(page);
  await go(page, () => plaidsWindow(page).getByRole("button", { name: "Continue" }).click());

  await isOn(page, "connection");
  expect(address(page)).toBe(connection);
  await expect(page.getByTestId("flash")).toContainText("You linked these accounts of First Platypus Bank before.");
});

test("where Plaid's script does not come, the page says so @script", async ({ page }) => {
  await page.route("https://cdn.plaid.com/**", (route) => route.abort());
  await signUp(page);
  await toWindow(page);

  await expect(page.getByTestId("link-told")).toContainText("Plaid's window did not open");
  await expect(page.getByTestId("link-open")).toBeHidden();
  await axe(page);
  await follow(page, "Use account numbers instead", page.getByRole("main"));
  await expect(page.getByLabel("Routing number", { exact: true })).toBeVisible();
});

test("only the page of the window may load what is Plaid's, and it works without script as far as it can", async ({ page, problems }) => {
  visitsPlaid(problems);
  await servePlaidsWindow(page);
  await signUp(page);
  await toWindow(page);
  const window = address(page);

  const policy = await policyOf(page, window);
  expect(policy).toContain(` ${PLAID_SCRIPT};`);
  expect(policy).toContain("frame-src https://cdn.plaid.com;");
  expect(policy).toContain(`connect-src 'self' ${plaidOrigin()}`);
  expect(policy).not.toContain("unsafe-inline");
  for (const path of ["/accounts/link", "/accounts/link?how=numbers", "/accounts", "/dashboard", "/privacy"]) {
    const other = await policyOf(page, path);
    expect(other, path).toContain("default-src 'none'");
    expect(other, path).not.toMatch(/plaid|frame-src/);
    expect(other, path).not.toContain(plaidOrigin());
  }

  // Read as text: where a test has switched script off, Chromium still reads `noscript` as one that has it.
  const sent = await (await page.request.get(window)).text();
  expect(sent).toMatch(/<noscript>[^]*sign-in needs JavaScript, in this one step\.[^]*<\/noscript>/);
  await follow(page, "Use account numbers instead", page.getByRole("main"));
  await expect(page.getByLabel("Routing number", { exact: true })).toBeVisible();
});
