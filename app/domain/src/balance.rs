//! What an account held day after day, worked out backwards from what it holds now.

use serde::{Deserialize, Serialize};
use time::Duration;

use crate::{Date, DayTotal};

/// How far back a line of balances goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BalanceRange {
    /// 30 days.
    Month,
    /// 91 days.
    #[default]
    Quarter,
    /// 365 days.
    Year,
    /// From the first row.
    All,
}

impl BalanceRange {
    /// All of them, the shortest first.
    pub const ALL: [Self; 4] = [Self::Month, Self::Quarter, Self::Year, Self::All];

    /// What stands in the address, and on the tab.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Month => "1M",
            Self::Quarter => "3M",
            Self::Year => "1Y",
            Self::All => "All",
        }
    }

    /// In words, inside a sentence.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Month => "in 30 days",
            Self::Quarter => "in three months",
            Self::Year => "in a year",
            Self::All => "since the first transaction",
        }
    }

    /// Reads what stands in the address, in any case. Anything else is the usual range.
    pub fn parse(text: &str) -> Self {
        let known = Self::ALL.into_iter().find(|range| range.as_str().eq_ignore_ascii_case(text));
        known.unwrap_or_default()
    }

    /// The first day of the line that ends on `today`; `first_row` is the day of the account's oldest row.
    pub fn first_day(self, today: Date, first_row: Date) -> Date {
        let back = |days| today.checked_sub(Duration::days(days)).unwrap_or(Date::MIN);
        match self {
            Self::Month => back(30),
            Self::Quarter => back(91),
            Self::Year => back(365),
            Self::All => first_row.min(today),
        }
    }
}

/// The balance at the end of each day from `first` to `last`. `movements` are the sums of the days from `first` on, in
/// order and also of days after `last`; `balance_minor` is what all rows come to.
pub fn history(
    balance_minor: i64,
    movements: &[DayTotal],
    first: Date,
    last: Date,
) -> Vec<DayTotal> {
    let total = movements.iter().fold(0_i64, |sum, day| sum.saturating_add(day.minor));
    let mut minor = balance_minor.saturating_sub(total);
    let mut movements = movements.iter().peekable();
    let number = |day: Date| i64::from(day.to_julian_day());
    let length = number(last).saturating_sub(number(first)).saturating_add(1);
    let mut days = Vec::new();
    for number in 0..length {
        let Some(date) = first.checked_add(Duration::days(number)) else { break };
        while let Some(day) = movements.next_if(|day| day.date <= date) {
            minor = minor.saturating_add(day.minor);
        }
        days.push(DayTotal { date, minor });
    }
    days
}

/// The balance at the end of each day from `today` to `last`, if `movements` come when they should: in order, none of
/// them before today. What is due today and not there yet is expected by tomorrow, so that the line goes on from what
/// there is.
pub fn ahead(balance_minor: i64, movements: &[DayTotal], today: Date, last: Date) -> Vec<DayTotal> {
    let end = movements.iter().fold(balance_minor, |sum, day| sum.saturating_add(day.minor));
    let mut days = vec![DayTotal { date: today, minor: balance_minor }];
    if let Some(tomorrow) = today.next_day() {
        days.extend(history(end, movements, tomorrow, last));
    }
    days
}

/// The days on which a balance became another one, with the first and the last: nothing is lost with the rest.
pub fn turns(days: &[DayTotal]) -> Vec<DayTotal> {
    let ends = days.first().into_iter().chain(days.last()).map(|day| day.date);
    let ends: Vec<Date> = ends.collect();
    let before = std::iter::once(None).chain(days.iter().map(|day| Some(day.minor)));
    days.iter()
        .zip(before)
        .filter(|(day, before)| *before != Some(day.minor) || ends.contains(&day.date))
        .map(|(day, _)| day.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::date;

    use super::*;

    const FIRST: Date = date!(2026 - 05 - 01);

    fn moved(day: i64, minor: i64) -> DayTotal {
        DayTotal { date: FIRST + Duration::days(day), minor }
    }

    #[test]
    fn each_day_ends_with_what_its_rows_left() {
        let days = history(700, &[moved(1, 300), moved(3, -100)], FIRST, date!(2026 - 05 - 05));

        let minors: Vec<_> = days.iter().map(|day| day.minor).collect();
        assert_eq!(minors, [500, 800, 800, 700, 700]);
        assert_eq!((days[0].date, days[4].date), (FIRST, date!(2026 - 05 - 05)));
    }

    #[test]
    fn rows_after_the_last_day_are_not_on_the_line() {
        let days = history(1_000, &[moved(0, 200), moved(9, 800)], FIRST, date!(2026 - 05 - 02));

        assert_eq!(days.iter().map(|day| day.minor).collect::<Vec<_>>(), [200, 200]);
    }

    #[test]
    fn what_is_ahead_goes_on_from_today_and_has_what_should_come() {
        let due = [moved(0, -300), moved(2, 100), moved(2, 50), moved(9, 1)];

        let days = ahead(1_000, &due, FIRST, date!(2026 - 05 - 04));

        assert_eq!(days.iter().map(|day| day.minor).collect::<Vec<_>>(), [1_000, 700, 850, 850]);
        assert_eq!((days[0].date, days[3].date), (FIRST, date!(2026 - 05 - 04)));
        assert_eq!(ahead(5, &[], FIRST, FIRST), [moved(0, 5)]);
    }

    #[test]
    fn a_line_that_would_end_before_it_begins_is_empty() {
        assert_eq!(history(5, &[], FIRST, date!(2026 - 04 - 30)), []);
    }

    #[test]
    fn a_balance_turns_where_it_becomes_another() {
        let days = history(300, &[moved(1, 100), moved(3, 200)], FIRST, date!(2026 - 05 - 06));

        let turns: Vec<_> =
            turns(&days).into_iter().map(|day| (day.date.day(), day.minor)).collect();

        assert_eq!(turns, [(1, 0), (2, 100), (4, 300), (6, 300)]);
    }

    #[test]
    fn the_address_names_a_range_in_any_case() {
        for range in BalanceRange::ALL {
            assert_eq!(BalanceRange::parse(&range.as_str().to_lowercase()), range);
        }
        assert_eq!(BalanceRange::parse("5y"), BalanceRange::Quarter);
    }

    proptest! {
        #[test]
        fn the_line_has_every_day_and_says_what_a_sum_would(
            movements in prop::collection::btree_map(0_i64..4_000, -10_000_i64..10_000, 0..50),
            opening in -100_000_i64..100_000,
            length in 0_i64..4_000,
        ) {
            let movements: Vec<_> = movements.into_iter().map(|(day, minor)| moved(day, minor)).collect();
            let balance = opening + movements.iter().map(|day| day.minor).sum::<i64>();
            let last = FIRST + Duration::days(length);

            let days = history(balance, &movements, FIRST, last);

            prop_assert_eq!(i64::try_from(days.len()).unwrap(), length + 1);
            prop_assert_eq!(days.last().map(|day| day.date), Some(last));
            for day in days {
                let until: i64 = movements.iter().filter(|moved| moved.date <= day.date).map(|day| day.minor).sum();
                prop_assert_eq!(day.minor, opening + until);
            }
        }
    }
}
