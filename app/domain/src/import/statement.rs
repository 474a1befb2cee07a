//! What the formats of banks have in common: statements of accounts with entries, whose cells are text until it is
//! known how they are written.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::row::one_line;
use super::{FileFormat, MAX_CELL, MAX_ROWS};
use crate::account_number::shown_digits;
use crate::fingerprint::hex;
use crate::{AccountType, Code, Currency, TransactionStatus, mask_label};

/// Parts of a split that are kept; one more shows that there were too many.
pub(super) const MAX_PARTS: usize = 20;

/// One account's part of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatementInfo {
    /// What the file calls the account.
    pub name: Option<String>,
    /// What kind of account it is, where the file says so.
    pub account_type: Option<AccountType>,
    /// The digits of its number that may be shown.
    pub mask: Option<String>,
    /// The currency of rows that name none.
    pub currency: Option<Currency>,
    /// How many entries it has.
    pub entries: u32,
}

impl StatementInfo {
    /// "Checking •••• 6789", "My savings", "Account".
    pub fn label(&self) -> String {
        let kind = self.account_type.map_or("Account", AccountType::label);
        let name = self.name.as_deref().unwrap_or(kind);
        match &self.mask {
            Some(mask) => format!("{name} {}", mask_label(Some(mask))),
            None => name.to_owned(),
        }
    }
}

/// A file of statements, split into cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Statements {
    pub(super) format: FileFormat,
    /// What files of one make share, beside the accounts in them.
    pub(super) make: String,
    /// Each has an entry at least.
    pub(super) list: Vec<Statement>,
}

impl Statements {
    /// The same for every file of the same make about the same accounts.
    pub(super) fn signature(&self) -> String {
        let accounts: Vec<String> =
            self.list.iter().map(|statement| statement.info().label()).collect();
        let text = format!("{}|{}|{}", self.format.source(), self.make, accounts.join("\u{1F}"));
        hex(Sha256::digest(text).get(..16).unwrap_or_default())
    }
}

/// One account's part of a file, split into cells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Statement {
    /// A digest of the account's number, by which two statements of one account are known; empty without one.
    pub(super) account: String,
    pub(super) name: Option<String>,
    pub(super) account_type: Option<AccountType>,
    pub(super) mask: Option<String>,
    /// The code as written.
    pub(super) currency: Option<String>,
    pub(super) opening: Option<RawBalance>,
    pub(super) closing: Option<RawBalance>,
    pub(super) entries: Vec<Entry>,
}

impl Statement {
    pub(super) fn info(&self) -> StatementInfo {
        StatementInfo {
            name: self.name.clone(),
            account_type: self.account_type,
            mask: self.mask.clone(),
            currency: self.currency.as_deref().and_then(|code| Currency::parse(code).ok()),
            entries: u32::try_from(self.entries.len()).unwrap_or(u32::MAX),
        }
    }

    /// Takes what the file says of the account's number. The number itself is not kept.
    pub(super) fn set_number(&mut self, number: &str) {
        self.mask = mask(number);
        let plain: String = number.chars().filter(|c| c.is_alphanumeric()).collect();
        self.account = hex(&Sha256::digest(plain));
    }

    /// Adds the entries of another statement of the same account.
    fn absorb(&mut self, other: Self) {
        other.entries.into_iter().for_each(|entry| self.push_numbered(entry));
        self.opening = pick(self.opening.take(), other.opening, |kept, new| new.date < kept.date);
        self.closing = pick(self.closing.take(), other.closing, |kept, new| new.date > kept.date);
    }

    /// Adds an entry under the next number.
    pub(super) fn push_numbered(&mut self, entry: Entry) {
        let line = u32::try_from(self.entries.len()).unwrap_or(u32::MAX).saturating_add(1);
        self.entries.push(Entry { line, ..entry });
    }
}

fn pick(
    kept: Option<RawBalance>,
    new: Option<RawBalance>,
    is_better: impl Fn(&RawBalance, &RawBalance) -> bool,
) -> Option<RawBalance> {
    match (kept, new) {
        (Some(kept), Some(new)) => Some(if is_better(&kept, &new) { new } else { kept }),
        (kept, new) => kept.or(new),
    }
}

/// One statement for each account: banks put one for each day into a file.
pub(super) fn by_account(list: Vec<Statement>) -> Vec<Statement> {
    let mut accounts: HashMap<(String, Option<String>), usize> = HashMap::new();
    let mut merged: Vec<Statement> = Vec::new();
    for statement in list {
        let key = (statement.account.clone(), statement.currency.clone());
        let known = accounts.get(&key).filter(|_| !statement.account.is_empty());
        if let Some(first) = known.and_then(|at| merged.get_mut(*at)) {
            first.absorb(statement);
        } else {
            accounts.insert(key, merged.len());
            merged.push(statement);
        }
    }
    merged
}

/// A balance, with its cells as written. Dates are written so that they can be compared as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct RawBalance {
    pub(super) amount: String,
    pub(super) sign: Sign,
    pub(super) currency: Option<String>,
    pub(super) date: String,
}

