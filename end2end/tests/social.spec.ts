// Signing in with an account somewhere else, against a real OpenID provider.
import { address, go, isOn, open, press } from "../support/browsing";
import { expect, test, type Page } from "../support/fixtures";
import { newPerson, signUp } from "../support/people";
import { providerOrigin } from "../support/provider";
import { Problems } from "../support/problems";

/** The other site's page is a request to another site, and meant to be one. */
function visitsAcme(problems: Problems): void {
  const origin = providerOrigin().replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
  problems.expect(new RegExp(`^request to another site: ${origin}/`));
}

async function answer(page: Page, who: string, button: "Agree" | "Refuse"): Promise<void> {
  await expect(page.getByRole("heading", { name: "Acme" })).toBeVisible();
  await page.getByLabel("Address").fill(who);
  await go(page, () => page.getByRole("button", { name: button }).click());
}

async function continueWithAcme(page: Page, from = "/sign-in"): Promise<void> {
  await open(page, from);
  await press(page, "Continue with Acme");
}

/** Starts a flow as the JavaScript client does; the browser gets the state cookie. */
async function start(page: Page, path: string, baseURL: string | undefined): Promise<URL> {
  const response = await page.request.post(path, {
    headers: { origin: new URL(baseURL ?? "").origin },
    data: { provider: "acme", callbackURL: "/dashboard", errorCallbackURL: "/sign-in" },
  });
  expect(response.status()).toBe(200);
  const { url } = (await response.json()) as { url: string };
  return new URL(url);
}

test("somebody new signs up with another account, and comes back to the same one", async ({ page, otherPage, problems }) => {
  visitsAcme(problems);
  const { email } = newPerson();

  await continueWithAcme(page, "/sign-up");
  await answer(page, email, "Agree");
  await isOn(page, "dashboard");

  await continueWithAcme(otherPage, "/sign-in?next=%2Faccounts");
  await answer(otherPage, email, "Agree");
  expect(address(otherPage)).toBe("/accounts");
  await open(otherPage, "/settings/profile");
  await expect(otherPage.getByTestId("settings-profile-email")).toHaveText(email);
});

test("whoever has a password here is asked for it first", async ({ page, otherPage, problems }) => {
  visitsAcme(problems);
  const person = await signUp(page);

  await continueWithAcme(otherPage);
  await answer(otherPage, person.email, "Agree");

  await isOn(otherPage, "sign-in");
  await expect(otherPage.getByTestId("provider-refusal")).toContainText("You already have a Coffer password for this e-mail.");
  await open(otherPage, "/dashboard");
  await isOn(otherPage, "sign-in");
});

test("an account is connected in the settings, opens the door, and is disconnected again", async ({ page, otherPage, problems }) => {
  visitsAcme(problems);
  const person = await signUp(page);

  await open(page, "/settings/connections");
  await press(page, "Connect Acme");
  await answer(page, person.email, "Agree");
  await isOn(page, "settings-connections");
  const row = page.getByTestId("provider-row");
  await expect(row).toContainText("Acme");
  await expect(row).toContainText("Connected on");
  await expect(page.getByRole("button", { name: "Connect Acme", exact: true })).toHaveCount(0);

  await continueWithAcme(otherPage);
  await answer(otherPage, person.email, "Agree");
  await isOn(otherPage, "dashboard");

  await press(page, "Disconnect Acme", row);
  await expect(page.getByTestId("flash")).toContainText("Acme is disconnected.");
  await expect(row).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Connect Acme", exact: true })).toBeVisible();

  await otherPage.context().clearCookies();
  await continueWithAcme(otherPage);
  await answer(otherPage, person.email, "Agree");
  await isOn(otherPage, "sign-in");
  await expect(otherPage.getByTestId("provider-refusal")).toContainText("You already have a Coffer password for this e-mail.");
});

test("whoever does not agree is told that nothing was changed", async ({ page, problems }) => {
  visitsAcme(problems);

  await continueWithAcme(page);
  await answer(page, newPerson().email, "Refuse");

  await isOn(page, "sign-in");
  await expect(page.getByTestId("provider-refusal")).toContainText("nothing was changed");
});

test("a forged state leads nowhere", async ({ page }) => {
  await open(page, `/api/auth/callback/acme?code=stolen&state=${"x".repeat(32)}`);

  expect(address(page)).toBe("/?error=state_mismatch");
  await open(page, "/dashboard");
  await isOn(page, "sign-in");
});

test("a way back works once, and only in the browser that set out", async ({ page, otherPage, problems, baseURL }) => {
  visitsAcme(problems);
  const { email } = newPerson();
  let back = "";
  page.on("request", (request) => {
    if (request.url().includes("/api/auth/callback/acme?")) back = request.url();
  });

  await continueWithAcme(page);
  await answer(page, email, "Agree");
  await isOn(page, "dashboard");
  const used = back.replace(baseURL ?? "", "");
  expect(used).toContain("code=");

  for (const browser of [page, otherPage]) {
    await browser.context().clearCookies();
    await open(browser, used);
    expect(address(browser)).toBe("/?error=state_mismatch");
    await open(browser, "/dashboard");
    await isOn(browser, "sign-in");
  }
});

test("an ID token for another question is refused", async ({ page, problems, baseURL }) => {
  visitsAcme(problems);
  const url = await start(page, "/api/auth/sign-in/social", baseURL);
  expect(url.searchParams.get("nonce")).toMatch(/^[\w-]{32}$/);
  url.searchParams.set("nonce", "another-question");

  await page.goto(url.href);
  await answer(page, newPerson().email, "Agree");

  expect(address(page)).toBe("/sign-in?error=unable_to_get_user_info");
  await expect(page.getByTestId("provider-refusal")).toBeVisible();
});
