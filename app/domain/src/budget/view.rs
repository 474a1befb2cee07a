//! What pages and programs see of a budget.

use serde::{Deserialize, Serialize};

use super::{Alerts, Grid, Limits, Link, Period, Rollover, State, Window};
use crate::{BudgetId, Currency, Date, Money, day};

/// Windows that the replay looks back over.
const REPLAYED: usize = 12;

/// A budget with how it stands in one window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BudgetView {
    /// Its id.
    pub id: BudgetId,
    /// The key of its category: a group counts all of its leaves.
    pub category: String,
    /// ISO 4217.
    pub currency: String,
    /// How long each window is.
    pub period: Period,
    /// The first day that counts.
    #[serde(with = "day::iso")]
    pub start_date: Date,
    /// The last day that counts.
    #[serde(with = "day::iso::option")]
    pub end_date: Option<Date>,
    /// What the next window gets of what is left.
    pub rollover: Rollover,
    /// The most it gets, in minor units.
    pub cap_minor: Option<i64>,
    /// Whether a window that was cut short is worth its share alone.
    pub prorate: bool,
    /// When its owner is mailed.
    pub alerts: Alerts,
    /// What a whole window is worth now, in minor units.
    pub amount_minor: i64,
    /// The window that was asked for.
    pub window: BudgetWindow,
}

/// How one window of a budget stands, in minor units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BudgetWindow {
    /// The first day.
    #[serde(with = "day::iso")]
    pub from: Date,
    /// The last day.
    #[serde(with = "day::iso")]
    pub to: Date,
    /// What it is worth itself.
    pub limit_minor: i64,
    /// What the window before handed on.
    pub carry_minor: i64,
    /// The days of that window, where it handed on anything.
    pub carried_from: Option<Window>,
    /// Both together.
    pub available_minor: i64,
    /// Spent, less what came back.
    pub spent_minor: i64,
    /// Left; below zero is over.
    pub remaining_minor: i64,
    /// How it stands.
    pub state: State,
    /// Spent faster than evenly.
    pub ahead_of_pace: bool,
    /// What is left for each day, today included.
    pub left_per_day_minor: Option<i64>,
}

impl BudgetWindow {
    /// "On track", "Ahead of pace", "Near limit", "Over by $12.00".
    pub fn label(&self, currency: Currency) -> String {
        match self.state {
            State::Over => {
                format!("Over by {}", Money::new(self.remaining_minor, currency).format_absolute())
            }
            State::Fine if self.ahead_of_pace => "Ahead of pace".to_owned(),
            state => state.label().to_owned(),
        }
    }

    /// "May", "2025", "the week of 27 April".
    pub fn name(&self, period: Period) -> String {
        name(Window { from: self.from, to: self.to }, period)
    }

    /// The same in the least room: "May", "2025", "27 Apr".
    pub fn short_name(&self, period: Period) -> String {
        match period {
            Period::Yearly if self.from.year() == self.to.year() => self.name(period),
            Period::Monthly if self.from.month() == self.to.month() => {
                self.name(period).chars().take(3).collect()
            }
            _ => day::format_day_tiny(self.from),
        }
    }

    /// The name of the window after it, where that is not cut short.
    pub fn next_name(&self, period: Period) -> Option<String> {
        let from = self.to.next_day()?;
        let month_and_day = i64::from(u8::from(from.month())).saturating_mul(100);
        let month_and_day = month_and_day.saturating_add(i64::from(from.day()));
        let anchor = match period {
            Period::Weekly => i64::from(from.weekday().number_from_monday()),
            Period::Monthly => i64::from(from.day()),
            Period::Yearly => month_and_day,
        };
        Grid::new(period, anchor).map(|grid| name(grid.window(from), period))
    }

    /// "May", "the week of 27 April": from when something was carried over. Nothing where nothing was.
    pub fn carried_name(&self, period: Period) -> Option<String> {
        self.carried_from.map(|before| name(before, period))
    }
}

/// "May", "2025", "the week of 27 April": what people call a window.
fn name(window: Window, period: Period) -> String {
    let Window { from, to } = window;
    match period {
        Period::Monthly if from.month() == to.month() => from.month().to_string(),
        Period::Yearly if from.year() == to.year() => from.year().to_string(),
        Period::Yearly => format!("the year of {}", day::format_day(from)),
        Period::Weekly | Period::Monthly => {
            format!("the {} of {}", period.unit(), day::format_day_month(from))
        }
    }
}

