//! QIF, as Quicken 98 and later write it: one cell a line by its first letter, records ended by `^`.

use std::collections::HashMap;

use super::FileFormat;
use super::entry::account_in;
use super::statement::{
    Entry, Hint, MAX_PARTS, RawBalance, RawPart, Rows, Statement, Statements, cell, note,
};
use crate::{AccountType, Code};

/// Who the first record of an account is from.
const OPENING: &str = "opening balance";

/// Splits the text into accounts and their records.
pub(super) fn parse(text: &str) -> Result<Statements, Code> {
    let mut reader = Reader::default();
    // Files from before OS X end their lines by CR alone.
    let end = if text.contains('\n') { '\n' } else { '\r' };
    for (number, line) in (1_u32..).zip(text.split(end)) {
        reader.line(number, line.trim_end())?;
    }
    reader.finish()?;
    let Reader { mut done, make, .. } = reader;
    done.retain(|statement| !statement.entries.is_empty());
    if done.is_empty() {
        return Err(Code::FileNoRows);
    }
    Ok(Statements { format: FileFormat::Qif, make, list: done })
}

/// What the records below a header are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Section {
    /// Categories, securities and whatever else is no transaction of an account.
    #[default]
    Skipped,
    /// Accounts; the last one is that of the transactions that follow.
    Accounts,
    /// Transactions of this kind of account.
    Transactions(Option<AccountType>),
}

/// A record while it is read.
#[derive(Default)]
struct Record {
    entry: Entry,
    /// `U`: the same as `T`, where both are written.
    amount: String,
    payee: String,
    memo: String,
    number: String,
    label: String,
    /// The part that is being read.
    part: Option<RawPart>,
    /// True once it has a cell.
    begun: bool,
}

#[derive(Default)]
struct Reader {
    section: Section,
    /// The name in the last record of accounts.
    account: Option<String>,
    record: Record,
    done: Vec<Statement>,
    /// Where in `done` an account is.
    accounts: HashMap<(Option<String>, Option<AccountType>), usize>,
    rows: Rows,
    /// How the first record is written, without its contents.
    make: String,
}

impl Reader {
    fn line(&mut self, number: u32, line: &str) -> Result<(), Code> {
        let mut rest = line.chars();
        match rest.next() {
            None => Ok(()),
            Some('!') => {
                self.header(rest.as_str().trim());
                Ok(())
            }
            Some('^') => self.end(),
            Some(letter) => self.cell(number, letter, rest.as_str()),
        }
    }

    fn header(&mut self, name: &str) {
        let name = name.to_ascii_lowercase();
        self.record = Record::default();
        if name.starts_with("option:") || name.starts_with("clear:") {
            return;
        }
        self.section = match name.strip_prefix("type:").map(str::trim) {
            Some("bank") => Section::Transactions(None),
            Some("cash") => Section::Transactions(Some(AccountType::Cash)),
            Some("ccard") => Section::Transactions(Some(AccountType::Credit)),
            Some("oth a") => Section::Transactions(Some(AccountType::Other)),
            Some("oth l") => Section::Transactions(Some(AccountType::Loan)),
            None if name == "account" => Section::Accounts,
            _ => Section::Skipped,
        };
    }

    /// The statement of the account: the records may continue one that has begun.
    fn statement(&mut self, kind: Option<AccountType>) -> Option<&mut Statement> {
        let key = (self.account.clone(), kind);
        let at = *self.accounts.entry(key).or_insert(self.done.len());
        if at == self.done.len() {
            self.done.push(Statement {
                name: self.account.clone(),
                account_type: kind,
                ..Statement::default()
            });
        }
        self.done.get_mut(at)
    }

