//! The life of a row: at the bank's door, booked, or gone.

use super::{Illegal, Next};
use crate::{Code, TransactionStatus};

words! {
    /// Why a row failed.
    pub enum FailReason (Code::OptionUnknown) {
        /// The bank let the hold go.
        Released = "released", "Released";
        /// The bank refused it.
        Declined = "declined", "Declined";
        /// The bank doesn't list it any more and never booked it.
        Vanished = "vanished", "Never booked";
        /// Booked, and taken back by the bank.
        Reversed = "reversed", "Reversed";
    }
}

impl FailReason {
    /// What its owner reads.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Released => "The bank released this amount. It was never taken.",
            Self::Declined => "The bank declined this. No money moved.",
            Self::Vanished => "The bank no longer lists this and never booked it.",
            Self::Reversed => "The bank took this back.",
        }
    }
}

/// What can happen to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// The bank booked it.
    Posted,
    /// The bank booked it after all: it let the pending row go before it said what became of it, and names it now.
    Traced,
    /// The bank has a row that its owner typed or imported, and has not booked it yet.
    Claimed,
    /// It will not be booked, or the bank took it back.
    Failed(FailReason),
}

/// What follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Keep the reason beside the row, which is hidden from now on and counts nowhere.
    KeepReason(FailReason),
    /// Write it to the log of activity.
    Audit,
    /// Look at sums, budgets, transfers and what repeats again.
    LookAgain,
}

/// The status after an event. A booked row fails only by a reversal that the bank reports.
pub fn next(from: TransactionStatus, event: Event) -> Next<TransactionStatus, Event, Effect> {
    use TransactionStatus::{Completed, Failed, Pending};
    let (to, effects) = match (from, event) {
        (Pending, Event::Posted) | (Failed, Event::Traced) => (Completed, vec![Effect::LookAgain]),
        (Completed, Event::Claimed) => (Pending, vec![Effect::LookAgain]),
        (
            Pending,
            Event::Failed(
                reason @ (FailReason::Released | FailReason::Declined | FailReason::Vanished),
            ),
        ) => (Failed, vec![Effect::KeepReason(reason), Effect::LookAgain]),
        (Completed, Event::Failed(reason @ FailReason::Reversed)) => {
            (Failed, vec![Effect::KeepReason(reason), Effect::Audit, Effect::LookAgain])
        }
        (from, event) => return Err(Illegal { from, event }),
    };
    Ok((to, effects))
}

#[cfg(test)]
mod tests {
    use super::{super::table::walk, *};

    #[test]
    fn the_table_has_these_transitions_and_no_others() {
        use FailReason::{Declined, Released, Reversed, Vanished};
        use TransactionStatus::{Completed, Failed, Pending};
        let events = [
            Event::Posted,
            Event::Traced,
            Event::Claimed,
            Event::Failed(Released),
            Event::Failed(Declined),
            Event::Failed(Vanished),
            Event::Failed(Reversed),
        ];
        let legal: [(_, _, _, &[Effect]); 7] = [
            (Pending, Event::Posted, Completed, &[Effect::LookAgain]),
            (Failed, Event::Traced, Completed, &[Effect::LookAgain]),
            (Completed, Event::Claimed, Pending, &[Effect::LookAgain]),
            (
                Pending,
                Event::Failed(Released),
                Failed,
                &[Effect::KeepReason(Released), Effect::LookAgain],
            ),
            (
                Pending,
                Event::Failed(Declined),
                Failed,
                &[Effect::KeepReason(Declined), Effect::LookAgain],
            ),
            (
                Pending,
                Event::Failed(Vanished),
                Failed,
                &[Effect::KeepReason(Vanished), Effect::LookAgain],
            ),
            (
                Completed,
                Event::Failed(Reversed),
                Failed,
                &[Effect::KeepReason(Reversed), Effect::Audit, Effect::LookAgain],
            ),
        ];

        walk((TransactionStatus::ALL, &events), &legal, next);
    }

    #[test]
    fn every_reason_is_found_by_its_word() {
        for reason in FailReason::ALL {
            assert_eq!(reason.as_str().parse(), Ok(*reason));
        }
        assert_eq!("gone".parse::<FailReason>(), Err(Code::OptionUnknown));
    }
}
