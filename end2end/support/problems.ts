// Listens to a page for everything that must not happen behind a test's back.
import { expect, type ConsoleMessage, type Page, type Request, type Response } from "@playwright/test";
import { isSecret } from "./secrets";

const TEXT = /^(text\/|application\/(json|xml|xhtml))/;

export class Problems {
  private readonly found: string[] = [];
  private readonly expected: RegExp[] = [];
  private readonly bodies: Promise<{ url: string; text: string }>[] = [];

  constructor(
    private readonly origin: string,
    private readonly script: boolean,
  ) {}

  /** The test wants this to happen: a status ("404 GET /nowhere") or a console message. */
  expect(pattern: RegExp): void {
    this.expected.push(pattern);
  }

  watch(page: Page): void {
    page.on("console", (message) => this.console(message));
    page.on("pageerror", (error) => this.add(`error in the page: ${error.name}: ${error.message}`));
    page.on("requestfailed", (request) => this.requestFailed(request));
    page.on("response", (response) => this.response(response));
  }

  private add(problem: string): void {
    this.found.push(problem);
  }

  /** Errors and warnings, hydration's among them. Failed requests have their own, better line below. */
  private console(message: ConsoleMessage): void {
    const loud = message.type() === "error" || message.type() === "warning";
    if (!loud || message.text().startsWith("Failed to load resource")) return;
    // Where script is off, what scripts would use stays unused.
    if (!this.script && message.text().includes("was preloaded using link preload but not used")) return;
    this.add(`console ${message.type()}: ${message.text()}`);
  }

  /** An aborted request is one that a navigation overtook; where script is off, scripts are refused as they should be. */
  private requestFailed(request: Request): void {
    const reason = request.failure()?.errorText ?? "";
    const expected = reason === "net::ERR_ABORTED" || (!this.script && reason === "csp");
    if (this.isOurs(request.url()) && !expected) {
      this.add(`request failed: ${request.method()} ${request.url()} ${reason}`);
    }
  }

  private response(response: Response): void {
    if (!this.isOurs(response.url())) {
      this.add(`request to another site: ${response.url()}`);
      return;
    }
    const path = response.url().slice(this.origin.length);
    if (response.status() >= 400) this.add(`${response.status()} ${response.request().method()} ${path}`);
    const redirect = response.status() >= 300 && response.status() < 400;
    if (!redirect && TEXT.test(response.headers()["content-type"] ?? "")) {
      const text = response.text().catch(() => "");
      this.bodies.push(text.then((text) => ({ url: path, text })));
    }
  }

  private isOurs(url: string): boolean {
    return url.startsWith(`${this.origin}/`) || url.startsWith("data:") || url.startsWith("blob:");
  }

  /** At the end of a test: nothing unexpected was seen, and no secret came back in any body. */
  async check(): Promise<void> {
    const bodies = await Promise.all(this.bodies);
    const leaks = bodies.filter(({ text }) => isSecret(text)).map(({ url }) => `${url} contains a secret`);
    const unexpected = this.found.filter((problem) => !this.expected.some((pattern) => pattern.test(problem)));
    expect([...unexpected, ...leaks], "problems seen while the test ran").toEqual([]);
    const read = bodies.filter(({ text }) => text !== "").length;
    expect(read > 0 || bodies.length === 0, "bodies could be read").toBe(true);
  }
}
