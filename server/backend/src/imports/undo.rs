//! Taking an import back: its rows go, and are forgotten, so that the same file can be taken in again.

use domain::{
    ImportId,
    activity::Action,
    states::import::{Event, ImportState},
};
use serde::{Deserialize, Serialize};

use super::{IMPORT, history};
use crate::{
    Backend, Error, Result, SignedIn, Timestamp, accounts, audit, db::UserTx, execute, fetch_one,
    look, transactions::transfers,
};

/// What was taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undone {
    /// Rows that were removed.
    pub removed: u64,
}

#[derive(sqlx::FromRow)]
struct Count {
    rows: i64,
}

/// How many rows of one of the caller's imports were changed after they were added: worth a question before
/// [`undo`]. Transfers that we find change nothing about a row that would be missed.
///
/// # Errors
/// [`Error::NotFound`] also for an import of somebody else.
#[tracing::instrument(name = "imports.edited_since", skip_all, fields(user.id = %caller.user()))]
pub async fn edited_since(backend: &Backend, caller: &SignedIn, import: &ImportId) -> Result<i64> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    history::one(&mut tx, import).await?;
    let count: Count = fetch_one!(
        tx,
        r#"
        select count(*) as "rows"
        from "transaction"
        where "userId" = $1 and "importId" = $2 and "updatedAt" > "createdAt"
        "#,
        caller.user(),
        import,
    )?;
    Ok(count.rows)
}

/// Removes the rows that an import added. Undone again, there is nothing left to remove.
///
/// # Errors
/// [`Error::NotFound`] also for an import of somebody else; [`Error::Expired`] for one that was never applied,
/// and after 30 days.
#[tracing::instrument(name = "imports.undo", skip_all, fields(user.id = %caller.user()))]
pub async fn undo(backend: &Backend, caller: &SignedIn, import: &ImportId) -> Result<Undone> {
    let now = backend.clock.now();
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    let account = history::one(&mut tx, import).await?.account_id;
    transfers::part_import(&mut tx, import).await?;
    accounts::touch(&mut tx, &account, now.into()).await?;
    // Read again: another request may have been here while this one waited for the account.
    let view = history::one(&mut tx, import).await?;
    if view.state == ImportState::Reverted {
        return Ok(Undone { removed: 0 });
    }
    let reverted = view.state.after(&[Event::Revert, Event::FinishReverting]);
    let reverted = reverted.map_err(|_| Error::Expired(IMPORT))?;
    if view.undo_until.is_none_or(|until| now > until) {
        return Err(Error::Expired(IMPORT));
    }
    let removed = execute!(
        tx,
        r#"delete from "transaction" where "userId" = $1 and "importId" = $2"#,
        caller.user(),
        import,
    )?;
    revive(&mut tx, import, now.into()).await?;
    execute!(
        tx,
        r#"update "import" set "state" = $3, "revertedAt" = $4 where "userId" = $1 and "id" = $2"#,
        caller.user(),
        import,
        reverted.as_str(),
        Timestamp::from(now),
    )?;
    let event = audit::Event::by(Action::ImportUndone, caller).subject("import", import);
    audit::record(&mut tx, backend, event.note("removed", removed)).await?;
    look::later(&mut tx, backend, caller.user()).await?;
    tx.commit().await?;
    Ok(Undone { removed })
}

/// Brings the rows back that the import took out of the ledger.
async fn revive(tx: &mut UserTx, import: &ImportId, now: Timestamp) -> Result<()> {
    let user = tx.user().clone();
    execute!(
        tx,
        sqlite: r#"
        update "transaction" set "deletedAt" = null, "updatedAt" = $3
        where "userId" = $1 and "id" in (
            select r.value from "import" i, json_each(i."removed") r where i."userId" = $1 and i."id" = $2)
        "#,
        postgres: r#"
        update "transaction" set "deletedAt" = null, "updatedAt" = $3
        where "userId" = $1 and "id" in (
            select r.value from "import" i, jsonb_array_elements_text(i."removed") r
            where i."userId" = $1 and i."id" = $2)
        "#,
        user,
        import,
        now,
    )?;
    Ok(())
}
