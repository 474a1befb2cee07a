//! How the spending of a month adds up, day by day, beside the month before.

use std::sync::Arc;

use backend::dashboard::Spending;
use domain::{Counted, Currency, Date, Month, TransactionFilter, budget::BudgetView};
use leptos::prelude::*;

use super::{budgets, words::sentence};
use crate::{
    routes,
    ui::{AreaChart, Tab, Tabs, query::address},
};

/// The card with the chart. With several currencies each has its own, chosen by links.
#[component]
pub fn SpendingCard(
    /// One entry for each currency.
    spending: Vec<Spending>,
    /// The currency in the address.
    chosen: Option<String>,
    /// The month.
    month: Month,
    /// Today.
    today: Date,
    /// The budgets of today: their even pace is a line beside the others.
    budgets: Vec<BudgetView>,
) -> AnyView {
    let shown = chosen
        .and_then(|code| spending.iter().find(|entry| entry.currency.code() == code))
        .or(spending.first())
        .cloned();
    let switch = (spending.len() > 1).then(|| {
        let current = shown.as_ref().map(|entry| entry.currency);
        let items = spending
            .iter()
            .map(|entry| {
                let code = entry.currency.code();
                let href = format!("{}?month={month}&currency={code}", routes::DASHBOARD);
                Tab::new(code, href, current == Some(entry.currency))
            })
            .collect();
        view! { <div class="mb-3 px-4 md:px-5"><Tabs label="Currency" items/></div> }
    });
    view! {
        <section class="card min-w-0" aria-labelledby="spending" data-testid="dashboard-spending">
            <h2 id="spending" class="flex min-h-12 items-center px-4 pt-2 text-base font-semibold md:px-5">
                {format!("Spending, {}", month.label())}
            </h2>
            {switch}
            <div class="px-4 pb-4 md:px-5 md:pb-5">
                {shown.map(|spending| view! { <Chart spending month today budgets/> })}
            </div>
        </section>
    }
    .into_any()
}

#[component]
fn Chart(spending: Spending, month: Month, today: Date, budgets: Vec<BudgetView>) -> AnyView {
    let Spending { currency, now, before, pace } = spending;
    let guide = budgets::pace(&budgets, currency, month);
    view! {
        <AreaChart
            id="spending-chart"
            title=format!("Spending added up by day, {}, in {}", month.label(), currency.code())
            heading_hidden=true
            sentence=sentence(pace, month, today)
            points=now
            label=month.label()
            compare=(month.previous().label(), before)
            guide
            currency
            explain=Arc::new(move |day| rows_of_day(currency, day))
        />
    }
    .into_any()
}

/// The rows behind a day of the chart.
fn rows_of_day(currency: Currency, day: Date) -> String {
    let filter = TransactionFilter {
        counted: Some(Counted::Spending),
        currency: Some(currency),
        from: Some(day),
        to: Some(day),
        ..TransactionFilter::default()
    };
    address(routes::TRANSACTIONS, &filter.to_pairs())
}
