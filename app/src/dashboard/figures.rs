//! The headline figures. Each is a link to the rows behind it.

use domain::{Counted, Currency, Date, Money, Month, TransactionFilter};
use leptos::prelude::*;

use super::words::{Pace, comparison, last_day};
use crate::{
    routes,
    ui::{Amount, query::address},
};

/// Net worth, spent and came in: one line for each currency, never added across.
#[component]
pub fn Figures(
    /// The sum of all balances, one for each currency.
    net_worth: Vec<Money>,
    /// What was spent, one for each currency.
    spent: Vec<Pace>,
    /// What came in, one for each currency.
    came_in: Vec<Money>,
    /// The month.
    month: Month,
    /// Today.
    today: Date,
) -> AnyView {
    let this_month = month.contains(today);
    let (when, money_in) = if this_month {
        ("this month".to_owned(), "Money in this month".to_owned())
    } else {
        (format!("in {}", month.label()), format!("Money in, {}", month.label()))
    };
    let spent_notes = spent.iter().map(|pace| note(*pace, month, today)).collect();
    let net_worth =
        net_worth.into_iter().map(|money| (money, routes::ACCOUNTS.to_owned())).collect();
    let until = last_day(month, today);
    let spent = (spent.into_iter().map(|pace| pace.now))
        .map(|money| (money, rows(Counted::Spending, money.currency, month, until)))
        .collect();
    let came_in = came_in
        .into_iter()
        .map(|money| (money, rows(Counted::Income, money.currency, month, month.last_day())))
        .collect();
    view! {
        <div class="grid gap-3 min-[22rem]:grid-cols-2 md:gap-4 lg:grid-cols-3">
            <Figure id="net-worth" label="Net worth".to_owned() amounts=net_worth wide=true/>
            <Figure id="spent" label=format!("Spent {when}") amounts=spent notes=spent_notes/>
            <Figure id="in" label=money_in amounts=came_in/>
        </div>
    }
    .into_any()
}

/// One figure with its name over it; each amount with the way to its rows.
#[component]
fn Figure(
    id: &'static str,
    label: String,
    amounts: Vec<(Money, String)>,
    #[prop(optional)] notes: Vec<Option<String>>,
    #[prop(optional)] wide: bool,
) -> AnyView {
    let single = amounts.len() < 2;
    let class = match (single, wide) {
        (true, true) => "text-3xl font-semibold",
        (true, false) => "text-xl font-semibold sm:text-3xl",
        (false, _) => "text-xl font-semibold",
    };
    let card = if wide {
        "card min-w-0 px-4 py-3.5 md:px-5 min-[22rem]:col-span-2 lg:col-span-1"
    } else {
        "card min-w-0 px-4 py-3.5 md:px-5"
    };
    let mut notes = notes.into_iter();
    let lines = amounts
        .into_iter()
        .map(|(money, href)| {
            let note = notes
                .next()
                .flatten()
                .map(|note| view! { <p class="text-sm text-ink-2">{note}</p> });
            view! {
                <div class="not-first:mt-1.5">
                    <p class=class><a href=href class="figure-link"><Amount money/></a></p>
                    {note}
                </div>
            }
        })
        .collect_view();
    view! {
        <div class=card data-testid=format!("dashboard-{id}")>
            <p class="text-sm text-ink-2">{label}</p>
            <div>{lines}</div>
        </div>
    }
    .into_any()
}

/// The comparison under what was spent; nothing where there is nothing to compare.
fn note(pace: Pace, month: Month, today: Date) -> Option<String> {
    let any = pace.now.minor != 0 || pace.before.minor != 0;
    any.then(|| comparison(pace, month, today))
}

/// The rows behind a figure of the month: what it counts, and nothing else.
fn rows(counted: Counted, currency: Currency, month: Month, until: Date) -> String {
    let filter = TransactionFilter {
        counted: Some(counted),
        currency: Some(currency),
        from: Some(month.first_day()),
        to: Some(until),
        ..TransactionFilter::default()
    };
    address(routes::TRANSACTIONS, &filter.to_pairs())
}

#[cfg(test)]
mod tests {
    use domain::Currency;
    use time::macros::date;

    use super::*;

    #[test]
    fn every_figure_leads_to_its_rows() {
        let dollars = |minor| Money::new(minor, Currency::USD);
        let month = "2026-06".parse().unwrap();
        let spent = vec![Pace { now: dollars(100), before: dollars(50) }];

        let html = Owner::new().with(|| {
            view! {
                <Figures
                    net_worth=vec![dollars(1_000)]
                    spent
                    came_in=vec![dollars(2_000)]
                    month
                    today=date!(2026 - 06 - 10)
                />
            }
            .to_html()
        });

        let rows = |counted: &str, to: &str| {
            format!(
                "/transactions?currency=USD&amp;counted={counted}&amp;from=2026-06-01&amp;to={to}"
            )
        };
        assert!(html.contains(r#"href="/accounts""#), "{html}");
        assert!(html.contains(&rows("spending", "2026-06-10")), "{html}");
        assert!(html.contains(&rows("income", "2026-06-30")), "{html}");
        assert!(html.contains("$0.50 more than by 10 May"), "{html}");
    }
}
