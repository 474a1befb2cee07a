//! What the owner of a series says about it.

use domain::{
    SeriesId, TransactionId,
    states::series::{self, Choice, SeriesDecision},
};
use sqlx::types::Json;

use super::{
    SERIES,
    page::find,
    rows::{self, Stored},
};
use crate::{Backend, Error, Result, SignedIn, Timestamp, db::UserTx, execute, look};

/// Confirms one of the caller's series, leaves it out, or takes either back. Said twice, it stays as it is. Answers what
/// was decided before.
///
/// # Errors
/// [`Error::NotFound`] also for a series of somebody else, and for one that was merged into another.
#[tracing::instrument(name = "recurring.choose", skip_all, fields(user.id = %caller.user()))]
pub async fn choose(
    backend: &Backend,
    caller: &SignedIn,
    id: &SeriesId,
    choice: Choice,
) -> Result<SeriesDecision> {
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    let stored = rows::stored(&mut tx).await?;
    let one = find(&stored, id)?;
    if one.decision.back() != Some(choice) {
        decide(&mut tx, backend, one, choice, None).await?;
        tx.commit().await?;
    }
    Ok(one.decision)
}

/// Writes what follows from a choice.
pub(super) async fn decide(
    tx: &mut UserTx,
    backend: &Backend,
    one: &Stored,
    choice: Choice,
    into: Option<&SeriesId>,
) -> Result<()> {
    let user = tx.user().clone();
    let (decision, _) =
        series::decide(one.decision, choice).map_err(|_| Error::NotFound(SERIES))?;
    execute!(
        tx,
        r#"
        update "recurring_series" set "decision" = $3, "mergedInto" = $4, "updatedAt" = $5
        where "userId" = $1 and "id" = $2
        "#,
        user,
        &one.id,
        decision,
        into,
        Timestamp::from(backend.clock.now()),
    )?;
    Ok(())
}

/// Takes a row out of one of the caller's series: it is none of any series from now on.
///
/// # Errors
/// [`Error::NotFound`] as [`choose`], and for a row that is not in it.
#[tracing::instrument(name = "recurring.leave_out", skip_all, fields(user.id = %caller.user()))]
pub async fn leave_out(
    backend: &Backend,
    caller: &SignedIn,
    id: &SeriesId,
    row: &TransactionId,
) -> Result<()> {
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    let stored = rows::stored(&mut tx).await?;
    find(&stored, id)?;
    let holder = holder(&stored, id, |one| one.members.0.contains(row))?;
    let members: Vec<&TransactionId> = holder.members.0.iter().filter(|one| *one != row).collect();
    let left_out: Vec<&TransactionId> = holder.left_out.0.iter().chain([row]).collect();
    keep(&mut tx, backend, holder, &members, &left_out).await?;
    tx.commit().await?;
    Ok(())
}

/// Puts a row that was taken out of one of the caller's series back into it.
///
/// # Errors
/// [`Error::NotFound`] as [`choose`], and for a row that was not taken out of it.
#[tracing::instrument(name = "recurring.put_back", skip_all, fields(user.id = %caller.user()))]
pub async fn put_back(
    backend: &Backend,
    caller: &SignedIn,
    id: &SeriesId,
    row: &TransactionId,
) -> Result<()> {
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    let stored = rows::stored(&mut tx).await?;
    find(&stored, id)?;
    let holder = holder(&stored, id, |one| one.left_out.0.contains(row))?;
    let members: Vec<&TransactionId> = holder.members.0.iter().chain([row]).collect();
    let left_out: Vec<&TransactionId> =
        holder.left_out.0.iter().filter(|one| *one != row).collect();
    keep(&mut tx, backend, holder, &members, &left_out).await?;
    tx.commit().await?;
    Ok(())
}

/// The series itself or one that was merged into it, whichever the test fits.
fn holder<'s>(
    stored: &'s [Stored],
    id: &SeriesId,
    fits: impl Fn(&Stored) -> bool,
) -> Result<&'s Stored> {
    let mut those =
        stored.iter().filter(|one| one.id == *id || one.merged_into.as_ref() == Some(id));
    those.find(|one| fits(one)).ok_or(Error::NotFound(SERIES))
}

/// Writes which rows a series has and which were taken out of it, until it is looked for again.
async fn keep(
    tx: &mut UserTx,
    backend: &Backend,
    one: &Stored,
    members: &[&TransactionId],
    left_out: &[&TransactionId],
) -> Result<()> {
    let user = tx.user().clone();
    execute!(
        tx,
        r#"
        update "recurring_series" set "members" = $3, "leftOut" = $4, "updatedAt" = $5
        where "userId" = $1 and "id" = $2
        "#,
        &user,
        &one.id,
        Json(members),
        Json(left_out),
        Timestamp::from(backend.clock.now()),
    )?;
    look::later(tx, backend, &user).await
}
