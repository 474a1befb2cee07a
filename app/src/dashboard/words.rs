//! Sentences made from the figures of a month.

use backend::dashboard::{Pace, same_day_before};
use domain::{Date, Month, day::format_day};

use crate::ui::AmountText;

/// "$80.00 more than by 10 May", "$80.00 less than in May 2026", "As much as in May 2026".
pub fn comparison(pace: Pace, month: Month, today: Date) -> String {
    let when = before_words(month, today);
    match pace.now.checked_sub(pace.before) {
        Some(more) if more.minor > 0 => format!("{} more than {when}", more.shown()),
        Some(less) if less.minor < 0 => format!("{} less than {when}", less.shown_absolute()),
        _ => format!("As much as {when}"),
    }
}

/// The sentence over the chart: "You spent $1,204.50 by 10 June, $80.00 more than by 10 May."
pub fn sentence(pace: Pace, month: Month, today: Date) -> String {
    let when = if month.contains(today) {
        format!("by {}", day_words(today, today))
    } else {
        format!("in {}", month.label())
    };
    let comparison = comparison(pace, month, today);
    let comparison = match comparison.strip_prefix("As ") {
        Some(rest) => format!("as {rest}"),
        None => comparison,
    };
    format!("You spent {} {when}, {comparison}.", pace.now.shown())
}

/// "10 June", with its year when it is not this one.
fn day_words(day: Date, today: Date) -> String {
    if day.year() == today.year() {
        format!("{} {}", day.day(), day.month())
    } else {
        format_day(day)
    }
}

fn before_words(month: Month, today: Date) -> String {
    if month.contains(today) {
        format!("by {}", day_words(same_day_before(month, today), today))
    } else {
        format!("in {}", month.previous().label())
    }
}

#[cfg(test)]
mod tests {
    use domain::{Currency, Money};
    use time::macros::date;

    use super::*;

    const TODAY: Date = date!(2026 - 06 - 10);

    fn pace(now: i64, before: i64) -> Pace {
        let money = |minor| Money::new(minor, Currency::USD);
        Pace { now: money(now), before: money(before) }
    }

    fn month(text: &str) -> Month {
        text.parse().unwrap()
    }

    #[test]
    fn this_month_is_compared_up_to_the_same_day() {
        assert_eq!(
            sentence(pace(120_450, 112_450), month("2026-06"), TODAY),
            "You spent $1,204.50 by 10 June, $80.00 more than by 10 May."
        );
    }

    #[test]
    fn another_month_is_compared_as_a_whole() {
        assert_eq!(
            sentence(pace(100, 8_100), month("2026-05"), TODAY),
            "You spent $1.00 in May 2026, $80.00 less than in April 2026."
        );
    }

    #[test]
    fn the_same_amount_is_neither_more_nor_less() {
        assert_eq!(comparison(pace(5, 5), month("2026-05"), TODAY), "As much as in April 2026");
        assert_eq!(
            sentence(pace(5, 5), month("2026-05"), TODAY),
            "You spent $0.05 in May 2026, as much as in April 2026."
        );
    }
}
