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

/** What the test bank gives the program and nobody else: account numbers, and the token that reads a login. Plaid's
 * stand-in gives tokens of the same shape. */
export const BANK_SECRETS = [/(?<!\w)9055\d{8}(?!\w)/, /access-(sim|sandbox)-[\w-]{12,}/];

/** The secrets of this worker. */
const own = new Set<string>();

function append(file: string, value: string): string {
  appendFileSync(join(secretsFolder(), `${process.pid}.${file}`), `${value}\n`);
  return value;
}

/** What stands nowhere but in the form that took it: no answer, no log line, no file of the database. */
export function note(secret: string): string {
  own.add(secret);
  return append("nowhere", secret);
}

/** What a page may show to its person, but no log line may hold: addresses, tokens. */
export function noteForTheLog(value: string): string {
  return append("log", value);
}

/** What no answer to this worker may hold. */
export function isSecret(text: string): boolean {
  return [...own].some((secret) => text.includes(secret)) || BANK_SECRETS.some((shape) => shape.test(text));
}

/** What no log line may hold, of every worker; or only what stands nowhere. */
export function knownSecrets(file: "log" | "nowhere" | "" = ""): string[] {
  const folder = secretsFolder();
  const files = readdirSync(folder).filter((name) => name.endsWith(file));
  return files.flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n").filter(Boolean));
}

/** A new account number of twelve digits. */
export function newAccountNumber(): string {
  return note(`7${Array.from({ length: 11 }, () => randomInt(10)).join("")}`);
}

/** A new password that no list knows. */
export function newPassword(): string {
  return note(`plum-otter-${randomUUID()}`);
}
