// The stand-in of Polar: its checkout as a person uses it, and its switches and clock as tests do.
import { expect, type Page } from "@playwright/test";
import { go } from "./browsing";
import { noteForTheLog } from "./secrets";

const LOCAL = "/dev/polar/_local";

export const CARDS = {
  pays: "4242424242424242",
  declined: "4000000000000002",
  asks: "4000002500003155",
  failsLater: "4000000000000341",
};

async function post(path: string, data: unknown): Promise<unknown> {
  // A program that carries no cookies: the person's session has nothing to do with Polar.
  const answer = await fetch(`http://localhost:${process.env.COFFER_E2E_PORT}${LOCAL}/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(data),
  });
  expect(answer.status, `${path}: ${await answer.clone().text()}`).toBe(200);
  return answer.json();
}

/** Everything that Polar has to tell now has been told, retries included. */
export async function settle(): Promise<void> {
  await post("settle", { retries: true });
}

/**
 * The period of the person's subscription is over now, with all that follows, and we have been told. Polar's clock
 * would take everybody else's checkouts along.
 */
export async function endPeriod(page: Page): Promise<void> {
  await post("act", { action: "renew", id: await subscriptionOf(page) });
  await settle();
}

interface Fault {
  match?: { type?: string; object_id?: string };
  [name: string]: unknown;
}

/** What goes wrong from now on, for every event, besides what goes wrong already. */
export async function faults(switches: Fault[]): Promise<void> {
  const answer = await fetch(`http://localhost:${process.env.COFFER_E2E_PORT}${LOCAL}/faults`);
  const others = (await answer.json()) as Fault[];
  await post("faults", [...switches, ...others]);
}

/** What goes wrong from now on for the person of this page alone. */
export async function faultsOf(page: Page, switches: Fault[]): Promise<void> {
  const answer = await page.request.get("/api/auth/get-session");
  const { user } = (await answer.json()) as { user: { id: string } };
  await faults(switches.map((fault) => ({ ...fault, match: { ...fault.match, object_id: user.id } })));
}

/** The person's subscription ends at once, with all that follows, and we have been told. */
export async function revoke(page: Page): Promise<void> {
  await post("act", { action: "revoke", id: await subscriptionOf(page) });
  await settle();
}

/** How many objects of one list of the plugin's endpoints the person has. */
export async function countOf(page: Page, list: "orders" | "subscriptions"): Promise<number> {
  const answer = await page.request.get(`/api/auth/customer/${list}/list`);
  const { result } = (await answer.json()) as { result: { pagination: { totalCount: number } } };
  return result.pagination.totalCount;
}

async function subscriptionOf(page: Page): Promise<string> {
  const answer = await page.request.get("/api/subscription");
  const { subscription } = (await answer.json()) as { subscription: { id: string } };
  return subscription.id;
}

/** Fills the card on the checkout; everything else is there already. */
export async function fillCard(page: Page, card: string): Promise<void> {
  await expect(page.getByTestId("polar-checkout")).toBeVisible();
  const secret = new URL(page.url()).pathname.split("/").at(-1) ?? "";
  noteForTheLog(secret);
  await page.getByLabel("Card number").fill(card);
  await page.getByLabel("Expiry").fill("12/39");
  await page.getByLabel("Security code").fill("123");
  await page.getByLabel("Postal code").fill("10001");
}

/** Pays, and ends wherever that leads. */
export async function pay(page: Page, card = CARDS.pays): Promise<void> {
  await fillCard(page, card);
  await go(page, () => page.getByTestId("polar-pay").click());
}

/** Reads a page again until it says so: what Polar tells comes when it comes. */
export async function reads(page: Page, path: string, text: string | RegExp): Promise<void> {
  await expect(async () => {
    await page.goto(path);
    await expect(page.getByRole("main")).toContainText(text, { timeout: 500 });
  }).toPass({ timeout: 20_000 });
}
