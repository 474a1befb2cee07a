//! Amounts.

use domain::Money;
use leptos::prelude::*;

/// An amount in tabular figures, with its raw value for tests and scripts.
#[component]
pub fn Amount(
    /// The amount.
    money: Money,
    /// Shows a plus, and colours what comes in: for movements, not for balances.
    #[prop(optional)]
    signed: bool,
) -> impl IntoView {
    let text = if signed { money.format_signed() } else { money.format() };
    let class = if signed && money.minor > 0 { "amount text-positive" } else { "amount" };
    view! {
        <data
            value=money.minor.to_string()
            class=class
            data-minor=money.minor.to_string()
            data-currency=money.currency.code().to_owned()
        >
            {text}
        </data>
    }
}
