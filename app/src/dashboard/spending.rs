//! How the spending of a month adds up, day by day, beside the month before.

use std::sync::Arc;

use backend::transactions::SpendingSeries;
use domain::{
    Counted, Currency, Date, DayTotal, Money, Month, TransactionFilter, budget::BudgetView,
};
use leptos::prelude::*;

use super::{
    budgets,
    words::{Pace, last_day, same_day_before, sentence},
};
use crate::{
    routes,
    ui::{AreaChart, Tab, Tabs, query::address},
};

/// The spending of one currency in a month and in the month before it.
#[derive(Clone, Debug)]
pub struct Spending {
    /// The currency.
    pub currency: Currency,
    /// Each day of this month up to the last that counts, added up.
    pub now: Vec<DayTotal>,
    /// Each day of the month before, added up.
    pub before: Vec<DayTotal>,
    /// The two figures to compare.
    pub pace: Pace,
}

impl Spending {
    /// One entry for each currency that either month has.
    pub fn by_currency(
        now: &[SpendingSeries],
        before: &[SpendingSeries],
        month: Month,
        today: Date,
    ) -> Vec<Self> {
        let mut codes: Vec<&str> = now.iter().map(|series| series.currency.as_str()).collect();
        for series in before {
            if !codes.contains(&series.currency.as_str()) {
                codes.push(&series.currency);
            }
        }
        codes
            .into_iter()
            .filter_map(|code| {
                let currency = Currency::parse(code).ok()?;
                Some(Self::of(currency, days_of(now, code), days_of(before, code), month, today))
            })
            .collect()
    }

    fn of(
        currency: Currency,
        now: &[DayTotal],
        before: &[DayTotal],
        month: Month,
        today: Date,
    ) -> Self {
        let now = added_up(now, last_day(month, today));
        let before = added_up(before, month.previous().last_day());
        let then = same_day_before(month, today);
        let pace = Pace {
            now: Money::new(now.last().map_or(0, |day| day.minor), currency),
            before: Money::new(
                before.iter().rfind(|day| day.date <= then).map_or(0, |day| day.minor),
                currency,
            ),
        };
        Self { currency, now, before, pace }
    }
}

fn days_of<'s>(series: &'s [SpendingSeries], code: &str) -> &'s [DayTotal] {
    series.iter().find(|series| series.currency == code).map_or(&[], |series| &series.days)
}

/// The running total of the days, up to and with `last`.
fn added_up(days: &[DayTotal], last: Date) -> Vec<DayTotal> {
    let until = days.iter().filter(|day| day.date <= last);
    until
        .scan(0_i64, |sum, day| {
            *sum = sum.saturating_add(day.minor);
            Some(DayTotal { date: day.date, minor: *sum })
        })
        .collect()
}

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

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn series(currency: &str, days: &[(Date, i64)]) -> SpendingSeries {
        let days =
            days.iter().map(|(date, minor)| DayTotal { date: *date, minor: *minor }).collect();
        SpendingSeries { currency: currency.to_owned(), days }
    }

    #[test]
    fn days_add_up_and_stop_at_today() {
        let now = [series(
            "USD",
            &[
                (date!(2026 - 06 - 01), 100),
                (date!(2026 - 06 - 02), 50),
                (date!(2026 - 06 - 03), 0),
            ],
        )];
        let before = [series("USD", &[(date!(2026 - 05 - 01), 70), (date!(2026 - 05 - 31), 30)])];

        let spending =
            Spending::by_currency(&now, &before, "2026-06".parse().unwrap(), date!(2026 - 06 - 02));

        let [dollars] = spending.as_slice() else { panic!("one currency") };
        let minors = |days: &[DayTotal]| days.iter().map(|day| day.minor).collect::<Vec<_>>();
        assert_eq!(minors(&dollars.now), [100, 150]);
        assert_eq!(minors(&dollars.before), [70, 100]);
        assert_eq!((dollars.pace.now.minor, dollars.pace.before.minor), (150, 70));
    }

    #[test]
    fn a_currency_of_last_month_alone_is_shown_too() {
        let before = [series("EUR", &[(date!(2026 - 05 - 01), 70)])];

        let spending =
            Spending::by_currency(&[], &before, "2026-06".parse().unwrap(), date!(2026 - 06 - 02));

        assert_eq!(spending.len(), 1);
        assert_eq!(spending[0].pace.now.minor, 0);
    }
}
