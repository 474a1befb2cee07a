// How somebody signs in, and where they are signed in.
import { fieldSays, isOn, open, press } from "../support/browsing";
import { expect, test, type Page } from "../support/fixtures";
import { fillSignIn, signUp, type Person } from "../support/people";
import { newPassword } from "../support/secrets";

async function signIn(page: Page, person: Person): Promise<void> {
  await open(page, "/sign-in");
  await fillSignIn(page, person);
  await press(page, "Sign in");
  await isOn(page, "dashboard");
}

async function changePassword(page: Page, current: string, next: string): Promise<void> {
  await page.getByLabel("Current password", { exact: true }).fill(current);
  await page.getByLabel("New password", { exact: true }).fill(next);
  await press(page, "Change password");
}

test("a new password signs every other browser out", async ({ page, otherPage, problems }) => {
  problems.expect(/422 POST \/settings\/security\/password/);
  problems.expect(/401 POST \/sign-in/);
  const person = await signUp(page);
  await signIn(otherPage, person);
  const password = newPassword();

  await open(page, "/settings/security");
  await changePassword(page, newPassword(), password);
  await fieldSays(page, "Current password", "That password isn't right.");
  await changePassword(page, person.password, "short");
  await fieldSays(page, "New password", /at least 12 characters/);
  await changePassword(page, person.password, password);
  await expect(page.getByTestId("flash")).toContainText("Password changed.");
  await open(page, "/dashboard");
  await isOn(page, "dashboard");

  await open(otherPage, "/dashboard");
  await isOn(otherPage, "sign-in");
  await fillSignIn(otherPage, person);
  await press(otherPage, "Sign in");
  await isOn(otherPage, "sign-in");
  await fillSignIn(otherPage, { ...person, password });
  await press(otherPage, "Sign in");
  await isOn(otherPage, "dashboard");
});

test("one browser is signed out from another", async ({ page, otherPage }) => {
  const person = await signUp(page);
  await signIn(otherPage, person);

  await open(page, "/settings/security");
  const rows = page.getByTestId("session-row");
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toContainText("This device");
  await expect(rows.first()).toContainText("Chrome on Linux");
  await press(page, /^Sign out Chrome/, rows.nth(1));

  await expect(page.getByTestId("flash")).toContainText("That device is signed out.");
  await expect(rows).toHaveCount(1);
  await open(otherPage, "/dashboard");
  await isOn(otherPage, "sign-in");
});

test("all other browsers are signed out at once", async ({ page, otherPage }) => {
  const person = await signUp(page);
  await signIn(otherPage, person);

  await open(page, "/settings/security");
  await press(page, "Sign out all others");

  await expect(page.getByTestId("flash")).toContainText("1 other device is signed out.");
  await expect(page.getByTestId("session-row")).toHaveCount(1);
  await open(otherPage, "/dashboard");
  await isOn(otherPage, "sign-in");
});
