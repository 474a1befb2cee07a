//! The steps of a verification, and what follows from each, in one transaction.

use domain::{
    Date, RoundId,
    activity::Action,
    states::{
        Letter,
        account::{self, Effect as AccountEffect},
        verification::{self, Effect, Event},
    },
    verification::{DepositKind, Failure},
};

use super::letters::{self, About};
use crate::{
    Backend, Result, Timestamp,
    accounts::proof::{self, Proof},
    audit,
    db::UserTx,
    mail, preferences,
};

/// What a step may need that is not in the transaction.
pub(super) struct Means<'a> {
    /// The address of the owner, where they may be told.
    pub email: Option<&'a str>,
    /// What is sent.
    pub kind: DepositKind,
    /// The day it should be there.
    pub expected_on: Date,
}

/// Takes a step on a held account, with everything that follows, and saves the account. False when there is no such
/// step: jobs repeat themselves.
pub(super) async fn step(
    tx: &mut UserTx,
    backend: &Backend,
    proof: &mut Proof,
    event: Event,
    means: &Means<'_>,
) -> Result<bool> {
    let (next, effects) = match verification::next(proof.verification, event) {
        Ok(next) => next,
        Err(illegal) => {
            tracing::debug!(account.id = %proof.id, %illegal, "a step that is none");
            return Ok(false);
        }
    };
    let now = Timestamp::from(backend.clock.now());
    proof.verification = next;
    if event == Event::Matched {
        (proof.verification_method, proof.verified_at) = (Some(means.kind.into()), Some(now));
    }
    let failure = failure(event);
    for effect in effects {
        match effect {
            Effect::Mail(letter) => tell(tx, backend, proof, letter, failure, means).await?,
            Effect::Account(event) => follow(tx, backend, proof, event, means).await?,
        }
    }
    proof::save(tx, proof, now).await?;
    tracing::info!(account.id = %proof.id, state = next.as_str(), "a verification took a step");
    Ok(true)
}

/// Why a round ended, where an event says so.
pub(super) const fn failure(event: Event) -> Option<Failure> {
    match event {
        Event::Returned(failure) => Some(failure),
        Event::TriesUsedUp => Some(Failure::Tries),
        _ => None,
    }
}

async fn follow(
    tx: &mut UserTx,
    backend: &Backend,
    proof: &mut Proof,
    event: account::Event,
    means: &Means<'_>,
) -> Result<()> {
    // An account that is in use, or stopped for another reason, stays as it is.
    let Ok((standing, effects)) = account::next(proof.standing(), event) else { return Ok(()) };
    proof.stand(standing);
    for effect in effects {
        match effect {
            AccountEffect::Mail(letter) => tell(tx, backend, proof, letter, None, means).await?,
            AccountEffect::Audit => {
                let user = tx.user().clone();
                let event = audit::Event::new(Action::BankAccountVerified, Some(&user));
                let event = event.subject("bank_account", &proof.id);
                audit::record(tx, backend, event.note("method", means.kind.as_str())).await?;
            }
            // None of these follows from a verification.
            AccountEffect::EraseNumbers | AccountEffect::FetchNumbers | AccountEffect::Hide => {}
        }
    }
    Ok(())
}

async fn tell(
    tx: &mut UserTx,
    backend: &Backend,
    proof: &Proof,
    letter: Letter,
    failure: Option<Failure>,
    means: &Means<'_>,
) -> Result<()> {
    let about = About {
        account: &proof.id,
        bank: &proof.bank_name,
        expected_on: Some(means.expected_on),
        failure,
    };
    let (Some(written), Some(email)) = (letters::of(backend, letter, &about), means.email) else {
        return Ok(());
    };
    // How it ended is always told.
    let is_optional = matches!(letter, Letter::DepositsOnTheWay | Letter::DepositsArrived);
    if is_optional && !preferences::of(tx).await?.mails.deposits {
        return Ok(());
    }
    mail::post(tx, backend, email, &written).await
}

/// Of the jobs of one round, one runs at a time.
pub(super) fn key(round: &RoundId) -> String {
    format!("verification:{round}")
}
