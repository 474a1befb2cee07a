//! One row of a provider against the ledger.

use super::{Kept, Reported, State, days_between};
use crate::{Date, TransactionId};

/// A posted row is the pending one of equal amount at most so many days before it.
const SAME_DAYS: i32 = 8;
/// A posted row with another amount may be the pending one at most so many days before it.
const SIMILAR_DAYS: i32 = 5;
/// The most a tip adds: a posted amount in hundredths of the pending one.
const TIP_MOST: i128 = 130;

/// Which of the rules found the pending row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// 1: the posted row names it.
    Named,
    /// 2: the only one of equal amount.
    OnlyOne,
    /// 3: of several the one of the same shop, or the nearest in time.
    Preferred,
}

/// What becomes of a posted row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It is this row: id, notes, tags and parts stay; amount, dates and provider id are the bank's.
    Update(TransactionId, Step),
    /// A new row; it may be the final amount of this pending one (a tip, a hold for fuel).
    InsertAndSuggest(TransactionId),
    /// A new row; it may be any of these, which nothing tells apart.
    InsertPossibleDuplicate(Vec<TransactionId>),
    /// A new row.
    Insert,
}

/// What becomes of a row that a provider says is new or different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Receipt {
    /// This row has its id: take over what the bank says of it now.
    Same(TransactionId),
    /// Old news: it is gone, or has been booked since.
    Stale,
    /// Not seen before.
    New(Decision),
}

/// What becomes of a row that a provider says is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Removal {
    /// It was pending: it fails, for the reason [`super::RELEASED`].
    Release(TransactionId),
    /// It was booked: it is deleted, in such a way that it can be brought back.
    Delete(TransactionId),
    /// It is not here, is gone already, or has become another row.
    Nothing,
}

/// Finds the place of a reported row. `kept` must hold the account's rows with its id or its pending id in either of
/// their ids, and the pending ones of the eight days before it.
pub fn receive(row: &Reported<'_>, kept: &[Kept]) -> Receipt {
    let mut here = kept.iter().filter(|kept| is_beside(row, kept));
    if let Some(same) = here.clone().find(|kept| kept.provider_id == row.id) {
        let is_stale = match same.state {
            State::Pending => false,
            State::Completed => row.is_pending,
            State::Released | State::Deleted => true,
        };
        return if is_stale { Receipt::Stale } else { Receipt::Same(same.id.clone()) };
    }
    if here.any(|kept| kept.pending_id.as_deref() == Some(row.id)) {
        return Receipt::Stale;
    }
    Receipt::New(if row.is_pending { Decision::Insert } else { decide(row, kept) })
}

/// Finds the pending row that a posted one was, by the first of four steps that finds any.
pub fn decide(row: &Reported<'_>, kept: &[Kept]) -> Decision {
    let here = || kept.iter().filter(|kept| is_beside(row, kept));
    let is_named = |kept: &&Kept| row.pending_id == Some(kept.provider_id.as_str());
    // The bank may say that a pending row is gone before it says what became of it.
    let is_open = |kept: &&Kept| matches!(kept.state, State::Pending | State::Released);
    if let Some(named) = here().find(|kept| is_named(kept) && is_open(kept)) {
        return Decision::Update(named.id.clone(), Step::Named);
    }
    let is_equal = |kept: &&Kept| kept.minor == row.minor && is_before(row, kept, SAME_DAYS);
    let equal: Vec<&Kept> = here().filter(is_equal).collect();
    match equal.as_slice() {
        [] => similar(row, here()),
        [one] => Decision::Update(one.id.clone(), Step::OnlyOne),
        several => preferred(row, several),
    }
}

/// What becomes of the row with this id of the provider's.
pub fn remove(provider_id: &str, kept: &[Kept]) -> Removal {
    let Some(row) = kept.iter().find(|kept| kept.provider_id == provider_id) else {
        return Removal::Nothing;
    };
    match row.state {
        State::Pending => Removal::Release(row.id.clone()),
        State::Completed => Removal::Delete(row.id.clone()),
        State::Released | State::Deleted => Removal::Nothing,
    }
}

/// The date that a row shows: the day it happened, else the one its pending row showed, else the day of booking.
pub fn shown_date(authorized: Option<Date>, pending: Option<Date>, posted: Date) -> Date {
    authorized.or(pending).unwrap_or(posted)
}

/// Step 3: the same shop before others, then the nearest date.
fn preferred(row: &Reported<'_>, several: &[&Kept]) -> Decision {
    let of_shop: Vec<&Kept> =
        several.iter().copied().filter(|kept| is_same_shop(row, kept)).collect();
    let pool = if of_shop.is_empty() { several } else { &of_shop };
    let nearest = pool.iter().map(|kept| days_between(kept.date, row.date)).min();
    let tied = pool.iter().filter(|kept| Some(days_between(kept.date, row.date)) == nearest);
    let mut ids: Vec<TransactionId> = tied.map(|kept| kept.id.clone()).collect();
    ids.sort();
    match ids.as_slice() {
        [one] => Decision::Update(one.clone(), Step::Preferred),
        _ => Decision::InsertPossibleDuplicate(ids),
    }
}

/// Step 4: the same shop a few days before, with an amount that can have grown to this one.
fn similar<'k>(row: &Reported<'_>, here: impl Iterator<Item = &'k Kept>) -> Decision {
    let can_be = |kept: &&Kept| {
        is_before(row, kept, SIMILAR_DAYS) && is_same_shop(row, kept) && can_become(kept, row)
    };
    here.filter(can_be)
        .min_by(|one, other| distance(one, row).cmp(&distance(other, row)))
        .map_or(Decision::Insert, |kept| Decision::InsertAndSuggest(kept.id.clone()))
}

/// How far apart two rows are: in days, then in amount, then by id so that there are no ties.
fn distance<'k>(kept: &'k Kept, row: &Reported<'_>) -> (i32, u64, &'k TransactionId) {
    (days_between(kept.date, row.date), kept.minor.abs_diff(row.minor), &kept.id)
}

/// True when a pending amount can end as the posted one: with a tip of up to 30 %, or any amount at a pump.
fn can_become(pending: &Kept, posted: &Reported<'_>) -> bool {
    if pending.minor.signum() != posted.minor.signum() {
        return false;
    }
    let before = i128::from(pending.minor.unsigned_abs());
    let after = i128::from(posted.minor.unsigned_abs());
    let has_tip = before <= after && after.saturating_mul(100) <= before.saturating_mul(TIP_MOST);
    has_tip || pending.is_fuel || posted.is_fuel
}

fn is_beside(row: &Reported<'_>, kept: &Kept) -> bool {
    kept.account == *row.account && kept.currency == row.currency
}

/// True for a pending row dated 0 to `days` days before.
fn is_before(row: &Reported<'_>, kept: &Kept, days: i32) -> bool {
    kept.state == State::Pending && (0..=days).contains(&days_between(kept.date, row.date))
}

fn is_same_shop(row: &Reported<'_>, kept: &Kept) -> bool {
    !row.merchant_key.is_empty() && row.merchant_key == kept.merchant_key
}
