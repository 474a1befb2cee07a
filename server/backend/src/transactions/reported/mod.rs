//! Rows that a provider reports, taken into one account: new ones added, changed ones changed in place, pending ones made
//! the booked ones they became, those a person typed claimed, those that are gone put away. What a person or a rule set
//! stays.

mod load;
mod parts;
mod ruled;
mod slots;
mod steps;
mod write;

use domain::{AccountId, TransactionId};

use crate::{Backend, Result, banks::ProviderRow, db::UserTx, rules, transactions::duplicates};

/// What one reading says about one account.
pub(crate) struct Reading<'r> {
    pub account: &'r AccountId,
    /// The provider's word, in the column of sources.
    pub source: &'static str,
    /// Each row once, in the order in which [`domain::ledger::matching::gather`] puts them.
    pub rows: &'r [&'r ProviderRow],
    /// The provider's ids of rows that are gone, here or in another account.
    pub removed: &'r [String],
}

/// What became of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Taken {
    pub added: u64,
    pub changed: u64,
    /// Pending rows that the bank let go.
    pub released: u64,
    /// Booked rows that the bank took back.
    pub deleted: Vec<TransactionId>,
}

impl Taken {
    /// Whether anything is different now.
    pub fn is_news(&self) -> bool {
        self.added > 0 || self.changed > 0 || self.released > 0 || !self.deleted.is_empty()
    }

    /// Both together.
    pub fn and(mut self, other: Self) -> Self {
        self.added += other.added;
        self.changed += other.changed;
        self.released += other.released;
        self.deleted.extend(other.deleted);
        self
    }
}

/// Takes a reading into its account. Whoever calls holds the account: two readings never meet.
pub(crate) async fn take(
    tx: &mut UserTx,
    backend: &Backend,
    reading: &Reading<'_>,
) -> Result<Taken> {
    let now = backend.clock.now().into();
    let loaded = load::of(tx, reading).await?;
    let ids = slots::ids(backend, reading.rows);
    let keys = slots::keys(reading.rows);
    let rules = rules::compiled(tx).await?;
    let mut outcome = slots::Slots::new(reading, &keys, &rules, loaded, ids).run();

    let mut taken = Taken {
        added: super::insert(tx, reading.account, None, &outcome.inserts, now).await?,
        ..Taken::default()
    };
    for change in outcome.changes.iter().filter(|change| change.parts_follow) {
        parts::follow(tx, &change.id, change.amount_minor).await?;
    }
    parts::reword(tx, &mut outcome.changes).await?;
    taken.changed = write::update(tx, reading, &outcome.changes, now).await?;
    ruled::write(tx, reading, &outcome.changes).await?;
    taken.released = write::release(tx, reading.account, &outcome.released, now).await?;
    write::delete(tx, reading.account, &outcome.deleted, now).await?;
    let gone: Vec<&TransactionId> = outcome.released.iter().chain(&outcome.deleted).collect();
    duplicates::forget(tx, &gone).await?;
    for doubt in &outcome.doubts {
        duplicates::suspect(tx, backend, &doubt.kept, &doubt.other, doubt.kind).await?;
    }
    taken.deleted = outcome.deleted;
    Ok(taken)
}

/// Forgets which rows of an account are which at a provider, so that a new login there claims them by date and amount.
pub(crate) async fn unbind(tx: &mut UserTx, account: &AccountId, source: &str) -> Result<()> {
    write::unbind(tx, account, source).await
}
