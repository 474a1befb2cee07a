//! The rows and balances of one login on one day: a pure function of its seed, its first day and that day. Moving the
//! clock on adds to it and changes nothing that was.

use domain::{Currency, Date, day};
use serde::{Deserialize, Serialize};
use time::Duration;

use super::{
    bulk,
    cursor::{Cursor, Mark},
    institutions::{BIG, SimAccount},
    lives::{self, Life},
};
use crate::banks::ProviderRow;

/// A row that somebody added by hand, by the switches of development.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExtraRow {
    /// Which account of the login: `checking`.
    pub account: String,
    /// The day at the bank.
    #[serde(with = "day::iso")]
    pub date: Date,
    /// The bank's text.
    pub description: String,
    /// Minor units, in above zero.
    pub minor: i64,
    /// Not booked yet, and never will be.
    #[serde(default)]
    pub pending: bool,
}

/// One change that a reader is told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Added(ProviderRow),
    Modified(ProviderRow),
    Removed(String),
}

/// Everything behind one login.
pub(super) struct Ledger<'a> {
    pub seed: u64,
    pub institution: &'a str,
    pub accounts: &'static [SimAccount],
    /// The first day of its past.
    pub since: Date,
    pub extras: &'a [ExtraRow],
    /// The provider's id of an account, by its key.
    pub account_id: &'a dyn Fn(&str) -> String,
}

/// Some changes of a run.
pub(super) struct Part {
    pub changes: Vec<Change>,
    pub next: Cursor,
    pub has_more: bool,
}

/// The balance of an account, in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Balance {
    pub booked: i64,
    /// Without what pending rows will take.
    pub available: i64,
}

