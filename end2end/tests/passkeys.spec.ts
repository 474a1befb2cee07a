// Passkeys: added, used alone and after a password, renamed, removed.
import { axe, fitsItsWidth } from "../support/accessibility";
import { App, Fingerprint } from "../support/authenticator";
import { address, fieldSays, go, isOn, open, press } from "../support/browsing";
import { expect, test, type Page } from "../support/fixtures";
import { fillSignIn, signUp, type Person } from "../support/people";

async function addPasskey(page: Page, name: string): Promise<void> {
  await open(page, "/settings/security");
  await page.getByLabel("Name of a new passkey").fill(name);
  await press(page, "Add a passkey");
  await isOn(page, "settings-security");
}

/** The sign-in page offers passkeys at once; the owner takes none of them before a test says so. */
async function signOut(page: Page, fingerprint: Fingerprint): Promise<void> {
  await fingerprint.agrees(false);
  await open(page, "/settings/profile");
  await press(page, "Sign out", page.getByRole("main"));
  await isOn(page, "sign-in");
}

async function turnOnSecondStep(page: Page, person: Person): Promise<void> {
  await open(page, "/settings/security");
  await page.getByLabel("Your password", { exact: true }).fill(person.password);
  await press(page, "Turn on");
  const app = new App((await page.getByTestId("second-step-key").textContent()) ?? "");
  await page.getByLabel("6-digit code", { exact: true }).fill(app.code());
  await press(page, "Turn on");
  await isOn(page, "recovery-codes");
}

test("without script the pages say that passkeys need it", async ({ page }) => {
  // Read as text: where a test has switched script off, Chromium still reads `noscript` as one that has it.
  const sentence = /<noscript>(<p[^>]*>)?Passkeys need JavaScript in your browser\./;

  await open(page, "/sign-in");
  expect(await page.content()).toMatch(sentence);
  await signUp(page);
  await open(page, "/settings/security");
  expect(await page.content()).toMatch(sentence);
});

test("a passkey is added, signs in, and is removed @script", async ({ page, problems }) => {
  const fingerprint = await Fingerprint.of(page);
  const person = await signUp(page);

  await addPasskey(page, "Laptop");
  const row = page.getByTestId("passkey-row");
  await expect(row).toContainText("Laptop");
  await expect(row).toContainText("not used yet");
  await axe(page);
  await fitsItsWidth(page);

  await signOut(page, fingerprint);
  await open(page, "/sign-in?next=%2Faccounts");
  await axe(page);
  await fingerprint.agrees(true);
  await press(page, "Sign in with a passkey");
  expect(address(page)).toBe("/accounts");

  await open(page, "/settings/security");
  await expect(row).toContainText("last used a moment ago");
  await page.getByText("Rename a passkey").click();
  await page.getByLabel("New name", { exact: true }).fill("Old laptop");
  await press(page, "Rename passkey");
  await expect(row).toContainText("Old laptop");

  await press(page, "Remove Old laptop");
  await expect(page.getByTestId("flash")).toContainText("Passkey removed.");
  await expect(row).toHaveCount(0);

  await signOut(page, fingerprint);
  await expect(page.getByTestId("last-used")).toBeVisible();
  problems.expect(/401 POST \/api\/auth\/passkey\/verify-authentication/);
  await fingerprint.agrees(true);
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(page.getByTestId("passkey-problem")).toHaveText("We don't know that passkey. Choose another way.");
  await fillSignIn(page, person);
  await press(page, "Sign in");
  await isOn(page, "dashboard");
});

test("a passkey is chosen from the list of the address field @script", async ({ page }) => {
  const fingerprint = await Fingerprint.of(page);
  await signUp(page);
  await addPasskey(page, "Laptop");
  await signOut(page, fingerprint);
  await expect(page.getByLabel("E-mail", { exact: true })).toHaveAttribute("autocomplete", "username webauthn");
  await fingerprint.agrees(true);

  // An owner who always agrees takes what is offered, as soon as it is.
  await page.goto("/sign-in?next=%2Faccounts");

  await isOn(page, "accounts");
});

test("a passkey answers the second step @script", async ({ page }) => {
  const fingerprint = await Fingerprint.of(page);
  const person = await signUp(page);
  await addPasskey(page, "Phone");
  await turnOnSecondStep(page, person);
  await signOut(page, fingerprint);

  await open(page, "/sign-in?next=%2Faccounts");
  await fillSignIn(page, person);
  await press(page, "Sign in");
  await isOn(page, "two-factor");
  await axe(page);
  await fingerprint.agrees(true);
  await press(page, "Use a passkey");

  expect(address(page)).toBe("/accounts");
});

test("whoever the device does not recognise gets no further @script", async ({ page }) => {
  const fingerprint = await Fingerprint.of(page);
  await signUp(page);
  await addPasskey(page, "Tablet");
  await signOut(page, fingerprint);
  await fingerprint.recognises(false);
  await fingerprint.agrees(true);

  await page.getByRole("button", { name: "Sign in with a passkey" }).click();

  await expect(page.getByTestId("passkey-problem")).toHaveText("Nothing was confirmed. Try again, or choose another way.");
  await fingerprint.recognises(true);
  await go(page, () => page.getByRole("button", { name: "Sign in with a passkey" }).click());
  await isOn(page, "dashboard");
});

test("a passkey has a name of at least one letter @script", async ({ page, problems }) => {
  problems.expect(/422 POST \/settings\/security\/passkeys\/rename/);
  await Fingerprint.of(page);
  await signUp(page);
  await addPasskey(page, "Key");

  await page.getByText("Rename a passkey").click();
  await page.getByLabel("New name", { exact: true }).fill("  ");
  await press(page, "Rename passkey");

  await fieldSays(page, "New name", "Enter some text.");
});
