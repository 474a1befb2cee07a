//! What a limit allows, and the one step that decides and counts.

use std::time::Duration;

/// One limit: of what, and how much of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Names it in metrics and keeps its counts apart from those of other rules.
    pub name: &'static str,
    /// How it counts.
    pub shape: Shape,
}

/// How a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Better Auth's: `max` in a window that starts anew when `length` has passed since the last allowed one.
    Window {
        /// Most in one window.
        max: u32,
        /// Length of the window.
        length: Duration,
    },
    /// `max` at once, and one more each `per / max` (the generic cell rate algorithm, ITU-T I.371).
    Rate {
        /// Most at once.
        max: u32,
        /// Time in which all of them come back.
        per: Duration,
    },
    /// As [`Shape::Rate`], but nobody is shut out: over it, single ones pass after 1, 2, 4 … seconds.
    Slowdown {
        /// Most at once.
        max: u32,
        /// Time in which all of them come back.
        per: Duration,
        /// The longest wait.
        longest: Duration,
    },
}

/// Refused; worth another try after this time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait(pub Duration);

impl Wait {
    /// In whole seconds, rounded up, for `Retry-After`.
    pub fn seconds(self) -> u64 {
        self.0.as_millis().div_ceil(1_000).try_into().unwrap_or(u64::MAX)
    }
}

/// What a rule remembers of one key. Times are milliseconds since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct State {
    /// How many were allowed ([`Shape::Window`]), or when the last of them will have come back.
    pub(super) level: i64,
    /// When the last one was allowed.
    pub(super) last: i64,
}

impl Rule {
    /// Better Auth's window.
    pub const fn window(name: &'static str, max: u32, length: Duration) -> Self {
        Self { name, shape: Shape::Window { max, length } }
    }

    /// `max` at once, all of them again after `per`.
    pub const fn rate(name: &'static str, max: u32, per: Duration) -> Self {
        Self { name, shape: Shape::Rate { max, per } }
    }

    /// The same rule for ten times as many: a network instead of one of its households.
    #[must_use]
    pub fn tenfold(self) -> Self {
        let shape = match self.shape {
            Shape::Window { max, length } => Shape::Window { max: max * 10, length },
            Shape::Rate { max, per } => Shape::Rate { max: max * 10, per },
            Shape::Slowdown { max, per, longest } => {
                Shape::Slowdown { max: max * 10, per, longest }
            }
        };
        Self { shape, ..self }
    }

    /// How many there may be, in what time, and the longest wait where there is one; in milliseconds.
    pub(super) fn numbers(self) -> (&'static str, i64, i64, i64) {
        match self.shape {
            Shape::Window { max, length } => ("window", max.into(), ms(length), 0),
            Shape::Rate { max, per } => ("rate", max.into(), ms(per), 0),
            Shape::Slowdown { max, per, longest } => ("slowdown", max.into(), ms(per), ms(longest)),
        }
    }

    /// Decides about one more at `now`, and counts it if it is allowed. `script.lua` does the same.
    pub(super) fn take(self, old: State, now: i64) -> Result<State, Wait> {
        let (_, max, per, longest) = self.numbers();
        if let Shape::Window { .. } = self.shape {
            let over = old.last + per - now;
            return match old.level {
                _ if over <= 0 => Ok(State { level: 1, last: now }),
                count if count >= max => Err(wait(over)),
                count => Ok(State { level: count + 1, last: now }),
            };
        }
        let interval = per / max.max(1);
        let level = old.level.max(now) + interval;
        let over = level - now - per;
        let wait_for = if longest > 0 && over > 0 {
            let steps = (over + interval - 1) / interval.max(1);
            let delay = (1_000_i64 << (steps - 1).clamp(0, 20)).min(longest);
            old.last + delay - now
        } else {
            over
        };
        if wait_for > 0 { Err(wait(wait_for)) } else { Ok(State { level, last: now }) }
    }

    /// Takes one back that was counted before anybody knew how it would end.
    pub(super) fn give_back(self, old: State) -> State {
        let (_, max, per, _) = self.numbers();
        let level = match self.shape {
            Shape::Window { .. } => (old.level - 1).max(0),
            Shape::Rate { .. } | Shape::Slowdown { .. } => old.level - per / max.max(1),
        };
        State { level, ..old }
    }

    /// When `state` means nothing any more.
    pub(super) fn over_at(self, state: State) -> i64 {
        let (_, _, per, longest) = self.numbers();
        match self.shape {
            Shape::Window { .. } => state.last + per,
            Shape::Rate { .. } | Shape::Slowdown { .. } => state.level.max(state.last + longest),
        }
    }
}

fn ms(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

fn wait(ms: i64) -> Wait {
    Wait(Duration::from_millis(u64::try_from(ms).unwrap_or(0)))
}
