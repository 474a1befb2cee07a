// Databases that Better Auth filled, taken over by the program: what people had before the move still works.
import crypto from "node:crypto";
import path from "node:path";
import { CLIENTS } from "./lib/judge.mjs";
import { openCandidate } from "./lib/candidate.mjs";
import { emptyDatabase, openPool } from "./lib/database.mjs";
import { randomId } from "./lib/forge.mjs";
import { command, serve } from "./lib/program.mjs";
import { startReference } from "./lib/reference.mjs";
import { T } from "./lib/scenario.mjs";

/** The tables as a Drizzle schema has them: times without a zone, other columns and orders, no index but keys. */
const DRIZZLE = `
  create table "user" (
    "id" text primary key, "email" text not null, "name" text not null, "role" text default 'member',
    "emailVerified" boolean default false not null, "image" text,
    "createdAt" timestamp default now() not null, "updatedAt" timestamp default now() not null,
    constraint "user_email_unique" unique ("email"));
  create table "session" (
    "id" text primary key, "expiresAt" timestamp not null, "token" text not null, "createdAt" timestamp default now() not null,
    "updatedAt" timestamp default now() not null, "ipAddress" text, "userAgent" text,
    "userId" text not null references "user" ("id") on delete cascade,
    constraint "session_token_unique" unique ("token"));
  create table "account" (
    "id" text primary key, "accountId" text not null, "providerId" text not null,
    "userId" text not null references "user" ("id") on delete cascade,
    "accessToken" text, "refreshToken" text, "idToken" text, "accessTokenExpiresAt" timestamp,
    "refreshTokenExpiresAt" timestamp, "scope" text, "password" text,
    "createdAt" timestamp default now() not null, "updatedAt" timestamp default now() not null);
  create table "verification" (
    "id" text primary key, "identifier" text not null, "value" text not null, "expiresAt" timestamp not null,
    "createdAt" timestamp default now(), "updatedAt" timestamp default now());
  create table "subscription" (
    "id" text primary key, "createdAt" timestamp not null, "modifiedAt" timestamp, "amount" integer not null,
    "currency" text not null, "recurringInterval" text not null, "status" text not null,
    "currentPeriodStart" timestamp not null, "currentPeriodEnd" timestamp not null,
    "cancelAtPeriodEnd" boolean default false not null, "canceledAt" timestamp, "startedAt" timestamp not null,
    "endsAt" timestamp, "endedAt" timestamp, "customerId" text not null, "productId" text not null, "discountId" text,
    "checkoutId" text not null, "customerCancellationReason" text, "customerCancellationComment" text,
    "metadata" text, "customFieldData" text, "userId" text references "user" ("id"));
  create table "twoFactor" (
    "id" text primary key, "secret" text not null, "backupCodes" text not null,
    "userId" text not null references "user" ("id") on delete cascade);
  create table "passkey" (
    "id" text primary key, "name" text, "publicKey" text not null,
    "userId" text not null references "user" ("id") on delete cascade, "credentialID" text not null,
    "counter" integer not null, "deviceType" text not null, "backedUp" boolean not null, "transports" text,
    "createdAt" timestamp, "aaguid" text);
  create table "project" ("id" text primary key, "ownerId" text references "user" ("id") on delete cascade);`;

const VARIANTS = [
  { name: "1.2.8", version: "1.2.8", steps: ["hardened"] },
  { name: "1.2.8 with Drizzle's tables", version: "1.2.8", tables: DRIZZLE, steps: ["better-auth", "hardened"] },
  { name: "1.7.24", version: "1.7.24", steps: ["hardened"] },
  { name: "1.7.24 with Drizzle's tables", version: "1.7.24", tables: DRIZZLE, steps: ["better-auth", "hardened"] },
];

/** Runs every variant; answers `{ passed, failed, seconds }`. */
export async function adoptions({ binary, folder, postgres, settings, oidc, print = console.log }) {
  const outcome = { passed: 0, failed: 0 };
  const begun = Date.now();
  for (const [index, variant] of VARIANTS.entries()) {
    const own = path.join(folder, `adopt-${index}`);
    const check = (what, ok) => {
      outcome[ok ? "passed" : "failed"] += 1;
      print(`${ok ? "ok   " : "FAIL "} ${variant.name}: ${what}`);
    };
    try {
      await new Move({
        ...variant,
        binary,
        mail: `${own}.jsonl`,
        folder,
        postgres,
        settings,
        oidc,
        check,
        print,
      }).run();
    } catch (error) {
      check(`stopped: ${error.message}`, false);
    }
  }
  return { ...outcome, seconds: Math.round((Date.now() - begun) / 1000) };
}

