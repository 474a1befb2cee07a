//! What a person says about two rows that may be one, and taking it back.

use domain::{
    Code, DoubtId, PairId, TransactionId, entry,
    ledger::{duplicates::may_stay, provenance::Writer},
    states::doubt::{self, DoubtState, Effect, Event},
    tags,
};
use serde::{Deserialize, Serialize};

use super::{DOUBT, open::side};
use crate::{
    Backend, Error, Result, SignedIn, Timestamp,
    db::UserTx,
    execute, fetch_optional, look,
    transactions::{
        brief,
        bulk::{self, Fields, Row},
        transfers,
    },
};

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Stored {
    id: DoubtId,
    kept_id: TransactionId,
    other_id: TransactionId,
    state: DoubtState,
    /// A [`Change`].
    change: Option<String>,
}

/// What a decision changed on the two rows, as it is kept. Which of them went stands in it.
#[derive(Serialize, Deserialize)]
struct Change {
    kept: Turn,
    other: Turn,
}

/// What was, and what became of it.
#[derive(Serialize, Deserialize)]
struct Turn {
    before: Fields,
    after: Fields,
}

/// Keeps one of two rows of the caller's that are the same: what they said about the other goes onto it, the other is
/// put away. `keep` is the one that stays; without it the one that was filed as such.
///
/// # Errors
/// [`Error::NotFound`] also for rows of somebody else, and for what was decided already; [`Error::Invalid`] says at
/// `keep` why the other one has to stay ([`may_stay`]), or that it is none of the two, and at `id` that the row that
/// would go is split.
#[tracing::instrument(name = "duplicates.same", skip_all, fields(user.id = %caller.user()))]
pub async fn same(
    backend: &Backend,
    caller: &SignedIn,
    id: &DoubtId,
    keep: Option<&TransactionId>,
) -> Result<()> {
    decide(backend, caller, id, (Event::Same, keep)).await
}

/// Two rows of the caller's are different. They are never asked about again.
///
/// # Errors
/// [`Error::NotFound`] as [`same`].
#[tracing::instrument(name = "duplicates.different", skip_all, fields(user.id = %caller.user()))]
pub async fn different(backend: &Backend, caller: &SignedIn, id: &DoubtId) -> Result<()> {
    decide(backend, caller, id, (Event::Different, None)).await
}

/// Takes back what the caller said about two rows. What they changed on a row since stays.
///
/// # Errors
/// [`Error::NotFound`] as [`same`].
#[tracing::instrument(name = "duplicates.take_back", skip_all, fields(user.id = %caller.user()))]
pub async fn take_back(backend: &Backend, caller: &SignedIn, id: &DoubtId) -> Result<()> {
    decide(backend, caller, id, (Event::TakeBack, None)).await
}

async fn decide(
    backend: &Backend,
    caller: &SignedIn,
    id: &DoubtId,
    (event, keep): (Event, Option<&TransactionId>),
) -> Result<()> {
    let now = Timestamp::from(backend.clock.now());
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    bulk::hold(&mut tx).await?;
    let stored = find(&mut tx, id).await?;
    let (to, effects) = doubt::next(stored.state, event).map_err(|_| Error::NotFound(DOUBT))?;
    let mut change = None;
    for effect in effects {
        match effect {
            Effect::Merge => change = Some(merge(&mut tx, &stored, keep, now).await?),
            Effect::Restore => restore(&mut tx, &stored, now).await?,
            Effect::LookAgain => look::later(&mut tx, backend, caller.user()).await?,
        }
    }
    let decided = (to != DoubtState::Open).then_some(now);
    execute!(
        tx,
        r#"
        update "duplicate_pair" set "state" = $3, "change" = $4, "decidedAt" = $5
        where "userId" = $1 and "id" = $2
        "#,
        caller.user(),
        &stored.id,
        to,
        change,
        decided,
    )?;
    tx.commit().await?;
    Ok(())
}

async fn find(tx: &mut UserTx, id: &DoubtId) -> Result<Stored> {
    let user = tx.user().clone();
    let found: Option<Stored> = fetch_optional!(
        tx,
        r#"
        select "id", "keptId", "otherId", "state", "change"
        from "duplicate_pair"
        where "userId" = $1 and "id" = $2
        "#,
        user,
        id,
    )?;
    found.ok_or(Error::NotFound(DOUBT))
}

/// Both rows, the one that stays first.
async fn both(tx: &mut UserTx, stored: &Stored) -> Result<(Row, Row)> {
    let mut rows = bulk::any(tx, &[&stored.kept_id, &stored.other_id]).await?;
    let mut take = |id: &TransactionId| {
        let at = rows.iter().position(|row| row.id == *id);
        at.map(|at| rows.swap_remove(at)).ok_or(Error::NotFound(DOUBT))
    };
    Ok((take(&stored.kept_id)?, take(&stored.other_id)?))
}

