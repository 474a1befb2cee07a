// Every page, empty and full, in both themes and at two widths: accessible, and not cut off. Each theme
// and each width is seen once; with COFFER_LOOKS=all, each theme at each width, and photographed.
import { join } from "node:path";
import { axe, fitsItsWidth, targetsAreLargeEnough } from "../support/accessibility";
import { open, press } from "../support/browsing";
import { letDepositsArrive } from "../support/deposits";
import { csv, recentChecking, today } from "../support/files";
import { expect, test, type Page } from "../support/fixtures";
import { addAccount, newPerson, signUp } from "../support/people";

const ARTEFACTS = join(import.meta.dirname, "..", "artefacts");
const THEMES = ["light", "dark"];
const WIDTHS = [
  { name: "390", width: 390, height: 844 },
  { name: "1280", width: 1280, height: 900 },
];
const PHOTOGRAPHED = process.env.COFFER_LOOKS === "all";
const LOOKS = THEMES.flatMap((theme, t) => WIDTHS.filter((_, w) => PHOTOGRAPHED || t !== w).map((size) => ({ theme, size })));

/** Looks at the page as it is addressed. */
async function look(page: Page, name: string, path: string): Promise<void> {
  for (const { theme, size } of LOOKS) {
    const { name: width, ...viewport } = size;
    const url = new URL("/", page.url()).href;
    await page.context().addCookies([{ name: "coffer.theme", value: theme, url }]);
    await test.step(`${name}, ${theme}, ${width} px`, async () => {
      await page.setViewportSize(viewport);
      await open(page, path);
      await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
      await axe(page);
      await fitsItsWidth(page);
      await targetsAreLargeEnough(page);
      if (PHOTOGRAPHED) {
        await page.screenshot({ path: join(ARTEFACTS, `${name}-${theme}-${width}.png`), fullPage: true });
      }
    });
  }
  await page.setViewportSize({ width: 320, height: 640 });
  await fitsItsWidth(page);
}

