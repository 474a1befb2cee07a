//! All plans beside each other, limit by limit.

use domain::{
    billing::OfferView,
    plan::{Interval, Plan},
};
use leptos::prelude::*;

use super::words::compared;
use crate::ui::{Column, DataTable};

/// The table under the cards.
#[component]
pub fn Compare(
    /// The prices.
    offers: Vec<OfferView>,
    /// The caller's plan.
    #[prop(optional_no_strip)]
    current: Option<Plan>,
) -> AnyView {
    let columns = std::iter::once(Column::text("What you get"))
        .chain(Plan::ALL.map(|plan| {
            let mark = if current == Some(plan) { " (your plan)" } else { "" };
            Column::text(format!("{}{mark}", plan.name()))
        }))
        .collect();
    let prices = [("Price a month", Interval::Month), ("Price a year", Interval::Year)]
        .map(|(label, interval)| row(label, Plan::ALL.map(|plan| price(&offers, plan, interval))));
    let all = Plan::ALL.map(compared);
    let rows = (0..all[0].len())
        .map(|n| row(all[0][n].0, all.clone().map(|answers| answers[n].1.clone())))
        .collect_view();
    view! {
        <section aria-labelledby="compare-title" class="mt-14">
            <h2 id="compare-title" class="mb-4 text-xl font-semibold">"All plans compared"</h2>
            <div class="card">
                <DataTable caption="What each plan holds, and its price" columns>
                    <tbody role="rowgroup">{rows} {prices.collect_view()}</tbody>
                </DataTable>
            </div>
            <p class="mt-3 text-sm text-ink-2">"Prices are before tax, which depends on where you live. You see the whole amount before you pay."</p>
        </section>
    }
    .into_any()
}

fn row(label: &'static str, answers: [String; 4]) -> impl IntoView {
    let cells = answers
        .map(|answer| view! { <td role="cell" class="whitespace-nowrap">{answer}</td> })
        .collect_view();
    view! {
        <tr role="row">
            <th scope="row" role="rowheader" class="min-w-28 text-left font-medium whitespace-normal">{label}</th>
            {cells}
        </tr>
    }
}

/// The price as text; a dash while there is none.
fn price(offers: &[OfferView], plan: Plan, interval: Interval) -> String {
    if plan == Plan::Free {
        return "Nothing".to_owned();
    }
    let offer = offers.iter().find(|offer| offer.plan == plan && offer.interval == interval);
    offer.and_then(|offer| offer.price).map_or_else(|| "—".to_owned(), domain::Money::format)
}
