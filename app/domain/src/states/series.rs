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
        (Missed, Event::Ended) => (Ended, vec![Effect::StopForecast]),
        (from, event) => return Err(Illegal { from, event }),
    };
    Ok((to, effects))
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
        let events = [Event::Matured, Event::Missed, Event::Resumed, Event::Ended];
        let legal: [(_, _, _, &[Effect]); 4] = [
            (Early, Event::Matured, Active, &[Effect::Forecast]),
            (Active, Event::Missed, Missed, &[]),
            (Missed, Event::Resumed, Active, &[Effect::Forecast]),
            (Missed, Event::Ended, Ended, &[Effect::StopForecast]),
        ];

        walk((SeriesStatus::ALL, &events), &legal, next);
    }

    #[test]
    fn the_table_of_decisions_has_these_transitions_and_no_others() {
        use SeriesDecision::{Confirmed, Ignored, Merged, Open};
        const MERGED: &[ChoiceEffect] = &[ChoiceEffect::MoveRows, ChoiceEffect::Hide];
        let legal: [(_, _, _, &[ChoiceEffect]); 7] = [
            (Open, Choice::Confirm, Confirmed, &[ChoiceEffect::Show]),
            (Ignored, Choice::Confirm, Confirmed, &[ChoiceEffect::Show]),
            (Open, Choice::Ignore, Ignored, &[ChoiceEffect::Hide]),
            (Confirmed, Choice::Ignore, Ignored, &[ChoiceEffect::Hide]),
            (Open, Choice::Merge, Merged, MERGED),
            (Confirmed, Choice::Merge, Merged, MERGED),
            (Ignored, Choice::Merge, Merged, MERGED),
        ];
        let choices = [Choice::Confirm, Choice::Ignore, Choice::Merge];

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
