//! A reading taken in: its rows, the balances and the cursor in one transaction.

use std::collections::HashMap;

use domain::{activity::Action, states::connection::Event};
use time::Duration;

use super::{Batch, Reader};
use crate::{
    Backend, Error, Result,
    accounts::banked::{self, Banked},
    audit,
    banks::{ProviderAccount, ProviderRow},
    connections::{
        candidates::may_be,
        rows::{self, Row},
        state::{self, Means},
    },
    db::UserTx,
    look,
    transactions::reported::{self, Reading, Taken},
};

/// From one sync of a healthy connection to the next, and how far apart those that were made together drift.
const EVERY: Duration = Duration::hours(6);
const DRIFT_SECONDS: u64 = 1_800;
/// Ids that the trail names; more are only counted.
const NAMED: usize = 20;

/// Takes a reading in. When somebody else moved the cursor meanwhile, it is dropped.
pub(super) async fn batch(backend: &Backend, reader: &Reader, batch: &Batch) -> Result<()> {
    let now = backend.clock.now();
    let mut tx = backend.db.as_user(&reader.user).write().await?;
    let mut row = match rows::hold(&mut tx, &reader.row.id).await {
        Err(Error::NotFound(_)) => return Ok(()),
        row => row?,
    };
    let from = reader.row.cursor.as_deref();
    if !row.state.may_call() || !rows::move_cursor(&mut tx, &row.id, from, &batch.cursor).await? {
        tx.rollback().await?;
        return overtaken(backend, reader).await;
    }
    let taken = take(&mut tx, backend, &row, batch).await?;
    if !taken.deleted.is_empty() {
        record(&mut tx, backend, &row, &taken).await?;
    }
    if taken.is_news() {
        look::later(&mut tx, backend, &reader.user).await?;
    }
    let moved = has_moved(&mut tx, &row, batch).await?;
    row.new_accounts |= moved;
    row.cursor = Some(batch.cursor.clone());
    row.history_complete |= batch.history_complete;
    row.last_sync_at = Some(now.into());
    finish(&mut tx, backend, &mut row).await?;
    rows::save(&mut tx, &row, now.into()).await?;
    tx.commit().await?;
    tracing::info!(
        added = taken.added,
        changed = taken.changed,
        released = taken.released,
        deleted = taken.deleted.len(),
        "a bank was read"
    );
    Ok(())
}

/// Somebody else has read this, or begins anew: what came meanwhile is not forgotten.
async fn overtaken(backend: &Backend, reader: &Reader) -> Result<()> {
    tracing::info!("another reading was faster");
    let mut tx = backend.db.as_user(&reader.user).write().await?;
    let mut row = rows::hold(&mut tx, &reader.row.id).await?;
    if std::mem::take(&mut row.sync_again) && row.state.may_sync() {
        state::enqueue(&mut tx, backend, &row, None, 0).await?;
        rows::save(&mut tx, &row, backend.clock.now().into()).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// The end of a sync: when the next one is, and whether it is now.
async fn finish(tx: &mut UserTx, backend: &Backend, row: &mut Row) -> Result<()> {
    let drift = i64::try_from(backend.random.below(DRIFT_SECONDS)).unwrap_or(0);
    state::step(tx, backend, row, Event::SyncFinished, &Means::default()).await?;
    if row.state.may_sync() {
        row.next_sync_at = Some((backend.clock.now() + EVERY + Duration::seconds(drift)).into());
    }
    if std::mem::take(&mut row.sync_again) && row.state.may_sync() {
        state::enqueue(tx, backend, row, None, 0).await?;
    }
    Ok(())
}

async fn take(tx: &mut UserTx, backend: &Backend, row: &Row, batch: &Batch) -> Result<Taken> {
    let now = backend.clock.now().into();
    let source = row.provider()?.as_str();
    let mut by_account: HashMap<&str, Vec<&ProviderRow>> = HashMap::new();
    for reported in &batch.changes.rows {
        by_account.entry(&reported.account).or_default().push(reported);
    }
    let mut taken = Taken::default();
    for account in banked::of(tx, &row.id).await? {
        let at_bank = find(&batch.accounts, &account);
        let known = account.provider_id.as_deref();
        if let Some(renamed) = at_bank.filter(|at_bank| known != Some(&*at_bank.id)) {
            banked::rename(tx, &account.id, &renamed.id).await?;
        }
        let rows = at_bank.map(|at_bank| &*at_bank.id).or(known);
        let rows = rows.and_then(|id| by_account.remove(id)).unwrap_or_default();
        banked::hold(tx, &account.id, now).await?;
        let reading =
            Reading { account: &account.id, source, rows: &rows, removed: &batch.changes.removed };
        taken = taken.and(reported::take(tx, backend, &reading).await?);
        if let Some(at_bank) = at_bank {
            banked::set_balance(tx, &account, at_bank, !row.history_complete, now).await?;
        }
    }
    Ok(taken)
}

/// Whether the bank may call an account of this connection by an id that we don't know: its owner is asked.
async fn has_moved(tx: &mut UserTx, row: &Row, batch: &Batch) -> Result<bool> {
    let mut own = banked::known(tx).await?;
    own.retain(|known| known.connection_id.as_ref() == Some(&row.id));
    let may = |at_bank: &ProviderAccount| !may_be(&own, row, &batch.accounts, at_bank).is_empty();
    Ok(batch.accounts.iter().any(may))
}

/// An account at the bank by the id we know, else by the one that stays.
fn find<'a>(accounts: &'a [ProviderAccount], account: &Banked) -> Option<&'a ProviderAccount> {
    let by_id = accounts.iter().find(|known| account.provider_id.as_deref() == Some(&*known.id));
    by_id.or_else(|| {
        let lasting = account.persistent_id.as_deref()?;
        accounts.iter().find(|known| known.persistent_id.as_deref() == Some(lasting))
    })
}

async fn record(tx: &mut UserTx, backend: &Backend, row: &Row, taken: &Taken) -> Result<()> {
    let user = tx.user().clone();
    let ids: Vec<&str> =
        taken.deleted.iter().take(NAMED).map(domain::TransactionId::as_str).collect();
    let event = audit::Event::new(Action::BankRowsRemoved, Some(&user))
        .subject("connection", &row.id)
        .note("rows", taken.deleted.len())
        .note("ids", ids);
    audit::record(tx, backend, event).await
}
