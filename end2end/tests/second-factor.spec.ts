// The second step: turned on, asked for, used up, turned off.
import { axe, fitsItsWidth, targetsAreLargeEnough } from "../support/accessibility";
import { App } from "../support/authenticator";
import { address, fieldSays, follow, isOn, open, press } from "../support/browsing";
import { expect, test, type Page } from "../support/fixtures";
import { fillSignIn, signUp, type Person } from "../support/people";
import { noteForTheLog } from "../support/secrets";

async function begin(page: Page, person: Person): Promise<App> {
  await open(page, "/settings/security");
  await page.getByLabel("Your password", { exact: true }).fill(person.password);
  await press(page, "Turn on");
  await isOn(page, "second-step");
  return new App((await page.getByTestId("second-step-key").textContent()) ?? "");
}

async function answer(page: Page, code: string): Promise<void> {
  await page.getByLabel("6-digit code", { exact: true }).fill(code);
  await press(page, /^(Turn on|Continue)$/);
}

/** The codes that the page shows, and shows only now. */
async function saveCodes(page: Page): Promise<string[]> {
  await isOn(page, "recovery-codes");
  const codes = (await page.getByTestId("recovery-code").allTextContents()).map(noteForTheLog);
  await press(page, "I saved them");
  await isOn(page, "settings-security");
  return codes;
}

async function turnOn(page: Page, person: Person): Promise<{ app: App; codes: string[] }> {
  const app = await begin(page, person);
  await answer(page, app.code());
  return { app, codes: await saveCodes(page) };
}

/** Gives the password in another browser, which is asked for more. */
async function knowThePassword(page: Page, person: Person): Promise<void> {
  await open(page, "/sign-in?next=%2Faccounts");
  await fillSignIn(page, person);
  await press(page, "Sign in");
  await isOn(page, "two-factor");
}

async function change(page: Page, person: Person, code: string | null, button: string): Promise<void> {
  const card = page.getByTestId("second-step");
  if (!(await card.getByLabel("Your password", { exact: true }).isVisible())) {
    await card.getByText("Make new recovery codes or turn it off").click();
  }
  await card.getByLabel("Your password", { exact: true }).fill(person.password);
  if (code !== null) await card.getByLabel("Code", { exact: true }).fill(code);
  await press(page, button);
}

test("the second step is turned on with a code, and a wrong one loses nothing", async ({ page, problems }) => {
  problems.expect(/422 POST \/settings\/security\/second-step/);
  const person = await signUp(page);
  await open(page, "/settings/security");
  await expect(page.getByTestId("second-step")).toHaveAttribute("data-state", "off");
  await page.getByLabel("Your password", { exact: true }).fill("not the password");
  await press(page, "Turn on");
  await fieldSays(page, "Your password", "That password isn't right.");

  const app = await begin(page, person);
  const key = await page.getByTestId("second-step-key").textContent();
  await expect(page.getByTestId("second-step-qr")).toBeVisible();
  await answer(page, app.wrongCode());
  await fieldSays(page, "6-digit code", "That code doesn't match.");
  await expect(page.getByTestId("second-step-key")).toHaveText(key ?? "");
  await expect(page.getByTestId("second-step-qr")).toBeVisible();
  await answer(page, app.code());

  await isOn(page, "recovery-codes");
  expect(address(page)).toBe("/settings/security/second-step");
  await expect(page.getByTestId("flash")).toContainText("The second step is on.");
  await expect(page.getByTestId("second-step-key")).toHaveCount(0);
  const codes = await saveCodes(page);
  expect(new Set(codes).size).toBe(10);
  await expect(page.getByTestId("second-step")).toHaveAttribute("data-state", "on");
  await expect(page.getByTestId("recovery-codes-left")).toContainText("10 recovery codes left");
  await open(page, "/settings/security/second-step");
  await isOn(page, "second-step-nothing");
  expect(await page.content()).not.toContain(codes[0]);
});

test("a sign-in is asked for a code, and a wrong one does not let in", async ({ page, otherPage, problems }) => {
  problems.expect(/422 POST \/two-factor/);
  const person = await signUp(page);
  const { app } = await turnOn(page, person);

  await knowThePassword(otherPage, person);
  await answer(otherPage, app.wrongCode());
  await fieldSays(otherPage, "6-digit code", "That code doesn't match. Codes change every 30 seconds.");
  await answer(otherPage, app.code());

  expect(address(otherPage)).toBe("/accounts");
});

