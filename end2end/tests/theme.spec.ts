// Light, dark, or as the system says: in the first byte, without script.
import { go, open } from "../support/browsing";
import { expect, test } from "../support/fixtures";
import { signUp } from "../support/people";

test("the theme is chosen in the settings and stays", async ({ page }) => {
  await signUp(page);
  await open(page, "/settings/profile");

  for (const theme of ["Dark", "Light"]) {
    const main = page.getByRole("main");
    const choice = main.getByRole("radio", { name: theme, exact: true });
    if ((await choice.count()) > 0) {
      await choice.check();
      await go(page, () => main.getByRole("button", { name: /theme/i }).click());
    } else {
      await go(page, () => main.getByRole("button", { name: theme, exact: true }).click());
    }
    await expect(page.locator("html")).toHaveAttribute("data-theme", theme.toLowerCase());
    await open(page, "/dashboard");
    await expect(page.locator("html")).toHaveAttribute("data-theme", theme.toLowerCase());
    await open(page, "/settings/profile");
  }
});