class Move {
  constructor(given) {
    Object.assign(this, given);
    this.uid = crypto.randomBytes(5).toString("hex");
  }

  async run() {
    this.database = await emptyDatabase(this.postgres, "coffer_adopt");
    this.pool = openPool(this.database.url);
    try {
      if (this.tables) await this.pool.query(this.tables);
      await this.fill();
      for (const profile of this.steps) {
        const before = await this.counts();
        await this.adopt(profile);
        this.check(`every row is there (${profile})`, (await this.counts()) === before);
        await this.live(profile);
        if (profile === "better-auth") await this.returnToBetterAuth();
      }
    } finally {
      await this.pool.end();
      await this.database.drop();
    }
  }

  async better() {
    return startReference({
      version: this.version,
      profiles: ["default"],
      migrate: !this.tables,
      openDatabase: async () => openPool(this.database.url),
    });
  }

  /** Steps with the real client of the version that is moved from. */
  async scenario(side) {
    const { createAuthClient } = await import(CLIENTS[this.version]);
    return new T({ side, uid: this.uid, createAuthClient, clientVersion: this.version, oidc: this.oidc, settings: {} });
  }

  /** Ann has a password, a session and Google; Gil has Google alone; Rae has asked for a new password. */
  async fill() {
    const side = await this.better();
    const t = await this.scenario(side);
    this.password = `${randomId(12)} horse`;
    this.ann = await t.user("ann", { verified: true, password: this.password });
    await t.google("link", t.profileOf("ann"), { jar: this.ann.jar, via: "link-social" });
    await t.google("gil", t.profileOf("gil"), { jar: t.jar() });
    this.rae = await t.user("rae", { verified: true });
    for (const name of ["first", "second"]) this[name] = await this.askForReset(t);
    if (this.tables) await this.fillPlugins();
    await side.stop();
  }

  /** Rae asks for a new password, by the name that the client of this version has for it. */
  async askForReset(t) {
    const { auth } = t.client();
    const ask = { email: this.rae.email, redirectTo: "/reset" };
    await (this.version === "1.2.8" ? auth.forgetPassword(ask) : auth.requestPasswordReset(ask));
    return t.mail(this.rae.email, { match: /reset-password/ });
  }

  async fillPlugins() {
    const { id } = this.rae;
    await this.pool.query(`insert into "project" values ('p1', $1)`, [id]);
    await this.pool.query(`insert into "twoFactor" values ('t1', 'theirs', 'theirs', $1)`, [id]);
    await this.pool.query(
      `insert into "passkey" values ('k1', 'Key', 'cose', $1, 'credential', 7, 'singleDevice', false, null, '2026-01-02 03:04:05', null)`,
      [id],
    );
    await this.pool.query(
      `insert into "subscription" ("id", "createdAt", "amount", "currency", "recurringInterval", "status", "currentPeriodStart",
         "currentPeriodEnd", "startedAt", "customerId", "productId", "checkoutId", "metadata", "userId")
       values ('b1', now(), 900, 'usd', 'month', 'active', now(), now() + interval '30 days', now(), 'c', 'p', 'o', '{"a":1}', $1)`,
      [id],
    );
  }

  async counts() {
    const tables = [
      "user",
      "session",
      "account",
      "verification",
      ...(this.tables ? ["subscription", "twoFactor", "passkey", "project"] : []),
    ];
    const counts = [];
    for (const table of tables)
      counts.push((await this.pool.query(`select count(*)::int as n from "${table}"`)).rows[0].n);
    return counts.join(" ");
  }

  told(profile) {
    return { ...this.settings, AUTH_PROFILE: profile, DATABASE_URL: this.database.url, MAIL_FILE: this.mail };
  }

