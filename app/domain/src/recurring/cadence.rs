//! How often something comes, and when it comes next.

use std::ops::RangeInclusive;

use time::Duration;

use crate::day::Month;
use crate::{Code, Date, money};

words! {
    /// How often the rows of a series come.
    pub enum Cadence (Code::OptionUnknown) {
        Weekly = "weekly", "Weekly";
        Biweekly = "biweekly", "Every two weeks";
        Monthly = "monthly", "Monthly";
        Quarterly = "quarterly", "Quarterly";
        Yearly = "yearly", "Yearly";
    }
}

impl Cadence {
    /// Days from one row to the next.
    const fn gap(self) -> RangeInclusive<i64> {
        match self {
            Self::Weekly => 6..=8,
            Self::Biweekly => 12..=16,
            Self::Monthly => 26..=35,
            Self::Quarterly => 83..=99,
            Self::Yearly => 350..=380,
        }
    }

    /// Days a row may be early or late.
    pub const fn grace(self) -> i64 {
        match self {
            Self::Weekly => 2,
            Self::Biweekly => 3,
            Self::Monthly => 5,
            Self::Quarterly => 10,
            Self::Yearly => 20,
        }
    }

    /// Days after the expected date from which nothing more is expected.
    pub const fn ends_after(self) -> i64 {
        match self {
            Self::Weekly => 7,
            Self::Biweekly => 14,
            Self::Monthly => 31,
            Self::Quarterly => 92,
            Self::Yearly => 366,
        }
    }

    /// Months from one row to the next; none where weeks are counted.
    const fn months(self) -> Option<usize> {
        match self {
            Self::Weekly | Self::Biweekly => None,
            Self::Monthly => Some(1),
            Self::Quarterly => Some(3),
            Self::Yearly => Some(12),
        }
    }

    /// The cadence of some dates, the oldest first: the median gap decides, and three gaps in four must agree with it
    /// or be twice as long, where one row is missing.
    pub(super) fn of(dates: &[Date]) -> Option<Self> {
        let gaps: Vec<i64> =
            dates.iter().zip(dates.iter().skip(1)).map(|(from, to)| days(*from, *to)).collect();
        let middle = money::doubled_median(&gaps)?;
        let cadence = Self::ALL.iter().copied().find(|cadence| {
            let (shortest, longest) = cadence.gap().into_inner();
            (shortest.saturating_mul(2)..=longest.saturating_mul(2)).contains(&middle)
        })?;
        let (shortest, longest) = cadence.gap().into_inner();
        let missed = shortest.saturating_mul(2)..=longest.saturating_mul(2);
        let fits = gaps.iter().filter(|gap| cadence.gap().contains(gap) || missed.contains(gap));
        (fits.count().saturating_mul(4) >= gaps.len().saturating_mul(3)).then_some(cadence)
    }

    /// The day of the month that rows of these dates come on; of the week from 1 (Monday) where weeks are counted.
    ///
    /// The median day; for rows at the end of months the largest, so that 28 February belongs to the 31st. Days on both
    /// sides of the turn of a month count as neighbours.
    pub(super) fn anchor(self, dates: &[Date]) -> u8 {
        if self.months().is_none() {
            return dates.last().map_or(1, |date| date.weekday().number_from_monday());
        }
        let mut days: Vec<i64> = dates.iter().map(|date| i64::from(date.day())).collect();
        if days.iter().all(|day| *day >= 28) {
            return days.iter().max().and_then(|day| u8::try_from(*day).ok()).unwrap_or(31);
        }
        if turns(&days) {
            for day in &mut days {
                *day = if *day <= TURN_UNTIL { day.saturating_add(31) } else { *day };
            }
        }
        let day = money::median(&days).unwrap_or(1);
        u8::try_from(if day > 31 { day.saturating_sub(31) } else { day }).unwrap_or(1)
    }

    /// The date after one that a row came on, or should come on.
    pub fn following(self, date: Date, anchor: u8) -> Date {
        let Some(months) = self.months() else {
            let days = if self == Self::Weekly { 7 } else { 14 };
            return date.saturating_add(Duration::days(days));
        };
        let month = month_meant(date, anchor);
        let following = (0..months).fold(month, |month, _| month.next());
        on(following, anchor)
    }
}

/// Days from which, and until which, rows may belong to the turn of a month.
const TURN_FROM: i64 = 26;
const TURN_UNTIL: i64 = 6;

/// Whether these days of months lie around the turn of one, on both sides of it.
fn turns(days: &[i64]) -> bool {
    let before = days.iter().filter(|day| **day >= TURN_FROM).count();
    let after = days.iter().filter(|day| **day <= TURN_UNTIL).count();
    before > 0 && after > 0 && before.saturating_add(after) == days.len()
}

/// The month whose row this is: one due on the 1st may come on the last day of the month before.
fn month_meant(date: Date, anchor: u8) -> Month {
    let month = Month::containing(date);
    let distance = |month: &Month| days(date, on(*month, anchor)).abs();
    [month, month.previous(), month.next()].into_iter().min_by_key(distance).unwrap_or(month)
}

/// A day of a month; its last where it has no such day.
fn on(month: Month, day: u8) -> Date {
    month.first_day().replace_day(day.clamp(1, month.days())).unwrap_or_else(|_| month.last_day())
}

/// Days from one date to another, above zero when the second is later.
pub(super) fn days(from: Date, to: Date) -> i64 {
    i64::from(to.to_julian_day()).saturating_sub(i64::from(from.to_julian_day()))
}
