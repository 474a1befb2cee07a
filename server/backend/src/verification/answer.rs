//! An answer: counted before it is compared, under the lock of its account.

use domain::{
    RoundId,
    states::verification::VerificationState,
    verification::{AnswerForm, Outcome, VerificationView},
};
use subtle::ConstantTimeEq;

use super::{check, field, rows, views};
use crate::{Backend, Error, Result, SignedIn, auth::address_of};

/// Answers a round of the caller's.
///
/// # Errors
/// [`Error::NotFound`] also for a round of somebody else; [`Error::Invalid`] for a form that is none, which uses no try, and
/// for an answer that is wrong, too early or too late.
#[tracing::instrument(name = "verification.answer", skip_all, fields(user.id = %caller.user(), round.id = %round))]
pub async fn answer(
    backend: &Backend,
    caller: &SignedIn,
    round: &RoundId,
    form: &AnswerForm,
) -> Result<VerificationView> {
    let user = caller.user();
    let mut tx = backend.db.as_user(user).read().await?;
    let row = rows::find(&mut tx, round).await?;
    drop(tx);
    let typed = form.parse(row.kind).map_err(Error::Invalid)?;
    if row.state == VerificationState::Sent {
        // Whoever sees the deposits does not wait for our next look at them.
        check::look(backend, user, round).await?;
    }
    let typed = backend.vault.answer_hash(round, &typed.canonical());
    let email = address_of(backend, user).await?;

    let now = backend.clock.now();
    let mut tx = backend.db.as_user(user).write().await?;
    let held = check::hold(&mut tx, backend, round).await?;
    let mut held = held.ok_or(Error::NotFound(super::VERIFICATION))?;
    let before = held.row.round();
    let outcome = match before.refusal(now) {
        // Proven another way meanwhile.
        Some(_) if held.proof.verification == VerificationState::Verified => {
            Outcome::AlreadyVerified
        }
        Some(refusal) => refusal,
        None => {
            held.row.tries += 1;
            rows::save(&mut tx, &held.row).await?;
            let matches = typed.as_bytes().ct_eq(held.row.answer_hash.as_bytes());
            before.outcome(now, matches.into())
        }
    };
    if let Some(event) = before.event(outcome) {
        held.step(&mut tx, backend, event, email.as_deref()).await?;
    }
    rows::save(&mut tx, &held.row).await?;
    let kind = held.row.kind;
    let view = views::view(&mut tx, backend, held.proof).await?;
    tx.commit().await?;
    match outcome.code(kind) {
        Some(code) => Err(Error::field(field(kind), code)),
        None => Ok(view),
    }
}