async fn merge(
    tx: &mut UserTx,
    stored: &Stored,
    keep: Option<&TransactionId>,
    now: Timestamp,
) -> Result<String> {
    let (mut kept, mut other) = both(tx, stored).await?;
    let is_turned = match keep {
        None => false,
        Some(id) if *id == stored.kept_id => false,
        Some(id) if *id == stored.other_id => true,
        Some(_) => return Err(Error::field("keep", Code::OptionUnknown)),
    };
    may_go(tx, stored, is_turned).await?;
    let goes = if is_turned { &kept } else { &other };
    if let Some(pair) = &goes.transfer_id {
        // The look that follows finds its other side for the row that stays.
        transfers::part(tx, &PairId::new(pair.as_str())).await?;
        // What it said as a side is not what its owner said about it.
        (kept, other) = both(tx, stored).await?;
    }
    let (stays, goes) = if is_turned { (&other, &kept) } else { (&kept, &other) };
    let carried = carried(stays, goes);
    let gone = Fields { deleted: (!goes.deleted).then_some(true), ..Fields::default() };
    let (of_kept, of_other) = if is_turned { (gone, carried) } else { (carried, gone) };
    let turn = |row: &Row, after: &Fields| Turn { before: after.of(row), after: after.clone() };
    let change = Change { kept: turn(&kept, &of_kept), other: turn(&other, &of_other) };
    bulk::write(tx, &[(kept, of_kept), (other, of_other)], now).await?;
    serde_json::to_string(&change).map_err(|_| Error::Corrupt(DOUBT))
}

/// Refuses what [`may_stay`] refuses. One that the bank has let go in the meantime can keep nothing.
async fn may_go(tx: &mut UserTx, stored: &Stored, is_turned: bool) -> Result<()> {
    let rows = brief::of(tx, [&stored.kept_id, &stored.other_id]).await?;
    let side = |id: &TransactionId| rows.get(id).map(side).ok_or(Error::NotFound(DOUBT));
    let (mut stays, mut goes) = (side(&stored.kept_id)?, side(&stored.other_id)?);
    if is_turned {
        std::mem::swap(&mut stays, &mut goes);
    }
    may_stay(stays, goes).map_err(|code| match code {
        Code::DuplicateGone => Error::NotFound(DOUBT),
        Code::DuplicateSplit => Error::field("id", code),
        code => Error::field("keep", code),
    })
}

/// Each row is what it was, where it is still what was made of it.
async fn restore(tx: &mut UserTx, stored: &Stored, now: Timestamp) -> Result<()> {
    let (kept, other) = both(tx, stored).await?;
    let change = stored.change.as_deref().unwrap_or_default();
    let change: Change = serde_json::from_str(change).map_err(|_| Error::Corrupt(DOUBT))?;
    let turns = [(kept, change.kept), (other, change.other)];
    let back: Vec<(Row, Fields)> = turns
        .into_iter()
        .filter(|(row, turn)| turn.after.hold(row))
        .map(|(row, turn)| (row, turn.before))
        .collect();
    if !back.is_empty() {
        bulk::write(tx, &back, now).await?;
    }
    Ok(())
}

/// What a person said about `other`, which goes, and not about `kept`. Two notes become one, as do tags.
fn carried(kept: &Row, other: &Row) -> Fields {
    let said = |theirs: Writer, ours: Writer| theirs == Writer::User && ours != Writer::User;
    let user = Some(Writer::User);
    let mut fields = Fields::default();
    if said(other.category_by, kept.category_by) && !kept.has_parts {
        (fields.category, fields.category_by) = (Some(other.category.clone()), user);
    }
    if said(other.merchant_by, kept.merchant_by) {
        (fields.merchant, fields.merchant_by) = (other.merchant.clone(), user);
    }
    if said(other.excluded_by, kept.excluded_by) {
        (fields.excluded, fields.excluded_by) = (Some(other.excluded), user);
    }
    if other.note_by == Writer::User
        && let Some(note) = joined(kept, other)
    {
        (fields.note, fields.note_by) = (Some(note), user);
    }
    let both = [&kept.tags, &other.tags].map(|column| tags::from_column(column)).concat();
    let both = tags::join(both).map(|both| tags::to_column(&both));
    if other.tags_by == Writer::User && both.as_ref().is_some_and(|both| *both != kept.tags) {
        (fields.tags, fields.tags_by) = (both, user);
    }
    fields
}

/// The note of both; nothing when the one that stays has it already, or has no room for it.
fn joined(kept: &Row, other: &Row) -> Option<String> {
    let theirs = other.note.as_deref()?;
    match kept.note.as_deref() {
        None => Some(theirs.to_owned()),
        Some(ours) if ours.contains(theirs) => None,
        Some(_) if kept.note_by != Writer::User => Some(theirs.to_owned()),
        Some(ours) => entry::note(&format!("{ours}\n{theirs}")).ok().flatten(),
    }
}
