// Starts the program under test on a fresh data folder, and at the end stops it and searches what it wrote for secrets.
import { spawn, type ChildProcess } from "node:child_process";
import { createWriteStream, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { once } from "node:events";
import { plaidSettings, startPlaid } from "./plaid";
import { providerSettings, startProvider } from "./provider";
import { BANK_SECRETS, knownSecrets, secretsFolder } from "./secrets";

const START_TIMEOUT = 60_000;
const STOP_TIMEOUT = 30_000;

export default async function globalSetup(): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), "coffer-e2e-"));
  process.env.COFFER_E2E_FOLDER = folder;
  secretsFolder();
  const log = process.env.COFFER_E2E_LOG ?? join(folder, "server.log");
  const stopProvider = await startProvider(`http://localhost:${process.env.COFFER_E2E_PORT}`);
  const stopPlaid = await startPlaid();
  const server = start(folder, log);
  await untilReady(server, log);
  return async () => {
    await stop(server, log);
    await stopProvider();
    await stopPlaid();
    refuseSecretsIn(log);
    refuseSecretsAtRest(join(folder, "data"));
    rmSync(folder, { recursive: true, force: true });
  };
}

/** The program gets its own few variables and none of whoever runs the tests. */
function start(folder: string, log: string): ChildProcess {
  const binary = resolve(process.env.COFFER_BINARY ?? "../target/release/coffer");
  const port = process.env.COFFER_E2E_PORT;
  const env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    HOME: folder,
    COFFER_ENV: "test",
    DATA_DIR: join(folder, "data"),
    APP_URL: `http://localhost:${port}`,
    BIND: `127.0.0.1:${port}`,
    AUTH_RATE_LIMIT: "off",
    LOG_FORMAT: "json",
    ...providerSettings(),
    ...plaidSettings(),
  };
  if (process.env.COFFER_E2E_ENGINE === "postgres") {
    env.DATABASE_URL = required("COFFER_E2E_DATABASE_URL");
  }
  const server = spawn(binary, ["serve"], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  const file = createWriteStream(log);
  server.stdout?.pipe(file, { end: false });
  server.stderr?.pipe(file, { end: false });
  return server;
}

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the tests by scripts/end2end`);
  return value;
}

async function untilReady(server: ChildProcess, log: string): Promise<void> {
  const url = `http://127.0.0.1:${process.env.COFFER_E2E_PORT}/health/ready`;
  const deadline = Date.now() + START_TIMEOUT;
  while (Date.now() < deadline) {
    if (server.exitCode !== null) {
      throw new Error(`the program ended with status ${server.exitCode} at start:\n${readFileSync(log, "utf8")}`);
    }
    const ready = await fetch(url).then((answer) => answer.ok, () => false);
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  server.kill("SIGKILL");
  throw new Error(`${url} did not answer 200 within a minute:\n${readFileSync(log, "utf8")}`);
}

/** A program that does not end when asked to, or not cleanly, fails the run. */
async function stop(server: ChildProcess, log: string): Promise<void> {
  if (server.exitCode === null) {
    server.kill("SIGTERM");
    const ended = once(server, "exit").then(() => true);
    const late = new Promise((resolve) => setTimeout(() => resolve(false), STOP_TIMEOUT).unref());
    if (!(await Promise.race([ended, late]))) {
      server.kill("SIGKILL");
      throw new Error("the program did not stop within 30 seconds of SIGTERM");
    }
  }
  if (server.exitCode !== 0) {
    const end = readFileSync(log, "utf8").split("\n").slice(-30).join("\n");
    throw new Error(`the program ended with ${server.exitCode ?? server.signalCode}:\n${end}`);
  }
}

/** Passwords, tokens and account numbers of the run are in no log line. */
function refuseSecretsIn(log: string): void {
  const text = readFileSync(log, "utf8");
  const found = knownSecrets().filter((secret) => stands(secret, text));
  const shapes = BANK_SECRETS.filter((shape) => shape.test(text));
  const count = found.length + shapes.length;
  if (count > 0) throw new Error(`the log of the program contains ${count} secrets of the run`);
}

/** Whoever gets the files gets no password, no account number and no bank's token: the bytes of the database are read
 * as they lie (on Postgres there is little to read here; the tests of the vault are for both). */
function refuseSecretsAtRest(folder: string): void {
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  for (const { name } of files) {
    const text = readFileSync(join(folder, name), "latin1");
    const found = knownSecrets("nowhere").filter((secret) => text.includes(secret));
    const shapes = BANK_SECRETS.filter((shape) => shape.test(text));
    const count = found.length + shapes.length;
    if (count > 0) throw new Error(`${name} of the data folder contains ${count} secrets of the run`);
  }
}

/** Six digits of a code are now and then part of a time or an id: a code stands alone. */
function stands(secret: string, text: string): boolean {
  if (!/^\d{6}$/.test(secret)) return text.includes(secret);
  return new RegExp(`(?<!\\w|\\w[.-])${secret}(?!\\w|[.-]\\w)`).test(text);
}
