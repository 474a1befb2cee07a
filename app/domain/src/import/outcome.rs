//! What becomes of a file: rows, errors with line and column, and questions.

use serde::{Deserialize, Serialize};

use super::columns::{Mapping, Role};
use super::dates::DateFormat;
use super::numbers::Decimal;
use super::options::ImportOptions;
use crate::{Currency, Date, day};

/// A table as rows of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interpretation {
    /// One entry a record, in the order of the file. Empty while a question is open.
    pub rows: Vec<RowResult>,
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
    /// The line of the file it starts in, from 1.
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
    /// The bank's own id of it.
    pub external_id: Option<String>,
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
