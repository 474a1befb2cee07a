// Who somebody is: name, picture, address.
import { address, fieldSays, follow, isOn, open, press } from "../support/browsing";
import { expect, test } from "../support/fixtures";
import { linkIn, mailTo } from "../support/mail";
import { fillSignIn, newPerson, signUp } from "../support/people";

test("the tabs of the settings are links, and each is a page", async ({ page }) => {
  await signUp(page);
  await open(page, "/settings/profile");
  const tabs = page.getByRole("navigation", { name: "Settings" });

  for (const tab of ["Preferences", "Categories", "Security", "Connections", "Danger", "Profile"]) {
    await follow(page, tab, tabs);
    await isOn(page, `settings-${tab.toLowerCase()}`);
    await expect(tabs.getByRole("link", { name: tab })).toHaveAttribute("aria-current", "page");
  }
});

test("a new name is shown everywhere, and an empty one is named", async ({ page, problems }) => {
  problems.expect(/422 POST \/settings\/profile/);
  await signUp(page);
  await open(page, "/settings/profile");

  await page.getByLabel("Name", { exact: true }).fill("Augusta King");
  await press(page, "Save profile");

  await expect(page.getByTestId("flash")).toContainText("Profile saved.");
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Augusta King");
  await expect(page.getByRole("button", { name: "Your account: Augusta King" })).toHaveText("AK");

  await page.getByLabel("Name", { exact: true }).fill(" ");
  await press(page, "Save profile");
  await fieldSays(page, "Name", "Enter your name.");
});

test("a picture of a host that pages don't load from is refused", async ({ page, problems }) => {
  problems.expect(/422 POST \/settings\/profile/);
  await signUp(page);
  await open(page, "/settings/profile");

  await page.getByLabel("Picture (optional)").fill("https://example.com/me.png");
  await press(page, "Save profile");

  await fieldSays(page, "Picture (optional)", /Gravatar, GitHub and Google/);
  await expect(page.getByLabel("Picture (optional)")).toHaveValue("https://example.com/me.png");
});

test("another address has to be proven before it counts", async ({ page, request, problems }) => {
  problems.expect(/422 POST \/settings\/profile\/email/);
  const person = await signUp(page);
  const next = newPerson("Nina Next");

  await test.step("the address of now is refused", async () => {
    await open(page, "/settings/profile");
    await page.getByLabel("New e-mail", { exact: true }).fill(person.email);
    await press(page, "Change e-mail");
    await fieldSays(page, "New e-mail", "That is your address already.");
  });

  await test.step("asked for, it is not changed yet", async () => {
    await page.getByLabel("New e-mail", { exact: true }).fill(next.email);
    await press(page, "Change e-mail");
    expect(address(page)).toBe("/settings/profile?email=asked");
    await expect(page.getByTestId("settings-profile-email-asked")).toBeVisible();
    await expect(page.getByTestId("settings-profile-email")).toHaveText(person.email);
  });

  await test.step("the new address proves itself", async () => {
    await open(page, linkIn(await mailTo(request, next.email, /confirm/i)));
    await press(page, "Change address", page.getByRole("main"));
    await open(page, "/settings/profile");
    await expect(page.getByTestId("settings-profile-email")).toHaveText(next.email);
  });

  await test.step("the old address is told and signs in no longer, the new one does", async () => {
    await mailTo(request, person.email, /e-mail|address/i);
    await press(page, "Sign out", page.getByRole("main"));
    await fillSignIn(page, { ...person, email: next.email });
    await press(page, "Sign in");
    await isOn(page, "dashboard");
  });
});
