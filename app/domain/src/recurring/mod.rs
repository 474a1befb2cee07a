//! What repeats: rows of one merchant that come in a rhythm, found again from the rows whenever they change.
//! Whole numbers only, and the same answer for the same rows in any order.

mod cadence;
mod chain;
mod detect;
mod identity;
mod status;
mod view;

pub use cadence::Cadence;
pub use detect::{REACH, detect};
pub use identity::Known;
pub use status::status_on;
pub use view::{SeriesView, monthly_minor};

use serde::{Deserialize, Serialize};

use crate::{
    AccountId, Code, Currency, Date, TransactionId, day,
    states::series::{SeriesDecision, SeriesStatus},
};

words! {
    /// Whether the amount of a series is known in advance.
    pub enum Kind (Code::OptionUnknown) {
        /// The same each time, until it changes and stays changed.
        Fixed = "fixed", "Fixed";
        /// Another one each time.
        Variable = "variable", "Varies";
    }
}

/// A row that counts: completed, and no transfer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its id.
    pub id: TransactionId,
    /// The account it belongs to.
    pub account: AccountId,
    /// The date people see.
    pub date: Date,
    /// Minor units, in above zero.
    pub minor: i64,
    /// Of the amount.
    pub currency: Currency,
    /// The key of its merchant ([`crate::merchant::key`]).
    pub merchant: String,
}

/// An amount that changed and stayed changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PriceChange {
    /// The date of the first row with the new amount.
    #[serde(with = "day::iso")]
    pub on: Date,
    /// Minor units without regard to direction: above zero is more than before.
    pub by_minor: i64,
}

/// Rows that repeat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// The same for the same series, whenever it is looked for; no other series of this person has it.
    pub key: String,
    /// The account of its rows.
    pub account: AccountId,
    /// The key of their merchant.
    pub merchant: String,
    /// Their currency.
    pub currency: Currency,
    /// How often they come.
    pub cadence: Cadence,
    /// Whether the amount is known in advance.
    pub kind: Kind,
    /// How far it is on the day it was looked for.
    pub status: SeriesStatus,
    /// What the next row should be, in minor units, in above zero.
    pub minor: i64,
    /// The date of the first row in reach.
    pub first: Date,
    /// The date of the last row.
    pub last: Date,
    /// When the row after the last one should come; in the past when it did not.
    pub next: Date,
    /// The day of the month they come on; of the week from 1 (Monday) for weeks.
    pub anchor: u8,
    /// The changes of a fixed amount, the oldest first.
    pub changes: Vec<PriceChange>,
    /// The ids of its rows, the oldest first.
    pub members: Vec<TransactionId>,
}

#[cfg(test)]
mod tests;
