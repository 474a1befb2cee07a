//! The life of a pair of rows that may be one transfer: suggested, decided, taken apart.

use super::{Illegal, Next};
use crate::Code;

words! {
    /// Where a pair stands. One that is as good as certain, or made by hand, begins confirmed.
    pub enum PairState (Code::OptionUnknown) {
        /// Put before the person.
        Suggested = "suggested", "Suggested";
        /// Both rows are sides of one transfer.
        Confirmed = "confirmed", "Confirmed";
        /// Not a transfer. Remembered, so that it is never suggested again.
        Rejected = "rejected", "Rejected";
        /// Was one, and was taken apart.
        Unlinked = "unlinked", "Unlinked";
    }
}

/// What a person does with a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// It is a transfer.
    Confirm,
    /// It isn't.
    Reject,
    /// It wasn't.
    Unlink,
    /// What was just said about a suggestion was a slip: it is put before the person again.
    TakeBack,
}

/// What follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Both rows become a transfer and leave income, spending and budgets; what they were is kept.
    MarkRows,
    /// Both rows become what they were.
    RestoreRows,
    /// Look at sums and budgets again.
    LookAgain,
}

/// The state after an event.
pub fn next(from: PairState, event: Event) -> Next<PairState, Event, Effect> {
    use PairState::{Confirmed, Rejected, Suggested, Unlinked};
    let (to, effects) = match (from, event) {
        (Suggested, Event::Confirm) => (Confirmed, vec![Effect::MarkRows, Effect::LookAgain]),
        (Suggested, Event::Reject) => (Rejected, vec![]),
        (Confirmed, Event::Unlink) => (Unlinked, vec![Effect::RestoreRows, Effect::LookAgain]),
        (Confirmed, Event::TakeBack) => (Suggested, vec![Effect::RestoreRows, Effect::LookAgain]),
        (Rejected, Event::TakeBack) => (Suggested, vec![]),
        (from, event) => return Err(Illegal { from, event }),
    };
    Ok((to, effects))
}

#[cfg(test)]
mod tests {
    use super::{super::table::walk, *};

    #[test]
    fn the_table_has_these_transitions_and_no_others() {
        use PairState::{Confirmed, Rejected, Suggested, Unlinked};
        let legal: [(_, _, _, &[Effect]); 5] = [
            (Suggested, Event::Confirm, Confirmed, &[Effect::MarkRows, Effect::LookAgain]),
            (Suggested, Event::Reject, Rejected, &[]),
            (Confirmed, Event::Unlink, Unlinked, &[Effect::RestoreRows, Effect::LookAgain]),
            (Confirmed, Event::TakeBack, Suggested, &[Effect::RestoreRows, Effect::LookAgain]),
            (Rejected, Event::TakeBack, Suggested, &[]),
        ];
        let events = [Event::Confirm, Event::Reject, Event::Unlink, Event::TakeBack];

        walk((PairState::ALL, &events), &legal, next);
    }

    #[test]
    fn every_state_is_found_by_its_word() {
        for state in PairState::ALL {
            assert_eq!(state.as_str().parse(), Ok(*state));
        }
        assert_eq!("gone".parse::<PairState>(), Err(Code::OptionUnknown));
    }
}
