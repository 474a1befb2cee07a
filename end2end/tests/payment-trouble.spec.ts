// What goes wrong between paying and the plan: lost and late events, impatient people, two tabs.
import { follow, isOn, open, press, runsNoScript, settled } from "../support/browsing";
import { expect, test, type Page } from "../support/fixtures";
import { subjectsTo } from "../support/mail";
import { newPerson, signUp } from "../support/people";
import { CARDS, countOf, faultsOf, fillCard, pay, reads, revoke, settle } from "../support/polar";
import { noteForTheLog } from "../support/secrets";

async function choose(page: Page, plan: string): Promise<void> {
  await open(page, "/pricing");
  await isOn(page, "pricing");
  await press(page, new RegExp(`^(Choose ${plan}|Try ${plan} for 7 days)$`));
}

/** Buys and has a plan. */
async function have(page: Page, plan: string): Promise<void> {
  await choose(page, plan);
  await pay(page);
  await settle();
  await reads(page, "/billing", new RegExp(plan));
}

test("who has paid is never told otherwise, though no event of it comes", async ({ page }) => {
  await signUp(page);
  await faultsOf(page, [
    { drop: true, match: { type: "checkout.*" } },
    { drop: true, match: { type: "subscription.*" } },
    { drop: true, match: { type: "order.*" } },
  ]);
  await choose(page, "Plus");

  await pay(page);

  const progress = page.getByTestId("success-progress");
  await expect(progress).toHaveAttribute("data-state", "done");
  await expect(progress).toContainText("You have Plus now.");
  await expect(page.getByRole("main")).not.toContainText("charged");
});

test("the page after paying waits for events that are late", async ({ page, script }) => {
  await signUp(page);
  await faultsOf(page, [
    { delay_ms: 4_000, match: { type: "subscription.*" } },
    { delay_ms: 4_000, match: { type: "order.*" } },
  ]);
  await choose(page, "Plus");

  await pay(page);

  const progress = page.getByTestId("success-progress");
  await expect(progress).toHaveAttribute("data-state", /^(confirming|done)$/);
  await expect(page.getByRole("main")).not.toContainText("charged");
  const waits = (await progress.getAttribute("data-state")) === "confirming";
  if (waits && !script) await press(page, "Check again");
  await expect(progress).toHaveAttribute("data-state", "done");
  await expect(progress).toContainText("You have Plus now.");
});

test("whoever leaves before paying hears that nothing was charged, and may ask again", async ({ page }) => {
  await signUp(page);
  await choose(page, "Starter");
  const checkout = await openCheckout(page);

  await open(page, `/success?checkout_id=${checkout}`);

  const progress = page.getByTestId("success-progress");
  await expect(progress).toHaveAttribute("data-state", "open");
  await expect(progress).toContainText("You haven't been charged.");
  await press(page, "Check again");
  await expect(progress).toHaveAttribute("data-state", "open");
});

/** The id of the checkout that this page shows. */
async function openCheckout(page: Page): Promise<string> {
  const secret = new URL(page.url()).pathname.split("/").at(-1) ?? "";
  noteForTheLog(secret);
  const answer = await fetch(`http://localhost:${process.env.COFFER_E2E_PORT}/dev/polar/_local/objects`);
  const { checkouts } = (await answer.json()) as { checkouts: { id: string; client_secret: string }[] };
  const found = checkouts.find(({ client_secret }) => client_secret === secret);
  if (!found) throw new Error("the stand-in does not know the checkout that it shows");
  return found.id;
}

test("an answer of ours that is lost brings everything twice and leaves it once", async ({ page }) => {
  const person = newPerson();
  await signUp(page, person);
  await faultsOf(page, [{ lost_answer: true, times: 6 }]);

  await have(page, "Plus");

  await expect(async () => {
    const subjects = await subjectsTo(page, person.email);
    expect(subjects.filter((subject) => subject.startsWith("Welcome to Coffer Plus"))).toHaveLength(1);
    expect(subjects.filter((subject) => subject.startsWith("Receipt"))).toHaveLength(1);
  }).toPass();
  expect(await countOf(page, "subscriptions")).toBe(1);
});

