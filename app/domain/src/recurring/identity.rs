//! Which series of before a series is: by the rows they share, so that a new price, another name of the merchant or rows
//! out of reach leave it what it was.

use std::collections::{BTreeMap, BTreeSet};

use super::{Cadence, Series};
use crate::{AccountId, Currency, TransactionId};

/// A series that was found before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its key.
    pub key: String,
    /// The account of its rows.
    pub account: AccountId,
    /// The key of their merchant.
    pub merchant: String,
    /// Their currency.
    pub currency: Currency,
    /// How often they came.
    pub cadence: Cadence,
    /// Minor units; the sign says which way.
    pub minor: i64,
    /// The ids of its rows.
    pub members: Vec<TransactionId>,
}

impl Known {
    /// Whether a series is of the same kind of rows, though it may share none of them.
    fn is_like(&self, series: &Series) -> bool {
        self.account == series.account
            && self.merchant == series.merchant
            && self.currency == series.currency
            && self.cadence == series.cadence
            && (self.minor > 0) == (series.minor > 0)
    }
}

impl From<&Series> for Known {
    fn from(series: &Series) -> Self {
        Self {
            key: series.key.clone(),
            account: series.account.clone(),
            merchant: series.merchant.clone(),
            currency: series.currency,
            cadence: series.cadence,
            minor: series.minor,
            members: series.members.clone(),
        }
    }
}

/// Gives each series its key: that of the known one with most of its rows; else that of the only one like it, when its
/// rows came anew under other ids; else a new one.
pub(super) fn recognise(found: &mut [Series], known: &[Known]) {
    let mut free: BTreeMap<&str, &Known> =
        known.iter().map(|known| (known.key.as_str(), known)).collect();
    for (_, at, key) in shared(found, known) {
        let Some(series) = found.get_mut(at).filter(|series| series.key.is_empty()) else {
            continue;
        };
        if free.remove(key).is_some() {
            key.clone_into(&mut series.key);
        }
    }
    for (at, key) in alike(found, &free) {
        if let Some(series) = found.get_mut(at) {
            series.key = key;
        }
    }
    name(found, known);
}

/// Each pair with rows in common: how many (negative, the most first), which series, which key.
fn shared<'k>(found: &[Series], known: &'k [Known]) -> Vec<(i64, usize, &'k str)> {
    let mut owners: BTreeMap<&TransactionId, Vec<&'k str>> = BTreeMap::new();
    for known in known {
        for member in &known.members {
            owners.entry(member).or_default().push(&known.key);
        }
    }
    let mut pairs: BTreeMap<(usize, &str), i64> = BTreeMap::new();
    for (at, series) in found.iter().enumerate() {
        for key in series.members.iter().filter_map(|member| owners.get(member)).flatten() {
            let count = pairs.entry((at, key)).or_default();
            *count = count.saturating_sub(1);
        }
    }
    let mut pairs: Vec<_> = pairs.into_iter().map(|((at, key), count)| (count, at, key)).collect();
    pairs.sort_unstable();
    pairs
}

/// Series without a key and known ones that nobody took, where each is the only one like the other.
fn alike(found: &[Series], free: &BTreeMap<&str, &Known>) -> Vec<(usize, String)> {
    let open = || found.iter().enumerate().filter(|(_, series)| series.key.is_empty());
    open()
        .filter_map(|(at, series)| {
            let mut known = free.values().filter(|known| known.is_like(series));
            let only = known.next().filter(|_| known.next().is_none())?;
            let mut rivals = open().filter(|(_, rival)| only.is_like(rival));
            let alone = rivals.next().is_some() && rivals.next().is_none();
            alone.then(|| (at, only.key.clone()))
        })
        .collect()
}

/// The rest get the id of a row of theirs that is no key yet, the oldest first.
fn name(found: &mut [Series], known: &[Known]) {
    let mut taken: BTreeSet<String> = known.iter().map(|known| known.key.clone()).collect();
    for series in found.iter_mut().filter(|series| series.key.is_empty()) {
        let ids = series.members.iter().map(TransactionId::as_str);
        let key = ids.clone().find(|id| !taken.contains(*id)).map(str::to_owned);
        series.key = key.unwrap_or_else(|| ids.collect::<Vec<_>>().join("+"));
        taken.insert(series.key.clone());
    }
}
