// Files as banks make them, and as nobody should.
import { isOn, open, press } from "../support/browsing";
import { csv, file, recentChecking, tooLarge, type UploadedFile } from "../support/files";
import { expect, test, type Page } from "../support/fixtures";
import { addAccount, signUp } from "../support/people";

async function upload(page: Page, file: UploadedFile): Promise<void> {
  await open(page, "/import");
  await page.getByLabel("File", { exact: true }).setInputFiles(file);
  await press(page, "Read file");
}

async function addEuroAccount(page: Page): Promise<void> {
  await open(page, "/accounts/link?how=hand");
  await page.getByLabel("Bank name", { exact: true }).fill("Stadtsparkasse");
  await page.getByLabel("Account type", { exact: true }).selectOption({ label: "Other" });
  await page.getByLabel("Currency", { exact: true }).selectOption("EUR");
  await press(page, "Add account");
}

test("a German file: semicolons, decimal commas, day first, Windows-1252", async ({ page }) => {
  await signUp(page);
  await addEuroAccount(page);

  await upload(page, csv("german.csv"));
  await expect(page.getByRole("main")).toContainText("Hausverwaltung Köhler");
  await press(page, "Import 12 transactions");

  await open(page, "/transactions");
  await expect(page.getByTestId("tx-row")).toHaveCount(12);
  const rent = page.getByTestId("tx-row").filter({ hasText: "Hausverwaltung Köhler" });
  await expect(rent).toHaveAttribute("data-minor", "-118400");
  await expect(rent).toHaveAttribute("data-currency", "EUR");
  await expect(rent).toContainText("\u2212€1,184.00");
});

test("a file imported again is already here, row for row", async ({ page }) => {
  await signUp(page);
  await addAccount(page);
  const { file } = recentChecking();

  await upload(page, file);
  await press(page, "Import 60 transactions");
  await upload(page, file);

  await expect(page.getByRole("main")).toContainText(/already here/i);
  await expect(page.getByRole("button", { name: /^Import \d+/ })).toHaveCount(0);
});

test("a statement of the bank needs no columns and comes once", async ({ page }) => {
  await signUp(page);
  await addAccount(page);

  await upload(page, file("checking.ofx"));
  await expect(page.getByTestId("import-contents")).toContainText("OFX 1 · Checking •••• 1234");
  await expect(page.getByTestId("import-contents")).toContainText("closing balance $2,545.70");
  await press(page, "Import 3 transactions");
  await upload(page, file("checking.ofx"));

  await expect(page.getByRole("main")).toContainText(/already here/i);
  await expect(page.getByRole("button", { name: /^Import \d+/ })).toHaveCount(0);
});

test("a file of Quicken brings its categories", async ({ page }) => {
  await signUp(page);
  await addAccount(page);

  await upload(page, file("checking.qif"));
  await expect(page.getByTestId("import-contents")).toContainText("QIF");
  await press(page, "Import 2 transactions");

  await open(page, "/transactions");
  await expect(page.getByTestId("tx-row").filter({ hasText: "Comcast" })).toHaveAttribute("data-minor", "-7999");
});

test("a broken file names row and column, and nothing is imported", async ({ page }) => {
  await signUp(page);
  await addAccount(page);

  await upload(page, csv("broken.csv"));

  const main = page.getByRole("main");
  await expect(main).toContainText(/(row|line) 4/i);
  await expect(main).toContainText("That date doesn't exist.");
  await expect(main).toContainText(/(row|line) 5/i);
  await expect(main).toContainText(/amount/i);
  await open(page, "/transactions");
  await expect(page.getByTestId("tx-row")).toHaveCount(0);
});

test("files that are none are refused with a sentence", async ({ page, problems }) => {
  problems.expect(/422 POST \/import/);
  await signUp(page);
  await addAccount(page);
  const cases = [
    { name: "empty.csv", content: Buffer.from(""), says: "This file is empty." },
    { name: "header.csv", content: Buffer.from("Date,Description,Amount\n"), says: "No transactions found." },
    {
      name: "picture.csv",
      content: Buffer.from("89504e470d0a1a0a0000000d4948445200000001", "hex"),
      says: "This isn't a text file we can read.",
    },
  ];

  for (const { name, content, says } of cases) {
    await upload(page, { name, mimeType: "text/csv", buffer: content });
    await expect(page.getByRole("main")).toContainText(says);
  }
});

test("a file of eleven megabytes is too large", async ({ page, problems }) => {
  problems.expect(/413 POST \/import/);
  await signUp(page);
  await addAccount(page);

  await upload(page, tooLarge());

  await expect(page.getByRole("main")).toContainText("A file to import can have up to 10 MB. Nothing was imported.");
});

