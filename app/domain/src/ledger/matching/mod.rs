//! Rows of a provider against the ledger: which are the same, which pending row a posted one was, what is gone, and which
//! rows that a person typed or imported they claim. The order in which pages arrive makes no difference.

mod claim;
mod decide;
mod gather;

#[cfg(test)]
mod model;
#[cfg(test)]
mod tests;

pub use claim::{OwnRow, claims};
pub use decide::{Decision, Receipt, Removal, Step, decide, receive, remove, shown_date};
pub use gather::{Gathered, Page, Sent, gather};

use crate::{AccountId, Currency, Date, TransactionId};

/// Why a pending row that the bank took back is `failed`.
pub const RELEASED: &str = "released";

/// A row as a provider reports it.
#[derive(Clone, Copy, Debug)]
pub struct Reported<'r> {
    /// The provider's id; case matters.
    pub id: &'r str,
    /// The provider's id of the pending row that this one was, where it says so.
    pub pending_id: Option<&'r str>,
    /// Our account.
    pub account: &'r AccountId,
    /// The currency of the amount.
    pub currency: Currency,
    /// The day of booking at the bank.
    pub date: Date,
    /// The day it happened, where known.
    pub authorized: Option<Date>,
    /// Minor units, in above zero.
    pub minor: i64,
    /// The key of the shop ([`crate::merchant::key`]); empty when there is none.
    pub merchant_key: &'r str,
    /// Bought at a petrol pump: its hold says nothing about its amount.
    pub is_fuel: bool,
    /// Not booked yet.
    pub is_pending: bool,
}

/// Where a row of the ledger stands, as far as matching looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Not booked yet.
    Pending,
    /// Was pending and was taken back by the bank: `failed`.
    Released,
    /// Booked.
    Completed,
    /// Deleted.
    Deleted,
}

/// A row of the ledger that came from a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Our id.
    pub id: TransactionId,
    /// Our account.
    pub account: AccountId,
    /// The currency of the amount.
    pub currency: Currency,
    /// The provider's id.
    pub provider_id: String,
    /// The provider's id of the pending row that it was, or that the provider named.
    pub pending_id: Option<String>,
    /// The date it shows.
    pub date: Date,
    /// Minor units, in above zero.
    pub minor: i64,
    /// The key of the shop; empty when there is none.
    pub merchant_key: String,
    /// Bought at a petrol pump.
    pub is_fuel: bool,
    /// Where it stands.
    pub state: State,
}

/// Days from one date to another, below zero when the second is the earlier one.
pub(super) fn days_between(from: Date, to: Date) -> i32 {
    to.to_julian_day().saturating_sub(from.to_julian_day())
}
