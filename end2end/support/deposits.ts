// The deposits of the built-in bank: let them arrive, and read what its statement says.
import { isOn, open, press } from "./browsing";
import { expect, type Page } from "./fixtures";

/** Waits until they left, which a job does, and lets them arrive. `proof` is the page that proves the account. */
export async function letDepositsArrive(page: Page, proof: string): Promise<void> {
  await expect
    .poll(async () => {
      await open(page, proof);
      return page.getByTestId("deposits-arrive").count();
    })
    .toBe(1);
  await press(page, "Post deposits now (demo)");
  await isOn(page, "verify");
  await expect(page.getByTestId("verification")).toHaveAttribute("data-state", "posted");
}

/** The two amounts on the statement, in cents. */
export async function statementCents(page: Page): Promise<number[]> {
  const lines = await page.getByTestId("statement-deposit").allTextContents();
  const cents = lines.map((line) => Number(/0\.(\d\d)/.exec(line)?.[1] ?? "0"));
  return cents.slice(0, 2);
}
