//! Transactions: what a page may know of one, and the sums beside a list.

use serde::{Deserialize, Serialize};

use crate::{AccountId, Code, Currency, Date, Money, TransactionId, day};

words! {
    /// Which way the money went; a transfer is between two accounts of one person.
    pub enum TransactionType (Code::TransactionTypeUnknown) {
        Debit = "debit", "Money out";
        Credit = "credit", "Money in";
        Transfer = "transfer", "Transfer";
    }
}

impl TransactionType {
    /// The type of a row that isn't a transfer, by its sign.
    pub const fn of(minor: i64) -> Self {
        if minor > 0 { Self::Credit } else { Self::Debit }
    }
}

words! {
    /// How far the bank is with it. Failed rows count nowhere.
    pub enum TransactionStatus (Code::TransactionStatusUnknown) {
        Pending = "pending", "Pending";
        Completed = "completed", "Completed";
        Failed = "failed", "Failed";
    }
}

/// A transaction as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TransactionView {
    /// Its id.
    pub id: TransactionId,
    /// The account it belongs to.
    pub account_id: AccountId,
    /// What that account is called.
    pub account_name: String,
    /// The last digits of that account's number, when they may be shown.
    pub account_mask: Option<String>,
    /// The date at the bank.
    #[serde(with = "day::iso")]
    pub date: Date,
    /// The bank's text.
    pub description: String,
    /// The name of the shop, when known.
    pub merchant: Option<String>,
    /// The key of its category.
    pub category: String,
    /// Which way the money went.
    pub r#type: TransactionType,
    /// How far the bank is with it.
    pub status: TransactionStatus,
    /// Minor units without a sign, whatever the currency.
    pub amount_cents: i64,
    /// Minor units, in above zero.
    pub signed_amount_cents: i64,
    /// ISO 4217.
    pub currency: String,
    /// What the person wrote on it.
    pub note: Option<String>,
    /// Its tags.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Its category stands in its parts.
    #[serde(default)]
    pub split: bool,
    /// Left out of budgets, sums and charts.
    #[serde(default)]
    pub excluded: bool,
    /// The test bank made it up. It stays so when the bank is disconnected.
    #[serde(default)]
    pub invented: bool,
}

impl TransactionView {
    /// The amount with its sign; nothing when the currency is unknown to this version.
    pub fn amount(&self) -> Option<Money> {
        Some(Money::new(self.signed_amount_cents, Currency::parse(&self.currency).ok()?))
    }

    /// The shop's name, else the bank's text.
    pub fn title(&self) -> &str {
        self.merchant.as_deref().unwrap_or(&self.description)
    }
}

/// What came in and went out in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CurrencySum {
    /// ISO 4217.
    pub currency: String,
    /// Minor units in, zero or above.
    pub in_minor: i64,
    /// Minor units out, zero or below.
    pub out_minor: i64,
}

impl CurrencySum {
    /// `−$3,412.08 out · +$5,200.00 in`; nothing for a currency that isn't one.
    pub fn line(&self) -> Option<String> {
        self.line_with(Money::format_signed)
    }

    /// The same, where an amount is said another way.
    pub fn line_with(&self, say: impl Fn(Money) -> String) -> Option<String> {
        let currency = Currency::parse(&self.currency).ok()?;
        let [out, income] =
            [self.out_minor, self.in_minor].map(|minor| say(Money::new(minor, currency)));
        Some(format!("{out} out · {income} in"))
    }
}

/// One part of a list, and what is true of the whole list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TransactionPage {
    /// The rows, newest first.
    pub items: Vec<TransactionView>,
    /// The number of the page, from 1; 1 also for a cursor's page.
    pub page: i64,
    /// How many rows were asked for.
    pub limit: i64,
    /// How many rows the whole list has.
    pub total: i64,
    /// How many pages they fill.
    pub total_pages: i64,
    /// For older rows, when there are any.
    pub next_cursor: Option<String>,
    /// For newer rows, when there are any.
    pub prev_cursor: Option<String>,
    /// What came in and went out in the whole list, one entry a currency. Transfers between own accounts are left out.
    pub sums: Vec<CurrencySum>,
    /// How many rows the sums leave out because they are a side of such a transfer.
    #[serde(default)]
    pub transfers: i64,
    /// There are rows before this day that the list leaves out: the plan reaches no further back.
    #[serde(default, with = "day::iso::option", skip_serializing_if = "Option::is_none")]
    pub hidden_before: Option<Date>,
}

/// The sum of one category in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CategoryTotal {
    /// The key of the category.
    pub category: String,
    /// ISO 4217.
    pub currency: String,
    /// Minor units, in above zero.
    pub minor: i64,
    /// How many rows.
    pub count: i64,
}

/// The sum, or the balance, of one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayTotal {
    /// The day.
    #[serde(with = "day::iso")]
    pub date: Date,
    /// Minor units.
    pub minor: i64,
}

#[cfg(test)]
#[path = "transaction_tests.rs"]
mod tests;
