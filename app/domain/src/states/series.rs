//! The life of something that repeats, and what its owner decided about it. The two are independent.

use super::{Illegal, Next};
use crate::Code;

words! {
    /// How far a series is.
    pub enum SeriesStatus (Code::OptionUnknown) {
        /// Two rows that may become one.
        Early = "early", "New";
        /// Its rows come when they should.
        Active = "active", "Active";
        /// The next row is late.
        Missed = "missed", "Late";
        /// No row for more than one more period.
        Ended = "ended", "Ended";
    }
}

/// What can happen to a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// It has rows enough.
    Matured,
    /// The day of the next row and its grace have passed.
    Missed,
    /// The late row came.
    Resumed,
    /// The late row is later than a whole period.
    Ended,
    /// Too few of its rows are left, or a guess did not come true. Its owner said something about it, so it is kept.
    Gone,
    /// It is found in other rows than before: some were left out or deleted, or came after it had ended.
    FoundAnew,
}

/// What follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Its next row stands among what is coming.
    Forecast,
    /// It no longer does.
    StopForecast,
}

/// The status after an event.
pub fn next(from: SeriesStatus, event: Event) -> Next<SeriesStatus, Event, Effect> {
    use SeriesStatus::{Active, Early, Ended, Missed};
    let (to, effects) = match (from, event) {
        (Early, Event::Matured) | (Missed, Event::Resumed) => (Active, vec![Effect::Forecast]),
        (Active, Event::Missed) => (Missed, vec![]),
        (Missed, Event::Ended) | (Early | Active | Missed, Event::Gone) => {
            (Ended, vec![Effect::StopForecast])
        }
        (Active | Missed | Ended, Event::FoundAnew) => (Early, vec![Effect::Forecast]),
        (from, event) => return Err(Illegal { from, event }),
    };
    Ok((to, effects))
}

/// The status after all of these events, one after the other.
///
/// # Errors
/// [`Illegal`] for the first that [`next`] refuses.
pub fn after(
    from: SeriesStatus,
    events: impl IntoIterator<Item = Event>,
) -> Result<SeriesStatus, Illegal<SeriesStatus, Event>> {
    events.into_iter().try_fold(from, |status, event| next(status, event).map(|(to, _)| to))
}

/// What happened to a series that had one status, now that its rows and the day give it another.
pub const fn events(from: SeriesStatus, to: SeriesStatus) -> &'static [Event] {
    use SeriesStatus::{Active, Early, Ended, Missed};
    match (from, to) {
        (Early, Early) | (Active, Active) | (Missed, Missed) | (Ended, Ended) => &[],
        (Early, Active) => &[Event::Matured],
        (Early, Missed) => &[Event::Matured, Event::Missed],
        (Early, Ended) => &[Event::Matured, Event::Missed, Event::Ended],
        (Active, Missed) => &[Event::Missed],
        (Active, Ended) => &[Event::Missed, Event::Ended],
        (Missed, Active) => &[Event::Resumed],
        (Missed, Ended) => &[Event::Ended],
        (Active | Missed | Ended, Early) => &[Event::FoundAnew],
        (Ended, Active) => &[Event::FoundAnew, Event::Matured],
        (Ended, Missed) => &[Event::FoundAnew, Event::Matured, Event::Missed],
    }
}

words! {
    /// What its owner decided.
    pub enum SeriesDecision (Code::OptionUnknown) {
        /// Nothing yet.
        Open = "open", "Open";
        /// It does repeat.
        Confirmed = "confirmed", "Confirmed";
        /// It is of no interest.
        Ignored = "ignored", "Ignored";
        /// It is part of another series. Final.
        Merged = "merged", "Merged";
    }
}

/// What its owner does with a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Choice {
    /// It does repeat.
    Confirm,
    /// Leave it out.
    Ignore,
    /// It is part of another one.
    Merge,
    /// What was said was a slip: nothing is decided again.
    Reopen,
}

impl SeriesDecision {
    /// The choice that leads back to it; nothing for the final one.
    pub const fn back(self) -> Option<Choice> {
        match self {
            Self::Open => Some(Choice::Reopen),
            Self::Confirmed => Some(Choice::Confirm),
            Self::Ignored => Some(Choice::Ignore),
            Self::Merged => None,
        }
    }
}

/// What follows from a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChoiceEffect {
    /// It stands in lists and among what is coming.
    Show,
    /// It stands nowhere.
    Hide,
    /// Its rows count as the other series'.
    MoveRows,
}

