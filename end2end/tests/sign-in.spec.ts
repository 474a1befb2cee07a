// Coming in, going out, and what stands between.
import { address, fieldSays, follow, isOn, open, press } from "../support/browsing";
import { expect, test } from "../support/fixtures";
import { fillSignIn, fillSignUp, newPerson, signUp } from "../support/people";

const NO_MATCH = "That e-mail and password don't match.";

test("a wrong password and an unknown address get the same sentence", async ({ page, otherPage, problems }) => {
  const person = await signUp(page);
  problems.expect(/401 POST \/sign-in/);

  for (const stranger of [{ ...person, password: newPerson().password }, newPerson("Nobody Known")]) {
    await open(otherPage, "/sign-in");
    await fillSignIn(otherPage, stranger);
    await press(otherPage, "Sign in");

    await expect(otherPage.getByRole("alert")).toContainText(NO_MATCH);
    await expect(otherPage.getByLabel("E-mail", { exact: true })).toHaveValue(stranger.email);
    await expect(otherPage.getByLabel("Password", { exact: true })).toHaveValue("");
  }
});

test("whoever is signed in leaves the pages for signing in and up", async ({ page }) => {
  await signUp(page);

  for (const path of ["/sign-in", "/sign-up"]) {
    await open(page, path);
    expect(address(page)).toBe("/dashboard");
  }
});

test("every personal page sends strangers to sign in and remembers where they wanted to go", async ({ page }) => {
  const paths = ["/dashboard", "/accounts", "/accounts/link", "/transactions?page=3", "/import", "/settings/profile", "/confirm"];
  for (const path of paths) {
    await open(page, path);
    await isOn(page, "sign-in");
    expect(new URL(page.url()).searchParams.get("next")).toBe(path);
  }
});

test("next leads to a page of this site and nowhere else", async ({ page, otherPage }) => {
  const person = await signUp(page);

  await open(otherPage, "/sign-in?next=https%3A%2F%2Fexample.com%2Fdashboard");
  await fillSignIn(otherPage, person);
  await press(otherPage, "Sign in");

  expect(address(otherPage)).toBe("/dashboard");
});

test("signing out ends the session, also for the back button", async ({ page }) => {
  await signUp(page);
  await open(page, "/settings/profile");

  await press(page, "Sign out", page.getByRole("main"));
  await open(page, "/dashboard");

  await isOn(page, "sign-in");
  await page.goBack();
  await page.reload();
  await expect(page.getByTestId("dashboard")).toHaveCount(0);
});

test("sign-up names every mistake at once and keeps what was typed", async ({ page, problems }) => {
  problems.expect(/422 POST \/sign-up/);
  const person = { name: "Grace Hopper", email: "grace@", password: "short" };

  await open(page, "/sign-up");
  await page.locator("form").evaluateAll((forms) => forms.forEach((form) => ((form as HTMLFormElement).noValidate = true)));
  await fillSignUp(page, person);
  await press(page, "Create account");

  await fieldSays(page, "E-mail", /e-mail/i);
  await fieldSays(page, "Password", /12|character/i);
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue(person.name);
  await expect(page.getByLabel("E-mail", { exact: true })).toHaveValue(person.email);
  await expect(page.getByLabel("Password", { exact: true })).toHaveValue("");
});

test("a known address is not given away at sign-up", async ({ page, otherPage, problems }) => {
  const person = await signUp(page);
  problems.expect(/4\d\d POST \/sign-up/);

  await open(otherPage, "/sign-up");
  await fillSignUp(otherPage, { ...newPerson("Eve Else"), email: person.email });
  await press(otherPage, "Create account");

  await expect(otherPage.getByTestId("dashboard")).toHaveCount(0);
  await expect(otherPage.getByRole("main")).not.toContainText(person.name);
});

test("the ways between landing, sign-in and sign-up are links", async ({ page }) => {
  await open(page, "/");
  await follow(page, "Sign in", page.getByRole("banner"));
  await isOn(page, "sign-in");
  await follow(page, "Create an account", page.getByRole("main"));
  await isOn(page, "sign-up");
  await follow(page, "Sign in", page.getByRole("main"));
  await isOn(page, "sign-in");
});
