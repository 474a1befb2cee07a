#!/usr/bin/env node
// Does the harness see a fault? Each mutant is the reference with one small change, and a run against it must fail.
import { Judge, loadScenarios } from "./lib/judge.mjs";
import { MUTANTS } from "./lib/mutants.mjs";

process.env.NODE_ENV = "production";
process.env.TZ = "UTC";

const where = { redirect: "verify-email", "not-found": "paths", cacheable: "get-session", null: "get-session" };
const only = (name) => Object.entries(where).find(([key]) => name.startsWith(key))?.[1] ?? "sign-";

let caught = 0;
for (const [name, mutate] of Object.entries(MUTANTS)) {
  const judge = await Judge.open({ mutate });
  const scenarios = await loadScenarios(only(name));
  const { passed, failed } = await judge.run({ client: "1.7.24", scenarios, print: () => {} });
  await judge.stop();
  if (failed) caught += 1;
  console.log(`${failed ? "caught" : "MISSED"}  ${name} (${passed} passed, ${failed} failed)`);
}
const all = Object.keys(MUTANTS).length;
console.log(`${caught} passed, ${all - caught} failed`);
process.exit(caught === all ? 0 : 1);
