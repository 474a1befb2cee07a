//! The life of an account: waiting for proof, active, suspended for a reason. Archiving is a time, not a state.

use super::verification::VerificationState;
use super::{Illegal, Letter, Next};
use crate::provider::ProviderVerification;
use crate::verification::{Failure, NextStep, VerificationMethod};
use crate::{AccountStatus, Code};

/// Why an account is suspended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Suspension {
    /// Its last round of deposits failed.
    Failed(Failure),
    /// Its numbers have had all their rounds.
    Locked,
    /// Its bank or its provider took the access back.
    Revoked,
    /// The bank gave it other numbers.
    NumbersChanged,
    /// An administrator did it.
    Admin,
}

impl Suspension {
    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Failed(failure) => failure.as_str(),
            Self::Locked => "locked",
            Self::Revoked => "revoked",
            Self::NumbersChanged => "numbers_changed",
            Self::Admin => "admin",
        }
    }

    /// What its owner reads: what happened, and what to do about it.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Failed(failure) => failure.sentence(),
            Self::Locked => "We can't verify this account online. Contact support.",
            Self::Revoked => "We may no longer read this account. Link the bank again.",
            Self::NumbersChanged => {
                "The bank changed the numbers of this account. Link the bank again."
            }
            Self::Admin => "We have suspended this account. Contact support.",
        }
    }

    /// The one thing its owner can do next.
    pub const fn next_step(self) -> NextStep {
        match self {
            Self::Failed(failure) => failure.next_step(),
            Self::Locked | Self::Admin => NextStep::ContactSupport,
            Self::Revoked | Self::NumbersChanged => NextStep::LinkAgain,
        }
    }
}

impl std::fmt::Display for Suspension {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for Suspension {
    type Err = Code;

    fn from_str(text: &str) -> Result<Self, Code> {
        match text {
            "locked" => Ok(Self::Locked),
            "revoked" => Ok(Self::Revoked),
            "numbers_changed" => Ok(Self::NumbersChanged),
            "admin" => Ok(Self::Admin),
            failure => failure.parse().map(Self::Failed),
        }
    }
}

text_column!(Suspension);

/// Where an account stands, with the reason when it is suspended: what lifts a suspension depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Nobody has proven it yet.
    Pending,
    /// In use.
    Active,
    /// Stopped.
    Suspended(Suspension),
}

impl Standing {
    /// From the columns. A suspension without a reason counts as an administrator's, which nothing else lifts.
    pub fn new(status: AccountStatus, reason: Option<Suspension>) -> Self {
        match status {
            AccountStatus::Pending => Self::Pending,
            AccountStatus::Active => Self::Active,
            AccountStatus::Suspended => Self::Suspended(reason.unwrap_or(Suspension::Admin)),
        }
    }

    /// For the column of the status.
    pub const fn status(self) -> AccountStatus {
        match self {
            Self::Pending => AccountStatus::Pending,
            Self::Active => AccountStatus::Active,
            Self::Suspended(_) => AccountStatus::Suspended,
        }
    }

    /// For the column of the reason; none unless it is suspended.
    pub const fn reason(self) -> Option<Suspension> {
        match self {
            Self::Suspended(reason) => Some(reason),
            Self::Pending | Self::Active => None,
        }
    }

    /// True when a proof would make it active, and a failed one would be the reason of its suspension.
    pub const fn awaits_proof(self) -> bool {
        match self {
            Self::Pending => true,
            Self::Active => false,
            Self::Suspended(reason) => !matches!(reason, Suspension::Locked | Suspension::Admin),
        }
    }
}

/// How an account came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// Somebody typed its numbers, or a provider gave them without vouching for their owner.
    Numbers,
    /// A provider proves whose it is.
    Provider,
    /// By hand or cash, without numbers.
    Manual,
}

/// How a new account begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beginning {
    /// Where it stands.
    pub standing: Standing,
    /// Where its verification stands.
    pub verification: VerificationState,
    /// How it was verified.
    pub method: Option<VerificationMethod>,
}

