// Pages that are not there.
import { isOn, open } from "../support/browsing";
import { expect, test } from "../support/fixtures";
import { signUp } from "../support/people";

test("an unknown page is 404, says so and leads home", async ({ page, problems }) => {
  problems.expect(/404 GET \/nowhere/);

  expect(await open(page, "/nowhere")).toBe(404);

  await isOn(page, "error-404");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("We can't find that page");
  await expect(page.getByRole("main").getByRole("link", { name: "Go to the start page" })).toBeVisible();
});

test("a person who is signed in keeps the navigation on a 404", async ({ page, problems }) => {
  problems.expect(/404 GET \/nowhere/);
  await signUp(page);

  expect(await open(page, "/nowhere")).toBe(404);

  await expect(page.getByRole("heading", { level: 1 })).toHaveText("We can't find that page");
  const navigation = page.getByRole("navigation", { name: "Main" });
  await expect(navigation.getByRole("link", { name: "Transactions" })).toBeVisible();
});
