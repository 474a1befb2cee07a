//! A verification as its owner sees it.

use domain::{
    AccountId, Code, Date,
    states::{account::Suspension, verification::VerificationState},
    verification::{Failure, NextStep, RoundView, VerificationView},
};
use time::OffsetDateTime;

use super::{
    is_available,
    rows::{self, Row},
};
use crate::{
    Backend, Result, SignedIn,
    accounts::proof::{self, Proof},
    db::UserTx,
    preferences,
};

/// How the proof of one of the caller's accounts stands.
///
/// # Errors
/// [`crate::Error::NotFound`] also for an account of somebody else.
#[tracing::instrument(name = "verification.of_account", skip_all, fields(user.id = %caller.user()))]
pub async fn of_account(
    backend: &Backend,
    caller: &SignedIn,
    account: &AccountId,
) -> Result<VerificationView> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let proof = proof::read(&mut tx, account).await?;
    view(&mut tx, backend, proof).await
}

/// The caller's accounts that wait for an answer, each with the day by which its deposits should be there.
#[tracing::instrument(name = "verification.open", skip_all, fields(user.id = %caller.user()))]
pub async fn open(backend: &Backend, caller: &SignedIn) -> Result<Vec<(AccountId, Date)>> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    rows::awaited(&mut tx).await
}

pub(super) async fn view(
    tx: &mut UserTx,
    backend: &Backend,
    proof: Proof,
) -> Result<VerificationView> {
    let round = rows::newest(tx, &proof.id).await?;
    let failure = round.as_ref().and_then(|row| row.reason);
    let standing = proof.standing();
    let is_open = proof.verification.is_open();
    let reason = standing.reason().filter(|_| !is_open);
    let message = match reason {
        Some(reason) => Some(reason.sentence()),
        None => failure.filter(|_| !is_open).map(Failure::sentence),
    };
    let step = reason.map(Suspension::next_step).or_else(|| proof.verification.next_step());
    let round = match round {
        Some(row) => Some(round_view(tx, row).await?),
        None => None,
    };
    let needs_numbers = is_available(backend) && proof.needs_numbers();
    Ok(VerificationView {
        needs_numbers,
        can_start: is_available(backend)
            && matches!(step, Some(NextStep::SendDeposits | NextStep::SendNewDeposits))
            && proof.verification.may_start()
            && standing.awaits_proof()
            && proof.has_numbers(),
        message: message.map(str::to_owned).or_else(|| lapsed(&proof)),
        next_step: step,
        state: proof.verification,
        method: proof.verification_method,
        verified_at: proof.verified_at.map(OffsetDateTime::from),
        account: proof.id,
        round,
    })
}

fn lapsed(proof: &Proof) -> Option<String> {
    (proof.verification == VerificationState::Expired)
        .then(|| Code::VerificationExpired.message().into_owned())
}

async fn round_view(tx: &mut UserTx, row: Row) -> Result<RoundView> {
    let round = row.round();
    let ends_at = round.ends_at();
    let last_day = match ends_at {
        Some(end) => Some(preferences::day_of(tx, end).await?),
        None => None,
    };
    Ok(RoundView {
        id: row.id,
        kind: row.kind,
        state: row.state,
        expected_on: row.expected_on,
        ends_at,
        tries_left: round.tries_left(),
        instruction: round.instruction(last_day),
    })
}
