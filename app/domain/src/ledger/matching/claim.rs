//! Rows that a person typed or imported, and that a provider reports later: one of each makes one row.

use std::collections::{BTreeMap, BTreeSet};

use super::{Reported, days_between, shown_date};
use crate::{AccountId, Currency, Date, TransactionId};

/// A provider's row claims one of a person's at most so many days away.
const CLAIM_DAYS: u32 = 3;

/// A row that a person typed, or that came from a file without the bank's id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnRow {
    /// Our id.
    pub id: TransactionId,
    /// Our account.
    pub account: AccountId,
    /// The currency of the amount.
    pub currency: Currency,
    /// Minor units, in above zero.
    pub minor: i64,
    /// The date it shows.
    pub date: Date,
}

/// For each provider row that would be inserted, the person's row that it is, if any: the same account, currency and
/// amount at most three days apart, the nearest first, each row once. The order of either list makes no difference.
pub fn claims(rows: &[Reported<'_>], own: &[OwnRow]) -> BTreeMap<String, TransactionId> {
    let mut of_amount: BTreeMap<(&AccountId, Currency, i64), Vec<&OwnRow>> = BTreeMap::new();
    for row in own {
        of_amount.entry((&row.account, row.currency, row.minor)).or_default().push(row);
    }
    let mut pairs = Vec::new();
    for row in rows {
        let date = shown_date(row.authorized, None, row.date);
        let same = of_amount.get(&(row.account, row.currency, row.minor));
        for own in same.into_iter().flatten() {
            let apart = days_between(date, own.date).unsigned_abs();
            if apart <= CLAIM_DAYS {
                pairs.push((apart, date, row.id, own.date, &own.id));
            }
        }
    }
    pairs.sort_unstable();
    let mut taken = BTreeSet::new();
    let mut claims = BTreeMap::new();
    for (_, _, row, _, own) in pairs {
        if !claims.contains_key(row) && taken.insert(own) {
            claims.insert(row.to_owned(), own.clone());
        }
    }
    claims
}
