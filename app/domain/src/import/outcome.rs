//! What becomes of a file: rows, errors with line and column, and questions.

use serde::{Deserialize, Serialize};

use super::columns::{Mapping, Role};
use super::dates::DateFormat;
use super::numbers::Decimal;
use super::options::ImportOptions;
use super::{FileFormat, StatementInfo};
use crate::{Code, Currency, Date, TransactionStatus, day};

/// A file as rows of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interpretation {
    /// What kind of file it is.
    pub format: FileFormat,
    /// The statements in it; none in a table.
    pub statements: Vec<StatementInfo>,
    /// Which of them is read, counted from 0.
    pub statement: Option<u32>,
    /// What the statement says the account had before and after.
    pub balances: Option<Balances>,
    /// One entry a record, in the order of the file. Empty while a question is open.
    pub rows: Vec<RowResult>,
    /// Rows of earlier files that the bank takes back.
    pub deletions: Vec<Deletion>,
    /// What only the person can know. Nothing is chosen for them.
    pub questions: Vec<Question>,
    /// True when the file itself says which way money went.
    pub sign_proven: bool,
    /// True when the balances move against the amounts: worth a question, since a card's may be what is owed.
    pub balance_disagrees: bool,
    /// True when signs were turned: money out is above zero in the file.
    pub flipped: bool,
    /// The columns as understood.
    pub mapping: Mapping,
    /// How dates are read.
    pub date_format: Option<DateFormat>,
    /// How decimals are read.
    pub decimal: Option<Decimal>,
    /// What a remembered mapping is found by: [`Table::signature`](super::Table::signature).
    pub header_signature: String,
    /// Lines above and below the table that were left out.
    pub skipped: Vec<u32>,
}

impl Interpretation {
    /// Everything as understood, to be remembered for the next file of this make.
    pub fn options(&self) -> ImportOptions {
        ImportOptions {
            columns: self.mapping.iter().map(|(role, column)| (role, Some(column))).collect(),
            date_format: self.date_format,
            decimal: self.decimal,
            flip: Some(self.flipped),
            statement: None,
        }
    }

    /// True when the file is understood and there is nothing in it to import.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.questions.is_empty()
    }

    /// The rows without errors.
    pub fn good_rows(&self) -> impl Iterator<Item = (u32, &ImportRow)> {
        self.rows.iter().filter_map(|row| Some((row.line, row.outcome.as_ref().ok()?)))
    }
}

/// What became of one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowResult {
    /// The line of a CSV or QIF file it starts in, from 1. In the other formats, where everything may stand in one
    /// line, the number of the row in its statement, from 1. Each row of a file has its own.
    pub line: u32,
    /// The row, or everything that is wrong with it.
    pub outcome: Result<ImportRow, Vec<RowError>>,
}

/// A row of the file, understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportRow {
    /// The date at the bank.
    #[serde(with = "day::iso")]
    pub date: Date,
    /// Minor units, in above zero.
    pub minor: i64,
    /// The currency of the row, else of the account.
    pub currency: Currency,
    /// One line; never empty.
    pub description: String,
    /// The key of the category the file names, when it is one of ours.
    pub category: Option<String>,
    /// One line.
    pub note: Option<String>,
    /// The balance beside it, in minor units.
    pub balance: Option<i64>,
    /// What stands in a column of ids. Nothing says that the bank made it, so no row is recognised by it.
    pub external_id: Option<String>,
    /// The bank's own id of it, by which the row is recognised: `FITID`, `AcctSvcrRef`.
    pub provider_id: Option<String>,
    /// How far the bank is with it.
    pub status: TransactionStatus,
    /// The name of the other side, where the file has it apart from the text.
    pub merchant: Option<String>,
    /// True when the file says that it goes between two accounts of one person.
    pub transfer: bool,
    /// The account on the other side: its name, or the digits of its number that may be shown.
    pub other_account: Option<String>,
    /// What it is split into: none, or 2 to 20 parts that add up to it.
    pub parts: Vec<ImportPart>,
    /// The ids of the rows whose place it takes by the bank's word, the latest first.
    pub replaces: Vec<String>,
    /// Why somebody should look at it.
    pub flag: Option<RowFlag>,
}

/// One part of a split row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportPart {
    /// Minor units, in above zero; never zero.
    pub minor: i64,
    /// The key of the category the file names, when it is one of ours.
    pub category: Option<String>,
    /// One line.
    pub note: Option<String>,
    /// The account this part went to or came from.
    pub other_account: Option<String>,
}

/// The bank takes back a row that it has sent before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deletion {
    /// Where the file says so, as [`RowResult::line`].
    pub line: u32,
    /// The ids that the row has had, the latest first.
    pub of: Vec<String>,
}

words! {
    /// Why somebody should look at a row.
    pub enum RowFlag (Code::OptionUnknown) {
        /// A row with another date or amount has the same id: both are kept.
        RepeatedId = "repeated_id", "The bank gave this id to another transaction too.";
        /// Its parts in the file don't add up to it, or are too many: it is kept whole.
        PartsDropped = "parts_dropped", "The parts in the file don't add up to this amount.";
    }
}

/// What a statement says the account had, booked rows alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Balances {
    /// Before its first row.
    pub opening: Option<Balance>,
    /// After its last row.
    pub closing: Option<Balance>,
    /// Whether the booked rows lead from one to the other; nothing when it can't be told.
    pub agrees: Option<bool>,
}

/// What an account had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Balance {
    /// Minor units.
    pub minor: i64,
    /// Of this currency.
    pub currency: Currency,
    /// On this day, when the file says which.
    #[serde(with = "day::iso::option")]
    pub date: Option<Date>,
}

/// One thing wrong with one cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowError {
    /// The name of the column.
    pub column: String,
    /// The stable code.
    pub code: String,
    /// The sentence shown.
    pub message: String,
}

/// Something the file doesn't say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Question {
    /// Columns that are needed and weren't found. Answered by `col.date`, `col.description`, `col.amount`, …
    Columns {
        /// What is needed.
        missing: Vec<Role>,
        /// The columns there are, in their order.
        found: Vec<String>,
    },
    /// Two ways of writing dates fit equally well. Answered by `date`.
    DateFormat {
        /// The ways that fit.
        choices: Vec<Choice>,
    },
    /// Two ways of writing decimals fit equally well. Answered by `decimal`.
    Decimal {
        /// The ways that fit.
        choices: Vec<Choice>,
    },
    /// The file has statements of several accounts. Answered by `statement`.
    Statement {
        /// The statements; an example is the text of an entry with its amount as written.
        choices: Vec<Choice>,
    },
}

/// One answer to a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The value in the address.
    pub value: String,
    /// What it is called.
    pub label: String,
    /// What it makes of cells of this file, two at most.
    pub examples: Vec<Example>,
}

/// A cell, and what an answer makes of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Example {
    /// The cell as written: "03/04/2026".
    pub text: String,
    /// What it would mean: "3 April 2026".
    pub meaning: String,
}
