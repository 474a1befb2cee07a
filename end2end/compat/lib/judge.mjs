// Runs scenarios against the reference and against a candidate, and tells where the two differ.
import crypto from "node:crypto";
import { readdir } from "node:fs/promises";
import { differences } from "./compare.mjs";
import { redirectGoogle, startOidc } from "./oidc-mock.mjs";
import { openReferenceDatabase } from "./database.mjs";
import { clientPlugins } from "./plugins.mjs";
import { startReference } from "./reference.mjs";
import { T } from "./scenario.mjs";

/** The clients there are; the first is the one that counts. */
export const CLIENTS = { "1.7.24": "better-auth/client", "1.2.8": "better-auth-1-2-8/client" };

/** Differences shown under a scenario that fails, unless all of them were asked for. */
const SHOWN = 6;

export async function loadScenarios(only = "") {
  const folder = new URL("../scenarios/", import.meta.url);
  const files = (await readdir(folder)).filter((name) => name.endsWith(".mjs")).sort();
  const lists = await Promise.all(files.map((file) => import(new URL(file, folder))));
  const scenarios = lists.flatMap((list) => list.default).map((item) => ({
    profile: "default",
    needs: [],
    plugins: [],
    ...item,
  }));
  const names = scenarios.map((item) => item.name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  if (twice.length) throw new Error(`scenario names used twice: ${twice.join(", ")}`);
  return scenarios.filter((item) => item.name.includes(only));
}

/** The reference in each version and with the plugins that a scenario asks for, and the stand-in for Google that both sides use. */
export class Judge {
  static async open({ databaseUrl, oidcPort = 0, mutate } = {}) {
    const judge = new Judge();
    judge.databaseUrl = databaseUrl;
    judge.mutate = mutate;
    judge.sides = new Map();
    judge.oidc = await startOidc(oidcPort);
    redirectGoogle(judge.oidc.base);
    return judge;
  }

  /** A Better Auth server of this version, started when it is first needed. One with plugins has one profile. */
  async better({ reference: version = "1.7.24", plugins }, role = "reference") {
    const key = [role, version, ...plugins].join(" ");
    if (!this.sides.has(key)) {
      const openDatabase = () => openReferenceDatabase(this.databaseUrl);
      const mutate = role === "candidate" ? this.mutate : undefined;
      const profiles = plugins.length ? { profiles: ["default"] } : {};
      this.sides.set(key, await startReference({ version, openDatabase, name: role, mutate, plugins, ...profiles }));
    }
    return this.sides.get(key);
  }

  async stop() {
    for (const side of this.sides.values()) await side.stop();
    await this.oidc.stop();
  }

  /**
   * Every scenario with one client. Without a candidate the reference is compared with a second one.
   * `mayDiffer` gives the scenarios that have to differ, each with its reason (`reasonFor`): one that does not is a
   * failure, too.
   */
  async run({ client, candidate, scenarios, settings = {}, mayDiffer = {}, verbose = false, print = console.log }) {
    const { createAuthClient } = await import(CLIENTS[client]);
    const outcome = { passed: 0, failed: 0, report: [] };
    const begun = Date.now();
    for (const scenario of scenarios) {
      if (scenario.clients && !scenario.clients.includes(client)) continue;
      const sides = [await this.better(scenario), candidate ?? (await this.better(scenario, "candidate"))];
      const found =
        lacking(scenario, sides[1]) ?? (await this.compare(scenario, sides, { createAuthClient, client, settings }));
      const { good, line, diff } = judged(found, reasonFor(mayDiffer[scenario.name], client));
      outcome[good ? "passed" : "failed"] += 1;
      outcome.report.push({ name: scenario.name, good, ...found });
      print(`${good ? "ok   " : "FAIL "} ${scenario.name} ${line}`);
      for (const text of diff.slice(0, verbose ? diff.length : SHOWN)) print(`        ${text}`);
      if (!verbose && diff.length > SHOWN) print(`        and ${diff.length - SHOWN} more (--verbose)`);
    }
    outcome.seconds = Math.round((Date.now() - begun) / 1000);
    return outcome;
  }

  async compare(scenario, sides, { createAuthClient, client, settings }) {
    const uid = crypto.randomBytes(5).toString("hex");
    const begun = Date.now();
    const logs = [];
    for (const side of sides) {
      const { profile, observe } = scenario;
      const t = new T({
        side,
        uid,
        createAuthClient,
        clientVersion: client,
        plugins: clientPlugins(scenario.plugins, client),
        oidc: this.oidc,
        profile,
        observe,
        settings,
      });
      try {
        await withLimit(scenario.run(t), scenario.limit ?? 45_000);
      } catch (error) {
        t.silent = 0;
        t.label = null;
        t.log.push({ label: "stopped", stopped: error.message.split(t.origin).join("<origin>") });
      }
      logs.push(t.log);
    }
    const [reference, other] = logs;
    const broken = reference.find((entry) => entry.stopped);
    const diff = broken ? [`the reference itself stopped: ${broken.stopped}`] : differences(reference, other);
    const seen = reference.filter(
      (entry) => entry.request || entry.data !== undefined || entry.value !== undefined,
    ).length;
    if (!seen) diff.push("nothing was observed");
    return { diff, seen, broken: Boolean(broken) || !seen, ms: Date.now() - begun, reference, candidate: other };
  }
}

/** Why a scenario cannot run, which is a failure like any other. */
function lacking(scenario, candidate) {
  const missing = scenario.needs.filter(
    (need) => (need === "mail" && !candidate.mail) || (need === "db" && !candidate.sql),
  );
  if (!candidate.bases[scenario.profile]) missing.push(`a server of the profile ${scenario.profile}`);
  return missing.length ? { diff: [`could not run: needs ${missing.join(", ")}`], seen: 0, broken: true, ms: 0 } : null;
}

/** Why a scenario has to differ: a sentence, or `{ clients, reason }` where it does so with these clients alone. */
function reasonFor(given, client) {
  if (!given || typeof given === "string") return given;
  return given.clients.includes(client) ? given.reason : undefined;
}

function judged({ diff, seen, broken, ms }, reason) {
  const line = `(${seen} observations, ${ms} ms)`;
  if (!reason || broken) return { good: !diff.length, line, diff };
  if (!diff.length) return { good: false, line, diff: [`is the same, although it should differ: ${reason}`] };
  return { good: true, line: `differs: ${reason}`, diff: [] };
}

function withLimit(promise, ms) {
  let timer;
  const limit = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error(`ran past ${ms} ms`)), ms);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}
