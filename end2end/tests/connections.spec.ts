// Banks that are read: linked on the built-in bank's own page, synced, repaired and disconnected.
import { address, fieldSays, follow, isOn, open, press } from "../support/browsing";
import { expect, test, type Page } from "../support/fixtures";
import { addAccount, newBankAccount, signUp } from "../support/people";

/** From the list of banks to the page of one of them. */
async function toBank(page: Page, bank: string): Promise<void> {
  await open(page, "/accounts/link");
  await isOn(page, "link");
  await press(page, `Connect ${bank}`);
  await isOn(page, "dev-bank");
}

async function signInThere(page: Page, login: string, password = "demo"): Promise<void> {
  await page.getByLabel("User name", { exact: true }).fill(login);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await press(page, "Sign in");
}

/** Links a bank with all of its accounts, and waits until it has been read. */
async function connect(page: Page, bank: string): Promise<void> {
  await toBank(page, bank);
  await signInThere(page, "demo");
  await isOn(page, "connection-accounts");
  await press(page, "Add these accounts");
  await isOn(page, "connection-added");
  const here = address(page);
  // A job reads the bank.
  await expect
    .poll(async () => {
      await open(page, here);
      return page.getByRole("link", { name: "See transactions" }).count();
    })
    .toBe(1);
}

/** Opens the page of the person's only connection, by way of the settings. */
async function openConnection(page: Page, bank: string): Promise<void> {
  await open(page, "/settings/connections");
  await follow(page, bank, page.getByTestId("connection-row"));
  await isOn(page, "connection");
}

test("a bank is found, linked, read and disconnected @main", async ({ page }) => {
  await signUp(page);
  await open(page, "/accounts");
  await follow(page, "Link account", page.getByRole("main"));

  await test.step("find the bank", async () => {
    await page.getByLabel("Bank", { exact: true }).fill("harbor");
    await press(page, "Search");
    await expect(page.getByTestId("link-bank")).toHaveCount(1);
    await expect(page.getByTestId("link-progress")).toHaveText("Step 1 of 4: Choose your bank");
  });

  await test.step("sign in on the bank's own page, which says what it is", async () => {
    await press(page, "Connect First Harbor");
    await isOn(page, "dev-bank");
    await expect(page.getByRole("main")).toContainText("Its money is invented.");
    await signInThere(page, "demo");
  });

  await test.step("choose two of three accounts", async () => {
    await isOn(page, "connection-accounts");
    await expect(page.getByTestId("connection-candidate")).toHaveCount(3);
    await page.getByRole("checkbox", { name: /Rainy Day Savings/ }).uncheck();
    await press(page, "Add these accounts");
    await isOn(page, "connection-added");
    await expect(page.getByTestId("connection-account")).toHaveCount(2);
  });

  await test.step("see their transactions", async () => {
    await expect
      .poll(async () => {
        await open(page, "/transactions");
        return page.getByTestId("tx-row").count();
      })
      .toBeGreaterThan(10);
    await open(page, "/accounts");
    await expect(page.getByTestId("accounts-row")).toHaveCount(2);
    await expect(page.getByTestId("connection-standing").first()).toContainText("Synced");
  });

  await test.step("the third account is still there to be chosen", async () => {
    await openConnection(page, "First Harbor");
    await follow(page, "Choose accounts", page.getByRole("main"));
    const added = page.locator('[data-testid="connection-candidate"][data-state="added"]');
    await expect(added).toHaveCount(2);
  });

  await test.step("disconnect, and keep what was read", async () => {
    await openConnection(page, "First Harbor");
    await follow(page, "Disconnect", page.getByRole("main"));
    await isOn(page, "connection-disconnect");
    await press(page, "Disconnect");
    await isOn(page, "accounts");
    await expect(page.getByTestId("flash")).toContainText("First Harbor is disconnected.");
    await expect(page.getByTestId("accounts-row")).toHaveCount(2);
    await expect(page.getByTestId("connection-standing")).toHaveCount(0);
  });
});

test("an account that may be here already is asked about", async ({ page, problems }) => {
  problems.expect(/422 POST \/connections\/choose/);
  await signUp(page);
  await toBank(page, "First Harbor");
  await signInThere(page, "demo");
  await isOn(page, "connection-accounts");
  const here = address(page);
  const candidate = page.getByTestId("connection-candidate").filter({ hasText: "Everyday Checking" });
  const mask = /\d{4}/.exec(await candidate.innerText())?.[0] ?? "";
  await addAccount(page, { ...newBankAccount(), bankName: "First Harbor", type: "Checking", accountNumber: `90017733${mask}` });

  await open(page, here);
  const question = page.getByTestId("connection-same");
  await expect(question).toHaveCount(1);
  await expect(question).toContainText("Is this the same account as");
  await press(page, "Add these accounts");
  await isOn(page, "connection-accounts");
  await expect(question.getByTestId("field-error")).toContainText("Choose one from the list.");

  await question.getByRole("radio", { name: "Yes, go on with it" }).check();
  await press(page, "Add these accounts");
  await isOn(page, "connection-added");
  await open(page, "/accounts");
  await expect(page.getByTestId("accounts-row")).toHaveCount(3);
});