    fn cell(&mut self, number: u32, letter: char, text: &str) -> Result<(), Code> {
        if self.section == Section::Skipped {
            return Ok(());
        }
        let record = &mut self.record;
        if !record.begun {
            record.begun = true;
            record.entry.line = number;
        }
        if self.section == Section::Accounts {
            if letter == 'N' {
                self.account = Some(cell(text)?).filter(|name| !name.is_empty());
            }
            return Ok(());
        }
        match letter {
            'D' => record.entry.date = date(&cell(text)?),
            'T' => record.entry.amount = cell(text)?,
            'U' => record.amount = cell(text)?,
            'P' => record.payee = cell(text)?,
            'M' => record.memo = cell(text)?,
            'N' => record.number = cell(text)?,
            'L' => record.label = cell(text)?,
            'S' => {
                record.begin_part();
                record.part().label = cell(text)?;
            }
            'E' => record.part().note = cell(text)?,
            '$' => record.part().amount = cell(text)?,
            // Cleared by the bank or not, the money has moved. Addresses and the rest say nothing of it.
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), Code> {
        let record = std::mem::take(&mut self.record);
        let Section::Transactions(kind) = self.section else { return Ok(()) };
        if !record.begun {
            return Ok(());
        }
        self.rows.count()?;
        if self.make.is_empty() {
            self.make = record.make();
        }
        let Some(statement) = self.statement(kind) else { return Ok(()) };
        let is_opening = record.payee.to_lowercase() == OPENING && statement.opening.is_none();
        let entry = record.finish();
        if is_opening && !entry.cut_off {
            // Quicken names the account itself as the other side.
            if statement.name.is_none() {
                statement.name.clone_from(&entry.other_account);
            }
            statement.opening = Some(RawBalance {
                amount: entry.amount,
                date: entry.date,
                ..RawBalance::default()
            });
            return Ok(());
        }
        statement.entries.push(entry);
        Ok(())
    }

    /// A last record without `^` was cut off.
    fn finish(&mut self) -> Result<(), Code> {
        self.record.entry.cut_off = self.record.begun;
        self.end()
    }
}

impl Record {
    /// Begins a part. Beyond what can be kept, one more stands for the rest.
    fn begin_part(&mut self) {
        let part = self.part.take();
        self.entry.parts.extend(part.filter(|_| self.entry.parts.len() <= MAX_PARTS));
        self.part = Some(RawPart::default());
    }

    fn part(&mut self) -> &mut RawPart {
        self.part.get_or_insert_default()
    }

    fn finish(mut self) -> Entry {
        self.begin_part();
        let Self { mut entry, amount, payee, memo, number, mut label, .. } = self;
        if entry.amount.is_empty() {
            entry.amount = amount;
        }
        if let [part] = entry.parts.as_slice() {
            label = if label.is_empty() { part.label.clone() } else { label };
        }
        match account_in(&label) {
            Some(account) => {
                entry.transfer = true;
                entry.other_account = Some(account.to_owned());
            }
            None => entry.hint = Hint::Label(label),
        }
        let memo_is_text = payee.is_empty();
        entry.note = note(if memo_is_text { "" } else { &memo }, &number);
        entry.description = if memo_is_text { memo } else { payee };
        entry
    }

    /// The signs in its date and amount, by which files of two programs differ.
    fn make(&self) -> String {
        let amount = if self.entry.amount.is_empty() { &self.amount } else { &self.entry.amount };
        let signs =
            |text: &str| text.chars().filter(|c| !c.is_alphanumeric() && *c != '-').collect();
        let (date, amount): (String, String) = (signs(&self.entry.date), signs(amount));
        format!("{date}|{amount}")
    }
}

/// `5/ 4'26` as `5/4/26`: blanks fill up numbers, and the apostrophe begins a year of this century.
fn date(text: &str) -> String {
    let Some((day, year)) = text.split_once('\'') else { return spaceless(text) };
    let day = spaceless(day);
    let separator = day.chars().find(|c| matches!(c, '/' | '-' | '.')).unwrap_or('/');
    let year = year.trim();
    let zero = if year.len() == 1 { "0" } else { "" };
    format!("{day}{separator}{zero}{year}")
}

/// Without the blanks beside a separator; those between words stay.
fn spaceless(text: &str) -> String {
    let has_words = text.chars().any(char::is_alphabetic);
    if has_words { text.to_owned() } else { text.chars().filter(|c| !c.is_whitespace()).collect() }
}

#[cfg(test)]
#[path = "qif_tests.rs"]
mod tests;