/// How a window stands for somebody who looks today.
pub fn window(link: Link, today: Date) -> BudgetWindow {
    let Link { window, standing, before } = link;
    BudgetWindow {
        from: window.from,
        to: window.to,
        limit_minor: standing.limit,
        carry_minor: standing.carry,
        carried_from: before.filter(|_| standing.carry != 0),
        available_minor: standing.available(),
        spent_minor: standing.spent,
        remaining_minor: standing.remaining(),
        state: standing.state(),
        ahead_of_pace: standing.is_ahead_of_pace(window, today),
        left_per_day_minor: window
            .contains(today)
            .then(|| standing.left_per_day(window, today))
            .flatten(),
    }
}

/// Those that are part of no other one: a budget inside a group that has one for the same days and currency counts there.
pub fn wholes(budgets: &[BudgetView]) -> impl Iterator<Item = &BudgetView> {
    let contains = |group: &BudgetView, one: &BudgetView| {
        let rest = one.category.strip_prefix(&group.category);
        let days = |budget: &BudgetView| (budget.window.from, budget.window.to);
        rest.is_some_and(|rest| rest.starts_with('.'))
            && group.currency == one.currency
            && days(group) == days(one)
    };
    budgets.iter().filter(move |one| !budgets.iter().any(|group| contains(group, one)))
}

/// "Over in 3 of 12 months." of the windows that a budget has had.
pub fn past_sentence(windows: &[BudgetWindow], period: Period) -> String {
    let unit = period.unit();
    let over = windows.iter().filter(|window| window.state == State::Over).count();
    match (over, windows.len()) {
        (0, 1) => format!("Not over in its first {unit}."),
        (_, 1) => format!("Over in its first {unit}."),
        (0, all) => format!("Never over in {all} {unit}s."),
        (over, all) => format!("Over in {over} of {all} {unit}s."),
    }
}

/// The last twelve windows, as if the budget had been there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replay {
    /// Each of them, the oldest first.
    pub windows: Vec<BudgetWindow>,
    /// How many would have gone over.
    pub over: usize,
}

impl Replay {
    /// The first day whose rows it needs.
    pub fn first_day(limits: &Limits, today: Date) -> Date {
        let current = limits.grid.window(today);
        (0..REPLAYED).fold(current, |window, _| limits.grid.previous(window)).from
    }

    /// Replays the windows before the one of today. `spent` knows what was spent in each.
    pub fn of(limits: &Limits, today: Date, spent: impl Fn(Window) -> i64) -> Self {
        let start = Self::first_day(limits, today);
        let last = limits.grid.previous(limits.grid.window(today)).to;
        let whole = Limits { start, end: Some(last), ..limits.clone() };
        let chain = whole.chain(last, spent);
        let windows: Vec<BudgetWindow> =
            chain.links.into_iter().map(|link| window(link, today)).collect();
        let over = windows.iter().filter(|window| window.state == State::Over).count();
        Self { windows, over }
    }

