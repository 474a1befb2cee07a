// A forgotten password: a link by mail, a new password, and the old one is worth nothing.
import { axe } from "../support/accessibility";
import { address, fieldSays, follow, isOn, open, press } from "../support/browsing";
import { expect, test, type Page } from "../support/fixtures";
import { mailedLink, mailsTo } from "../support/mail";
import { fillSignIn, newPerson, signUp } from "../support/people";
import { newPassword } from "../support/secrets";

const SENT = "If that address has an account, we've sent a link. It works for 60 minutes.";

async function askForLink(page: Page, email: string): Promise<void> {
  await open(page, "/sign-in");
  await follow(page, "Forgot password?");
  await isOn(page, "forgot");
  await page.getByLabel("E-mail", { exact: true }).fill(email);
  await press(page, "Send link");
}

test("a mailed link sets a new password, and the old one no longer works @main", async ({ page, otherPage, problems, script }) => {
  const person = await signUp(page);
  problems.expect(/401 POST \/sign-in/);

  await askForLink(otherPage, person.email);
  await expect(otherPage.getByTestId("forgot-sent")).toHaveText(SENT);
  await expect(otherPage.getByTestId("mailed-address")).toHaveText(person.email);
  if (script) await axe(otherPage);

  await open(otherPage, await mailedLink(otherPage, person.email, "Reset your password"));
  await isOn(otherPage, "reset");
  await expect(otherPage.getByText("You'll be signed out everywhere else.")).toBeVisible();
  if (script) await axe(otherPage);
  const renewed = { ...person, password: newPassword() };
  await otherPage.getByLabel("New password", { exact: true }).fill(renewed.password);
  await press(otherPage, "Save new password");

  await isOn(otherPage, "sign-in");
  await expect(otherPage.getByTestId("flash")).toContainText("Your new password is saved.");
  await fillSignIn(otherPage, person);
  await press(otherPage, "Sign in");
  await expect(otherPage.getByRole("alert")).toContainText("That e-mail and password don't match.");
  await fillSignIn(otherPage, renewed);
  await press(otherPage, "Sign in");
  await isOn(otherPage, "dashboard");

  await open(page, "/dashboard");
  await isOn(page, "sign-in");
});

test("an address that nobody has is answered alike and sent nothing", async ({ page }) => {
  const nobody = newPerson("Nobody Known");

  await askForLink(page, nobody.email);

  await expect(page.getByTestId("forgot-sent")).toHaveText(SENT);
  expect(await mailsTo(page, nobody.email)).toBe(0);
});

test("a link works once, and a refused password does not spend it", async ({ page, otherPage, problems, script }) => {
  const person = await signUp(page);
  problems.expect(/422 POST \/reset-password/);
  await askForLink(otherPage, person.email);
  const link = await mailedLink(otherPage, person.email, "Reset your password");

  await open(otherPage, link);
  await otherPage.getByLabel("New password", { exact: true }).fill("short");
  await press(otherPage, "Save new password");
  await fieldSays(otherPage, "New password", /12 characters/);
  await otherPage.getByLabel("New password", { exact: true }).fill(newPassword());
  await press(otherPage, "Save new password");
  await isOn(otherPage, "sign-in");

  await open(otherPage, link);
  await isOn(otherPage, "reset");
  await expect(otherPage.getByRole("heading", { level: 1 })).toHaveText("This link doesn't work any more");
  await expect(otherPage.getByText("It was used already, and a link works once.")).toBeVisible();
  if (script) await axe(otherPage);
  await follow(otherPage, "Send a new link");
  await isOn(otherPage, "forgot");
});

test("another link can be asked for after a minute", async ({ page, script, problems }) => {
  const person = await signUp(page);
  await page.context().clearCookies();
  problems.expect(/429 POST \/forgot-password/);

  await askForLink(page, person.email);

  await expect(page.getByText(/You can ask for another one in \d+ seconds\./)).toBeVisible();
  const again = page.getByRole("button", { name: "Send the link again" });
  if (script) {
    await expect(again).toBeDisabled();
  } else {
    await press(page, "Send the link again");
    await expect(page.getByRole("alert")).toContainText("A link is on its way.");
    await isOn(page, "forgot");
  }
});

test("the token of a link leaves the address bar @script", async ({ page }) => {
  const person = await signUp(page);
  await page.context().clearCookies();
  await askForLink(page, person.email);

  await open(page, await mailedLink(page, person.email, "Reset your password"));

  await expect.poll(() => address(page)).toBe("/reset-password");
  await page.getByLabel("New password", { exact: true }).fill(newPassword());
  await press(page, "Save new password");
  await isOn(page, "sign-in");
});