test.describe("@script @pages", () => {
  test.setTimeout(600_000);

  test("pages of strangers", async ({ page, problems }) => {
    problems.expect(/404 GET \/nowhere/);
    await open(page, "/");
    await look(page, "landing", "/");
    await look(page, "sign-in", "/sign-in");
    await look(page, "sign-up", "/sign-up");
    await look(page, "forgot", "/forgot-password");
    await look(page, "reset-spent", "/reset-password?error=INVALID_TOKEN");
    await look(page, "verify-email-unknown", "/verify-email");
    await look(page, "undo-email-change", "/undo-email-change?token=AAAABBBBCCCCDDDDEEEEFFFFGGGGHHHH");
    await look(page, "account-deleted", "/account-deleted");
    await look(page, "error-404", "/nowhere");
    await look(page, "help", "/help");
    await look(page, "keys", "/keys");
    await look(page, "terms", "/terms");
    await look(page, "privacy", "/privacy");
    await look(page, "pricing", "/pricing");
    await look(page, "api-docs", "/api/docs");
  });

  test("pages of a person who has nothing yet", async ({ page }) => {
    await signUp(page, newPerson("Nia New"));
    await look(page, "dashboard-empty", "/dashboard");
    await look(page, "accounts-empty", "/accounts");
    await look(page, "transactions-empty", "/transactions");
    await look(page, "budgets-empty", "/budgets");
    await look(page, "budget-new", "/budgets/new");
    await look(page, "review-empty", "/review");
    await look(page, "recurring-empty", "/recurring");
    await look(page, "rules-empty", "/rules");
    await look(page, "rule-new", "/rules/new");
    await look(page, "import-empty", "/import");
    await look(page, "link", "/accounts/link");
    await look(page, "link-none", "/accounts/link?how=bank&q=zzz");
    await look(page, "link-numbers", "/accounts/link?how=numbers");
    await look(page, "link-hand", "/accounts/link?how=hand");
    for (const tab of ["profile", "preferences", "categories", "security", "connections", "notifications", "data", "danger"]) {
      await look(page, `settings-${tab}`, `/settings/${tab}`);
    }
    await look(page, "settings-category", "/settings/categories/food.coffee");
    await look(page, "transaction-changes-empty", "/transactions/changes");
    await look(page, "saved-views-empty", "/transactions/views");
    await look(page, "billing", "/billing");
    await look(page, "verify-email", "/verify-email");
    await look(page, "confirm", "/confirm");
    await look(page, "delete-account", "/delete-account?token=aaaabbbbccccddddeeeeffffgggghhhh");
  });

  test("pages of an import", async ({ page }) => {
    await signUp(page);
    await addAccount(page);
    await open(page, "/import");
    await page.getByLabel("File", { exact: true }).setInputFiles(csv("broken.csv"));
    await press(page, "Read file");
    await look(page, "import-errors", new URL(page.url()).pathname);
    await open(page, "/import");
    await page.getByLabel("File", { exact: true }).setInputFiles(recentChecking().file);
    await press(page, "Read file");
    const preview = new URL(page.url()).pathname;
    await look(page, "import-preview", preview);
    await open(page, preview);
    await press(page, "Import 60 transactions");
    await look(page, "import-result", preview);
    await look(page, "import", "/import");
  });

  test("pages of a connection to a bank", async ({ page }) => {
    await signUp(page);
    await open(page, "/accounts/link");
    await press(page, "Connect First Harbor");
    const bank = new URL(page.url());
    await look(page, "dev-bank", bank.pathname + bank.search);
    await open(page, bank.pathname + bank.search);
    await page.getByLabel("User name", { exact: true }).fill("demo");
    await page.getByLabel("Password", { exact: true }).fill("demo");
    await press(page, "Sign in");
    const choose = new URL(page.url()).pathname;
    await look(page, "connection-accounts", choose);
    await open(page, choose);
    await press(page, "Add these accounts");
    const added = new URL(page.url()).pathname;
    await expect
      .poll(async () => {
        await open(page, added);
        return page.getByRole("link", { name: "See transactions" }).count();
      })
      .toBe(1);
    await look(page, "connection-added", added);
    const connection = added.replace(/\/added$/, "");
    await look(page, "connection", connection);
    await look(page, "connection-disconnect", `${connection}/disconnect`);
    await look(page, "accounts-connected", "/accounts");
    await look(page, "settings-connections-banks", "/settings/connections");
  });

  test("pages of an account that is proven", async ({ page }) => {
    await signUp(page);
    await addAccount(page);
    const account = new URL(page.url()).pathname;
    const proof = `${account}/verify`;
    await look(page, "account-pending", account);
    await look(page, "verify", proof);
    await open(page, proof);
    await press(page, "Send deposits");
    await look(page, "verify-sent", proof);
    await look(page, "accounts-awaited", "/accounts");
    await open(page, proof);
    await letDepositsArrive(page, proof);
    await look(page, "verify-posted", proof);
  });

  test("pages of a person with an account and transactions", async ({ page }) => {
    await signUp(page);
    await addAccount(page);
    await open(page, "/import");
    await page.getByLabel("File", { exact: true }).setInputFiles(recentChecking().file);
    await press(page, "Read file");
    await press(page, "Import 60 transactions");
    await look(page, "dashboard", "/dashboard");
    await look(page, "accounts", "/accounts");
    await look(page, "transactions", "/transactions");
    await look(page, "transactions-filtered", "/transactions?q=zeppelin");
    await look(page, "transactions-search", "/transactions?q=%3E5+-category%3Aincome+amount%3Aabc");
    await look(page, "transaction-new", "/transactions/new");
    await open(page, "/transactions");
    const row = (await page.getByTestId("tx-row").first().getAttribute("data-id")) ?? "";
    const transaction = `/transactions/${row}`;
    await look(page, "transaction", transaction);
    await look(page, "transactions-row", `/transactions?row=${row}`);
    await look(page, "transactions-delete", `/transactions/delete?ids=${row}`);
    await look(page, "transaction-split", `${transaction}?lines=3`);
    await open(page, "/accounts");
    const account = page.getByTestId("accounts").locator('a[href^="/accounts/"]:not([href^="/accounts/link"])').first();
    const path = (await account.getAttribute("href")) ?? "";
    await look(page, "account", path);
    await look(page, "account-all", `${path}?range=all`);
    await look(page, "account-delete", `${path}/delete`);
    await look(page, "statement", `${path}/statements/${today().slice(0, 7)}`);
    await open(page, "/budgets/new");
    await page.getByLabel("Category", { exact: true }).selectOption("food");
    await page.getByLabel("Amount", { exact: true }).fill("120");
    await press(page, "Create budget");
    await look(page, "budget", new URL(page.url()).pathname);
    await look(page, "budgets", "/budgets");
    await expect
      .poll(async () => {
        await open(page, "/recurring");
        return page.getByTestId("series-row").count();
      })
      .toBeGreaterThan(2);
    await look(page, "recurring", "/recurring");
    await open(page, "/recurring");
    const series = page.getByTestId("series-row").locator('a[href^="/recurring/"]').first();
    await look(page, "series", (await series.getAttribute("href")) ?? "");
    await open(page, "/transactions/new");
    await page.getByLabel("Amount", { exact: true }).fill("15.49");
    await page.getByLabel("Date", { exact: true }).fill(today());
    await page.getByLabel("Description", { exact: true }).fill("NETFLIX.COM");
    await press(page, "Add transaction");
    await look(page, "review", "/review");
    await look(page, "review-transfers", "/review?kind=transfers");
    await look(page, "rule-preview", "/rules/new?name=Films&text=netflix&category=travel&preview=1");
  });

  test("a form that was refused", async ({ page, problems }) => {
    problems.expect(/422 POST/);
    await signUp(page);
    await open(page, "/accounts/link?how=numbers");
    await page.getByLabel("Routing number", { exact: true }).fill("021000022");
    await press(page, "Add account");
    await axe(page);
    await fitsItsWidth(page);
    await page.screenshot({ path: join(ARTEFACTS, "link-refused-light-1280.png"), fullPage: true });
  });
});