test("a recovery code lets in once", async ({ page, otherPage, problems }) => {
  problems.expect(/422 POST \/two-factor/);
  const person = await signUp(page);
  const { codes } = await turnOn(page, person);
  const useCode = async (code: string | undefined): Promise<void> => {
    await knowThePassword(otherPage, person);
    await follow(otherPage, "Use a recovery code");
    await otherPage.getByLabel("Recovery code", { exact: true }).fill(code ?? "");
    await press(otherPage, "Continue");
  };

  await useCode(codes[0]);
  expect(address(otherPage)).toBe("/accounts");
  await expect(otherPage.getByTestId("flash")).toContainText("Recovery code used. 9 are left.");
  await otherPage.context().clearCookies();
  await useCode(codes[0]);
  await fieldSays(otherPage, "Recovery code", "That code doesn't match, or it was used before.");

  await open(page, "/settings/security");
  await expect(page.getByTestId("recovery-codes-left")).toContainText("9 recovery codes left");
});

test("a trusted device is not asked until it is removed", async ({ page, otherPage }) => {
  const person = await signUp(page);
  const { app } = await turnOn(page, person);
  const signOut = async (): Promise<void> => {
    await open(otherPage, "/settings/profile");
    await press(otherPage, "Sign out", otherPage.getByRole("main"));
  };

  await knowThePassword(otherPage, person);
  await otherPage.getByLabel("Trust this device for 30 days").check();
  await answer(otherPage, app.code());
  await signOut();
  await open(otherPage, "/sign-in");
  await fillSignIn(otherPage, person);
  await press(otherPage, "Sign in");
  await isOn(otherPage, "dashboard");

  await open(page, "/settings/security");
  await expect(page.getByTestId("trusted-device")).toContainText("Chrome on Linux");
  await press(page, "Stop trusting Chrome on Linux");
  await expect(page.getByTestId("trusted-device")).toHaveCount(0);
  await signOut();
  await knowThePassword(otherPage, person);
});

test("new recovery codes replace the old ones, and turning off asks no more", async ({ page, otherPage, problems }) => {
  problems.expect(/422 POST \/settings\/security\/second-step\/change/);
  problems.expect(/422 POST \/two-factor/);
  const person = await signUp(page);
  const { codes } = await turnOn(page, person);

  await change(page, { ...person, password: "not the password" }, null, "Make new recovery codes");
  await fieldSays(page, "Your password", "That password isn't right.");
  await change(page, person, null, "Make new recovery codes");
  await expect(page.getByTestId("flash")).toContainText("The old ones no longer work.");
  const fresh = await saveCodes(page);
  expect(fresh.filter((code) => codes.includes(code))).toEqual([]);
  await knowThePassword(otherPage, person);
  await follow(otherPage, "Use a recovery code");
  await otherPage.getByLabel("Recovery code", { exact: true }).fill(codes[0] ?? "");
  await press(otherPage, "Continue");
  await fieldSays(otherPage, "Recovery code", "That code doesn't match, or it was used before.");

  await change(page, person, null, "Turn off the second step");
  await expect(page.getByTestId("flash")).toContainText("The second step is off.");
  await expect(page.getByTestId("second-step")).toHaveAttribute("data-state", "off");
  await open(otherPage, "/sign-in");
  await fillSignIn(otherPage, person);
  await press(otherPage, "Sign in");
  await isOn(otherPage, "dashboard");
});

test("the pages of the second step can be used by everybody", async ({ page, script }) => {
  const person = await signUp(page);
  const check = async (): Promise<void> => {
    if (script) await axe(page);
    await page.setViewportSize({ width: 390, height: 844 });
    await fitsItsWidth(page);
    await targetsAreLargeEnough(page);
    await page.setViewportSize({ width: 1280, height: 900 });
  };

  await open(page, "/settings/security");
  await check();
  const app = await begin(page, person);
  await check();
  await answer(page, app.code());
  await isOn(page, "recovery-codes");
  await check();
  await press(page, "I saved them");
  await page.getByText("Make new recovery codes or turn it off").click();
  await check();
});
