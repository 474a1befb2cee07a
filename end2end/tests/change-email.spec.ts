// Another address: the old one agrees, the new one proves itself, and the old one can take it back for a week.
import { axe } from "../support/accessibility";
import { isOn, open, press } from "../support/browsing";
import { expect, test, type Page } from "../support/fixtures";
import { mailedLink } from "../support/mail";
import { fillSignIn, newPerson, signUp } from "../support/people";

/** Asks for the change as a program would. */
async function change(page: Page, newEmail: string): Promise<void> {
  const answer = await page.request.post("/api/auth/change-email", {
    data: { newEmail },
    headers: { origin: new URL(page.url()).origin },
  });
  expect(answer.status()).toBe(200);
}

test("both addresses press a button, then the old one takes the change back", async ({ page, otherPage, script }) => {
  const person = await signUp(page);
  const renewed = { ...person, email: newPerson("Ada New").email };
  await open(page, await mailedLink(page, person.email, "Confirm your address"));
  await press(page, "Confirm address");
  await change(page, renewed.email);

  await test.step("the old address agrees, in another browser", async () => {
    await open(otherPage, await mailedLink(otherPage, person.email, "Confirm your new address"));
    await expect(otherPage.getByRole("main")).toContainText(renewed.email);
    if (script) await axe(otherPage);
    await press(otherPage, "Agree to the change");
    await expect(otherPage.getByRole("main")).toContainText("Now open the link we've sent to the new address.");
    await expect(otherPage.getByRole("main")).toContainText("You can close this tab.");
    if (script) await axe(otherPage);
  });

  await test.step("the new address proves itself", async () => {
    await open(page, await mailedLink(page, renewed.email, "Confirm your new address"));
    if (script) await axe(page);
    await press(page, "Change address");
    await isOn(page, "settings-profile");
    await expect(page.getByTestId("flash")).toContainText("Your address is changed.");
    await expect(page.getByRole("main")).toContainText(renewed.email);
  });

  await test.step("the old address takes it back, and everybody is signed out", async () => {
    await open(otherPage, await mailedLink(otherPage, person.email, "Your address was changed"));
    await isOn(otherPage, "undo-email-change");
    if (script) await axe(otherPage);
    await press(otherPage, "Take the change back");
    await isOn(otherPage, "forgot");
    await expect(otherPage.getByLabel("E-mail", { exact: true })).toHaveValue(person.email);
    await open(page, "/dashboard");
    await isOn(page, "sign-in");
    await fillSignIn(page, person);
    await press(page, "Sign in");
    await isOn(page, "dashboard");
  });
});

test("a link that takes a change back works once", async ({ page, script }) => {
  await open(page, "/undo-email-change?token=AAAABBBBCCCCDDDDEEEEFFFFGGGGHHHH");
  await press(page, "Take the change back");

  await expect(page.getByRole("heading", { level: 1 })).toHaveText("This link doesn't work any more");
  if (script) await axe(page);
});
