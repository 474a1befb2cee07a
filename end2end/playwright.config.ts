import { execFileSync } from "node:child_process";
import { defineConfig } from "@playwright/test";

/** A port nobody listens on. Chosen once: the workers read this file again and inherit the environment. */
function freePort(): string {
  const script = `
    const server = require("node:net").createServer();
    server.listen(0, "127.0.0.1", () => { console.log(server.address().port); server.close(); });
  `;
  return execFileSync(process.execPath, ["-e", script], { encoding: "utf8" }).trim();
}

process.env.COFFER_E2E_PORT ??= freePort();
process.env.COFFER_E2E_PROVIDER_PORT ??= freePort();
process.env.COFFER_E2E_PLAID_PORT ??= freePort();
const report = process.env.COFFER_E2E_REPORT;

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  globalSetup: "./support/global-setup.ts",
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: report ? [["list"], ["json", { outputFile: report }]] : [["list"]],
  use: {
    baseURL: `http://localhost:${process.env.COFFER_E2E_PORT}`,
    locale: "en-US",
    timezoneId: "UTC",
    viewport: { width: 1280, height: 900 },
    actionTimeout: 15_000,
    navigationTimeout: 20_000,
    screenshot: "only-on-failure",
    // Recording takes a third of the time of a run: COFFER_TRACE=1 when a failure is looked into.
    trace: process.env.COFFER_TRACE ? "retain-on-failure" : "off",
    launchOptions: {
      executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-gpu",
      ],
    },
  },
  // A test marked @script needs script; @budget weighs what goes over the wire and runs once.
  projects: [
    { name: "script", grepInvert: /@budget/ },
    { name: "no-script", grepInvert: /@budget|@script/, use: { javaScriptEnabled: false } },
    { name: "budget", grep: /@budget/ },
  ],
});