test("a program that refuses deliveries for a while gets them again", async ({ page }) => {
  await signUp(page);
  await faultsOf(page, [{ app_5xx: 3, match: { type: "subscription.*" } }]);

  await have(page, "Plus");

  await reads(page, "/billing", /Plus renews on/);
  expect(await countOf(page, "subscriptions")).toBe(1);
});

test("Pay pressed twice pays once", async ({ page }) => {
  await signUp(page);
  await choose(page, "Plus");
  await fillCard(page, CARDS.pays);

  const loaded = page.waitForEvent("domcontentloaded");
  await page.getByTestId("polar-pay").dblclick();
  await loaded;
  await settled(page);
  await settle();

  await reads(page, "/billing", /Plus renews on/);
  expect(await countOf(page, "subscriptions")).toBe(1);
  expect(await countOf(page, "orders")).toBe(1);
});

test("of two tabs one buys", async ({ page, problems, script }) => {
  problems.expect(/40\d POST \/dev\/polar\/checkout/);
  await signUp(page);
  const other = await page.context().newPage();
  problems.watch(other);
  if (!script) runsNoScript(other);
  await choose(page, "Plus");
  await choose(other, "Starter");

  await pay(page);
  await settle();
  await reads(page, "/billing", /Plus renews on/);
  await pay(other);

  await expect(other.getByTestId("polar-declined")).toContainText("You already have a subscription.");
  await settle();
  expect(await countOf(page, "subscriptions")).toBe(1);
  await reads(page, "/billing", /Plus renews on/);
});

test("to the portal and back: what is changed there is known here", async ({ page }) => {
  await signUp(page);
  await have(page, "Plus");

  await portal(page);
  await press(page, "Cancel subscription");
  await settle();
  await follow(page, "Back");
  await reads(page, "/billing", /Plus ends on/);

  await portal(page);
  await press(page, "Keep subscription");
  await settle();
  await follow(page, "Back");
  await reads(page, "/billing", /Plus renews on/);
});

/** From billing into the portal. Its address signs in whoever has it. */
async function portal(page: Page): Promise<void> {
  await press(page, "Manage payment");
  await expect(page.getByTestId("polar-portal")).toBeVisible();
  const token = new URL(page.url()).searchParams.get("customer_session_token");
  if (token) noteForTheLog(token);
}

test("a larger plan begins at once, a smaller one with the next period", async ({ page }) => {
  await signUp(page);
  await have(page, "Plus");

  await test.step("more", async () => {
    await open(page, "/billing/plan?to=premium");
    await press(page, "Change to Premium");
    await reads(page, "/billing", /Premium renews on/);
  });

  await test.step("less, and back", async () => {
    await open(page, "/billing/plan?to=plus");
    await press(page, "Change to Plus");
    await reads(page, "/billing", /it changes to (Coffer )?Plus/);
    await press(page, "Stay with Premium");
    await reads(page, "/billing", /^(?!.*it changes to).*Premium renews on/s);
  });
});

test("a person has one trial", async ({ page }) => {
  await signUp(page);
  await open(page, "/pricing");
  await expect(page.getByRole("button", { name: "Try Starter for 7 days" })).toBeVisible();
  await have(page, "Starter");
  await revoke(page);
  await reads(page, "/billing", /Starter ended on/);

  await open(page, "/pricing");
  await expect(page.getByRole("button", { name: "Choose Starter" })).toBeVisible();
  await expect(page.getByRole("button", { name: /^Try/ })).toHaveCount(0);

  await choose(page, "Starter");
  await expect(page.getByTestId("polar-checkout")).not.toContainText("free until");
});
