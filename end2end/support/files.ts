// Bank files: the ones in fixtures/, and what a test expects to find in them.
import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface UploadedFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** Days of the fixture are moved so that its newest row is of this day. */
const NEWEST_DAY = Date.UTC(2026, 9, 31);
const DAY = 24 * 60 * 60 * 1000;

export interface BankRow {
  /** 2026-10-31 */
  date: string;
  description: string;
  /** Minor units, money out is negative. */
  minor: number;
}

function read(name: string): Buffer {
  return readFileSync(join(import.meta.dirname, "..", "fixtures", name));
}

export function csv(name: string): UploadedFile {
  return { name, mimeType: "text/csv", buffer: read(name) };
}

/** A file of a bank that is no table. */
export function file(name: string): UploadedFile {
  return { name, mimeType: "application/octet-stream", buffer: read(name) };
}

/** Today in UTC, 2026-10-31. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/** The American file of 60 rows over three months, moved so that its newest row is of today. */
export function recentChecking(): { file: UploadedFile; rows: BankRow[] } {
  const shift = Date.parse(today()) - NEWEST_DAY;
  const text = read("us-checking.csv")
    .toString("utf8")
    .replace(/\b(\d\d)\/(\d\d)\/(\d{4})\b/g, (_, month, day, year) => moved(+year, +month, +day, shift));
  const file = { name: "checking.csv", mimeType: "text/csv", buffer: Buffer.from(text) };
  return { file, rows: text.trim().split("\r\n").slice(1).map(row) };
}

function moved(year: number, month: number, day: number, shift: number): string {
  const date = new Date(Date.UTC(year, month - 1, day) + Math.round(shift / DAY) * DAY);
  const [y, m, d] = date.toISOString().slice(0, 10).split("-");
  return `${m}/${d}/${y}`;
}

function row(line: string): BankRow {
  const match = /^[A-Z]+,(\d\d)\/(\d\d)\/(\d{4}),(?:"(.*)"|([^,]*)),(-?\d+)\.(\d\d),/.exec(line);
  if (!match) throw new Error(`not a row of the fixture: ${line}`);
  const [, month, day, year, quoted, plain, whole, cents] = match;
  return {
    date: `${year}-${month}-${day}`,
    description: quoted ?? plain ?? "",
    minor: Number(`${whole}${cents}`),
  };
}

export function sum(rows: BankRow[]): number {
  return rows.reduce((total, { minor }) => total + minor, 0);
}

/** "−$1,234.56" */
export function dollars(minor: number): string {
  const text = (Math.abs(minor) / 100).toLocaleString("en-US", { minimumFractionDigits: 2 });
  return `${minor < 0 ? "\u2212" : ""}$${text}`;
}

/** A well-formed file of more than 11 million bytes. */
export function tooLarge(): UploadedFile {
  const line = "2026-10-01,A description that is as long as banks like to make theirs,-1.00\n";
  const rows = line.repeat(Math.ceil(11_000_000 / line.length));
  return { name: "large.csv", mimeType: "text/csv", buffer: Buffer.from(`Date,Description,Amount\n${rows}`) };
}
