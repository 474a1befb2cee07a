// What must never come back from the program: every account number and password that a test types is noted here.
import { appendFileSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { randomInt, randomUUID } from "node:crypto";

export function secretsFolder(): string {
  const run = process.env.COFFER_E2E_FOLDER;
  if (!run) throw new Error("COFFER_E2E_FOLDER is set by the global set-up");
  const folder = join(run, "secrets");
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** The secrets of this worker. */
const own = new Set<string>();

function note(secret: string): string {
  own.add(secret);
  appendFileSync(join(secretsFolder(), `${process.pid}.txt`), `${secret}\n`);
  return secret;
}

/** What a page may show to its person, but no log line may hold: addresses, tokens. */
export function noteForTheLog(value: string): string {
  appendFileSync(join(secretsFolder(), `${process.pid}.txt`), `${value}\n`);
  return value;
}

export function ownSecrets(): string[] {
  return [...own];
}

/** What no log line may hold, of every worker. */
export function knownSecrets(): string[] {
  const folder = secretsFolder();
  return readdirSync(folder).flatMap((name) =>
    readFileSync(join(folder, name), "utf8").split("\n").filter(Boolean),
  );
}

/** A new account number of twelve digits. */
export function newAccountNumber(): string {
  return note(`7${Array.from({ length: 11 }, () => randomInt(10)).join("")}`);
}

/** A new password that no list knows. */
export function newPassword(): string {
  return note(`plum-otter-${randomUUID()}`);
}
