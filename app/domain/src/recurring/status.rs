//! How far a series is on a day.

use super::{Cadence, SeriesStatus, cadence::days};
use crate::{
    Date,
    states::series::{Event, after},
};

/// How far a series is on a day when its next row should come on `next`: late once the grace of its cadence is over,
/// ended a whole period later. Nothing for a guess (`is_mature` is false) that did not come true.
pub fn status_on(
    cadence: Cadence,
    next: Date,
    is_mature: bool,
    today: Date,
) -> Option<SeriesStatus> {
    let late = days(next, today);
    let is_over = late > cadence.ends_after();
    if !is_mature && is_over {
        return None;
    }
    // A guess is early and stays so; everything else has been through this.
    let happened = [
        (is_mature, Event::Matured),
        (is_mature && late > cadence.grace(), Event::Missed),
        (is_over, Event::Ended),
    ];
    let events = happened.into_iter().filter_map(|(did, event)| did.then_some(event));
    after(SeriesStatus::Early, events).ok()
}

#[cfg(test)]
mod tests {
    use time::{Duration, macros::date};

    use super::*;

    #[test]
    fn each_cadence_has_its_grace_and_its_end() {
        let next = date!(2026 - 05 - 15);
        for (cadence, grace, end) in [
            (Cadence::Weekly, 2, 7),
            (Cadence::Biweekly, 3, 14),
            (Cadence::Monthly, 5, 31),
            (Cadence::Quarterly, 10, 92),
            (Cadence::Yearly, 20, 366),
        ] {
            let on = |late: i64, is_mature| {
                status_on(cadence, next, is_mature, next.saturating_add(Duration::days(late)))
            };

            assert_eq!(on(-100, true), Some(SeriesStatus::Active), "{cadence}");
            assert_eq!(on(grace, true), Some(SeriesStatus::Active), "{cadence}");
            assert_eq!(on(grace + 1, true), Some(SeriesStatus::Missed), "{cadence}");
            assert_eq!(on(end, true), Some(SeriesStatus::Missed), "{cadence}");
            assert_eq!(on(end + 1, true), Some(SeriesStatus::Ended), "{cadence}");
            assert_eq!(on(end, false), Some(SeriesStatus::Early), "{cadence}");
            assert_eq!(on(end + 1, false), None, "{cadence}");
        }
    }
}