    /// "You would have gone over in 3 of 12 months."
    pub fn sentence(&self, period: Period) -> String {
        let (all, unit) = (self.windows.len(), period.unit());
        match self.over {
            0 => format!("You would have stayed within it in all of the last {all} {unit}s."),
            over => format!("You would have gone over in {over} of {all} {unit}s."),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::slice;

    use time::macros::date;

    use super::super::Standing;
    use super::*;

    #[test]
    fn a_window_says_how_it_stands_in_words() {
        let june = Window { from: date!(2026 - 06 - 01), to: date!(2026 - 06 - 30) };
        for (spent, label) in [
            (1_000, "On track"),
            (1_001, "Ahead of pace"),
            (2_400, "Near limit"),
            (3_000, "Near limit"),
            (4_200, "Over by $12.00"),
        ] {
            let standing = Standing { limit: 3_000, carry: 0, spent };
            let link = Link { window: june, standing, before: None };
            let window = window(link, date!(2026 - 06 - 10));
            assert_eq!(window.label(Currency::USD), label, "{spent}");
        }
    }

    #[test]
    fn a_window_has_a_name_for_sentences_and_one_for_little_room() {
        let shown = |from: Date, to: Date, period: Period| {
            let link = Link {
                window: Window { from, to },
                standing: Standing { limit: 3_000, carry: 0, spent: 0 },
                before: None,
            };
            let window = window(link, date!(2026 - 06 - 10));
            (window.name(period), window.short_name(period))
        };
        let named = |name: &str, short: &str| (name.to_owned(), short.to_owned());

        let may = shown(date!(2026 - 05 - 01), date!(2026 - 05 - 31), Period::Monthly);
        assert_eq!(may, named("May", "May"));
        let september = shown(date!(2026 - 09 - 01), date!(2026 - 09 - 30), Period::Monthly);
        assert_eq!(september, named("September", "Sep"));
        let payday = shown(date!(2026 - 04 - 15), date!(2026 - 05 - 14), Period::Monthly);
        assert_eq!(payday, named("the month of 15 April", "15 Apr"));
        let week = shown(date!(2026 - 05 - 18), date!(2026 - 05 - 24), Period::Weekly);
        assert_eq!(week, named("the week of 18 May", "18 May"));
        let year = shown(date!(2025 - 01 - 01), date!(2025 - 12 - 31), Period::Yearly);
        assert_eq!(year, named("2025", "2025"));
    }

    #[test]
    fn the_window_after_has_a_name_too() {
        for (period, to, next) in [
            (Period::Monthly, date!(2026 - 05 - 31), "June"),
            (Period::Monthly, date!(2026 - 02 - 27), "the month of 28 February"),
            (Period::Weekly, date!(2026 - 05 - 03), "the week of 4 May"),
            (Period::Yearly, date!(2025 - 12 - 31), "2026"),
            (Period::Yearly, date!(2026 - 04 - 05), "the year of 6 April 2026"),
        ] {
            let standing = Standing { limit: 3_000, carry: 0, spent: 0 };
            let link = Link { window: Window { from: to, to }, standing, before: None };
            let window = window(link, date!(2026 - 06 - 10));
            assert_eq!(window.next_name(period).as_deref(), Some(next), "{to}");
        }
    }

    #[test]
    fn the_past_says_in_how_many_windows_it_went_over() {
        let spent = |spent: i64| {
            let june = Window { from: date!(2026 - 06 - 01), to: date!(2026 - 06 - 30) };
            let standing = Standing { limit: 3_000, carry: 0, spent };
            window(Link { window: june, standing, before: None }, date!(2026 - 06 - 10))
        };
        let (fine, over) = (spent(100), spent(4_200));
        let said = |windows: &[BudgetWindow]| past_sentence(windows, Period::Monthly);

        assert_eq!(said(slice::from_ref(&fine)), "Not over in its first month.");
        assert_eq!(said(slice::from_ref(&over)), "Over in its first month.");
        assert_eq!(said(&[fine.clone(), fine.clone()]), "Never over in 2 months.");
        assert_eq!(said(&[fine, over.clone(), over]), "Over in 2 of 3 months.");
    }

    #[test]
    fn what_is_carried_over_says_from_when() {
        let days = |from: Date, to: Date| Window { from, to };
        for (period, before, carry, name) in [
            (Period::Monthly, days(date!(2026 - 05 - 01), date!(2026 - 05 - 31)), 4_000, "May"),
            (Period::Monthly, days(date!(2026 - 05 - 10), date!(2026 - 05 - 31)), 4_000, "May"),
            (
                Period::Monthly,
                days(date!(2026 - 04 - 15), date!(2026 - 05 - 14)),
                4_000,
                "the month of 15 April",
            ),
            (
                Period::Weekly,
                days(date!(2026 - 05 - 18), date!(2026 - 05 - 24)),
                -1_200,
                "the week of 18 May",
            ),
            (Period::Yearly, days(date!(2025 - 01 - 01), date!(2025 - 12 - 31)), 100, "2025"),
            (
                Period::Yearly,
                days(date!(2025 - 04 - 06), date!(2026 - 04 - 05)),
                100,
                "the year of 6 April 2025",
            ),
        ] {
            let june = days(date!(2026 - 06 - 01), date!(2026 - 06 - 30));
            let standing = Standing { limit: 3_000, carry, spent: 0 };
            let link = Link { window: june, standing, before: Some(before) };

            let carried = window(link, date!(2026 - 06 - 10));
            let nothing = Link { standing: Standing { carry: 0, ..standing }, ..link };
            let nothing = window(nothing, date!(2026 - 06 - 10));

            assert_eq!(carried.carried_name(period).as_deref(), Some(name));
            assert_eq!(nothing.carried_name(period), None);
        }
    }
}
