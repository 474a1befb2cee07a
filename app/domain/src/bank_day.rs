//! Banking days of the United States: the days on which the Federal Reserve settles ACH entries.

use time::{Month, Weekday};

use crate::Date;

/// False on Saturdays, Sundays and the holidays of the Federal Reserve.
pub fn is_banking_day(date: Date) -> bool {
    !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) && !is_holiday(date)
}

/// The first banking day after a date; at the end of the calendar, the date itself.
pub fn next_banking_day(date: Date) -> Date {
    let mut days = std::iter::successors(date.next_day(), |day| day.next_day());
    days.find(|day| is_banking_day(*day)).unwrap_or(date)
}

/// The `n`-th banking day after a date, from 1; for 0 the date itself.
pub fn nth_banking_day_after(date: Date, n: u32) -> Date {
    (0..n).fold(date, |day, _| next_banking_day(day))
}

/// A holiday on a Sunday is kept on Monday; one on a Saturday is not moved (holiday schedule of the Federal Reserve).
fn is_holiday(date: Date) -> bool {
    let was_yesterday = || date.previous_day().is_some_and(is_fixed_holiday);
    is_fixed_holiday(date)
        || is_moving_holiday(date)
        || (date.weekday() == Weekday::Monday && was_yesterday())
}

/// New Year, Juneteenth, Independence Day, Veterans Day, Christmas.
fn is_fixed_holiday(date: Date) -> bool {
    matches!(
        (date.month(), date.day()),
        (Month::January, 1)
            | (Month::June, 19)
            | (Month::July, 4)
            | (Month::November, 11)
            | (Month::December, 25)
    )
}

/// Martin Luther King and Presidents (third Mondays), Memorial (last), Labor (first), Columbus (second), Thanksgiving
/// (fourth Thursday).
fn is_moving_holiday(date: Date) -> bool {
    matches!(
        (date.month(), date.weekday(), date.day()),
        (Month::January | Month::February, Weekday::Monday, 15..=21)
            | (Month::May, Weekday::Monday, 25..=31)
            | (Month::September, Weekday::Monday, 1..=7)
            | (Month::October, Weekday::Monday, 8..=14)
            | (Month::November, Weekday::Thursday, 22..=28)
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::date;

    use super::*;

    #[test]
    fn deposits_are_expected_on_the_second_banking_day() {
        let cases = [
            (date!(2026 - 06 - 08), date!(2026 - 06 - 09), date!(2026 - 06 - 10)),
            (date!(2026 - 06 - 12), date!(2026 - 06 - 15), date!(2026 - 06 - 16)),
            (date!(2026 - 06 - 18), date!(2026 - 06 - 22), date!(2026 - 06 - 23)),
            (date!(2026 - 07 - 02), date!(2026 - 07 - 03), date!(2026 - 07 - 06)),
            (date!(2026 - 11 - 25), date!(2026 - 11 - 27), date!(2026 - 11 - 30)),
            (date!(2026 - 12 - 24), date!(2026 - 12 - 28), date!(2026 - 12 - 29)),
            (date!(2026 - 12 - 31), date!(2027 - 01 - 04), date!(2027 - 01 - 05)),
            (date!(2027 - 07 - 02), date!(2027 - 07 - 06), date!(2027 - 07 - 07)),
        ];
        for (start, first, second) in cases {
            assert_eq!(next_banking_day(start), first, "first after {start}");
            assert_eq!(nth_banking_day_after(start, 1), first, "first after {start}");
            assert_eq!(nth_banking_day_after(start, 2), second, "second after {start}");
        }
    }

    #[test]
    fn the_holidays_of_2026_and_no_other_weekdays_are_closed() {
        let closed: Vec<Date> =
            std::iter::successors(Some(date!(2026 - 01 - 01)), |day| day.next_day())
                .take_while(|day| day.year() == 2026)
                .filter(|day| !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday))
                .filter(|day| !is_banking_day(*day))
                .collect();

        let expected = [
            date!(2026 - 01 - 01),
            date!(2026 - 01 - 19),
            date!(2026 - 02 - 16),
            date!(2026 - 05 - 25),
            date!(2026 - 06 - 19),
            date!(2026 - 09 - 07),
            date!(2026 - 10 - 12),
            date!(2026 - 11 - 11),
            date!(2026 - 11 - 26),
            date!(2026 - 12 - 25),
        ];
        assert_eq!(closed, expected);
    }

    #[test]
    fn a_holiday_on_a_sunday_moves_and_one_on_a_saturday_does_not() {
        for monday in [date!(2022 - 12 - 26), date!(2023 - 01 - 02), date!(2027 - 07 - 05)] {
            assert!(!is_banking_day(monday), "{monday}");
        }
        for friday in [date!(2026 - 07 - 03), date!(2021 - 12 - 31), date!(2027 - 12 - 24)] {
            assert!(is_banking_day(friday), "{friday}");
        }
    }

    #[test]
    fn no_banking_days_later_is_the_day_itself() {
        assert_eq!(nth_banking_day_after(date!(2026 - 06 - 13), 0), date!(2026 - 06 - 13));
        assert_eq!(next_banking_day(Date::MAX), Date::MAX);
    }

    proptest! {
        #[test]
        fn the_result_is_a_banking_day_and_strictly_later(day in 2_415_021_i32..2_524_594, n in 1_u32..40) {
            let start = Date::from_julian_day(day).unwrap();
            let found = nth_banking_day_after(start, n);

            prop_assert!(is_banking_day(found));
            prop_assert!(found > start);
            let between = std::iter::successors(start.next_day(), |day| day.next_day())
                .take_while(|day| *day <= found)
                .filter(|day| is_banking_day(*day));
            prop_assert_eq!(between.count(), n as usize);
        }

        #[test]
        fn nobody_waits_longer_than_four_days(day in 2_415_021_i32..2_524_594) {
            let start = Date::from_julian_day(day).unwrap();
            prop_assert!((next_banking_day(start) - start).whole_days() <= 4);
        }
    }
}
