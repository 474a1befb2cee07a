//! What leaves as a file for people: rows as CSV for a spreadsheet, a month as a statement.

use crate::csv::{guarded, line};
use crate::{
    Currency, Date, Money, TransactionId, TransactionStatus, TransactionType, TransactionView, day,
};

mod statement;

pub use statement::{LedgerRow, MonthlyStatement, StatementLine};

/// The names of the columns, in their order.
pub const COLUMNS: [&str; 13] = [
    "date",
    "description",
    "merchant",
    "category",
    "type",
    "status",
    "amount",
    "currency",
    "account",
    "account_mask",
    "note",
    "tags",
    "id",
];

/// What stands between two tags in one cell. No tag has it.
const BETWEEN_TAGS: &str = "|";

/// The first line of an export, with its LF.
pub fn header() -> String {
    line(&COLUMNS)
}

/// True for the columns of a file that this module wrote.
pub(crate) fn is_header(columns: &[String]) -> bool {
    columns.iter().map(String::as_str).eq(COLUMNS)
}

/// One transaction, as it is exported.
#[derive(Clone, Copy, Debug)]
pub struct ExportRow<'a> {
    /// The date at the bank.
    pub date: Date,
    /// The bank's text.
    pub description: &'a str,
    /// The name of the shop, when known.
    pub merchant: Option<&'a str>,
    /// The key of its category.
    pub category: &'a str,
    /// Which way the money went.
    pub r#type: TransactionType,
    /// How far the bank is with it.
    pub status: TransactionStatus,
    /// Minor units with their sign: in above zero. Hundredths of what is no currency we know.
    pub minor: i64,
    /// ISO 4217, or whatever the bank calls it.
    pub currency: &'a str,
    /// What its account is called.
    pub account: &'a str,
    /// The last digits of that account's number, when they may be shown.
    pub account_mask: Option<&'a str>,
    /// What the person wrote on it.
    pub note: Option<&'a str>,
    /// Its tags.
    pub tags: &'a [String],
    /// Its id.
    pub id: &'a TransactionId,
}

impl<'a> ExportRow<'a> {
    /// A transaction.
    pub fn of(row: &'a TransactionView) -> Self {
        Self {
            date: row.date,
            description: &row.description,
            merchant: row.merchant.as_deref(),
            category: &row.category,
            r#type: row.r#type,
            status: row.status,
            minor: row.signed_amount_cents,
            currency: &row.currency,
            account: &row.account_name,
            account_mask: row.account_mask.as_deref(),
            note: row.note.as_deref(),
            tags: &row.tags,
            id: &row.id,
        }
    }

    /// Its line, with the LF: RFC 4180, no text that a spreadsheet takes for a formula, amounts as programs read them.
    pub fn line(&self) -> String {
        let tags = self.tags.join(BETWEEN_TAGS);
        let currency = Currency::parse(self.currency).unwrap_or(Currency::USD);
        line(&[
            day::format_iso(self.date).into(),
            guarded(self.description),
            guarded(self.merchant.unwrap_or_default()),
            guarded(self.category),
            self.r#type.as_str().into(),
            self.status.as_str().into(),
            Money::new(self.minor, currency).to_plain().into(),
            guarded(self.currency),
            guarded(self.account),
            guarded(self.account_mask.unwrap_or_default()),
            guarded(self.note.unwrap_or_default()),
            guarded(&tags),
            guarded(self.id.as_str()),
        ])
    }
}

#[cfg(test)]
mod tests;
