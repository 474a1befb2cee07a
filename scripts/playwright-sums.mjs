// Prints `PASSED FAILED` of a Playwright report in JSON, and on stderr which tests failed and how.
// Flaky and skipped tests count as failed: they prove nothing.
// Use: node scripts/playwright-sums.mjs REPORT
import { readFileSync } from "node:fs";

const { stats, errors, suites } = JSON.parse(readFileSync(process.argv[2], "utf8"));
console.log(stats.expected, stats.unexpected + stats.flaky + stats.skipped + errors.length);

function* specs(suite, path = []) {
  for (const spec of suite.specs ?? []) yield { ...spec, path: [...path, spec.title] };
  for (const inner of suite.suites ?? []) yield* specs(inner, [...path, inner.title]);
}

for (const suite of suites) {
  for (const { path, file, line, tests } of specs(suite)) {
    for (const { projectName, status, results } of tests.filter(({ status }) => status !== "expected")) {
      console.error(`${status}: [${projectName}] ${file}:${line} ${path.join(" › ")}`);
      for (const error of results.flatMap((result) => result.errors)) {
        console.error(plain(error.message).split("\n").slice(0, 20).map((text) => `    ${text}`).join("\n"));
      }
    }
  }
}
for (const error of errors) console.error(plain(error.message ?? error.value));

/** Without the colours of a terminal. */
function plain(text) {
  return String(text).replace(/\u001b\[[0-9;]*m/g, "");
}
