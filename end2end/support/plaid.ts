// Plaid: what the program asks it, and what its window does in a browser. Every one-time token is a login of its own at
// one bank with three accounts, so no person of a run meets another one's.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { once } from "node:events";
import { randomBytes, randomUUID } from "node:crypto";
import { type FrameLocator, type Page } from "@playwright/test";
import { newAccountNumber, note, noteForTheLog } from "./secrets";

const CLIENT = { id: randomBytes(12).toString("hex"), secret: randomBytes(15).toString("hex") };
const DAY = 24 * 60 * 60 * 1000;
const CDN = "https://cdn.plaid.com";
/** Plaid's own script, as the page of its window names it. */
export const PLAID_SCRIPT = `${CDN}/link/v2/stable/link-initialize.js`;

export function plaidOrigin(): string {
  return `http://localhost:${process.env.COFFER_E2E_PLAID_PORT}`;
}

/** What the program is told about it. */
export function plaidSettings(): NodeJS.ProcessEnv {
  return {
    PLAID_CLIENT_ID: CLIENT.id,
    PLAID_SECRET: note(CLIENT.secret),
    PLAID_URL: plaidOrigin(),
  };
}

/** Starts it; the answer stops it. */
export async function startPlaid(): Promise<() => Promise<void>> {
  const plaid = new Plaid();
  const server = createServer((request, response) => {
    answer(plaid, request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  server.listen(Number(process.env.COFFER_E2E_PLAID_PORT), "localhost");
  await once(server, "listening");
  return () => stop(server);
}

type Json = Record<string, unknown>;

/** A call that Plaid does not do, and its word for why. */
class Refusal extends Error {
  constructor(
    readonly type: string,
    readonly code: string,
  ) {
    super(code);
  }
}

async function answer(plaid: Plaid, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const id = { request_id: randomBytes(8).toString("hex") };
  const say = (status: number, body: Json): void => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ ...body, ...id }));
  };
  try {
    const { headers } = request;
    if (headers["plaid-client-id"] !== CLIENT.id || headers["plaid-secret"] !== CLIENT.secret) {
      throw new Refusal("INVALID_INPUT", "INVALID_API_KEYS");
    }
    say(200, plaid.call(request.url ?? "", JSON.parse(Buffer.concat(chunks).toString()) as Json));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    say(400, { error_type: error.type, error_code: error.code, error_message: "words that nobody may see" });
  }
}

class Plaid {
  /** The account numbers of each login. */
  private readonly numbers = new Map<string, string>();
  private readonly removed = new Set<string>();

  call(path: string, body: Json): Json {
    switch (path) {
      case "/link/token/create":
        return {
          link_token: noteForTheLog(`link-sandbox-${randomUUID()}`),
          expiration: new Date(Date.now() + DAY / 6).toISOString(),
        };
      case "/item/public_token/exchange": {
        const login = loginOf(body.public_token, "public", "INVALID_PUBLIC_TOKEN");
        return { access_token: note(`access-sandbox-${login}`), item_id: `item-${login}` };
      }
      case "/accounts/get": {
        const login = this.login(body);
        return { accounts: accountsOf(login), item: itemOf(login) };
      }
      case "/auth/get": {
        const login = this.login(body);
        const ach = [{ account_id: `checking-${login}`, account: this.numberOf(login), routing: "021000021" }];
        return { accounts: accountsOf(login), item: itemOf(login), numbers: { ach } };
      }
      case "/transactions/sync":
        return rowsOf(this.login(body), body.cursor);
      case "/item/remove":
        this.removed.add(this.login(body));
        return {};
      default:
        throw new Refusal("INVALID_REQUEST", "NOT_FOUND");
    }
  }

  private login(body: Json): string {
    const login = loginOf(body.access_token, "access", "INVALID_ACCESS_TOKEN");
    if (this.removed.has(login)) throw new Refusal("ITEM_ERROR", "ITEM_NOT_FOUND");
    return login;
  }

  private numberOf(login: string): string {
    const number = this.numbers.get(login) ?? newAccountNumber();
    this.numbers.set(login, number);
    return number;
  }
}

function loginOf(token: unknown, kind: "public" | "access", code: string): string {
  const login = new RegExp(`^${kind}-sandbox-([0-9a-f-]{36})$`).exec(String(token))?.[1];
  if (!login) throw new Refusal("INVALID_INPUT", code);
  return login;
}