  async adopt(profile) {
    const run = (...words) =>
      command(this.binary, ["adopt-better-auth", ...words], { folder: this.folder, settings: this.told(profile) });
    const dry = await run("--dry-run");
    this.check(
      `a dry run says what would be done (${profile})`,
      dry.status === 0 && /^Nothing was changed/m.test(dry.output),
    );
    const real = await run();
    this.check(`the database is adopted (${profile})`, real.status === 0 && /^Done\.$/m.test(real.output));
    if (real.status !== 0) throw new Error(real.output);
    const again = await run();
    this.check(
      `a second time there is nothing to do (${profile})`,
      again.status === 0 && /^Nothing to do\.$/m.test(again.output),
    );
  }

  /** Everything that people have from before, against the running program. */
  async live(profile) {
    const server = await serve(this.binary, {
      name: `adopted-${this.uid}-${profile}`,
      folder: this.folder,
      settings: this.told(profile),
    });
    const candidate = await openCandidate({
      urls: { default: server.url },
      database: this.database.url,
      mail: this.mail,
    });
    try {
      const t = await this.scenario(candidate);
      const says = (what, ok) => this.check(`${what} (${profile})`, ok);
      await this.cookieAndPassword(t, says, profile);
      const link = profile === "hardened" ? this.second : this.first;
      await this.resetLink(t, says, link);
      await this.google(t, says);
    } finally {
      await candidate.stop();
      await server.stop();
    }
  }

  async cookieAndPassword(t, says, profile) {
    const jar = this.ann.jar.clone().delete(t.cookie("session_data"));
    const { data } = await t.client({ jar }).auth.getSession();
    says("an old cookie is a session", data?.user?.id === this.ann.id);
    const { data: inside } = await t.client().auth.signIn.email({ email: this.ann.email, password: this.password });
    says("an old password signs in", inside?.user?.id === this.ann.id);
    const { rows } = await this.pool.query(
      `select "password" from "account" where "userId" = $1 and "providerId" = 'credential'`,
      [this.ann.id],
    );
    const form = profile === "hardened" ? /^\$argon2id\$/ : /^[0-9a-f]{32}:[0-9a-f]{128}$/;
    says("the password is kept as this profile keeps it", form.test(rows[0]?.password));
    const { rows: readable } = await this.pool.query(`select count(*)::int as n from "session" where "token" = $1`, [
      this.ann.token,
    ]);
    says("the old token is readable only where it has to be", readable[0].n === (profile === "hardened" ? 0 : 1));
  }

  async google(t, says) {
    for (const [label, owner] of [
      ["ann", this.ann.id],
      ["gil", null],
    ]) {
      const jar = t.jar();
      const { back } = await t.google(label, t.profileOf(label), { jar });
      const { data } = await t.client({ jar }).auth.getSession();
      says(`the Google account of ${label} signs in`, back.location?.endsWith("/after") && Boolean(data?.user));
      if (owner) says("as the same person", data?.user?.id === owner);
    }
    const { rows } = await this.pool.query(`select count(*)::int as n from "user"`);
    says("nobody was made twice", rows[0].n === 3);
  }

  async resetLink(t, says, link) {
    const opened = await t.open("open", link);
    says("an old reset link leads to the form", opened.status === 302 && opened.location?.includes(link.token));
    const password = `${randomId(12)} stable`;
    const { data } = await t.client().auth.resetPassword({ newPassword: password, token: link.token });
    says("its token sets a new password", data?.status === true);
    const { data: inside } = await t.client().auth.signIn.email({ email: this.rae.email, password });
    says("the new password signs in", inside?.user?.id === this.rae.id);
    const again = await t.client().auth.resetPassword({ newPassword: `${randomId(12)} again`, token: link.token });
    says("the link works once", Boolean(again.error));
    this.rae.password = password;
  }

  /** While the database is shared, Better Auth reads what the program wrote, and goes on writing. */
  async returnToBetterAuth() {
    const side = await this.better();
    const t = await this.scenario(side);
    const { data } = await t.client().auth.signIn.email({ email: this.rae.email, password: this.rae.password });
    this.check("Better Auth knows a password that the program set", data?.user?.id === this.rae.id);
    const jar = this.ann.jar.clone().delete(t.cookie("session_data"));
    const { data: session } = await t.client({ jar }).auth.getSession();
    this.check("Better Auth still knows its sessions", session?.user?.id === this.ann.id);
    this.second = await this.askForReset(t);
    await side.stop();
  }
}
