//! Taking a batch back: each row that it changed is again what it was, unless somebody changed it since.

use domain::{BatchId, category};

use super::{
    BATCH, BatchView,
    fields::Fields,
    kept,
    rows::{self, Changed, Row},
};
use crate::{
    Backend, Error, Result, SignedIn, Timestamp, categories, db::UserTx, execute, look,
    transactions::split,
};

/// Undoes one of the caller's batches, within 30 days. Undone again, nothing happens any more.
///
/// # Errors
/// [`Error::NotFound`] also for a batch of somebody else; [`Error::Expired`] when its time is over.
#[tracing::instrument(name = "transactions.undo", skip_all, fields(user.id = %caller.user()))]
pub async fn undo(backend: &Backend, caller: &SignedIn, id: &BatchId) -> Result<BatchView> {
    let now = Timestamp::from(backend.clock.now());
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    rows::hold(&mut tx).await?;
    if !claim(&mut tx, backend, id).await? {
        let batch = kept::one(&mut tx, id).await?;
        return if batch.undone_at.is_some() { Ok(batch) } else { Err(Error::Expired(BATCH)) };
    }
    let restored = restore(&mut tx, backend, id, now).await?;
    execute!(
        tx,
        r#"delete from "transaction_batch_row" where "userId" = $1 and "batchId" = $2"#,
        caller.user(),
        id,
    )?;
    execute!(
        tx,
        r#"update "transaction_batch" set "restored" = $3 where "userId" = $1 and "id" = $2"#,
        caller.user(),
        id,
        restored,
    )?;
    let batch = kept::one(&mut tx, id).await?;
    look::later(&mut tx, backend, caller.user()).await?;
    tx.commit().await?;
    Ok(batch)
}

/// True when the batch could still be undone, and it is this request that does it.
async fn claim(tx: &mut UserTx, backend: &Backend, id: &BatchId) -> Result<bool> {
    let (user, now) = (tx.user().clone(), backend.clock.now());
    let claimed = execute!(
        tx,
        r#"
        update "transaction_batch" set "undoneAt" = $3
        where "userId" = $1 and "id" = $2 and "undoneAt" is null and "createdAt" >= $4
        "#,
        user,
        id,
        Timestamp::from(now),
        Timestamp::from(now - kept::UNDO),
    )?;
    Ok(claimed == 1)
}

/// Writes what the rows were; answers how many are so again.
async fn restore(tx: &mut UserTx, backend: &Backend, id: &BatchId, now: Timestamp) -> Result<i64> {
    let own = categories::own_keys(tx).await?;
    let is_there = |key: &String| category::find(key).is_some() || own.contains(key);
    let (mut restored, mut after) = (0, String::new());
    loop {
        let mut found = rows::changed(tx, id, &after).await?;
        let Some(last) = found.last() else { break };
        after = last.row.id.to_string();
        for changed in found.iter_mut().filter(|changed| changed.after.parts.is_some()) {
            changed.row.parts = split::parts(tx, &changed.row.id).await?;
        }
        let back: Vec<(Row, Fields)> = found
            .into_iter()
            .filter(|changed| changed.before.category.as_ref().is_none_or(is_there))
            .filter(|changed| is_untouched(changed) && do_parts_fit(changed, is_there))
            .map(|changed| (changed.row, changed.before.0))
            .collect();
        restored += back.len();
        for (row, fields) in &back {
            if let Some(parts) = &fields.parts {
                split::put(tx, backend, &row.id, parts).await?;
            }
        }
        if !back.is_empty() {
            rows::write(tx, &back, now).await?;
        }
    }
    Ok(i64::try_from(restored).unwrap_or(i64::MAX))
}

/// True while the row is what the batch made of it. One that has been paired since is a transfer by that.
fn is_untouched(changed: &Changed) -> bool {
    let (row, after) = (&changed.row, &changed.after);
    let is_paired = after.r#type.is_some() && row.transfer_id.is_some();
    let is_gone = row.deleted && after.deleted.is_none();
    after.hold(row) && !is_paired && !is_gone
}

/// True when the parts that a row had can be its parts again: the bank may have changed the amount since.
fn do_parts_fit(changed: &Changed, is_there: impl Fn(&String) -> bool) -> bool {
    let Some(parts) = changed.before.parts.as_ref().filter(|parts| !parts.is_empty()) else {
        return true;
    };
    let sum = parts.iter().try_fold(0_i64, |sum, part| sum.checked_add(part.minor));
    sum == Some(changed.row.amount_minor)
        && changed.row.transfer_id.is_none()
        && parts.iter().all(|part| is_there(&part.category))
}