function itemOf(login: string): Json {
  return { item_id: `item-${login}`, institution_id: "ins_109508", institution_name: "First Platypus Bank", error: null };
}

function accountsOf(login: string): Json[] {
  const account = (id: string, type: string, subtype: string, name: string, mask: string, current: number): Json => ({
    account_id: `${id}-${login}`,
    persistent_account_id: `lasting-${id}-${login}`,
    name,
    type,
    subtype,
    mask,
    balances: { current, available: null, iso_currency_code: "USD", unofficial_currency_code: null },
  });
  return [
    account("checking", "depository", "checking", "Platypus Checking", "0000", 1210.35),
    account("savings", "depository", "savings", "Platypus Saving", "1111", 210),
    account("card", "credit", "credit card", "Platypus Card", "3333", 410.5),
  ];
}

/** Everything at first, and nothing new after that. Plaid counts money out as positive. */
function rowsOf(login: string, cursor: unknown): Json {
  const day = (ago: number): string => new Date(Date.now() - ago * DAY).toISOString().slice(0, 10);
  const row = (n: number, id: string, amount: number, name: string): Json => ({
    transaction_id: `row-${n}-${login}`,
    account_id: `${id}-${login}`,
    date: day(n),
    amount,
    iso_currency_code: "USD",
    name,
    pending: false,
  });
  const added = [
    row(1, "checking", 72.1, "PLATYPUS GROCER"),
    row(2, "checking", -2078.5, "POND PAYROLL"),
    row(3, "card", 12.34, "RIVER COFFEE"),
  ];
  return {
    added: cursor === undefined ? added : [],
    modified: [],
    removed: [],
    next_cursor: "all-of-it",
    has_more: false,
    transactions_update_status: "HISTORICAL_UPDATE_COMPLETE",
  };
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
}

/**
 * What a browser gets from Plaid: its script, and the frame that the script opens, where a person answers by a button.
 * The test reaches no network.
 */
export async function servePlaidsWindow(page: Page): Promise<void> {
  const publicToken = noteForTheLog(`public-sandbox-${randomUUID()}`);
  await page.route(`${CDN}/**`, (route) => {
    if (route.request().url() === PLAID_SCRIPT) {
      return route.fulfill({ contentType: "text/javascript", body: script(publicToken) });
    }
    return route.fulfill({ contentType: "text/html", body: WINDOW });
  });
}

/** Plaid's window, where it is open. */
export function plaidsWindow(page: Page): FrameLocator {
  return page.frameLocator('iframe[title="Plaid"]');
}

function script(publicToken: string): string {
  const chosen = {
    institution: { name: "First Platypus Bank", institution_id: "ins_109508" },
    accounts: accountsOf("chosen").map(({ type, subtype, mask }) => ({ type, subtype, mask })),
  };
  return `window.Plaid = {
    create({ token, onSuccess, onExit }) {
      if (!token.startsWith("link-sandbox-")) throw new Error("no token of Plaid's");
      let frame;
      const close = () => { frame?.remove(); frame = undefined; };
      const hear = ({ data, source }) => {
        if (!frame || source !== frame.contentWindow) return;
        close();
        if (data === "linked") onSuccess(${JSON.stringify(publicToken)}, ${JSON.stringify(chosen)});
        else onExit(data === "failed" ? { error_code: "INSTITUTION_DOWN" } : null, {});
      };
      window.addEventListener("message", hear);
      return {
        open() {
          frame = document.createElement("iframe");
          frame.title = "Plaid";
          frame.src = ${JSON.stringify(`${CDN}/link/v2/stable/link.html`)};
          document.querySelector("main").append(frame);
        },
        destroy() { close(); window.removeEventListener("message", hear); },
      };
    },
  };`;
}

const WINDOW = `<!doctype html>
<html lang="en"><head><title>Plaid</title><link rel="icon" href="data:,"></head><body><main>
<h1>Plaid</h1>
<button value="linked">Continue</button>
<button value="closed">Close</button>
<button value="failed">Fail</button>
</main><script>
for (const button of document.querySelectorAll("button")) {
  button.addEventListener("click", () => parent.postMessage(button.value, "*"));
}
</script></body></html>`;
