//! The windows of one budget in a row: each hands on to the next what its rollover says.

use super::{Grid, Rollover, State, Window, grid::days_between};
use crate::{Date, money::div_round_half_even};

/// Longest row of windows that is looked at.
const MOST_WINDOWS: usize = 600;

/// What a budget is worth from a day on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revision {
    /// The first day.
    pub from: Date,
    /// Minor units, above zero.
    pub minor: i64,
}

/// What decides the limit of each window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Where windows begin.
    pub grid: Grid,
    /// The first day that counts.
    pub start: Date,
    /// The last day that counts.
    pub end: Option<Date>,
    /// What the next window gets.
    pub rollover: Rollover,
    /// The most it gets, in minor units.
    pub cap: Option<i64>,
    /// Whether a window that was cut short is worth its share alone.
    pub prorate: bool,
    /// The amounts, the oldest first.
    pub revisions: Vec<Revision>,
}

impl Limits {
    /// The window of a day, as far as the budget lives in it.
    pub fn window(&self, day: Date) -> Option<Window> {
        self.grid.window(day).within(self.start, self.end)
    }

    /// Every window from the first to the one of `until`, the oldest first; of a very long life the last 600.
    pub fn windows(&self, until: Date) -> Vec<Window> {
        let until = self.end.map_or(until, |end| until.min(end));
        let mut windows = Vec::new();
        let mut whole = self.grid.window(until);
        while windows.len() < MOST_WINDOWS && whole.to >= self.start {
            windows.extend(whole.within(self.start, self.end));
            let before = self.grid.previous(whole);
            if before == whole {
                break;
            }
            whole = before;
        }
        windows.reverse();
        windows
    }

    /// What a window is worth before anything is carried into it, in minor units.
    pub fn limit(&self, window: Window) -> i64 {
        let in_force = self.revisions.iter().rev().find(|revision| revision.from <= window.from);
        let minor = in_force.or(self.revisions.first()).map_or(0, |revision| revision.minor);
        let whole = self.grid.window(window.from).days();
        if !self.prorate || window.days() >= whole {
            return minor;
        }
        let share = i128::from(minor).saturating_mul(i128::from(window.days()));
        i64::try_from(share)
            .ok()
            .and_then(|share| div_round_half_even(share, whole))
            .unwrap_or(minor)
    }

    /// The row of windows up to the one of `until`. `spent` knows what was spent in each, above zero is out.
    pub fn chain(&self, until: Date, spent: impl Fn(Window) -> i64) -> Chain {
        let mut links: Vec<Link> = Vec::new();
        for window in self.windows(until) {
            let before = links.last();
            let carry = before.map_or(0, |before| self.carried(before.standing.remaining()));
            let before = before.map(|before| before.window);
            let standing = Standing { limit: self.limit(window), carry, spent: spent(window) };
            links.push(Link { window, standing, before });
        }
        Chain { links }
    }

    fn carried(&self, remaining: i64) -> i64 {
        let carried = match self.rollover {
            Rollover::None => 0,
            Rollover::Surplus => remaining.max(0),
            Rollover::Full => remaining,
        };
        self.cap.map_or(carried, |cap| carried.min(cap))
    }
}

/// How one window stands, in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// What it is worth itself.
    pub limit: i64,
    /// What the one before it handed on; below zero where that went over.
    pub carry: i64,
    /// What was spent, less what came back; below zero where more came back.
    pub spent: i64,
}

impl Standing {
    /// What may be spent.
    pub fn available(self) -> i64 {
        self.limit.saturating_add(self.carry)
    }

    /// What is left of it; below zero is over.
    pub fn remaining(self) -> i64 {
        self.available().saturating_sub(self.spent)
    }

    /// How it stands.
    pub fn state(self) -> State {
        if self.reached(100) && self.spent > self.available() {
            State::Over
        } else if self.reached(80) {
            State::Near
        } else {
            State::Fine
        }
    }

    /// Whether so many percent of what is available are spent. Where nothing is, anything spent is too much.
    pub fn reached(self, percent: i64) -> bool {
        if self.available() <= 0 {
            return self.spent > 0;
        }
        let spent = i128::from(self.spent).saturating_mul(100);
        spent >= i128::from(self.available()).saturating_mul(i128::from(percent))
    }

    /// What an even pace would have spent by the end of today, in minor units.
    pub fn pace(self, window: Window, today: Date) -> i64 {
        let elapsed = days_between(window.from, today).saturating_add(1).clamp(0, window.days());
        let share = i128::from(self.limit).saturating_mul(i128::from(elapsed));
        let share = i64::try_from(share).unwrap_or(i64::MAX);
        div_round_half_even(share, window.days().max(1)).unwrap_or(0)
    }

    /// Spent faster than evenly, and not near the limit yet.
    pub fn is_ahead_of_pace(self, window: Window, today: Date) -> bool {
        window.contains(today)
            && self.state() == State::Fine
            && self.spent > self.pace(window, today)
    }

    /// What is left for each day, today included, in minor units; nothing when nothing is left or it is over.
    pub fn left_per_day(self, window: Window, today: Date) -> Option<i64> {
        let days = days_between(today.max(window.from), window.to).saturating_add(1);
        let left = self.remaining();
        (days > 0 && left > 0).then(|| left.checked_div(days)).flatten()
    }
}

/// One window and how it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// The days.
    pub window: Window,
    /// The sums.
    pub standing: Standing,
    /// The days of the one that handed on to it; nothing for the first.
    pub before: Option<Window>,
}

/// The windows of a budget, the oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chain {
    /// Each of them.
    pub links: Vec<Link>,
}
