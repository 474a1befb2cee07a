// The end of a person's account, by a mailed link.
import { axe } from "../support/accessibility";
import { isOn, open, press } from "../support/browsing";
import { expect, test, type Page } from "../support/fixtures";
import { mailedLink } from "../support/mail";
import { fillSignIn, signUp } from "../support/people";

/** Asks for the link as a program would. */
async function askForLink(page: Page): Promise<void> {
  const answer = await page.request.post("/api/auth/delete-user", {
    data: {},
    headers: { origin: new URL(page.url()).origin },
  });
  expect(answer.status()).toBe(200);
}

test("a mailed link deletes the account of whoever is signed in", async ({ page, problems, script }) => {
  const person = await signUp(page);
  problems.expect(/401 POST \/sign-in/);
  await askForLink(page);
  const link = await mailedLink(page, person.email, "Delete your account");

  await open(page, link);
  await isOn(page, "delete-account");
  await expect(page.getByRole("main")).toContainText(person.email);
  if (script) await axe(page);
  await press(page, "Delete my account");

  await isOn(page, "account-deleted");
  if (script) await axe(page);
  await open(page, "/dashboard");
  await isOn(page, "sign-in");
  await fillSignIn(page, person);
  await press(page, "Sign in");
  await expect(page.getByRole("alert")).toContainText("That e-mail and password don't match.");
});

test("a stranger signs in first, and somebody else's link deletes nothing", async ({ page, otherPage }) => {
  const person = await signUp(page);
  await askForLink(page);
  const link = await mailedLink(page, person.email, "Delete your account");

  await open(otherPage, link);
  await isOn(otherPage, "sign-in");
  await signUp(otherPage);
  await open(otherPage, link);
  await press(otherPage, "Delete my account");

  await expect(otherPage.getByRole("heading", { level: 1 })).toHaveText("This link doesn't work any more");
  await open(page, "/dashboard");
  await isOn(page, "dashboard");
});
