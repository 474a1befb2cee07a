//! One month of one account in one currency: what was there, came in, went out and is there.

use serde::{Deserialize, Serialize};

use crate::csv::{guarded, line};
use crate::{Currency, Date, Money, Month, TransactionId, TransactionStatus, TransactionView, day};

/// The names of the columns of a statement as a file, in their order.
const STATEMENT_COLUMNS: [&str; 7] =
    ["date", "transaction", "category", "amount", "balance", "currency", "id"];

/// A row of an account, as far as a statement needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LedgerRow {
    /// Its id.
    pub id: TransactionId,
    /// The date at the bank.
    #[serde(with = "day::iso")]
    pub date: Date,
    /// The name of the shop, else the bank's text.
    pub title: String,
    /// The key of its category.
    pub category: String,
    /// How far the bank is with it.
    pub status: TransactionStatus,
    /// Minor units, in above zero.
    pub minor: i64,
    /// Of this currency.
    pub currency: Currency,
}

impl LedgerRow {
    /// A transaction; nothing when its currency is unknown to this version.
    pub fn of(row: &TransactionView) -> Option<Self> {
        Some(Self {
            id: row.id.clone(),
            date: row.date,
            title: row.title().to_owned(),
            category: row.category.clone(),
            status: row.status,
            minor: row.signed_amount_cents,
            currency: Currency::parse(&row.currency).ok()?,
        })
    }
}

/// A row with what the account had after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatementLine {
    /// The row.
    pub row: LedgerRow,
    /// The balance after it, in minor units.
    pub balance_minor: i64,
}

/// A month of an account. Opening plus in less out is closing, always.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MonthlyStatement {
    /// The month.
    pub month: Month,
    /// Of every amount in it.
    pub currency: Currency,
    /// The balance before its first row, in minor units.
    pub opening_minor: i64,
    /// Minor units in, zero or above.
    pub in_minor: i64,
    /// Minor units out, zero or above.
    pub out_minor: i64,
    /// The balance after its last row, in minor units.
    pub closing_minor: i64,
    /// Its rows, oldest first.
    pub lines: Vec<StatementLine>,
}

impl MonthlyStatement {
    /// The statement over `rows`, of which those that are completed, of the month and of the currency count.
    ///
    /// Nothing when the sums don't fit, or don't meet.
    pub fn new(
        month: Month,
        currency: Currency,
        opening_minor: i64,
        rows: Vec<LedgerRow>,
    ) -> Option<Self> {
        let mut rows = rows;
        rows.retain(|row| {
            row.status == TransactionStatus::Completed
                && row.currency == currency
                && month.contains(row.date)
        });
        rows.sort_by(|one, other| (one.date, &one.id).cmp(&(other.date, &other.id)));
        let (mut in_minor, mut out_minor, mut balance) = (0_i64, 0_i64, opening_minor);
        let mut lines = Vec::with_capacity(rows.len());
        for row in rows {
            if row.minor > 0 {
                in_minor = in_minor.checked_add(row.minor)?;
            } else {
                out_minor = out_minor.checked_sub(row.minor)?;
            }
            balance = balance.checked_add(row.minor)?;
            lines.push(StatementLine { row, balance_minor: balance });
        }
        let statement = Self {
            month,
            currency,
            opening_minor,
            in_minor,
            out_minor,
            closing_minor: balance,
            lines,
        };
        Some(statement).filter(Self::is_balanced)
    }

    /// True when opening plus in less out is closing.
    pub fn is_balanced(&self) -> bool {
        let change = self.in_minor.checked_sub(self.out_minor);
        change.and_then(|change| self.opening_minor.checked_add(change)) == Some(self.closing_minor)
    }

    /// The statement for a spreadsheet: the balance before, every row with the balance after it, what came in and went
    /// out, and the balance at the end. No text is taken for a formula; amounts are as programs read them.
    pub fn to_csv(&self) -> String {
        let (first, last) = (self.month.first_day(), self.month.last_day());
        let sum = |day, name, amount: Option<i64>, balance: Option<i64>| {
            self.cells(day, name, "", [amount, balance], "")
        };
        let mut text = line(&STATEMENT_COLUMNS);
        text += &sum(first, "Opening balance", None, Some(self.opening_minor));
        for StatementLine { row, balance_minor } in &self.lines {
            let figures = [Some(row.minor), Some(*balance_minor)];
            text += &self.cells(row.date, &row.title, &row.category, figures, row.id.as_str());
        }
        text += &sum(last, "Money in", Some(self.in_minor), None);
        text += &sum(last, "Money out", Some(self.out_minor.saturating_neg()), None);
        text + &sum(last, "Closing balance", None, Some(self.closing_minor))
    }

    /// One line of the file: an amount and a balance, where there are any.
    fn cells(
        &self,
        date: Date,
        title: &str,
        category: &str,
        figures: [Option<i64>; 2],
        id: &str,
    ) -> String {
        let plain = |minor: Option<i64>| {
            minor.map(|minor| self.money(minor).to_plain()).unwrap_or_default()
        };
        let [amount, balance] = figures.map(plain);
        line(&[
            day::format_iso(date).into(),
            guarded(title),
            guarded(category),
            amount.into(),
            balance.into(),
            self.currency.code().into(),
            guarded(id),
        ])
    }

    /// An amount of the statement, to be shown.
    pub const fn money(&self, minor: i64) -> Money {
        Money::new(minor, self.currency)
    }
}
