// Taking everything along, and leaving.
import { readFile } from "node:fs/promises";
import { fieldSays, isOn, open, press } from "../support/browsing";
import { recentChecking } from "../support/files";
import { expect, test } from "../support/fixtures";
import { mailTo } from "../support/mail";
import { addAccount, fillSignIn, signUp } from "../support/people";

interface Exported {
  format: string;
  profile: { email: string };
  accounts: { mask: string }[];
  imports: unknown[];
  transactions: { description: string }[];
}

test("everything is exported, and then the account and all in it goes", async ({ page, request, problems }) => {
  problems.expect(/422 POST \/settings\/danger/);
  problems.expect(/401 POST \/sign-in/);
  const person = await signUp(page);
  const account = await addAccount(page);
  await open(page, "/import");
  await page.getByLabel("File", { exact: true }).setInputFiles(recentChecking().file);
  await press(page, "Read file");
  await press(page, "Import 60 transactions");

  await test.step("the file has everything but the account's number", async () => {
    await open(page, "/settings/danger");
    await expect(page.getByRole("main")).toContainText("1 bank account with 60 transactions");
    const downloading = page.waitForEvent("download");
    await page.getByTestId("settings-danger-export").click();
    const download = await downloading;
    expect(download.suggestedFilename()).toMatch(/^coffer-\d{4}-\d{2}-\d{2}\.json$/);
    const text = await readFile(await download.path(), "utf8");
    const exported = JSON.parse(text) as Exported;
    expect(exported.format).toBe("coffer-export");
    expect(exported.profile.email).toBe(person.email);
    expect(exported.accounts.map(({ mask }) => mask)).toEqual([account.accountNumber.slice(-4)]);
    expect(exported.imports).toHaveLength(1);
    expect(exported.transactions).toHaveLength(60);
    expect(text).not.toContain(account.accountNumber);
    expect(text).not.toContain(account.routingNumber);
  });

  await test.step("another address deletes nothing", async () => {
    await page.getByLabel("Your e-mail", { exact: true }).fill("somebody@example.com");
    await press(page, "Delete my account");
    await fieldSays(page, "Your e-mail", "That isn't the address of this account.");
  });

  await test.step("its own address deletes all", async () => {
    await page.getByLabel("Your e-mail", { exact: true }).fill(person.email);
    await press(page, "Delete my account");
    await isOn(page, "account-deleted");
    await mailTo(request, person.email, /deleted/);
  });

  await test.step("signed out, and nobody signs in with it", async () => {
    await open(page, "/dashboard");
    await isOn(page, "sign-in");
    await fillSignIn(page, person);
    await press(page, "Sign in");
    await expect(page.getByRole("alert")).toContainText("don't match");
  });
});
