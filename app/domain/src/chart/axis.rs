//! Round numbers for the values, and as many names of days as there is room for.

use crate::{Date, Month, day};

/// One line across the plot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tick {
    /// From the top of the view box.
    pub y: i32,
    /// Its value in minor units.
    pub minor: i64,
}

/// One label under the plot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayLabel {
    /// From the left of the view box.
    pub x: i32,
    /// The day it stands under.
    pub date: Date,
    /// "10 Jun", "Jun 2026".
    pub text: String,
}

/// The range of the values, from one multiple of a round step to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scale {
    low: i128,
    high: i128,
    step: i128,
}

impl Scale {
    /// A scale around the values with at most `ticks` lines, at least two.
    pub(super) fn new(min: i64, max: i64, ticks: u32) -> Self {
        let (min, max) = (i128::from(min), i128::from(max));
        let steps = i128::from(ticks.saturating_sub(1).max(1));
        let mut step = Step::first();
        loop {
            let size = step.size();
            let low = multiple_below(min, size);
            // One value alone still needs a range.
            let high = multiple_below(max.saturating_neg(), size)
                .saturating_neg()
                .max(low.saturating_add(size));
            if high.saturating_sub(low) <= size.saturating_mul(steps) {
                return Self { low, high, step: size };
            }
            step = step.next();
        }
    }

    /// The value of each line, from the lowest up. Lines beyond what an amount can be are left out.
    pub(super) fn values(self) -> impl Iterator<Item = i64> {
        let count = self.high.saturating_sub(self.low).checked_div(self.step).unwrap_or(0);
        (0..=count).filter_map(move |n| {
            i64::try_from(self.low.saturating_add(self.step.saturating_mul(n))).ok()
        })
    }

    /// How far above the lowest a value lies, and how far the highest does.
    pub(super) fn part(self, minor: i64) -> (i128, i128) {
        (i128::from(minor).saturating_sub(self.low), self.high.saturating_sub(self.low))
    }

    pub(super) fn holds(self, minor: i64) -> bool {
        (self.low..=self.high).contains(&i128::from(minor))
    }

    /// Zero, or the end of the scale nearest to it.
    pub(super) fn nearest_to_zero(self) -> i64 {
        let at = 0.clamp(self.low, self.high);
        i64::try_from(at).unwrap_or(if at < 0 { i64::MIN } else { i64::MAX })
    }
}

/// 1, 2, 5, 10, 20, 50, …
#[derive(Clone, Copy)]
struct Step {
    digit: i128,
    power: i128,
}

impl Step {
    const fn first() -> Self {
        Self { digit: 1, power: 1 }
    }

    const fn size(self) -> i128 {
        self.digit.saturating_mul(self.power)
    }

    const fn next(self) -> Self {
        match self.digit {
            1 => Self { digit: 2, ..self },
            2 => Self { digit: 5, ..self },
            _ => Self { digit: 1, power: self.power.saturating_mul(10) },
        }
    }
}

fn multiple_below(value: i128, step: i128) -> i128 {
    value.checked_div_euclid(step).unwrap_or(0).saturating_mul(step)
}

/// At most `most` days to name: days at equal distances, or first days of months where the range is longer.
pub(super) fn days(first: Date, last: Date, most: u32) -> Vec<(Date, String)> {
    let most = most.max(1);
    let days = last.to_julian_day().abs_diff(first.to_julian_day());
    if days <= 62 {
        let every = every(days.saturating_add(1), most);
        let dates = std::iter::successors(Some(first), |date| date.next_day())
            .take_while(|date| *date <= last);
        return dates.step_by(every).map(|date| (date, day::format_day_tiny(date))).collect();
    }
    let start = Month::containing(first);
    let start = if start.first_day() < first { start.next() } else { start };
    let months =
        std::iter::successors(Some(start), |month| Some(month.next()).filter(|next| next > month));
    let months: Vec<Month> = months.take_while(|month| month.first_day() <= last).collect();
    let every = months_every(u32::try_from(months.len()).unwrap_or(u32::MAX), most);
    let named = months.into_iter().step_by(every).enumerate();
    named.map(|(at, month)| (month.first_day(), month_name(month, at == 0))).collect()
}

/// The distance at which at most `most` of `count` are left.
fn every(count: u32, most: u32) -> usize {
    usize::try_from(count.div_ceil(most).max(1)).unwrap_or(usize::MAX)
}

/// The same in steps that divide a year, or whole years.
fn months_every(count: u32, most: u32) -> usize {
    let needed = every(count, most);
    [1, 2, 3, 6]
        .into_iter()
        .find(|step| *step >= needed)
        .unwrap_or_else(|| needed.next_multiple_of(12))
}

/// "Jun"; the first one and each January with the year.
fn month_name(month: Month, is_first: bool) -> String {
    let name = month.first_day().month();
    let text = name.to_string();
    let short = text.get(..3).unwrap_or(&text);
    if is_first || name == time::Month::January {
        format!("{short} {}", month.year())
    } else {
        short.to_owned()
    }
}
