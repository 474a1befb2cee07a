//! The line over the list: how many rows, and what went out and came in.

use domain::CurrencySum;
use leptos::prelude::*;

use crate::ui::{AmountText, count::count};

/// "1,204 transactions · −$3,412.08 out · +$5,200.00 in", with one line for each further currency, and what neither of
/// the two has.
#[component]
pub fn Summary(
    /// How many rows the list has.
    total: i64,
    /// What went out and came in, one entry a currency.
    sums: Vec<CurrencySum>,
    /// How many of the rows are sides of transfers.
    transfers: i64,
) -> AnyView {
    let mut lines = sums.iter().filter_map(|sum| sum.line_with(AmountText::shown_signed));
    let first = lines.next().map(|line| format!(" · {line}"));
    let rest = lines.map(|line| view! { <span class="block">{line}</span> }).collect_view();
    let left_out = (transfers > 0).then(|| {
        let text = "Transfers between your accounts left out";
        view! { <span class="block" data-testid="transactions-moved" data-count=transfers.to_string()>{text}</span> }
    });
    view! {
        <p class="text-sm text-ink-2 tabular-nums" data-testid="transactions-summary">
            {count(total, "transaction")}
            {first}
            {rest}
            {left_out}
        </p>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(currency: &str, out_minor: i64, in_minor: i64) -> CurrencySum {
        CurrencySum { currency: currency.to_owned(), in_minor, out_minor }
    }

    #[test]
    fn what_went_out_and_came_in_is_said_in_words() {
        let line = sum("USD", -341_208, 520_000).line();

        assert_eq!(line.as_deref(), Some("−$3,412.08 out · +$5,200.00 in"));
    }

    #[test]
    fn two_currencies_are_two_lines() {
        let sums = vec![sum("USD", -100, 0), sum("JPY", -500, 300)];

        let html =
            Owner::new().with(|| view! { <Summary total=1_204 sums transfers=0/> }.to_html());

        assert!(html.contains("1,204 transactions"), "{html}");
        assert!(html.contains("−$1.00 out · $0.00 in"), "{html}");
        assert!(html.contains("−¥500 out · +¥300 in"), "{html}");
        assert!(!html.contains("left out"), "{html}");
    }

    #[test]
    fn what_the_sums_leave_out_is_said() {
        let sums = vec![sum("USD", -100, 0)];

        let html = Owner::new().with(|| view! { <Summary total=4 sums transfers=2/> }.to_html());

        assert!(html.contains("Transfers between your accounts left out"), "{html}");
    }
}