test("a bank that wants its customer again is repaired", async ({ page }) => {
  await signUp(page);
  await connect(page, "Expired Federal");
  await openConnection(page, "Expired Federal");
  const here = address(page);

  await press(page, "Sync now");
  await expect
    .poll(async () => {
      await open(page, here);
      return page.getByTestId("connection-state").getAttribute("data-state");
    })
    .toBe("login_required");
  await expect(page.getByTestId("connection-problem")).toHaveText("Expired Federal needs you to sign in again.");
  await open(page, "/accounts");
  await expect(page.getByTestId("banner-connection")).toContainText("Expired Federal needs you to sign in again.");
  await expect(page.getByTestId("banner-verify-email")).toHaveCount(0);
  for (const row of await page.getByTestId("accounts-row").all()) {
    await expect(row.getByRole("link", { name: "Reconnect Expired Federal" })).toBeVisible();
  }
  await open(page, "/transactions");

  await follow(page, "Reconnect Expired Federal", page.getByTestId("banner-connection"));
  await isOn(page, "connection");
  await press(page, "Sign in again at Expired Federal");
  await isOn(page, "dev-bank");
  await signInThere(page, "demo");
  await isOn(page, "connection");
  expect(address(page)).toBe(here);
  await expect
    .poll(async () => {
      await open(page, here);
      return page.getByTestId("connection-state").getAttribute("data-state");
    })
    .toBe("healthy");
});

test("a code is asked for on a page of its own", async ({ page, problems }) => {
  problems.expect(/422 POST \/dev\/bank/);
  await signUp(page);
  await toBank(page, "First Harbor");
  await signInThere(page, "mfa");

  await page.getByLabel("One-time code", { exact: true }).fill("4321");
  await press(page, "Sign in");
  await fieldSays(page, "One-time code", "That code isn't right.");
  await page.getByLabel("One-time code", { exact: true }).fill("1234");
  await press(page, "Sign in");

  await isOn(page, "connection-accounts");
});

test("a wrong password keeps the user name, and a locked login is named", async ({ page, problems }) => {
  problems.expect(/4(22|03) POST \/dev\/bank/);
  await signUp(page);
  await toBank(page, "First Harbor");

  await signInThere(page, "demo", "wrong");
  await fieldSays(page, "Password", "That user name and password don't match.");
  await expect(page.getByLabel("User name", { exact: true })).toHaveValue("demo");
  await expect(page.getByLabel("Password", { exact: true })).toHaveValue("");
  await signInThere(page, "locked");
  await expect(page.getByTestId("error-summary")).toContainText("This login is locked at the bank.");

  await follow(page, "Cancel", page.getByRole("main"));
  await isOn(page, "link");
  await expect(page.getByTestId("flash")).toContainText("Nothing was linked.");
});

test("no account chosen is said at the accounts", async ({ page, problems }) => {
  problems.expect(/422 POST \/connections\/choose/);
  await signUp(page);
  await toBank(page, "Flaky Trust");
  await signInThere(page, "demo");
  for (const box of await page.getByRole("checkbox").all()) await box.uncheck();

  await press(page, "Add these accounts");

  await isOn(page, "connection-accounts");
  await expect(page.getByTestId("field-error")).toContainText("Choose an account.");
});

test("somebody else's connection is not there", async ({ page, otherPage, problems }) => {
  problems.expect(/404 GET \/connections\//);
  await signUp(page);
  await connect(page, "First Harbor");
  await openConnection(page, "First Harbor");
  await signUp(otherPage);

  expect(await open(otherPage, address(page))).toBe(404);
});

test("demonstration data comes and goes by one click @main", async ({ page }) => {
  await signUp(page);
  await open(page, "/dashboard");
  await press(page, "Try with demo data");
  await isOn(page, "connection-added");

  await expect
    .poll(async () => {
      await open(page, "/dashboard");
      return page.getByTestId("tx-row").count();
    })
    .toBeGreaterThan(5);
  await expect(page.getByTestId("demo-notice")).toContainText("invented");
  await press(page, "Remove demo data");

  await isOn(page, "accounts");
  await expect(page.getByTestId("accounts-row")).toHaveCount(0);
});
