#!/usr/bin/env node
// Starts the built program in every profile and compares it with Better Auth through both clients; then moves
// databases that Better Auth filled. Run by scripts/compat, which gives it a Postgres.
import crypto from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

process.env.NODE_ENV = "production"; // the reference behaves as deployed
process.env.TZ = "UTC";

const { values: args } = parseArgs({
  options: {
    only: { type: "string" },
    part: { type: "string" },
    verbose: { type: "boolean", default: false },
  },
});
const { CLIENTS, Judge, loadScenarios } = await import("./lib/judge.mjs");
const { openCandidate } = await import("./lib/candidate.mjs");
const { freePort, serve } = await import("./lib/program.mjs");
const { emptyDatabase } = await import("./lib/database.mjs");
const { EXTRA_ORIGINS, GOOGLE, SECRET, SECURE_BASE } = await import("./lib/profiles.mjs");
const { adoptions } = await import("./adopt.mjs");
const { mayDiffer } = await import("./hardened.mjs");
const { pluginsDiffer } = await import("./plugins.mjs");

const binary = required("COFFER_BINARY");
const postgres = required("COFFER_COMPAT_POSTGRES");
const folder = mkdtempSync(path.join(tmpdir(), "coffer-compat-"));
const scenarios = await loadScenarios(args.only);
const oidcPort = await freePort();
const judge = await Judge.open({ databaseUrl: postgres, oidcPort });

function required(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run scripts/compat`);
  return value;
}

/** What every instance is told. README.md says what the reference is told. */
const SHARED = {
  AUTH_TRUSTED_ORIGINS: EXTRA_ORIGINS.join(","),
  AUTH_RATE_LIMIT: "off",
  AUTH_CHANGE_EMAIL: "on",
  AUTH_DELETE_USER: "on",
  BETTER_AUTH_SECRET: SECRET,
  BANK_DATA_ENCRYPTION_KEY: crypto.randomBytes(32).toString("base64"),
  DATABASE_CONNECTIONS: "4",
  GOOGLE_CLIENT_ID: GOOGLE.clientId,
  GOOGLE_CLIENT_SECRET: GOOGLE.clientSecret,
  GOOGLE_TOKEN_URL: `http://127.0.0.1:${oidcPort}/token`,
  GOOGLE_JWKS_URL: `http://127.0.0.1:${oidcPort}/certs`,
  TRUSTED_PROXIES: "127.0.0.0/8,::1",
};

const PROFILES = {
  default: {},
  strict: { AUTH_REQUIRE_EMAIL_VERIFICATION: "true" },
  limited: { AUTH_RATE_LIMIT: "on" },
  secure: { APP_URL: SECURE_BASE },
};

/** The program in all four profiles on one database and one mail file. */
async function startCandidate(kind) {
  const database = await emptyDatabase(postgres, `coffer_compat`);
  const mail = path.join(folder, `${kind}.jsonl`);
  const running = {};
  for (const [profile, own] of Object.entries(PROFILES)) {
    const settings = {
      ...SHARED,
      AUTH_PROFILE: kind,
      DATABASE_URL: database.url,
      MAIL_FILE: mail,
      ...own,
    };
    running[profile] = await serve(binary, { name: `${kind}-${profile}`, folder, settings });
  }
  const urls = Object.fromEntries(Object.entries(running).map(([profile, server]) => [profile, server.url]));
  const candidate = await openCandidate({ urls, database: database.url, mail });
  return {
    ...candidate,
    async stop() {
      await candidate.stop();
      for (const server of Object.values(running)) await server.stop();
      await database.drop();
      const log = Object.values(running)
        .map((server) => server.log())
        .join("\n");
      return log.split("\n").filter((line) => /\bERROR\b|panicked at/.test(line));
    },
  };
}

const total = { passed: 0, failed: 0 };
const closing = [];

function add(title, { passed, failed, seconds }) {
  total.passed += passed;
  total.failed += failed;
  closing.push(`${title}: ${passed} passed, ${failed} failed (${seconds} s)`);
}

async function part(name, run) {
  if (args.part && args.part !== name) return;
  try {
    await run();
  } catch (error) {
    console.log(error.stack);
    add(name, { passed: 0, failed: 1, seconds: 0 });
  }
}

/** One part of the suite: the clients, one after the other, against one set of servers. */
async function compare(kind, clients, rest) {
  const candidate = await startCandidate(kind);
  for (const client of clients) {
    console.log(`— ${kind}, client ${client}`);
    add(`${kind}, client ${client}`, await judge.run({ client, candidate, scenarios, verbose: args.verbose, ...rest }));
  }
  const errors = await candidate.stop();
  for (const line of errors.slice(0, 20)) console.log(`FAIL  the program logged: ${line}`);
  if (errors.length) add(`${kind}, errors in the log`, { passed: 0, failed: errors.length, seconds: 0 });
}

const clients = Object.keys(CLIENTS);
await part("better-auth", () => compare("better-auth", clients, { mayDiffer: pluginsDiffer }));
await part("hardened", () =>
  compare("hardened", clients, { mayDiffer: { ...pluginsDiffer, ...mayDiffer }, settings: { opaqueTokens: true } }),
);
await part("adopt", async () =>
  add("adopt", await adoptions({ binary, folder, postgres, settings: SHARED, oidc: judge.oidc })),
);

await judge.stop();
rmSync(folder, { recursive: true, force: true });
for (const line of closing) console.log(line);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed ? 1 : 0);