/// How an account of this origin begins.
pub const fn beginning(origin: Origin) -> Beginning {
    let (standing, verification, method) = match origin {
        Origin::Numbers => (Standing::Pending, VerificationState::Unstarted, None),
        Origin::Provider => {
            (Standing::Active, VerificationState::Verified, Some(VerificationMethod::Instant))
        }
        Origin::Manual => (Standing::Active, VerificationState::NotNeeded, None),
    };
    Beginning { standing, verification, method }
}

/// How an account begins that a provider brings, by how far the provider's own proof of it is: proven by the bank's own
/// sign-in, or by deposits that the provider sends. Without a word of it, the sign-in is the proof.
pub const fn beginning_of(proof: Option<ProviderVerification>) -> Beginning {
    use ProviderVerification as Proof;
    let (standing, verification) = match proof {
        None | Some(Proof::Verified) => return beginning(Origin::Provider),
        Some(Proof::UseDeposits) => return beginning(Origin::Numbers),
        Some(Proof::Sent) => (Standing::Pending, VerificationState::Sent),
        Some(Proof::Posted) => (Standing::Pending, VerificationState::Posted),
        Some(Proof::Failed) => {
            (Standing::Suspended(Suspension::Failed(Failure::Returned)), VerificationState::Failed)
        }
        Some(Proof::Expired) => (Standing::Pending, VerificationState::Expired),
    };
    Beginning { standing, verification, method: None }
}

/// What can happen to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// Its owner is proven, by deposits or by a provider.
    Verified,
    /// A round of deposits failed.
    VerificationFailed(Failure),
    /// There are no rounds left for its numbers.
    VerificationLocked,
    /// Its bank or its provider took the access back.
    Revoked,
    /// The bank gave it other numbers.
    NumbersChanged,
    /// An administrator stops it, for a reason they give.
    Suspended,
    /// An administrator takes that back, for a reason they give.
    Restored,
    /// Its owner puts it away.
    Archived,
}

/// What follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Tell its owner by mail.
    Mail(Letter),
    /// Write it to the log of activity.
    Audit,
    /// Erase the routing and account number.
    EraseNumbers,
    /// Ask the provider for the numbers.
    FetchNumbers,
    /// Leave it out of lists and sums; its rows stay.
    Hide,
}

/// Where an account stands after an event.
pub fn next(from: Standing, event: Event) -> Next<Standing, Event, Effect> {
    let (to, effects) = match (from, event) {
        (from, Event::Verified) if from.awaits_proof() => {
            (Standing::Active, vec![Effect::Mail(Letter::AccountVerified), Effect::Audit])
        }
        (from, Event::VerificationFailed(failure)) if from.awaits_proof() => {
            (Standing::Suspended(Suspension::Failed(failure)), vec![])
        }
        (from, Event::VerificationLocked) if from.awaits_proof() => {
            (Standing::Suspended(Suspension::Locked), vec![])
        }
        (Standing::Active, Event::Revoked) => {
            (Standing::Suspended(Suspension::Revoked), vec![Effect::EraseNumbers])
        }
        (Standing::Active, Event::NumbersChanged) => (
            Standing::Suspended(Suspension::NumbersChanged),
            vec![Effect::EraseNumbers, Effect::FetchNumbers],
        ),
        (Standing::Active, Event::Suspended) => (
            Standing::Suspended(Suspension::Admin),
            vec![Effect::Audit, Effect::Mail(Letter::AccountSuspended)],
        ),
        (Standing::Suspended(Suspension::Admin), Event::Restored) => {
            (Standing::Active, vec![Effect::Audit, Effect::Mail(Letter::AccountRestored)])
        }
        (from, Event::Archived) => (from, vec![Effect::Hide, Effect::EraseNumbers]),
        (from, event) => return Err(Illegal { from, event }),
    };
    Ok((to, effects))
}

#[cfg(test)]
#[path = "account_tests.rs"]
mod tests;
