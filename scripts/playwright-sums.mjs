// Prints `PASSED FAILED` of a Playwright report in JSON, and on stderr which tests failed and how, below what the program
// itself had called errors. Flaky and skipped tests count as failed: they prove nothing.
// Use: node scripts/playwright-sums.mjs REPORT LOG-OF-THE-PROGRAM
import { existsSync, readFileSync } from "node:fs";

const [report, log] = process.argv.slice(2);
const { stats, errors, suites } = JSON.parse(readFileSync(report, "utf8"));
const failed = stats.unexpected + stats.flaky + stats.skipped + errors.length;
console.log(stats.expected, failed);
if (failed > 0) tellErrorsOf(log);

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

/** The kinds of errors in a log of JSON lines, the most frequent first. */
function tellErrorsOf(log) {
  const kinds = new Map();
  for (const line of existsSync(log) ? readFileSync(log, "utf8").split("\n") : []) {
    if (!line.includes('"level":"ERROR"')) continue;
    const { message, error, location, route } = JSON.parse(line);
    const kind = [message, error, location, route].filter(Boolean).join(" · ");
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  const often = [...kinds].sort((one, other) => other[1] - one[1]).slice(0, 20);
  for (const [kind, times] of often) console.error(`the program, ${times} times: ${kind.slice(0, 400)}`);
}

/** Without the colours of a terminal. */
function plain(text) {
  return String(text).replace(/\u001b\[[0-9;]*m/g, "");
}
