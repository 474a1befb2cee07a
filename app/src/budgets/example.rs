//! What each rollover would have done with what a period really left, in one line.

use domain::{
    Currency,
    budget::{BudgetView, BudgetWindow, Period, Rollover},
    money::parse_minor,
};

use super::bar::{amount, left};

/// A period that is over, and the one after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Example {
    /// "May".
    name: String,
    /// "June".
    next: String,
    /// What the first left, in minor units; below zero it went over.
    left_minor: i64,
    /// What the second is worth itself.
    limit_minor: i64,
    /// The most that is carried over.
    cap_minor: Option<i64>,
    currency: String,
}

impl Example {
    /// The last period of a budget that is over, where something was left of it or too much was spent. The budget goes on.
    pub(super) fn of_budget(budget: &BudgetView, history: &[BudgetWindow]) -> Option<Self> {
        let current = budget.window.from;
        let over = history.iter().rev().find(|window| window.to < current)?;
        let limit = budget.window.limit_minor;
        Self::new(over, budget.period, limit, budget.cap_minor, &budget.currency)
    }

    /// The last one of a look back. `cap` is the most that is carried over, as typed.
    pub(super) fn of_replay(
        windows: &[BudgetWindow],
        period: Period,
        cap: &str,
        currency: &str,
    ) -> Option<Self> {
        let last = windows.last()?;
        let cap = Currency::parse(currency).ok().and_then(|code| parse_minor(cap, code).ok());
        Self::new(last, period, last.limit_minor, cap, currency)
    }

    fn new(
        window: &BudgetWindow,
        period: Period,
        limit_minor: i64,
        cap_minor: Option<i64>,
        currency: &str,
    ) -> Option<Self> {
        let next = window.next_name(period).filter(|_| window.remaining_minor != 0)?;
        Some(Self {
            name: window.name(period),
            next,
            left_minor: window.remaining_minor,
            limit_minor,
            cap_minor,
            currency: currency.to_owned(),
        })
    }

    fn sentence(&self, rollover: Rollover) -> String {
        let Self { name, next, left_minor, limit_minor, cap_minor, currency } = self;
        let (left, word) = left(*left_minor, currency);
        let carried = match rollover {
            Rollover::None => 0,
            Rollover::Surplus => (*left_minor).max(0),
            Rollover::Full => *left_minor,
        };
        let capped = cap_minor.filter(|cap| *cap < carried);
        let available = limit_minor.saturating_add(capped.unwrap_or(carried));
        let would = format!("{left} {word} in {name} would have");
        let sum = amount(available, currency);
        match (carried, capped) {
            (0, _) => {
                format!("With {left} {word} in {name}, {next} would have stayed at {sum}.")
            }
            (_, Some(cap)) => {
                format!(
                    "{would} made {next} {sum}: at most {} is carried over.",
                    amount(cap, currency)
                )
            }
            _ if available <= 0 => format!("{would} used up all of {next}."),
            _ => format!("{would} made {next} {sum}."),
        }
    }
}

/// What stands under a rollover: with the person's own figures where there are some.
pub(super) fn hint(rollover: Rollover, example: Option<&Example>) -> String {
    let fixed = match rollover {
        Rollover::None => "Each period has its amount, whatever was left before.",
        Rollover::Surplus => {
            "$20.00 left in May makes June $20.00 larger. An overrun changes nothing."
        }
        Rollover::Full => "The same, and an overrun makes the next period smaller.",
    };
    let Some(example) = example else { return fixed.to_owned() };
    let sentence = example.sentence(rollover);
    match (rollover, example.left_minor > 0) {
        (Rollover::Surplus, true) => format!("{sentence} An overrun changes nothing."),
        (Rollover::Surplus, false) => {
            format!("{sentence} What is left makes the next period larger.")
        }
        (Rollover::Full, true) => fixed.to_owned(),
        (Rollover::None, _) | (Rollover::Full, false) => sentence,
    }
}

#[cfg(test)]
mod tests {
    use domain::budget::State;
    use time::macros::date;

    use super::*;

    fn may(left: i64) -> BudgetWindow {
        BudgetWindow {
            from: date!(2026 - 05 - 01),
            to: date!(2026 - 05 - 31),
            limit_minor: 20_000,
            carry_minor: 0,
            carried_from: None,
            available_minor: 20_000,
            spent_minor: 20_000 - left,
            remaining_minor: left,
            state: State::Fine,
            ahead_of_pace: false,
            left_per_day_minor: None,
        }
    }

    fn hints(left: i64, cap: &str) -> [String; 3] {
        let example = Example::of_replay(&[may(left)], Period::Monthly, cap, "USD");
        [Rollover::None, Rollover::Surplus, Rollover::Full]
            .map(|rollover| hint(rollover, example.as_ref()))
    }

    #[test]
    fn what_was_left_makes_the_next_period_larger() {
        assert_eq!(
            hints(1_240, ""),
            [
                "With $12.40 left in May, June would have stayed at $200.00.",
                "$12.40 left in May would have made June $212.40. An overrun changes nothing.",
                "The same, and an overrun makes the next period smaller.",
            ]
        );
        assert_eq!(
            hints(1_240, "10")[1],
            "$12.40 left in May would have made June $210.00: at most $10.00 is carried over. An overrun changes nothing."
        );
    }

    #[test]
    fn an_overrun_makes_it_smaller_where_it_counts() {
        assert_eq!(
            hints(-1_240, "10"),
            [
                "With $12.40 over in May, June would have stayed at $200.00.",
                "With $12.40 over in May, June would have stayed at $200.00. What is left makes the next period larger.",
                "$12.40 over in May would have made June $187.60.",
            ]
        );
        assert_eq!(hints(-30_000, "")[2], "$300.00 over in May would have used up all of June.");
    }

    #[test]
    fn where_nothing_was_left_the_words_are_the_usual_ones() {
        assert_eq!(hints(0, "")[0], "Each period has its amount, whatever was left before.");
        assert_eq!(hint(Rollover::None, None), hints(0, "")[0]);
        assert_eq!(Example::of_replay(&[], Period::Monthly, "", "USD"), None);
    }
}
