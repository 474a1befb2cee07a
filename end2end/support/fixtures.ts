// The `test` of every spec: a page that is watched, and what differs between the two projects.
import { test as base, expect, type Page } from "@playwright/test";
import { runsNoScript } from "./browsing";
import { Problems } from "./problems";
import { noteForTheLog } from "./secrets";

interface Fixtures {
  /** What was seen behind the test's back; `problems.expect(/404 GET/)` allows it. */
  problems: Problems;
  /** Whether script runs in this project. */
  script: boolean;
  /** A second person's browser: no cookies in common. */
  otherPage: Page;
}

export const test = base.extend<Fixtures>({
  script: async ({ javaScriptEnabled }, use) => {
    await use(javaScriptEnabled !== false);
  },
  problems: async ({ baseURL, script }, use) => {
    const problems = new Problems(baseURL ?? "", script);
    await use(problems);
    await problems.check();
  },
  page: async ({ page, problems, script }, use) => {
    problems.watch(page);
    if (!script) runsNoScript(page);
    await use(page);
    await noteSessions(page);
  },
  otherPage: async ({ browser, problems, script }, use) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    problems.watch(page);
    if (!script) runsNoScript(page);
    await use(page);
    await context.close();
  },
});

/** A session's token in a log line would be as good as a password. */
async function noteSessions(page: Page): Promise<void> {
  const cookies = await page.context().cookies();
  for (const { name, value } of cookies) {
    if (name.endsWith("session_token")) noteForTheLog(decodeURIComponent(value).split(".")[0] ?? value);
  }
}

export { expect, type Page };
