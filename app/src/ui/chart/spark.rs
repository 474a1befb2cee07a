//! Small lines beside a figure, and the words that say what they show.

use domain::{Currency, DayTotal, Money, chart::spark};
use leptos::prelude::*;

use crate::ui::AmountText;

/// The size of the drawing in its own units.
const WIDTH: i32 = 120;
const HEIGHT: i32 = 32;

/// A line without axes, 32 px high. Its words stand beside it, so assistive technology passes it by. Nothing for fewer
/// than two days.
#[component]
pub fn Sparkline(
    /// The days, in order.
    days: Vec<DayTotal>,
) -> AnyView {
    let Some(drawn) = spark(&days, WIDTH, HEIGHT) else { return ().into_any() };
    let zero =
        drawn.zero.map(|y| view! { <line x1="0" x2=WIDTH y1=y y2=y class="chart-zero"></line> });
    view! {
        <svg
            class="sparkline"
            viewBox=format!("0 0 {WIDTH} {HEIGHT}")
            preserveAspectRatio="none"
            aria-hidden="true"
            focusable="false"
            data-testid="sparkline"
        >
            {zero}
            <path class="chart-line" d=drawn.line></path>
        </svg>
    }
    .into_any()
}

/// "Up $12.00 in 90 days", "Down $12.00 in 90 days", "Unchanged in 90 days": the words beside a line.
pub fn trend(days: &[DayTotal], currency: Currency) -> Option<String> {
    let (first, last) = (days.first()?, days.last()?);
    let length = (last.date - first.date).whole_days();
    let change = Money::new(last.minor.saturating_sub(first.minor), currency);
    Some(format!("{} in {length} days", direction(change)))
}

/// "Up $12.00", "Down $12.00", "Unchanged".
pub fn direction(change: Money) -> String {
    match change.minor {
        0 => "Unchanged".to_owned(),
        1.. => format!("Up {}", change.shown_absolute()),
        _ => format!("Down {}", change.shown_absolute()),
    }
}

#[cfg(test)]
mod tests {
    use time::{Duration, macros::date};

    use super::*;

    fn days(values: [i64; 2]) -> Vec<DayTotal> {
        let first = date!(2026 - 02 - 03);
        let day = |date, minor| DayTotal { date, minor };
        vec![day(first, values[0]), day(first + Duration::days(90), values[1])]
    }

    #[test]
    fn the_words_say_where_the_line_goes() {
        let words = |values| trend(&days(values), Currency::USD);

        assert_eq!(words([0, 1_200]).as_deref(), Some("Up $12.00 in 90 days"));
        assert_eq!(words([0, -1_200]).as_deref(), Some("Down $12.00 in 90 days"));
        assert_eq!(words([5, 5]).as_deref(), Some("Unchanged in 90 days"));
        assert_eq!(trend(&[], Currency::USD), None);
    }

    #[test]
    fn the_line_is_hidden_from_assistive_technology() {
        let html = |days| Owner::new().with(|| view! { <Sparkline days/> }.to_html());

        let drawn = html(days([-100, 100]));
        assert!(drawn.contains(r#"aria-hidden="true""#) && drawn.contains("chart-zero"), "{drawn}");
        assert!(!drawn.contains("style="), "{drawn}");
        assert!(!html(Vec::new()).contains("<svg"));
    }
}
