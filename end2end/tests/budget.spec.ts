// What a first visit weighs on the wire, as a browser measures it.
import { expect, test, type Page } from "../support/fixtures";
import { settled } from "../support/browsing";
import { signUp } from "../support/people";

const KB = 1000;

interface Transfer {
  path: string;
  type: string;
  encoding: string;
  bytes: number;
}

/** Loads a path with an empty cache and counts every byte that came over the wire, headers included. */
async function weigh(page: Page, path: string): Promise<Transfer[]> {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.clearBrowserCache");
  const transfers = new Map<string, Transfer>();
  session.on("Network.responseReceived", ({ requestId, response, type }) => {
    const encoding = response.headers["content-encoding"] ?? response.headers["Content-Encoding"] ?? "none";
    transfers.set(requestId, { path: new URL(response.url).pathname, type, encoding, bytes: 0 });
  });
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const transfer = transfers.get(requestId);
    if (transfer) transfer.bytes = encodedDataLength;
  });
  await page.goto(path);
  await settled(page);
  await page.waitForLoadState("networkidle");
  await session.detach();
  return [...transfers.values()];
}

function total(transfers: Transfer[]): number {
  return transfers.reduce((sum, { bytes }) => sum + bytes, 0);
}

function report(name: string, transfers: Transfer[]): void {
  const lines = transfers.map(({ path, encoding, bytes }) => `${path} ${encoding} ${bytes}`);
  console.log([`${name}: ${total(transfers)} bytes`, ...lines].join("\n  "));
}

test("the first visit of the dashboard weighs at most 300 kB @budget", async ({ page }) => {
  await signUp(page);

  const transfers = await weigh(page, "/dashboard");

  report("dashboard", transfers);
  await expect(page.locator("html")).toHaveAttribute("data-hydrated", "true");
  const wasm = transfers.filter(({ path }) => path.endsWith(".wasm"));
  expect(wasm, "the islands are loaded").toHaveLength(1);
  expect(wasm[0]?.bytes, "the WASM came over the wire").toBeGreaterThan(10 * KB);
  expect(total(transfers)).toBeLessThanOrEqual(300 * KB);
  const plain = transfers.filter(({ path, encoding }) => /\.(css|js|wasm)$/.test(path) && encoding !== "br");
  expect(plain, "assets that are not compressed with brotli").toEqual([]);
});

test("all styles weigh at most 30 kB @budget", async ({ page }) => {
  await signUp(page);

  const styles = (await weigh(page, "/dashboard")).filter(({ type }) => type === "Stylesheet");

  expect(styles.length).toBeGreaterThan(0);
  expect(total(styles)).toBeLessThanOrEqual(30 * KB);
});

test("the landing page weighs at most 60 kB and loads no WASM @budget", async ({ page }) => {
  const transfers = await weigh(page, "/");

  report("landing", transfers);
  expect(transfers.filter(({ path }) => path.endsWith(".wasm"))).toEqual([]);
  expect(total(transfers)).toBeLessThanOrEqual(60 * KB);
});

test("assets whose address names their content are kept for ever, others and pages are not @budget", async ({ page, request }) => {
  const response = await page.goto("/");
  expect(response?.headers()["cache-control"] ?? "").not.toContain("immutable");

  const style = await page.locator('link[rel="stylesheet"]').getAttribute("href");
  const asset = await request.get(style ?? "");

  // A program for development reads them from disk, at one address; a release names them by their content.
  const named = !/[/]debug[/]/.test(process.env.COFFER_BINARY ?? "");
  expect(style).toMatch(named ? /^[/]pkg[/][^/]+[/]/ : /^[/]pkg[/][^/]+$/);
  expect(asset.headers()["cache-control"]).toContain(named ? "immutable" : "no-cache");
});

test("the WASM holds nothing of the server's side @budget", async ({ page, request }) => {
  await signUp(page);
  const wasm = (await weigh(page, "/dashboard")).find(({ path }) => path.endsWith(".wasm"));

  const text = (await (await request.get(wasm?.path ?? "")).body()).toString("latin1");

  expect(text.length).toBeGreaterThan(10 * KB);
  const found = ["sqlx", "argon2", "insert into", "BETTER_AUTH_SECRET", "coffer_auth"].filter((word) => text.includes(word));
  expect(found).toEqual([]);
});
