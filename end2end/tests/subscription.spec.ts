// A subscription from the page of plans to its end, at the stand-in of Polar, which tells everything twice and late.
import { address, follow, isOn, open, press } from "../support/browsing";
import { expect, test, type Page } from "../support/fixtures";
import { subjectsTo } from "../support/mail";
import { addAccount, newPerson, signUp } from "../support/people";
import { CARDS, endPeriod, faults, pay, reads, settle } from "../support/polar";

/** Sent twice, the first time after the others; and each answer is lost once in a while. */
const TROUBLE = [
  { duplicate: 1, match: { type: "subscription.*" } },
  { duplicate: 1, match: { type: "order.paid" } },
  { delay_ms: 300, match: { type: "subscription.created" } },
];

async function choose(page: Page, plan: string): Promise<void> {
  await open(page, "/pricing");
  await isOn(page, "pricing");
  await press(page, new RegExp(`^(Choose ${plan}|Try ${plan} for 7 days)$`));
}

async function standing(page: Page): Promise<{ plan: string; state: string; status: string }> {
  const answer = await page.request.get("/api/subscription");
  return (await answer.json()) as { plan: string; state: string; status: string };
}

test("upgrade, use, cancel, and the end @main", async ({ page }) => {
  const person = newPerson();
  await signUp(page, person);
  await faults(TROUBLE);

  await test.step("the smallest plan is full after three accounts, and says what helps", async () => {
    for (let n = 0; n < 3; n += 1) await addAccount(page);
    await open(page, "/accounts/link");
    await expect(page.getByTestId("plan-adds")).toContainText("The Free plan holds 3 accounts. Starter allows 10.");
  });

  await test.step("pay for Plus", async () => {
    await choose(page, "Plus");
    await pay(page);
    expect(address(page)).toMatch(/^\/success\?checkout_id=[0-9a-f-]{36}(&since=\d+)?$/);
  });

  await test.step("the plan is there once, however often it was told", async () => {
    await settle();
    await reads(page, "/billing", /Plus renews on/);
    expect((await standing(page)).plan).toBe("plus");
    await addAccount(page);
    await expect(page.getByRole("main")).not.toContainText("The Free plan holds");
    await expect(async () => {
      const subjects = await subjectsTo(page, person.email);
      expect(subjects.filter((subject) => subject.startsWith("Welcome to Coffer Plus"))).toHaveLength(1);
      expect(subjects.filter((subject) => subject.startsWith("Receipt"))).toHaveLength(1);
    }).toPass();
  });

  await test.step("cancel, and think again", async () => {
    await open(page, "/billing/cancel");
    await page.getByLabel("It costs too much").check();
    await press(page, "Cancel subscription");
    await reads(page, "/billing", /Plus ends on/);
    expect((await standing(page)).state).toBe("canceling");
    await press(page, "Keep Plus");
    await reads(page, "/billing", /Plus renews on/);
  });

  await test.step("cancel for good: access goes when the period ends", async () => {
    await open(page, "/billing/cancel");
    await press(page, "Cancel subscription");
    await reads(page, "/billing", /Plus ends on/);
    expect((await standing(page)).plan).toBe("plus");
    await endPeriod(page);
    await reads(page, "/billing", /Plus ended on/);
    const after = await standing(page);
    expect(after).toMatchObject({ plan: "free", state: "ended", status: "canceled" });
    await open(page, "/accounts/link");
    await expect(page.getByTestId("plan-adds")).toContainText("The Free plan holds 3 accounts.");
  });
});

test("a declined card charges nothing, and another one pays", async ({ page, problems }) => {
  problems.expect(/40[02] POST \/dev\/polar\/checkout/);
  await signUp(page);
  await choose(page, "Starter");

  await pay(page, CARDS.declined);
  await expect(page.getByTestId("polar-declined")).toBeVisible();
  expect((await standing(page)).plan).toBe("free");

  await pay(page);
  await settle();
  await reads(page, "/billing", /Starter/);
});

test("an approval that is refused charges nothing", async ({ page, problems }) => {
  problems.expect(/40[02] POST \/dev\/polar\/checkout/);
  await signUp(page);
  await choose(page, "Plus");

  await pay(page, CARDS.asks);
  await expect(page.getByTestId("polar-3ds")).toBeVisible();
  await press(page, "Refuse");

  await expect(page.getByTestId("polar-declined")).toBeVisible();
  expect((await standing(page)).plan).toBe("free");
});

test("whoever has a plan changes it and buys no second one", async ({ page }) => {
  await signUp(page);
  await choose(page, "Starter");
  await pay(page);
  await settle();
  await reads(page, "/billing", /Starter/);

  await open(page, "/pricing");
  await expect(page.getByRole("button", { name: /^(Choose|Try)/ })).toHaveCount(0);
  const answer = await page.request.post("/api/auth/checkout", {
    data: { slug: "plus" },
    headers: { origin: new URL(page.url()).origin },
  });
  expect(answer.status()).toBe(409);
  expect(await answer.json()).toMatchObject({ code: "ALREADY_SUBSCRIBED" });
});

test("a card that fails at the renewal keeps the plan for its grace, and no longer", async ({ page }) => {
  await signUp(page);
  await choose(page, "Plus");
  await pay(page, CARDS.failsLater);
  await settle();
  await reads(page, "/billing", /Plus renews on/);

  await endPeriod(page);

  await reads(page, "/billing", /Your last payment failed/);
  expect(await standing(page)).toMatchObject({ plan: "plus", state: "past_due" });
});

test("somebody else's checkout is nobody's business", async ({ page, otherPage, problems }) => {
  problems.expect(/404 GET \/success/);
  await signUp(page);
  await choose(page, "Plus");
  await pay(page);
  const success = address(page);

  await signUp(otherPage, newPerson("Mallory Kay"));
  expect(await open(otherPage, success)).toBe(404);
});

test("the way back from a checkout leads to the plans", async ({ page }) => {
  await signUp(page);
  await choose(page, "Premium");
  await follow(page, "Back");
  await isOn(page, "pricing");
});
