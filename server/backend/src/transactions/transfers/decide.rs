//! What a person says about a pair, and pairs that they make.

use domain::{
    PairId, TransactionId,
    ledger::{provenance::Writer, transfers::may_link},
    states::pair::{self, Effect, Event, PairState},
};

use super::{
    PAIR,
    rows::{self, NewPair},
};
use crate::{
    Backend, Error, Result, SignedIn, Timestamp,
    db::UserTx,
    execute, look,
    transactions::{TRANSACTION, bulk},
};

/// Two rows of the caller's that were suggested are a transfer.
///
/// # Errors
/// [`Error::NotFound`] also for a pair of somebody else, and for one that was decided already; [`Error::Invalid`] when
/// a row has become part of another transfer.
#[tracing::instrument(name = "transfers.confirm", skip_all, fields(user.id = %caller.user()))]
pub async fn confirm(backend: &Backend, caller: &SignedIn, id: &PairId) -> Result<()> {
    decide(backend, caller, id, Event::Confirm).await
}

/// They are none, and are never suggested again.
///
/// # Errors
/// [`Error::NotFound`] as [`confirm`].
#[tracing::instrument(name = "transfers.reject", skip_all, fields(user.id = %caller.user()))]
pub async fn reject(backend: &Backend, caller: &SignedIn, id: &PairId) -> Result<()> {
    decide(backend, caller, id, Event::Reject).await
}

/// Takes a transfer of the caller's apart: both rows are what they were, and are never suggested again.
///
/// # Errors
/// [`Error::NotFound`] as [`confirm`].
#[tracing::instrument(name = "transfers.unlink", skip_all, fields(user.id = %caller.user()))]
pub async fn unlink(backend: &Backend, caller: &SignedIn, id: &PairId) -> Result<()> {
    decide(backend, caller, id, Event::Unlink).await
}

/// Takes back what the caller said about a suggestion.
///
/// # Errors
/// [`Error::NotFound`] as [`confirm`].
#[tracing::instrument(name = "transfers.take_back", skip_all, fields(user.id = %caller.user()))]
pub async fn take_back(backend: &Backend, caller: &SignedIn, id: &PairId) -> Result<()> {
    decide(backend, caller, id, Event::TakeBack).await
}

async fn decide(backend: &Backend, caller: &SignedIn, id: &PairId, event: Event) -> Result<()> {
    let now = Timestamp::from(backend.clock.now());
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    bulk::hold(&mut tx).await?;
    let pair = rows::one(&mut tx, id).await?;
    let (to, effects) = pair::next(pair.state, event).map_err(|_| Error::NotFound(PAIR))?;
    let mut before = None;
    for effect in effects {
        match effect {
            Effect::MarkRows => {
                let sides = rows::sides(&mut tx, &pair.out_id, &pair.in_id).await?;
                let (out, into) = sides.ok_or(Error::NotFound(PAIR))?;
                // Their bank may have changed an amount since they were suggested.
                may_link(out.chosen(), into.chosen())
                    .map_err(|code| Error::field("other", code))?;
                let marked = rows::mark(&mut tx, id, (&out, &into), Writer::User, now).await?;
                before = Some(marked);
            }
            Effect::RestoreRows => rows::restore(&mut tx, &pair, Some(now)).await?,
            Effect::LookAgain => look::later(&mut tx, backend, caller.user()).await?,
        }
    }
    rows::set_state(&mut tx, id, to, before.as_deref(), now).await?;
    tx.commit().await?;
    Ok(())
}

/// Makes two rows of the caller's a transfer, whatever was said about them before.
///
/// # Errors
/// [`Error::NotFound`] also for rows of somebody else; [`Error::Invalid`] names at `other` what is wrong with the two.
#[tracing::instrument(name = "transfers.link", skip_all, fields(user.id = %caller.user()))]
pub async fn link(
    backend: &Backend,
    caller: &SignedIn,
    row: &TransactionId,
    other: &TransactionId,
) -> Result<PairId> {
    let now = Timestamp::from(backend.clock.now());
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    bulk::hold(&mut tx).await?;
    let sides = rows::sides(&mut tx, row, other).await?;
    let (one, two) = sides.ok_or(Error::NotFound(TRANSACTION))?;
    may_link(one.chosen(), two.chosen()).map_err(|code| Error::field("other", code))?;
    let (out, into) = if one.amount_minor < 0 { (&one, &two) } else { (&two, &one) };
    forget(&mut tx, &out.id, &into.id).await?;
    let id = PairId::new(backend.new_id());
    let before = rows::mark(&mut tx, &id, (out, into), Writer::User, now).await?;
    let new = NewPair {
        id: &id,
        out: &out.id,
        into: &into.id,
        state: PairState::Confirmed,
        by_rule: false,
        score: 0,
        before: Some(&before),
    };
    rows::insert(&mut tx, &new, now).await?;
    look::later(&mut tx, backend, caller.user()).await?;
    tx.commit().await?;
    Ok(id)
}

/// What was said about these two before is no more.
async fn forget(tx: &mut UserTx, out: &TransactionId, into: &TransactionId) -> Result<()> {
    let user = tx.user().clone();
    execute!(
        tx,
        r#"delete from "transfer_pair" where "userId" = $1 and "outId" = $2 and "inId" = $3"#,
        user,
        out,
        into,
    )?;
    Ok(())
}
