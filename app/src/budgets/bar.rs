//! How a window stands: a bar with a tick at 100 percent, and the words that say the same.

use domain::{
    Currency, Money,
    budget::{BudgetWindow, Period, State},
};
use leptos::prelude::*;

use crate::ui::{
    AmountText, Badge, Tone,
    money::{WHOLE, share},
};

/// Minor units as money; nothing when the currency is unknown to this version.
pub(super) fn money(minor: i64, currency: &str) -> Option<Money> {
    Some(Money::new(minor, Currency::parse(currency).ok()?))
}

/// Minor units as text.
pub(super) fn amount(minor: i64, currency: &str) -> String {
    money(minor, currency).map(AmountText::shown).unwrap_or_default()
}

/// What is left as money and a word: "$12.40" and "left", or "$12.40" and "over".
pub(super) fn left(minor: i64, currency: &str) -> (String, &'static str) {
    let word = if minor < 0 { "over" } else { "left" };
    (amount(minor.saturating_abs(), currency), word)
}

/// The bar. What goes over is drawn past the tick, up to twice what is available.
#[component]
pub(super) fn BudgetBar(window: BudgetWindow, currency: String) -> AnyView {
    let available = window.available_minor.max(1);
    let spent = window.spent_minor.clamp(0, available.saturating_mul(2));
    let over = spent > available;
    // Over its limit the whole bar stands for what was spent, and the tick moves to where the limit was.
    let whole = if over { spent } else { available };
    let tick = i128::from(available).saturating_mul(100) / i128::from(whole.max(1));
    let tick = i64::try_from(tick).unwrap_or(100);
    let state = window.state.as_str();
    let words = format!(
        "{} of {} spent",
        amount(window.spent_minor, &currency),
        amount(window.available_minor, &currency)
    );
    view! {
        <div class="budget-bar" data-testid="budget-bar" data-state=state>
            <progress class="bar" data-state=state aria-label=words max=WHOLE value=share(spent, whole)></progress>
            <svg class="budget-tick" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                <line x1=tick.to_string() x2=tick.to_string() y1="0" y2="10"></line>
            </svg>
        </div>
    }
    .into_any()
}

/// On track, Ahead of pace, Near limit, Over by $12.00.
#[component]
pub(super) fn StateWord(window: BudgetWindow, currency: String) -> impl IntoView {
    let (tone, words) = match window.state {
        State::Over => {
            let over = window.remaining_minor.saturating_neg();
            (Tone::Negative, format!("Over by {}", amount(over, &currency)))
        }
        State::Near => (Tone::Warning, "Near limit".to_owned()),
        State::Fine if window.ahead_of_pace => (Tone::Accent, "Ahead of pace".to_owned()),
        State::Fine => (Tone::Positive, "On track".to_owned()),
    };
    view! { <Badge tone>{words}</Badge> }
}

/// "+$40.00 from May", "$12.00 a day left": what the numbers above it do not say.
pub(super) fn asides(window: &BudgetWindow, period: Period, currency: &str) -> Vec<String> {
    let carry = money(window.carry_minor, currency).zip(window.carried_name(period));
    let carried = carry.map(|(carry, before)| format!("{} from {before}", carry.shown_signed()));
    let daily = window.left_per_day_minor;
    let daily = daily.map(|minor| format!("{} a day left", amount(minor, currency)));
    carried.into_iter().chain(daily).collect()
}

#[cfg(test)]
mod tests {
    use domain::budget::Window;
    use time::macros::date;

    use super::*;

    fn window(spent: i64, available: i64, state: State) -> BudgetWindow {
        BudgetWindow {
            from: date!(2026 - 05 - 01),
            to: date!(2026 - 05 - 31),
            limit_minor: available,
            carry_minor: 0,
            carried_from: None,
            available_minor: available,
            spent_minor: spent,
            remaining_minor: available - spent,
            state,
            ahead_of_pace: false,
            left_per_day_minor: None,
        }
    }

    fn bar(window: BudgetWindow) -> String {
        Owner::new().with(|| view! { <BudgetBar window currency="USD".to_owned()/> }.to_html())
    }

    #[test]
    fn what_is_over_is_drawn_past_the_tick() {
        let over = bar(window(15_000, 10_000, State::Over));

        assert!(over.contains(r#"max="1000""#) && over.contains(r#"value="1000""#), "{over}");
        assert!(over.contains(r#"x1="66""#), "{over}");
        assert!(over.contains("$150.00 of $100.00 spent"), "{over}");
    }

    #[test]
    fn money_that_came_back_is_an_empty_bar() {
        let back = bar(window(-500, 10_000, State::Fine));

        assert!(back.contains(r#"value="0""#) && back.contains(r#"x1="100""#), "{back}");
    }

    #[test]
    fn an_overrun_is_over_and_not_less_than_nothing() {
        for (minor, said) in [(1_240, "left"), (0, "left"), (-1_240, "over")] {
            let (money, word) = left(minor, "USD");

            assert_eq!(word, said, "{minor}");
            assert!(!money.contains('−'), "{money}");
        }
        assert_eq!(left(-1_240, "USD"), ("$12.40".to_owned(), "over"));
    }

    #[test]
    fn what_was_carried_and_what_a_day_has_left_is_said() {
        let window = BudgetWindow {
            carry_minor: -4_000,
            carried_from: Some(Window { from: date!(2026 - 04 - 01), to: date!(2026 - 04 - 30) }),
            left_per_day_minor: Some(333),
            ..window(1, 2, State::Fine)
        };

        let said = asides(&window, Period::Monthly, "USD");
        assert_eq!(said, ["−$40.00 from April", "$3.33 a day left"]);
    }
}
