// People and their accounts: what most journeys begin with.
import { randomUUID } from "node:crypto";
import { type Page } from "@playwright/test";
import { isOn, open, press } from "./browsing";
import { recentChecking } from "./files";
import { newAccountNumber, newPassword, noteForTheLog } from "./secrets";

export interface Person {
  name: string;
  email: string;
  password: string;
}

export interface BankAccount {
  bankName: string;
  type: string;
  routingNumber: string;
  accountNumber: string;
}

/** A routing number with a correct checksum: the Federal Reserve Bank of New York's district, a large bank. */
export const ROUTING_NUMBER = "021000021";

export function newPerson(name = "Ada Lovelace"): Person {
  const address = `${name.split(" ")[0]?.toLowerCase()}-${randomUUID()}@example.com`;
  return { name, email: noteForTheLog(address), password: newPassword() };
}

export function newBankAccount(): BankAccount {
  return {
    bankName: "Harbor Bank",
    type: "Checking",
    routingNumber: ROUTING_NUMBER,
    accountNumber: newAccountNumber(),
  };
}

export async function fillSignUp(page: Page, person: Person): Promise<void> {
  await page.getByLabel("Name", { exact: true }).fill(person.name);
  await page.getByLabel("E-mail", { exact: true }).fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
}

/** Signs up by the page and ends on the dashboard. */
export async function signUp(page: Page, person = newPerson()): Promise<Person> {
  await open(page, "/sign-up");
  await fillSignUp(page, person);
  await press(page, "Create account");
  await isOn(page, "dashboard");
  return person;
}

export async function fillSignIn(page: Page, person: Person): Promise<void> {
  await page.getByLabel("E-mail", { exact: true }).fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
}

export async function fillAccount(page: Page, account: BankAccount): Promise<void> {
  await page.getByLabel("Bank name", { exact: true }).fill(account.bankName);
  await page.getByLabel("Account type", { exact: true }).selectOption({ label: account.type });
  await page.getByLabel("Routing number", { exact: true }).fill(account.routingNumber);
  await fillAccountNumber(page, account.accountNumber);
}

/** Secret fields come back empty after an error, so they are filled again. */
export async function fillAccountNumber(page: Page, number: string): Promise<void> {
  await page.getByLabel("Account number", { exact: true }).fill(number);
  await page.getByLabel("Account number again", { exact: true }).fill(number);
}

/** Adds an account by its numbers. */
export async function addAccount(page: Page, account = newBankAccount()): Promise<BankAccount> {
  await open(page, "/accounts/link?how=numbers");
  await fillAccount(page, account);
  await press(page, "Add account");
  return account;
}

/** A new person with an account of sixty imported transactions; answers what they are. */
export async function withSixtyTransactions(page: Page): Promise<ReturnType<typeof recentChecking>> {
  const checking = recentChecking();
  await signUp(page);
  await addAccount(page);
  await open(page, "/import");
  await page.getByLabel("File", { exact: true }).setInputFiles(checking.file);
  await press(page, "Read file");
  await press(page, "Import 60 transactions");
  return checking;
}
