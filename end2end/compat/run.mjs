#!/usr/bin/env node
// Compares one server with Better Auth. See README.md.
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

process.env.NODE_ENV = "production"; // the reference behaves as deployed
process.env.TZ = "UTC";

const { values: args } = parseArgs({
  options: {
    self: { type: "boolean", default: false },
    candidate: { type: "string" },
    strict: { type: "string" },
    limited: { type: "string" },
    secure: { type: "string" },
    database: { type: "string" },
    mail: { type: "string" },
    client: { type: "string", default: "1.7.24" },
    "oidc-port": { type: "string" },
    "reference-database": { type: "string" },
    "opaque-tokens": { type: "boolean", default: false },
    only: { type: "string" },
    list: { type: "boolean", default: false },
    verbose: { type: "boolean", default: false },
    mutate: { type: "string" },
    report: { type: "string" },
  },
});
const { CLIENTS, Judge, loadScenarios } = await import("./lib/judge.mjs");
const { openCandidate } = await import("./lib/candidate.mjs");

function die(message) {
  console.error(message);
  process.exit(2);
}

if (!args.self && !args.candidate && !args.list)
  die("use: node run.mjs --self | --list | --candidate URL … (README.md)");
if (!CLIENTS[args.client]) die(`no such client; there are ${Object.keys(CLIENTS).join(", ")}`);

const scenarios = await loadScenarios(args.only);
if (args.list) {
  for (const { name, needs, profile, clients } of scenarios) {
    console.log([name, profile, needs.join(" "), clients?.join(" ")].filter(Boolean).join(" · "));
  }
  process.exit(0);
}

const mutate = args.mutate && (await import("./lib/mutants.mjs")).MUTANTS[args.mutate];
if (args.mutate && !mutate) die("no such mutant");
const candidate = args.self
  ? undefined
  : await openCandidate({
      urls: { default: args.candidate, strict: args.strict, limited: args.limited, secure: args.secure },
      database: args.database,
      mail: args.mail,
    });
const judge = await Judge.open({
  databaseUrl: args["reference-database"],
  oidcPort: Number(args["oidc-port"] ?? (args.self ? 0 : 4599)),
  mutate,
});
const settings = { opaqueTokens: args["opaque-tokens"] };
const outcome = await judge.run({ client: args.client, candidate, scenarios, settings, verbose: args.verbose });
await candidate?.stop();
await judge.stop();
if (args.report) writeFileSync(args.report, JSON.stringify(outcome, null, 1));
console.log(`client ${args.client}, ${outcome.seconds} s`);
console.log(`${outcome.passed} passed, ${outcome.failed} failed`);
process.exit(outcome.failed ? 1 : 0);
