//! The life of a verification: deposits sent, posted, answered. The limits of a round are in
//! [`verification`](crate::verification).

use super::account::Event as AccountEvent;
use super::{Illegal, Letter, Next};
use crate::verification::{Failure, NextStep};
use crate::{Code, Date, day};

words! {
    /// Where the verification of one pair of numbers stands.
    pub enum VerificationState (Code::OptionUnknown) {
        /// The account has no numbers.
        NotNeeded = "not_needed", "Not needed";
        /// Nothing was sent yet.
        Unstarted = "unstarted", "Not started";
        /// Deposits are on their way.
        Sent = "sent", "Deposits on the way";
        /// Deposits are there and wait for an answer.
        Posted = "posted", "Deposits arrived";
        /// Proven. Final for this pair of numbers.
        Verified = "verified", "Verified";
        /// The round ended without proof; another one may begin.
        Failed = "failed", "Failed";
        /// Nobody answered in time; another round may begin.
        Expired = "expired", "Lapsed";
        /// No more rounds. Final.
        Locked = "locked", "Locked";
    }
}

impl VerificationState {
    /// True while a round runs.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Sent | Self::Posted)
    }

    /// True when a round may begin, if there is one left.
    pub const fn may_start(self) -> bool {
        matches!(self, Self::Unstarted | Self::Failed | Self::Expired)
    }

    /// The one thing the owner can do next; none when there is nothing to do. For one that failed, ask its [`Failure`].
    pub const fn next_step(self) -> Option<NextStep> {
        match self {
            Self::NotNeeded | Self::Verified => None,
            Self::Unstarted => Some(NextStep::SendDeposits),
            Self::Sent | Self::Posted => Some(NextStep::ConfirmDeposits),
            Self::Failed | Self::Expired => Some(NextStep::SendNewDeposits),
            Self::Locked => Some(NextStep::ContactSupport),
        }
    }

    /// The next step as a list says it: `Confirm deposits · expected 10 June`.
    pub fn next_step_line(self, expected_on: Option<Date>) -> Option<String> {
        let label = self.next_step()?.label();
        match expected_on.filter(|_| self == Self::Sent) {
            Some(on) => Some(format!("{label} · expected {}", day::format_day_month(on))),
            None => Some(label.to_owned()),
        }
    }
}

/// What can happen to a verification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// A round begins: deposits are sent.
    Started,
    /// The bank sent the deposits back.
    Returned(Failure),
    /// The deposits are there.
    Posted,
    /// The right answer came.
    Matched,
    /// The last try was wrong.
    TriesUsedUp,
    /// No answer came in time.
    Lapsed,
    /// A round was asked for, and there is none left for these numbers.
    RoundsUsedUp,
}

/// What follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Tell the owner by mail.
    Mail(Letter),
    /// This happens to the account.
    Account(AccountEvent),
}

/// The state after an event. A return ends a round also after the deposits posted: banks have two days for it.
pub fn next(from: VerificationState, event: Event) -> Next<VerificationState, Event, Effect> {
    use VerificationState::{Expired, Failed, Locked, Posted, Sent, Unstarted, Verified};
    let failed = |failure| {
        let told = Effect::Account(AccountEvent::VerificationFailed(failure));
        (Failed, vec![told, Effect::Mail(Letter::VerificationFailed)])
    };
    let (to, effects) = match (from, event) {
        (Unstarted | Failed | Expired, Event::Started) => {
            (Sent, vec![Effect::Mail(Letter::DepositsOnTheWay)])
        }
        (Unstarted | Failed | Expired, Event::RoundsUsedUp) => {
            (Locked, vec![Effect::Account(AccountEvent::VerificationLocked)])
        }
        (Sent, Event::Posted) => (Posted, vec![Effect::Mail(Letter::DepositsArrived)]),
        (Sent | Posted, Event::Returned(failure)) => failed(failure),
        (Posted, Event::Matched) => (Verified, vec![Effect::Account(AccountEvent::Verified)]),
        (Posted, Event::TriesUsedUp) => failed(Failure::Tries),
        (Posted, Event::Lapsed) => (Expired, vec![]),
        (from, event) => return Err(Illegal { from, event }),
    };
    Ok((to, effects))
}

#[cfg(test)]
#[path = "verification_tests.rs"]
mod tests;