impl Ledger<'_> {
    fn is_bulk(&self) -> bool {
        self.institution == BIG
    }

    /// At most `limit` changes of the run from `from` (the beginning, without one) to `to`.
    pub fn part(&self, from: Option<Mark>, to: Mark, offset: usize, limit: usize) -> Part {
        let mut changes = if self.is_bulk() {
            self.bulk_part(from, to, offset, limit)
        } else {
            let all = self.changes(from, to);
            all.into_iter().skip(offset).take(limit.saturating_add(1)).collect()
        };
        let has_more = changes.len() > limit;
        changes.truncate(limit);
        let read = offset.saturating_add(changes.len());
        let next =
            if has_more { Cursor::Within { from, to, offset: read } } else { Cursor::Whole(to) };
        Part { changes, next, has_more }
    }

    /// Every change of a run, in the order of the days.
    fn changes(&self, from: Option<Mark>, to: Mark) -> Vec<Change> {
        let seen = from.map(|mark| mark.day);
        let first =
            seen.map_or(self.since, |day| (day - Duration::days(lives::LONGEST)).max(self.since));
        let mut changes = Vec::new();
        for life in days(first, to.day).flat_map(|day| lives::on(self.seed, self.accounts, day)) {
            self.tell(&life, seen, to.day, &mut changes);
        }
        changes.extend(self.extras_between(from, to));
        changes
    }

    /// What a reader who knows everything up to `seen` is told of a row on `today`.
    fn tell(&self, life: &Life, seen: Option<Date>, today: Date, changes: &mut Vec<Change>) {
        let is_new = |day: Date| day <= today && seen.is_none_or(|seen| day > seen);
        if let Some((hold, last)) = life.pending() {
            if is_new(life.day) && today <= last {
                changes.push(Change::Added(self.pending_row(life, hold)));
            }
            if seen.is_some_and(|seen| life.day <= seen && seen <= last) && today > last {
                changes.push(Change::Removed(life.pending_id()));
            }
        }
        let Some(booked) = life.booked_on() else { return };
        if is_new(booked) {
            changes.push(Change::Added(self.booked_row(life, booked, today)));
        } else if life.named_on().is_some_and(is_new) {
            changes.push(Change::Modified(self.booked_row(life, booked, today)));
        }
    }

    fn bulk_part(&self, from: Option<Mark>, to: Mark, offset: usize, limit: usize) -> Vec<Change> {
        let first = from.map_or(self.since, |mark| mark.day + Duration::DAY);
        let (mut skip, mut left) = (offset, limit.saturating_add(1));
        let mut changes = Vec::with_capacity(left.min(1_000));
        for day in days(first, to.day) {
            let count = bulk::count_on(self.since, day);
            if skip >= count {
                skip -= count;
                continue;
            }
            for n in (skip..count).take(left) {
                let life = bulk::row(self.seed, day, n);
                changes.push(Change::Added(self.booked_row(&life, day, to.day)));
            }
            left = limit.saturating_add(1) - changes.len();
            skip = 0;
            if left == 0 {
                return changes;
            }
        }
        changes.extend(self.extras_between(from, to).skip(skip).take(left));
        changes
    }

    fn extras_between(&self, from: Option<Mark>, to: Mark) -> impl Iterator<Item = Change> {
        let known = from.map_or(0, |mark| mark.extras);
        let new = self.extras.iter().enumerate().take(to.extras).skip(known);
        new.map(|(n, extra)| Change::Added(self.extra_row(n, extra)))
    }

    /// What an account holds at the end of a day.
    pub fn balance(&self, account: &SimAccount, today: Date) -> Balance {
        let (mut booked, mut held) = (account.base_minor, 0);
        for day in days(self.since, today) {
            if self.is_bulk() {
                let rows = 0..bulk::count_on(self.since, day);
                booked += rows.map(|n| bulk::row(self.seed, day, n).minor).sum::<i64>();
                continue;
            }
            let lives = lives::on(self.seed, self.accounts, day);
            for life in lives.iter().filter(|life| life.account == account.key) {
                if life.booked_on().is_some_and(|on| on <= today) {
                    booked += life.minor;
                } else if let Some((hold, _)) = life.pending().filter(|(_, last)| today <= *last) {
                    held += hold;
                }
            }
        }
        for extra in self.extras.iter().filter(|extra| extra.account == account.key) {
            *(if extra.pending { &mut held } else { &mut booked }) += extra.minor;
        }
        Balance { booked, available: booked + held.min(0) }
    }

    fn currency(&self, account: &str) -> Result<Currency, String> {
        let code =
            self.accounts.iter().find(|known| known.key == account).map_or("USD", |a| a.currency);
        Currency::parse(code).map_err(|_| code.to_owned())
    }

    fn row(&self, life: &Life) -> ProviderRow {
        ProviderRow {
            id: life.id(),
            pending_id: None,
            account: (self.account_id)(life.account),
            date: life.day,
            authorized_date: Some(life.day),
            minor: life.minor,
            currency: self.currency(life.account),
            description: life.text.to_owned(),
            merchant: life.merchant.map(str::to_owned),
            city: None,
            category: life.category,
            provider_category: life.category.map(|key| key.to_uppercase().replace('.', "_")),
            is_transfer: life.transfer,
            pending: false,
        }
    }

    fn pending_row(&self, life: &Life, hold: i64) -> ProviderRow {
        ProviderRow { id: life.pending_id(), minor: hold, pending: true, ..self.row(life) }
    }

    fn booked_row(&self, life: &Life, on: Date, today: Date) -> ProviderRow {
        let named = matches!(life.course, lives::Course::Named { .. });
        let is_anonymous = life.named_on().is_some_and(|day| day > today);
        let row = self.row(life);
        ProviderRow {
            date: on,
            pending_id: named.then(|| life.pending_id()),
            merchant: row.merchant.filter(|_| !is_anonymous),
            ..row
        }
    }

    fn extra_row(&self, n: usize, extra: &ExtraRow) -> ProviderRow {
        ProviderRow {
            id: format!("extra{n}"),
            pending_id: None,
            account: (self.account_id)(&extra.account),
            date: extra.date,
            authorized_date: None,
            minor: extra.minor,
            currency: self.currency(&extra.account),
            description: extra.description.clone(),
            merchant: None,
            city: None,
            category: None,
            provider_category: None,
            is_transfer: false,
            pending: extra.pending,
        }
    }
}

fn days(first: Date, last: Date) -> impl Iterator<Item = Date> {
    let next = |day: &Date| day.next_day();
    std::iter::successors(Some(first), next).take_while(move |day| *day <= last)
}
