//! The life of an import, as one table.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Where an import stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ImportState {
    /// The file is here.
    Uploaded,
    /// Its columns are understood.
    Mapped,
    /// Its rows have been compared with the ledger.
    Previewed,
    /// Its rows are being added.
    Applying,
    /// Its rows are in the ledger.
    Applied,
    /// Its rows are being removed.
    Reverting,
    /// Its rows are out of the ledger again.
    Reverted,
    /// It broke; nothing of it is left half-way.
    Failed,
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

/// A transition that the table does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an import that is {from} cannot {event:?}")]
pub struct Illegal {
    /// Where it stands.
    pub from: ImportState,
    /// What was to happen.
    pub event: Event,
}

/// The state after an event.
///
/// # Errors
/// [`Illegal`] for every pair that is not in the table.
pub fn next(from: ImportState, event: Event) -> Result<ImportState, Illegal> {
    use ImportState::{
        Applied, Applying, Failed, Mapped, Previewed, Reverted, Reverting, Uploaded,
    };
    match (from, event) {
        (Uploaded, Event::Map) => Ok(Mapped),
        (Mapped, Event::Compare) => Ok(Previewed),
        (Previewed, Event::Apply) => Ok(Applying),
        (Applying, Event::Finish) => Ok(Applied),
        (Applied, Event::Revert) => Ok(Reverting),
        (Reverting, Event::FinishReverting) => Ok(Reverted),
        (Applying | Reverting, Event::Fail) => Ok(Failed),
        (from, event) => Err(Illegal { from, event }),
    }
}

impl ImportState {
    /// Every state, in the order of a life.
    pub const ALL: [Self; 8] = [
        Self::Uploaded,
        Self::Mapped,
        Self::Previewed,
        Self::Applying,
        Self::Applied,
        Self::Reverting,
        Self::Reverted,
        Self::Failed,
    ];

    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Uploaded => "uploaded",
            Self::Mapped => "mapped",
            Self::Previewed => "previewed",
            Self::Applying => "applying",
            Self::Applied => "applied",
            Self::Reverting => "reverting",
            Self::Reverted => "reverted",
            Self::Failed => "failed",
        }
    }

    /// True while nothing of it is in the ledger and it can still be applied.
    pub fn is_draft(self) -> bool {
        matches!(self, Self::Uploaded | Self::Mapped | Self::Previewed)
    }

    /// Goes through several events.
    pub(super) fn after(self, events: &[Event]) -> Result<Self, Illegal> {
        events.iter().try_fold(self, |state, event| next(state, *event))
    }
}

impl fmt::Display for ImportState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that names no state.
#[derive(Debug, PartialEq, Eq)]
pub struct UnknownState;

impl FromStr for ImportState {
    type Err = UnknownState;

    fn from_str(text: &str) -> Result<Self, UnknownState> {
        Self::ALL.into_iter().find(|state| state.as_str() == text).ok_or(UnknownState)
    }
}

#[cfg(test)]
mod tests {
    use super::{ImportState::*, *};

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
    fn the_table_has_eight_transitions_and_no_others() {
        let legal = [
            (Uploaded, Event::Map, Mapped),
            (Mapped, Event::Compare, Previewed),
            (Previewed, Event::Apply, Applying),
            (Applying, Event::Finish, Applied),
            (Applying, Event::Fail, Failed),
            (Applied, Event::Revert, Reverting),
            (Reverting, Event::FinishReverting, Reverted),
            (Reverting, Event::Fail, Failed),
        ];

        for from in ImportState::ALL {
            for event in EVENTS {
                let wanted =
                    legal.iter().find(|(f, e, _)| (*f, *e) == (from, event)).map(|(_, _, to)| *to);
                assert_eq!(next(from, event).ok(), wanted, "{from} {event:?}");
                assert_eq!(next(from, event).is_err(), wanted.is_none());
            }
        }
    }

    #[test]
    fn every_state_is_found_by_its_word() {
        for state in ImportState::ALL {
            assert_eq!(state.as_str().parse(), Ok(state));
        }
        assert_eq!("gone".parse::<ImportState>(), Err(UnknownState));
    }

    #[test]
    fn a_whole_life_ends_reverted() {
        let life = Uploaded.after(&EVENTS[..6]);

        assert_eq!(life, Ok(Reverted));
        assert!(Applied.after(&[Event::Apply]).is_err());
    }
}
