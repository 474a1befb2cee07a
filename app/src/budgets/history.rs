//! How each period of a budget ended: as bars, and as a table with every figure.

use domain::{
    Currency,
    budget::{BudgetView, BudgetWindow, Period, past_sentence},
    chart::Measured,
};
use leptos::prelude::*;

use super::{
    bar::{amount, left},
    list::rows_of,
};
use crate::ui::{BarChart, Card, Cell, ChartBar, Column, DataTable, Place};

/// So many bars are drawn, the newest; the table has them all.
const MOST_BARS: usize = 12;

/// The periods so far, the oldest first.
#[component]
pub(super) fn History(windows: Vec<BudgetWindow>, budget: BudgetView) -> AnyView {
    let drawn = windows.get(windows.len().saturating_sub(MOST_BARS)..).unwrap_or_default();
    let chart = match Currency::parse(&budget.currency) {
        Ok(currency) if drawn.len() > 1 => view! {
            <div class="p-4 md:p-6">
                <BarChart
                    id="history-chart"
                    title="What was spent in each period"
                    sentence=past_sentence(drawn, budget.period)
                    labels=("Spent", "Available")
                    bars=drawn.iter().map(|window| bar(window, &budget)).collect()
                    currency
                />
            </div>
        }
        .into_any(),
        _ => ().into_any(),
    };
    view! {
        <Card id="history" title="History" flush=true>
            {chart}
            <Figures windows budget/>
        </Card>
    }
    .into_any()
}

fn bar(window: &BudgetWindow, budget: &BudgetView) -> ChartBar {
    let BudgetView { category, currency, period, .. } = budget;
    let [spent, available] =
        [window.spent_minor, window.available_minor].map(|minor| amount(minor, currency));
    ChartBar {
        name: window.short_name(*period),
        text: format!("{}, {spent} of {available} spent", title(window, *period)),
        href: rows_of(category, currency, window),
        measured: Measured { minor: window.spent_minor, limit_minor: window.available_minor },
    }
}

/// "May 2026", "2025", "The week of 27 April".
fn title(window: &BudgetWindow, period: Period) -> String {
    let name = window.name(period);
    match period {
        Period::Monthly if name == window.from.month().to_string() => {
            format!("{name} {}", window.from.year())
        }
        _ => {
            let mut letters = name.chars();
            letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
        }
    }
}

#[component]
fn Figures(windows: Vec<BudgetWindow>, budget: BudgetView) -> AnyView {
    let BudgetView { category, currency, period, .. } = budget;
    let columns = vec![
        Column::text("Period"),
        Column::number("Spent"),
        Column::number("Available"),
        Column::number("Left"),
    ];
    let rows = windows
        .into_iter()
        .rev()
        .map(|window| {
            let [spent, available] =
                [window.spent_minor, window.available_minor].map(|minor| amount(minor, &currency));
            let (left, word) = left(window.remaining_minor, &currency);
            let word = (window.remaining_minor < 0).then_some(word);
            let rows = rows_of(&category, &currency, &window);
            let title = title(&window, period);
            view! {
                <tr role="row" data-testid="budget-window" data-state=window.state.as_str()>
                    <Cell place=Place::Main>{title}</Cell>
                    <Cell place=Place::Amount><a href=rows class="figure-link amount inline-flex min-h-6 items-center">{spent}</a></Cell>
                    <Cell place=Place::Amount><span class="amount">{available}</span></Cell>
                    <Cell place=Place::Amount><span class="amount">{left}</span> " " {word}</Cell>
                </tr>
            }
        })
        .collect_view();
    view! {
        <DataTable caption="How each period ended, the newest first" columns>
            <tbody role="rowgroup">{rows}</tbody>
        </DataTable>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn window(from: domain::Date, to: domain::Date) -> BudgetWindow {
        BudgetWindow {
            from,
            to,
            limit_minor: 40_000,
            carry_minor: 0,
            carried_from: None,
            available_minor: 40_000,
            spent_minor: 32_000,
            remaining_minor: 8_000,
            state: domain::budget::State::Fine,
            ahead_of_pace: false,
            left_per_day_minor: None,
        }
    }

    #[test]
    fn a_period_is_called_what_people_call_it() {
        let month = window(date!(2026 - 05 - 01), date!(2026 - 05 - 31));
        let week = window(date!(2026 - 04 - 27), date!(2026 - 05 - 03));
        let year = window(date!(2025 - 01 - 01), date!(2025 - 12 - 31));

        assert_eq!(title(&month, Period::Monthly), "May 2026");
        assert_eq!(title(&week, Period::Weekly), "The week of 27 April");
        assert_eq!(title(&year, Period::Yearly), "2025");
    }
}
