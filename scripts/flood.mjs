// Sign-ins a second, and what 200 of them at once do to memory and to everybody else.
// node scripts/flood.mjs PROGRAM [SECONDS]: starts PROGRAM on a database of its own, without limits.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { createServer } from "node:net";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";

const [program, seconds = "10"] = process.argv.slice(2);
if (!program) {
  console.error("use: node scripts/flood.mjs PROGRAM [SECONDS]");
  process.exit(2);
}
const PASSWORD = "correct horse battery staple";
const folder = mkdtempSync(join(tmpdir(), "coffer-flood-"));
const port = await new Promise((done) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => done(port));
  });
});
const env = {
  PATH: process.env.PATH,
  COFFER_ENV: "test",
  DATA_DIR: folder,
  BIND: `127.0.0.1:${port}`,
  AUTH_RATE_LIMIT: "off",
  // As behind a proxy: otherwise one address has 128 connections and the flood does not get in.
  TRUSTED_PROXIES: "127.0.0.1",
  RUST_LOG: "warn",
};
execFileSync(program, ["seed", "--users", "1", "--transactions", "0", "--seed", "1"], { env });
const child = spawn(program, ["serve"], { env, stdio: ["ignore", "ignore", "inherit"] });

const agent = new Agent({ keepAlive: true, maxSockets: 512 });
function send(method, path, body) {
  const begun = performance.now();
  return new Promise((done) => {
    const headers = body ? { "content-type": "application/json" } : {};
    const call = request({ agent, host: "127.0.0.1", port, method, path, headers }, (answer) => {
      answer.resume();
      answer.on("end", () => done({ status: answer.statusCode, ms: performance.now() - begun }));
    });
    call.on("error", () => done({ status: 0, ms: performance.now() - begun }));
    call.end(body);
  });
}
const right = JSON.stringify({ email: "user0@example.com", password: PASSWORD });
const wrong = JSON.stringify({ email: "user0@example.com", password: "not the password" });
const signIn = (body) => send("POST", "/api/auth/sign-in/email", body);
const memory = (name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))[1]) / 1024;
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** So many at a time, until the time is over. */
async function keep(parallel, ms, work) {
  const end = performance.now() + ms;
  const answers = [];
  await Promise.all(
    Array.from({ length: parallel }, async () => {
      while (performance.now() < end) answers.push(await work());
    }),
  );
  return answers;
}
function told(answers) {
  const counts = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return Object.entries(counts).map(([status, count]) => `${status}: ${count}`).join(", ");
}
function times(answers) {
  const sorted = answers.map(({ ms }) => ms).sort((a, b) => a - b);
  const at = (part) => (sorted[Math.floor((sorted.length - 1) * part)] ?? 0).toFixed(1);
  return `median ${at(0.5)} ms, 99 of 100 within ${at(0.99)} ms, longest ${at(1)} ms (${told(answers)})`;
}

try {
  for (let tries = 0; (await send("GET", "/health/ready")).status !== 200; tries += 1) {
    if (tries > 200) throw new Error("the program did not become ready");
    await pause(50);
  }
  const ms = Number(seconds) * 1000;
  console.log(`${cpus().length} processors, ${seconds} seconds each`);
  await keep(2, 500, () => signIn(right));
  const calm = memory("VmRSS");
  for (const parallel of [1, cpus().length, 16]) {
    const answers = await keep(parallel, ms, () => signIn(right));
    const good = answers.filter(({ status }) => status === 200).length;
    console.log(`sign-ins, ${parallel} at a time: ${((good * 1000) / ms).toFixed(1)} a second; ${times(answers)}`);
  }
  for (const path of ["/api/health", "/", "/sign-in"]) {
    console.log(`${path} in peace: ${times(await keep(1, ms / 4, () => send("GET", path)))}`);
  }
  const [flood, ...rest] = await Promise.all([
    keep(200, ms, () => signIn(wrong)),
    ...["/api/health", "/", "/sign-in"].map((path) => keep(1, ms, () => send("GET", path))),
  ]);
  console.log(`200 sign-ins at a time: ${told(flood)}`);
  const shed = flood.filter(({ status }) => status === 503);
  if (shed.length > 0) console.log(`sent away: ${times(shed)}`);
  ["/api/health", "/", "/sign-in"].forEach((path, at) => console.log(`${path} meanwhile: ${times(rest[at])}`));
  console.log(`memory: ${calm.toFixed(0)} MiB before, ${memory("VmHWM").toFixed(0)} MiB at most`);
} finally {
  child.kill("SIGTERM");
  await new Promise((done) => child.once("exit", done));
  rmSync(folder, { recursive: true, force: true });
}
