// Staying signed in: asked again before something risky, and told when the session has ended elsewhere.
import { axe } from "../support/accessibility";
import { address, fieldSays, isOn, open, press } from "../support/browsing";
import { expect, test, type Page } from "../support/fixtures";
import { newPerson, fillSignIn, signUp } from "../support/people";

test("whoever gives their password again goes on with a new session", async ({ page, problems, script }) => {
  const person = await signUp(page);
  problems.expect(/422 POST \/confirm/);
  const token = async (): Promise<string | undefined> =>
    (await page.context().cookies()).find(({ name }) => name.endsWith("session_token"))?.value;
  const before = await token();

  await open(page, "/confirm?next=%2Faccounts%3Fa%3D1");
  await isOn(page, "confirm");
  if (script) await axe(page);
  await page.getByLabel("Password", { exact: true }).fill(newPerson().password);
  await press(page, "Go on");
  await fieldSays(page, "Password", "That password isn't right.");
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await press(page, "Go on");

  expect(address(page)).toBe("/accounts?a=1");
  expect(await token()).not.toBe(before);
});

/** Ends the session behind the page's back. */
async function endSession(page: Page): Promise<void> {
  const origin = new URL(page.url()).origin;
  const answer = await page.request.post("/api/auth/revoke-sessions", { data: {}, headers: { origin } });
  expect(answer.status()).toBe(200);
}

test("a page says when its session has ended elsewhere, and keeps what was typed @script", async ({ page, context }) => {
  const person = await signUp(page);
  await page.clock.install();
  await open(page, "/accounts/link?how=numbers");
  await page.getByLabel("Bank name", { exact: true }).fill("Harbor Bank");
  const dialog = page.getByTestId("signed-out");
  await endSession(page);

  await page.evaluate(() => window.dispatchEvent(new Event("focus")));
  await expect(dialog).toBeHidden();
  await page.clock.fastForward("01:01");
  await page.evaluate(() => window.dispatchEvent(new Event("focus")));
  await expect(dialog).toBeVisible();
  await axe(page);

  const opened = context.waitForEvent("page");
  await dialog.getByRole("link", { name: "Sign in" }).click();
  const tab = await opened;
  await isOn(tab, "sign-in");
  await fillSignIn(tab, person);
  await tab.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(tab.getByTestId("link")).toBeVisible();
  await tab.close();

  await page.evaluate(() => window.dispatchEvent(new Event("focus")));
  await expect(dialog).toBeHidden();
  await expect(page.getByLabel("Bank name", { exact: true })).toHaveValue("Harbor Bank");
});
