// The built program, started on loopback with settings of its own and none of whoever runs the tests.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, readFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";

const START_TIMEOUT = 60_000;
const STOP_TIMEOUT = 30_000;

/** A port nobody listens on at this moment. */
export async function freePort() {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

function environment(folder, settings) {
  return { PATH: process.env.PATH, HOME: folder, DATA_DIR: path.join(folder, "data"), COFFER_ENV: "test", ...settings };
}

/** Runs one command of the program to its end: `{ status, output }`. */
export async function command(binary, words, { folder, settings }) {
  const child = spawn(binary, words, {
    cwd: folder,
    env: environment(folder, settings),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const [status] = await once(child, "close");
  return { status, output };
}

/** A running server: `url`, the end of its log, and `stop()`, which fails when it does not end cleanly. */
export async function serve(binary, { name, folder, settings }) {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const log = path.join(folder, `${name}.log`);
  const env = environment(folder, { APP_URL: url, BIND: `127.0.0.1:${port}`, ...settings });
  const child = spawn(binary, ["serve"], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  const file = createWriteStream(log);
  for (const stream of [child.stdout, child.stderr]) stream.pipe(file, { end: false });
  const tail = () => readFileSync(log, "utf8").split("\n").slice(-30).join("\n");

  const deadline = Date.now() + START_TIMEOUT;
  const ready = () =>
    fetch(`http://127.0.0.1:${port}/health/ready`).then(
      (answer) => answer.ok,
      () => false,
    );
  while (!(await ready())) {
    if (child.exitCode !== null) throw new Error(`${name} ended with status ${child.exitCode} at start:\n${tail()}`);
    if (Date.now() > deadline) {
      child.kill("SIGKILL");
      throw new Error(`${name} was not ready within a minute:\n${tail()}`);
    }
    await new Promise((done) => setTimeout(done, 50));
  }
  return {
    url,
    log: () => readFileSync(log, "utf8"),
    async stop() {
      if (child.exitCode === null) {
        child.kill("SIGTERM");
        const late = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT);
        await once(child, "exit");
        clearTimeout(late);
      }
      if (child.exitCode !== 0) throw new Error(`${name} ended with ${child.exitCode ?? child.signalCode}:\n${tail()}`);
    },
  };
}