/// How a cell says which way money went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Sign {
    /// By its own sign.
    #[default]
    Written,
    /// It came in, whatever its sign.
    In,
    /// It went out, whatever its sign.
    Out,
    /// By a word that we don't know.
    Unknown,
}

/// What the bank says an entry is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Hint {
    #[default]
    None,
    /// The name of a category.
    Label(String),
    Interest,
    Dividend,
    Fee,
}

/// What the bank says of an earlier row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Correction {
    /// This entry takes the place of the row with this id.
    Replace(String),
    /// The row with this id is taken back; this entry is none.
    Delete(String),
}

impl Correction {
    /// The id of the row.
    pub(super) fn of(&self) -> &str {
        let (Self::Replace(id) | Self::Delete(id)) = self;
        id
    }
}

/// One entry, with its cells as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// Its name among the rows of the file.
    pub(super) line: u32,
    pub(super) date: String,
    pub(super) amount: String,
    pub(super) sign: Sign,
    /// The bank takes an entry back: the sign may have to be turned.
    pub(super) reversal: bool,
    /// The code as written, where it isn't the statement's.
    pub(super) currency: Option<String>,
    pub(super) description: String,
    pub(super) note: String,
    pub(super) merchant: String,
    pub(super) hint: Hint,
    pub(super) transfer: bool,
    pub(super) other_account: Option<String>,
    pub(super) provider_id: String,
    pub(super) status: TransactionStatus,
    pub(super) correction: Option<Correction>,
    pub(super) parts: Vec<RawPart>,
    /// The file ends inside it.
    pub(super) cut_off: bool,
}

impl Default for Entry {
    fn default() -> Self {
        Self {
            line: 0,
            date: String::new(),
            amount: String::new(),
            sign: Sign::Written,
            reversal: false,
            currency: None,
            description: String::new(),
            note: String::new(),
            merchant: String::new(),
            hint: Hint::None,
            transfer: false,
            other_account: None,
            provider_id: String::new(),
            status: TransactionStatus::Completed,
            correction: None,
            parts: Vec::new(),
            cut_off: false,
        }
    }
}

/// One part of a split entry, with its cells as written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct RawPart {
    pub(super) label: String,
    pub(super) note: String,
    pub(super) amount: String,
}

/// Counts the rows of a file against the limit.
#[derive(Default)]
pub(super) struct Rows(usize);

impl Rows {
    /// One more row.
    pub(super) fn count(&mut self) -> Result<(), Code> {
        self.0 = self.0.saturating_add(1);
        if self.0 > MAX_ROWS { Err(Code::FileTooManyRows) } else { Ok(()) }
    }
}

/// The text of a cell that is kept, as one line; longer ones are refused as in a table.
pub(super) fn cell(text: &str) -> Result<String, Code> {
    let text = text.trim();
    if text.len() > MAX_CELL && text.chars().count() > MAX_CELL {
        return Err(Code::FileCellTooLong);
    }
    Ok(one_line(text).unwrap_or_default())
}

/// What may be kept of an account's number or IBAN: as many of its last characters as of any number.
pub(super) fn mask(number: &str) -> Option<String> {
    let number: Vec<char> = number.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let hidden = number.len().checked_sub(shown_digits(number.len())?)?;
    let shown: String = number.get(hidden..)?.iter().collect();
    shown.chars().all(|c| c.is_ascii_alphanumeric()).then_some(shown)
}

/// A note with the number of a cheque: "May rent (check 1001)".
pub(super) fn note(memo: &str, number: &str) -> String {
    let number = match number {
        "" => return memo.to_owned(),
        digits if digits.bytes().all(|b| b.is_ascii_digit()) => format!("check {digits}"),
        other => other.to_owned(),
    };
    if memo.is_empty() { number } else { format!("{memo} ({number})") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_masked_as_any_account_number() {
        for (number, shown) in [
            ("000123456789", Some("6789")),
            ("DE00 1234 5678 9012 3456 78", Some("5678")),
            ("XXXX-XXXX-4321", Some("4321")),
            ("12345", Some("45")),
            ("1234", None),
            ("", None),
            ("12345678****", None),
        ] {
            assert_eq!(mask(number).as_deref(), shown, "{number}");
        }
    }

    #[test]
    fn a_statement_is_named_by_what_the_file_knows() {
        let info = StatementInfo {
            account_type: Some(AccountType::Checking),
            mask: Some("6789".to_owned()),
            ..StatementInfo::default()
        };
        assert_eq!(info.label(), "Checking •••• 6789");
        let named = StatementInfo { name: Some("Bills".to_owned()), mask: None, ..info };
        assert_eq!(named.label(), "Bills");
        assert_eq!(StatementInfo::default().label(), "Account");
    }

    #[test]
    fn the_number_of_a_cheque_stands_in_the_note() {
        assert_eq!(note("Rent", "1001"), "Rent (check 1001)");
        assert_eq!(note("", "1001"), "check 1001");
        assert_eq!(note("Rent", "ATM"), "Rent (ATM)");
        assert_eq!(note("Rent", ""), "Rent");
    }
}
