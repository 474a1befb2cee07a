// Proving an address: by the button of a mailed link's page, here or in another browser.
import { axe } from "../support/accessibility";
import { address, fieldSays, follow, isOn, open, press } from "../support/browsing";
import { expect, test } from "../support/fixtures";
import { mailedLink } from "../support/mail";
import { newPerson, signUp, signUpByPage } from "../support/people";

const SUBJECT = "Confirm your address";

test("opening the link changes nothing, its button confirms the address @main", async ({ page, script }) => {
  const person = await signUp(page);
  await expect(page.getByTestId("banner-verify-email")).toContainText(person.email);
  const link = await mailedLink(page, person.email, SUBJECT);

  await open(page, link);
  await isOn(page, "verify-email");
  if (script) await axe(page);
  await open(page, "/dashboard");
  await expect(page.getByTestId("banner-verify-email")).toBeVisible();

  await open(page, link);
  await press(page, "Confirm address");
  await isOn(page, "dashboard");
  await expect(page.getByTestId("flash")).toContainText("Your address is confirmed.");
  await expect(page.getByTestId("banner-verify-email")).toHaveCount(0);

  await open(page, link);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("This link doesn't work any more");
  if (script) await axe(page);
});

test("in another browser the password is asked for, and lets in", async ({ page, otherPage, problems, script }) => {
  const person = await signUp(page);
  problems.expect(/422 POST \/verify-email/);
  const link = await mailedLink(page, person.email, SUBJECT);

  await open(otherPage, link);
  if (script) await axe(otherPage);
  await otherPage.getByLabel("Password", { exact: true }).fill(newPerson().password);
  await press(otherPage, "Confirm and sign in");
  await fieldSays(otherPage, "Password", "That password isn't right.");
  await otherPage.getByLabel("Password", { exact: true }).fill(person.password);
  await press(otherPage, "Confirm and sign in");

  await isOn(otherPage, "dashboard");
  await open(page, "/verify-email");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Your address is confirmed");
});

test("the page that waits shows the address and the ways out of it", async ({ page, script, problems }) => {
  const person = await signUpByPage(page);
  problems.expect(/429 POST \/verify-email\/resend/);

  await follow(page, "Confirm your e-mail", page.getByTestId("banner-verify-email"));
  await isOn(page, "verify-email");
  if (script) await axe(page);
  await expect(page.getByTestId("mailed-address")).toHaveText(person.email);
  await expect(page.getByText(/You can ask for another one in \d+ seconds\./)).toBeVisible();
  if (!script) {
    await press(page, "Send the link again");
    await expect(page.getByRole("alert")).toContainText("A link is on its way.");
    await isOn(page, "verify-email");
  }
  await press(page, "Sign out", page.getByRole("main"));
  await isOn(page, "sign-in");
});

test("the mailed link leads on to the page that was wanted", async ({ page }) => {
  await open(page, "/sign-up?next=%2Faccounts");
  const person = newPerson();
  await page.getByLabel("Name", { exact: true }).fill(person.name);
  await page.getByLabel("E-mail", { exact: true }).fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await press(page, "Create account");
  await isOn(page, "accounts");

  await open(page, await mailedLink(page, person.email, SUBJECT));
  await press(page, "Confirm address");

  expect(address(page)).toBe("/accounts");
});