/// The decision after a choice; the last one counts.
pub fn decide(from: SeriesDecision, choice: Choice) -> Next<SeriesDecision, Choice, ChoiceEffect> {
    use SeriesDecision::{Confirmed, Ignored, Merged, Open};
    let (to, effects) = match (from, choice) {
        (Open | Ignored, Choice::Confirm) => (Confirmed, vec![ChoiceEffect::Show]),
        (Open | Confirmed, Choice::Ignore) => (Ignored, vec![ChoiceEffect::Hide]),
        (Confirmed | Ignored, Choice::Reopen) => (Open, vec![ChoiceEffect::Show]),
        (Open | Confirmed | Ignored, Choice::Merge) => {
            (Merged, vec![ChoiceEffect::MoveRows, ChoiceEffect::Hide])
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
        use SeriesStatus::{Active, Early, Ended, Missed};
        const STOP: &[Effect] = &[Effect::StopForecast];
        let events = [
            Event::Matured,
            Event::Missed,
            Event::Resumed,
            Event::Ended,
            Event::Gone,
            Event::FoundAnew,
        ];
        let legal: [(_, _, _, &[Effect]); 10] = [
            (Early, Event::Matured, Active, &[Effect::Forecast]),
            (Active, Event::Missed, Missed, &[]),
            (Missed, Event::Resumed, Active, &[Effect::Forecast]),
            (Missed, Event::Ended, Ended, STOP),
            (Early, Event::Gone, Ended, STOP),
            (Active, Event::Gone, Ended, STOP),
            (Missed, Event::Gone, Ended, STOP),
            (Active, Event::FoundAnew, Early, &[Effect::Forecast]),
            (Missed, Event::FoundAnew, Early, &[Effect::Forecast]),
            (Ended, Event::FoundAnew, Early, &[Effect::Forecast]),
        ];

        walk((SeriesStatus::ALL, &events), &legal, next);
    }

    #[test]
    fn legal_events_lead_from_every_status_to_every_other() {
        for from in SeriesStatus::ALL {
            for to in SeriesStatus::ALL {
                let happened = events(*from, *to);

                assert_eq!(after(*from, happened.iter().copied()), Ok(*to), "{from:?} {to:?}");
                assert_eq!(happened.is_empty(), from == to, "{from:?} {to:?}");
            }
        }
        let twice = after(SeriesStatus::Early, [Event::Matured, Event::Matured]);
        assert_eq!(twice, Err(Illegal { from: SeriesStatus::Active, event: Event::Matured }));
    }

    #[test]
    fn what_was_said_is_taken_back_to_what_was_said_before() {
        use SeriesDecision::{Confirmed, Ignored, Open};
        for (before, choice) in [
            (Open, Choice::Confirm),
            (Open, Choice::Ignore),
            (Confirmed, Choice::Ignore),
            (Ignored, Choice::Confirm),
        ] {
            let (said, _) = decide(before, choice).unwrap();
            let (back, _) = decide(said, before.back().unwrap()).unwrap();

            assert_eq!(back, before, "{choice:?}");
        }
        assert_eq!(SeriesDecision::Merged.back(), None);
    }

    #[test]
    fn the_table_of_decisions_has_these_transitions_and_no_others() {
        use SeriesDecision::{Confirmed, Ignored, Merged, Open};
        const MERGED: &[ChoiceEffect] = &[ChoiceEffect::MoveRows, ChoiceEffect::Hide];
        let legal: [(_, _, _, &[ChoiceEffect]); 9] = [
            (Open, Choice::Confirm, Confirmed, &[ChoiceEffect::Show]),
            (Ignored, Choice::Confirm, Confirmed, &[ChoiceEffect::Show]),
            (Open, Choice::Ignore, Ignored, &[ChoiceEffect::Hide]),
            (Confirmed, Choice::Ignore, Ignored, &[ChoiceEffect::Hide]),
            (Confirmed, Choice::Reopen, Open, &[ChoiceEffect::Show]),
            (Ignored, Choice::Reopen, Open, &[ChoiceEffect::Show]),
            (Open, Choice::Merge, Merged, MERGED),
            (Confirmed, Choice::Merge, Merged, MERGED),
            (Ignored, Choice::Merge, Merged, MERGED),
        ];
        let choices = [Choice::Confirm, Choice::Ignore, Choice::Merge, Choice::Reopen];

        walk((SeriesDecision::ALL, &choices), &legal, decide);
    }

    #[test]
    fn every_word_is_found() {
        for status in SeriesStatus::ALL {
            assert_eq!(status.as_str().parse(), Ok(*status));
        }
        for decision in SeriesDecision::ALL {
            assert_eq!(decision.as_str().parse(), Ok(*decision));
        }
        assert_eq!("gone".parse::<SeriesStatus>(), Err(Code::OptionUnknown));
        assert_eq!("gone".parse::<SeriesDecision>(), Err(Code::OptionUnknown));
    }
}
