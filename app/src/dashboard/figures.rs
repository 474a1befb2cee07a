//! The headline figures. Each is a link to the rows behind it.

use backend::dashboard::{Headlines, Left, Pace, Worth, last_day};
use domain::{Counted, Currency, Date, Money, Month, TransactionFilter, TransactionStatus};
use leptos::prelude::*;

use super::words::comparison;
use crate::{
    routes,
    ui::{
        Amount, AmountText, Sparkline,
        chart::{direction, trend},
        money::raw,
        query::address,
    },
};

/// One amount with the way to its rows, and what stands under it.
struct Line {
    money: Money,
    href: String,
    note: Option<AnyView>,
}

/// Net worth, spent, left in budgets and came in.
#[component]
pub fn Figures(
    /// The figures.
    figures: Headlines,
    /// The month.
    month: Month,
    /// Today.
    today: Date,
) -> AnyView {
    let Headlines { net_worth, spent, left, came_in } = figures;
    let this_month = month.contains(today);
    let (when, money_in) = if this_month {
        ("this month".to_owned(), "Money in this month".to_owned())
    } else {
        (format!("in {}", month.label()), format!("Money in, {}", month.label()))
    };
    let columns = if left.is_empty() { "lg:grid-cols-3" } else { "lg:grid-cols-4" };
    let until = last_day(month, today);
    let net_worth = net_worth.into_iter().map(|worth| worth_line(worth, today)).collect();
    let spent = spent
        .into_iter()
        .map(|pace| Line {
            money: pace.now,
            href: rows(Counted::Spending, pace.now.currency, month, until),
            note: note(pace, month, today)
                .map(|note| view! { <p class="text-sm text-ink-2">{note}</p> }.into_any()),
        })
        .collect();
    let came_in = came_in
        .into_iter()
        .map(|money| Line {
            money,
            href: rows(Counted::Income, money.currency, month, month.last_day()),
            note: None,
        })
        .collect();
    let left = (!left.is_empty()).then(|| {
        let lines = left.into_iter().map(left_line).collect();
        view! { <Figure id="left" label="Left in budgets".to_owned() lines/> }
    });
    view! {
        <div class=format!("grid gap-3 min-[22rem]:grid-cols-2 md:gap-4 {columns}")>
            <Figure id="net-worth" label="Net worth".to_owned() lines=net_worth wide=true/>
            <Figure id="spent" label=format!("Spent {when}") lines=spent/>
            {left}
            <Figure id="in" label=money_in lines=came_in/>
        </div>
    }
    .into_any()
}

/// The change of this month, and the line of the last 90 days with its words.
fn worth_line(worth: Worth, today: Date) -> Line {
    let Worth { money, held, history } = worth;
    let banks = held.map(|held| {
        view! {
            <p class="text-caption text-ink-2" data-testid="net-worth-held">
                "By the transactions in the app. By what your banks say: " <Amount money=held/>
            </p>
        }
    });
    let history = history.map(|history| {
        let change = Money::new(history.change_minor, money.currency);
        let said = format!("{} this month", direction(change));
        let href = rows_of_month(money.currency, today);
        let days = trend(&history.days, money.currency);
        let days = days.map(|said| view! { <span class="text-caption text-ink-2">{said}</span> });
        view! {
            <p class="text-sm text-ink-2" data-testid="net-worth-change" data-minor=raw(history.change_minor)>
                <a href=href class="figure-link inline-flex min-h-6 items-center">{said}</a>
            </p>
            <div class="mt-1 flex flex-wrap items-end gap-x-3 gap-y-0.5"><Sparkline days=history.days/> {days}</div>
        }
    });
    let note = view! { {banks} {history} }.into_any();
    Line { money, href: routes::ACCOUNTS.to_owned(), note: Some(note) }
}

fn left_line(left: Left) -> Line {
    let of = format!("of {}", left.available.shown());
    let note = view! { <p class="text-sm text-ink-2">{of}</p> }.into_any();
    Line { money: left.left, href: routes::BUDGETS.to_owned(), note: Some(note) }
}

/// One figure with its name over it; each amount with the way to its rows.
#[component]
fn Figure(
    id: &'static str,
    label: String,
    lines: Vec<Line>,
    #[prop(optional)] wide: bool,
) -> AnyView {
    let single = lines.len() < 2;
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
    let lines = lines
        .into_iter()
        .map(|Line { money, href, note }| {
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

/// The rows of this month that changed what there is: all that are completed.
fn rows_of_month(currency: Currency, today: Date) -> String {
    let filter = TransactionFilter {
        status: Some(TransactionStatus::Completed),
        currency: Some(currency),
        from: Some(Month::containing(today).first_day()),
        to: Some(today),
        ..TransactionFilter::default()
    };
    address(routes::TRANSACTIONS, &filter.to_pairs())
}

#[cfg(test)]
mod tests {
    use backend::dashboard::NetWorth;
    use domain::DayTotal;
    use time::macros::date;

    use super::*;

    #[test]
    fn every_figure_leads_to_its_rows() {
        let dollars = |minor| Money::new(minor, Currency::USD);
        let month = "2026-06".parse().unwrap();
        let spent = vec![Pace { now: dollars(100), before: dollars(50) }];

        let days = vec![
            DayTotal { date: date!(2026 - 03 - 12), minor: 400 },
            DayTotal { date: date!(2026 - 06 - 10), minor: 1_000 },
        ];
        let history = NetWorth { currency: "USD".to_owned(), days, change_minor: -250 };
        let left = Left { left: dollars(1_500), available: dollars(20_000) };
        let figures = Headlines {
            net_worth: vec![Worth {
                money: dollars(1_000),
                held: Some(dollars(1_240)),
                history: Some(history),
            }],
            spent,
            left: vec![left],
            came_in: vec![dollars(2_000)],
        };

        let html = Owner::new()
            .with(|| view! { <Figures figures month today=date!(2026 - 06 - 10)/> }.to_html());

        let rows = |counted: &str, to: &str| {
            format!(
                "/transactions?currency=USD&amp;counted={counted}&amp;from=2026-06-01&amp;to={to}"
            )
        };
        assert!(html.contains(r#"href="/accounts""#), "{html}");
        assert!(html.contains(&rows("spending", "2026-06-10")), "{html}");
        assert!(html.contains(&rows("income", "2026-06-30")), "{html}");
        assert!(html.contains("$0.50 more than by 10 May"), "{html}");
        let changed =
            "/transactions?status=completed&amp;currency=USD&amp;from=2026-06-01&amp;to=2026-06-10";
        assert!(html.contains(changed) && html.contains("Down $2.50 this month"), "{html}");
        assert!(html.contains("Up $6.00 in 90 days") && html.contains("sparkline"), "{html}");
        assert!(html.contains("what your banks say") && html.contains("$12.40"), "{html}");
        assert!(html.contains(r#"href="/budgets""#) && html.contains("of $200.00"), "{html}");
    }
}
