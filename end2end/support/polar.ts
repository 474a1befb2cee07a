// The stand-in of Polar: its checkout as a person uses it, and its switches and clock as tests do.
import { expect, type APIRequestContext, type Page } from "@playwright/test";
import { go } from "./browsing";
import { noteForTheLog } from "./secrets";

const LOCAL = "/dev/polar/_local";

export const CARDS = {
  pays: "4242424242424242",
  declined: "4000000000000002",
  asks: "4000002500003155",
  failsLater: "4000000000000341",
};

async function post(request: APIRequestContext, path: string, data: unknown): Promise<unknown> {
  const answer = await request.post(`${LOCAL}/${path}`, { data });
  expect(answer.status(), `${path}: ${await answer.text()}`).toBe(200);
  return answer.json();
}

/** Everything that Polar has to tell now has been told, retries included. */
export async function settle(request: APIRequestContext): Promise<void> {
  await post(request, "settle", { retries: true });
}

/** Turns Polar's clock, and waits until we have been told what happened. */
export async function advance(request: APIRequestContext, duration: string): Promise<void> {
  await post(request, "clock", { advance: duration });
  await settle(request);
}

/** What goes wrong from now on, for every event. */
export async function faults(request: APIRequestContext, switches: unknown[]): Promise<void> {
  await post(request, "faults", switches);
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
