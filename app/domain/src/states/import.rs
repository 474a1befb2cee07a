//! The life of an import: uploaded, looked at, taken in, taken back.

use super::{Illegal, Next};
use crate::Code;

words! {
    /// Where an import stands.
    pub enum ImportState (Code::OptionUnknown) {
        /// The file is here.
        Uploaded = "uploaded", "Uploaded";
        /// Its columns are understood.
        Mapped = "mapped", "Understood";
        /// Its rows have been compared with the ledger.
        Previewed = "previewed", "Ready to import";
        /// Its rows are being added.
        Applying = "applying", "Importing";
        /// Its rows are in the ledger.
        Applied = "applied", "Imported";
        /// Its rows are being removed.
        Reverting = "reverting", "Undoing";
        /// Its rows are out of the ledger again.
        Reverted = "reverted", "Undone";
        /// It broke; nothing of it is left half-way.
        Failed = "failed", "Failed";
    }
}

impl ImportState {
    /// True while nothing of it is in the ledger and it can still be applied.
    pub const fn is_draft(self) -> bool {
        matches!(self, Self::Uploaded | Self::Mapped | Self::Previewed)
    }

    /// The state after several events in one database transaction, without their effects.
    pub fn after(self, events: &[Event]) -> Result<Self, Illegal<Self, Event>> {
        events.iter().try_fold(self, |state, event| next(state, *event).map(|(to, _)| to))
    }
}

/// What can happen to an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// No question about its columns is open.
    Map,
    /// Every row is known as new, here or broken.
    Compare,
    /// Adding begins.
    Apply,
    /// Every row is added.
    Finish,
    /// Removing begins.
    Revert,
    /// Every row is removed.
    FinishReverting,
    /// Adding or removing broke.
    Fail,
}

/// What follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Forget the file itself.
    DropFile,
    /// Write it to the log of activity.
    Audit,
    /// Look at sums, budgets, transfers and what repeats again.
    LookAgain,
    /// Roll the database transaction back: no row stays half-way.
    RollBack,
}

/// The state after an event.
pub fn next(from: ImportState, event: Event) -> Next<ImportState, Event, Effect> {
    use ImportState::{
        Applied, Applying, Failed, Mapped, Previewed, Reverted, Reverting, Uploaded,
    };
    let (to, effects) = match (from, event) {
        (Uploaded, Event::Map) => (Mapped, vec![]),
        (Mapped, Event::Compare) => (Previewed, vec![]),
        (Previewed, Event::Apply) => (Applying, vec![]),
        (Applying, Event::Finish) => {
            (Applied, vec![Effect::DropFile, Effect::Audit, Effect::LookAgain])
        }
        (Applied, Event::Revert) => (Reverting, vec![]),
        (Reverting, Event::FinishReverting) => (Reverted, vec![Effect::Audit, Effect::LookAgain]),
        (Applying | Reverting, Event::Fail) => (Failed, vec![Effect::RollBack]),
        (from, event) => return Err(Illegal { from, event }),
    };
    Ok((to, effects))
}

#[cfg(test)]
mod tests {
    use super::ImportState::{
        Applied, Applying, Failed, Mapped, Previewed, Reverted, Reverting, Uploaded,
    };
    use super::{super::table::walk, *};

    const EVENTS: [Event; 7] = [
        Event::Map,
        Event::Compare,
        Event::Apply,
        Event::Finish,
        Event::Revert,
        Event::FinishReverting,
        Event::Fail,
    ];

    #[test]
    fn the_table_has_these_transitions_and_no_others() {
        let legal: [(_, _, _, &[Effect]); 8] = [
            (Uploaded, Event::Map, Mapped, &[]),
            (Mapped, Event::Compare, Previewed, &[]),
            (Previewed, Event::Apply, Applying, &[]),
            (
                Applying,
                Event::Finish,
                Applied,
                &[Effect::DropFile, Effect::Audit, Effect::LookAgain],
            ),
            (Applying, Event::Fail, Failed, &[Effect::RollBack]),
            (Applied, Event::Revert, Reverting, &[]),
            (Reverting, Event::FinishReverting, Reverted, &[Effect::Audit, Effect::LookAgain]),
            (Reverting, Event::Fail, Failed, &[Effect::RollBack]),
        ];

        walk((ImportState::ALL, &EVENTS), &legal, next);
    }

    #[test]
    fn a_whole_life_ends_reverted() {
        assert_eq!(Uploaded.after(&EVENTS[..6]), Ok(Reverted));
        let refused = Illegal { from: Applied, event: Event::Apply };
        assert_eq!(Applied.after(&[Event::Apply]), Err(refused));
    }

    #[test]
    fn every_state_is_found_by_its_word() {
        for state in ImportState::ALL {
            assert_eq!(state.as_str().parse(), Ok(*state));
        }
        assert_eq!("gone".parse::<ImportState>(), Err(Code::OptionUnknown));
    }
}
