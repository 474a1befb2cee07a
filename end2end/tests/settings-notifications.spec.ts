// Which mails come, and one that shows that they do.
import { open, press } from "../support/browsing";
import { expect, test } from "../support/fixtures";
import { mailTo } from "../support/mail";
import { signUp } from "../support/people";

test("each mail is chosen by itself, and what keeps an account safe is always on", async ({ page }) => {
  await signUp(page);
  await open(page, "/settings/notifications");
  const row = (id: string) => page.locator(`[data-testid=notification-row][data-id=${id}]`);
  await expect(row("budget")).toHaveAttribute("data-state", "on");
  await row("budget").getByRole("checkbox").uncheck();
  await press(page, "Save notifications");

  await expect(page.getByTestId("flash")).toContainText("Notifications saved.");
  await expect(row("budget").getByRole("checkbox")).not.toBeChecked();
  await expect(row("connection").getByRole("checkbox")).toBeChecked();
  await expect(row("sign-in")).toContainText("Always on");
});

test("a test mail arrives", async ({ page }) => {
  const person = await signUp(page);
  await open(page, "/settings/notifications");
  await press(page, "Send me a test");

  await expect(page.getByTestId("flash")).toContainText(`A test is on its way to ${person.email}.`);
  await mailTo(page.request, person.email, /A test mail from Coffer/);
});
