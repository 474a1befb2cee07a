//! The grid that cuts the calendar into windows: weeks from a day of the week, months from a day of the month, years
//! from a day of the year. A day that a month does not have is its last.

use serde::{Deserialize, Serialize};
use time::{Duration, Month};

use super::Period;
use crate::{Date, day};

/// Days from the first to the last, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Window {
    /// The first day.
    #[serde(with = "day::iso")]
    pub from: Date,
    /// The last day.
    #[serde(with = "day::iso")]
    pub to: Date,
}

impl Window {
    /// How many days it has; zero where it ends before it begins.
    pub fn days(&self) -> i64 {
        days_between(self.from, self.to).saturating_add(1).max(0)
    }

    /// Whether the day lies in it.
    pub fn contains(&self, day: Date) -> bool {
        (self.from..=self.to).contains(&day)
    }

    /// What lies in this and in the other, if anything.
    pub fn within(&self, from: Date, to: Option<Date>) -> Option<Self> {
        let (from, to) = (self.from.max(from), to.map_or(self.to, |to| self.to.min(to)));
        (from <= to).then_some(Self { from, to })
    }
}

/// Days from one date to another, above zero when the second is later.
pub(super) fn days_between(from: Date, to: Date) -> i64 {
    i64::from(to.to_julian_day()).saturating_sub(i64::from(from.to_julian_day()))
}

/// Where the windows of a period begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grid {
    period: Period,
    anchor: u16,
}

impl Grid {
    /// A grid by its anchor: the day of the week from 1 (Monday), the day of the month, or month * 100 + day.
    /// Nothing for an anchor that is none.
    pub fn new(period: Period, anchor: i64) -> Option<Self> {
        let anchor = u16::try_from(anchor).ok()?;
        let valid = match period {
            Period::Weekly => (1..=7).contains(&anchor),
            Period::Monthly => (1..=31).contains(&anchor),
            Period::Yearly => {
                let (month, day) = month_and_day(anchor);
                // 2000 has every day that any year has.
                month.is_some_and(|month| (1..=month.length(2000)).contains(&day))
            }
        };
        valid.then_some(Self { period, anchor })
    }

    /// The period.
    pub const fn period(self) -> Period {
        self.period
    }

    /// The anchor, as [`Grid::new`] takes it.
    pub fn anchor(self) -> i64 {
        i64::from(self.anchor)
    }

    /// The window that a day lies in.
    pub fn window(self, day: Date) -> Window {
        let from = self.start(day);
        Window { from, to: self.end(from) }
    }

    /// The window after one of this grid.
    pub fn next(self, window: Window) -> Window {
        window.to.next_day().map_or(window, |day| self.window(day))
    }

    /// The window before one of this grid.
    pub fn previous(self, window: Window) -> Window {
        window.from.previous_day().map_or(window, |day| self.window(day))
    }

    fn start(self, day: Date) -> Date {
        match self.period {
            Period::Weekly => {
                let today = i64::from(day.weekday().number_from_monday());
                let back = today.saturating_sub(self.anchor()).rem_euclid(7);
                day.saturating_sub(Duration::days(back))
            }
            Period::Monthly => {
                let month = day::Month::containing(day);
                let here = self.in_month(month);
                if day >= here { here } else { self.in_month(month.previous()) }
            }
            Period::Yearly => {
                let here = self.in_year(day.year());
                if day >= here { here } else { self.in_year(day.year().saturating_sub(1)) }
            }
        }
    }

    /// The day before the next window begins.
    fn end(self, from: Date) -> Date {
        let next = match self.period {
            Period::Weekly => from.saturating_add(Duration::days(7)),
            Period::Monthly => self.in_month(day::Month::containing(from).next()),
            Period::Yearly => self.in_year(from.year().saturating_add(1)),
        };
        next.previous_day().unwrap_or(next)
    }

    fn in_month(self, month: day::Month) -> Date {
        let day = u8::try_from(self.anchor).unwrap_or(u8::MAX).min(month.days());
        month.first_day().replace_day(day).unwrap_or_else(|_| month.first_day())
    }

    fn in_year(self, year: i32) -> Date {
        let (month, day) = month_and_day(self.anchor);
        let month = month.unwrap_or(Month::January);
        let day = day.min(month.length(year));
        Date::from_calendar_date(year, month, day).unwrap_or(Date::MIN)
    }
}

fn month_and_day(anchor: u16) -> (Option<Month>, u8) {
    let part = |value: u16| u8::try_from(value).unwrap_or(0);
    let month = Month::try_from(part(anchor.checked_div(100).unwrap_or(0))).ok();
    (month, part(anchor.checked_rem(100).unwrap_or(0)))
}
