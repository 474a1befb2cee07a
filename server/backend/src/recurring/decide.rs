//! What the owner of a series says about it.

use domain::{
    Code, SeriesId, TransactionId,
    states::series::{self, Choice, SeriesDecision},
};
use sqlx::types::Json;

use super::{
    SERIES,
    page::{find, may_be_one},
    rows::{self, Stored},
};
use crate::{Backend, Error, Result, SignedIn, Timestamp, db::UserTx, execute, look};

/// Confirms one of the caller's series, or leaves it out. Said twice, it stays as it is.
///
/// # Errors
/// [`Error::NotFound`] also for a series of somebody else, and for one that was merged into another.
#[tracing::instrument(name = "recurring.choose", skip_all, fields(user.id = %caller.user()))]
pub async fn choose(
    backend: &Backend,
    caller: &SignedIn,
    id: &SeriesId,
    choice: Choice,
) -> Result<()> {
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    let stored = rows::stored(&mut tx).await?;
    let one = find(&stored, id)?;
    let is_said = matches!(
        (one.decision, choice),
        (SeriesDecision::Confirmed, Choice::Confirm) | (SeriesDecision::Ignored, Choice::Ignore)
    );
    if !is_said {
        decide(&mut tx, backend, one, choice, None).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Makes one of the caller's series part of another: its rows count there from now on. For good.
///
/// # Errors
/// [`Error::Invalid`] at `into` for a series that it can't be part of; [`Error::NotFound`] as [`choose`].
#[tracing::instrument(name = "recurring.merge", skip_all, fields(user.id = %caller.user()))]
pub async fn merge(
    backend: &Backend,
    caller: &SignedIn,
    id: &SeriesId,
    into: &SeriesId,
) -> Result<()> {
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    let stored = rows::stored(&mut tx).await?;
    let one = find(&stored, id)?;
    let target = find(&stored, into).ok().filter(|other| other.id != one.id);
    if !target.is_some_and(|other| may_be_one(one, other)) {
        return Err(Error::field("into", Code::OptionUnknown));
    }
    execute!(
        tx,
        r#"update "recurring_series" set "mergedInto" = $3 where "userId" = $1 and "mergedInto" = $2"#,
        caller.user(),
        id,
        into,
    )?;
    decide(&mut tx, backend, one, Choice::Merge, Some(into)).await?;
    tx.commit().await?;
    Ok(())
}

async fn decide(
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
    let holder = stored
        .iter()
        .filter(|one| one.id == *id || one.merged_into.as_ref() == Some(id))
        .find(|one| one.members.0.contains(row))
        .ok_or(Error::NotFound(SERIES))?;
    let members: Vec<&TransactionId> = holder.members.0.iter().filter(|one| *one != row).collect();
    let left_out: Vec<&TransactionId> = holder.left_out.0.iter().chain([row]).collect();
    execute!(
        tx,
        r#"
        update "recurring_series" set "members" = $3, "leftOut" = $4, "updatedAt" = $5
        where "userId" = $1 and "id" = $2
        "#,
        caller.user(),
        &holder.id,
        Json(members),
        Json(left_out),
        Timestamp::from(backend.clock.now()),
    )?;
    look::later(&mut tx, backend, caller.user()).await?;
    tx.commit().await?;
    Ok(())
}