test("dates that can be read in two ways are asked about", async ({ page }) => {
  await signUp(page);
  await addAccount(page);
  const text = "date,what,amount\n03/04/2026,Bookshop,-11.00\n05/06/2026,Florist,-22.00\n";

  await upload(page, { name: "two-ways.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
  await expect(page.getByRole("main")).toContainText(/date/i);
  await expect(page.getByRole("button", { name: /^Import \d+/ })).toHaveCount(0);

  await page.getByRole("radio", { name: /^Day, month, year/ }).check();
  await press(page, "Continue", page.getByRole("main"));
  await press(page, "Import 2 transactions");
  await open(page, "/transactions");
  await expect(page.getByTestId("tx-row").filter({ hasText: "Bookshop" })).toHaveCount(1);
  await expect(page.getByTestId("transactions")).toContainText(/3 April/);
});

test("ticks stay when another tab is looked at", async ({ page }) => {
  await signUp(page);
  await addAccount(page);
  const table = "Date,Description,Amount\n2026-05-01,Bookshop,-11.00\n2026-05-02,Florist,-22.00\n";
  await upload(page, { name: "bank.csv", mimeType: "text/csv", buffer: Buffer.from(table) });
  await press(page, "Import 2 transactions");
  const quicken = "!Type:Bank\nD5/1'26\nT-11.00\nPBooks\n^\nD5/2'26\nT-22.00\nPFlowers\n^\nD5/20'26\nT-3.00\nPTea\n^\n";
  await upload(page, { name: "bank.qif", mimeType: "application/x-qif", buffer: Buffer.from(quicken) });

  await press(page, /^Possible/);
  await page.getByTestId("import-row").filter({ hasText: "Flowers" }).getByRole("checkbox").check();
  await press(page, /^Errors/);
  await press(page, /^Possible/);

  const row = (text: string) => page.getByTestId("import-row").filter({ hasText: text }).getByRole("checkbox");
  await expect(row("Flowers")).toBeChecked();
  await expect(row("Books")).not.toBeChecked();
  await press(page, /^New/);
  await press(page, "Import 1 transaction and the ticked rows");
  await open(page, "/transactions");
  await expect(page.getByTestId("tx-row")).toHaveCount(4);
});

test("the first rows say what each column is taken for while columns are chosen", async ({ page }) => {
  await signUp(page);
  await addAccount(page);
  const text = "date,what,amount\n03/04/2026,Bookshop,-11.00\n05/06/2026,Florist,-22.00\n";
  await upload(page, { name: "two-ways.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
  const heading = page.getByTestId("import-sample").getByRole("columnheader").nth(1);
  await expect(heading).toContainText("Description");
  await expect(heading).not.toContainText("Note");

  await page.getByText("Columns and formats").click();
  await page.getByLabel("Note", { exact: true }).selectOption({ label: "what" });
  await press(page, "Update the preview");
  await expect(heading).toContainText("Note");

  await page.getByRole("radio", { name: /^Day, month, year/ }).check();
  await press(page, "Update the preview");
  await expect(heading).toContainText("Note");
  await expect(page.getByRole("button", { name: /^Import \d+/ })).toHaveCount(0);
  await press(page, "Continue", page.getByRole("main"));
  await press(page, "Import 2 transactions");
});

test("without an account the import page says what to do first", async ({ page }) => {
  await signUp(page);

  await open(page, "/import");

  await isOn(page, "import");
  await expect(page.getByRole("main").getByRole("link", { name: /account/i }).first()).toBeVisible();
});

test("the browser reads a file before it is sent", async ({ page, script }) => {
  await signUp(page);
  await addAccount(page);
  const look = page.getByTestId("import-look");
  const choose = async (name: string, text: string): Promise<void> => {
    await page.getByLabel("File", { exact: true }).setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
  };

  await open(page, "/import");
  await choose("may.csv", "Date,Description,Amount\n2026-05-02,Pay,20.00\n2026-05-13,Coffee,-4.50\n");
  if (!script) {
    await expect(page.getByRole("main")).not.toContainText("read on your device");
    return;
  }

  await expect(look).toContainText("CSV · 2 transactions, 2 May 2026 to 13 May 2026");
  await expect(look).toContainText("\u2212$4.50 out · +$20.00 in");
  await expect(look).toContainText("This file is read on your device first.");
  await expect(look.getByRole("row")).toHaveCount(3);

  await choose("words.csv", "a,b\nfoo,bar\nbaz,qux\n");
  await expect(look).toContainText("What the columns, dates and amounts mean comes next.");
  await expect(look.getByRole("row")).toHaveText(["ab", "foobar", "bazqux"]);

  await choose("header.csv", "Date,Description,Amount\n");
  await expect(look).toHaveText("No transactions found.");
});

test("a question about a file stands beside its first rows", async ({ page }) => {
  await signUp(page);
  await addAccount(page);
  const text = "date,what,amount\n03/04/2026,Bookshop,-11.00\n05/06/2026,Florist,-22.00\n";

  await upload(page, { name: "two-ways.csv", mimeType: "text/csv", buffer: Buffer.from(text) });

  const sample = page.getByTestId("import-sample");
  await expect(sample.getByRole("row")).toHaveCount(3);
  await expect(sample).toContainText("05/06/2026");
});
