//! The life of a doubt: two rows that may be one, until their owner says so or says no.

use super::{Illegal, Next};
use crate::Code;

words! {
    /// Why two rows may be one.
    pub enum DoubtKind (Code::OptionUnknown) {
        /// The same payment, twice.
        Copy = "copy", "Possibly there twice";
        /// A purchase, and what it came to in the end.
        FinalAmount = "final_amount", "Possibly the final amount";
    }
}

words! {
    /// Where a doubt stands.
    pub enum DoubtState (Code::OptionUnknown) {
        /// Put before the person.
        Open = "open", "Open";
        /// They are one: the other row is put away.
        Same = "same", "The same";
        /// They are two. Remembered, so that it is never asked again.
        Different = "different", "Different";
    }
}

/// What a person does with a doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// The two are one.
    Same,
    /// They are two.
    Different,
    /// What was just said was a slip.
    TakeBack,
}

/// What follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// What its owner said about the other row goes onto the one that stays; the other is put away.
    Merge,
    /// Both rows become what they were.
    Restore,
    /// Look at sums and budgets again.
    LookAgain,
}

/// The state after an event.
pub fn next(from: DoubtState, event: Event) -> Next<DoubtState, Event, Effect> {
    use DoubtState::{Different, Open, Same};
    let (to, effects) = match (from, event) {
        (Open, Event::Same) => (Same, vec![Effect::Merge, Effect::LookAgain]),
        (Open, Event::Different) => (Different, vec![]),
        (Same, Event::TakeBack) => (Open, vec![Effect::Restore, Effect::LookAgain]),
        (Different, Event::TakeBack) => (Open, vec![]),
        (from, event) => return Err(Illegal { from, event }),
    };
    Ok((to, effects))
}

#[cfg(test)]
mod tests {
    use super::{super::table::walk, *};

    #[test]
    fn the_table_has_these_transitions_and_no_others() {
        use DoubtState::{Different, Open, Same};
        let legal: [(_, _, _, &[Effect]); 4] = [
            (Open, Event::Same, Same, &[Effect::Merge, Effect::LookAgain]),
            (Open, Event::Different, Different, &[]),
            (Same, Event::TakeBack, Open, &[Effect::Restore, Effect::LookAgain]),
            (Different, Event::TakeBack, Open, &[]),
        ];

        walk((DoubtState::ALL, &[Event::Same, Event::Different, Event::TakeBack]), &legal, next);
    }
}
