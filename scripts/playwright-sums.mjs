// Prints `PASSED FAILED` of a Playwright report in JSON. Flaky and skipped tests count as failed: they prove nothing.
// Use: node scripts/playwright-sums.mjs REPORT
import { readFileSync } from "node:fs";

const { stats, errors } = JSON.parse(readFileSync(process.argv[2], "utf8"));
console.log(stats.expected, stats.unexpected + stats.flaky + stats.skipped + errors.length);
