//! What should come in the next 31 days: a calendar as a table, whose rows are days.

use backend::recurring::Coming;
use domain::{Currency, Money, day};
use leptos::prelude::*;

use crate::{
    routes,
    ui::{Amount, Card, Cell, Column, DataTable, Place},
};

/// Each day on which something should come.
#[component]
pub(super) fn ComingUp(coming: Vec<Coming>) -> impl IntoView {
    (!coming.is_empty()).then(|| {
        let columns = vec![Column::text("Day"), Column::text("What"), Column::number("Amount")];
        let rows = coming.into_iter().map(row).collect_view();
        view! {
            <Card id="coming" title="The next 31 days" flush=true>
                <DataTable caption="What should come, by day" columns stacked=true>
                    <tbody role="rowgroup">{rows}</tbody>
                </DataTable>
            </Card>
        }
    })
}

fn row(coming: Coming) -> impl IntoView {
    let money = Currency::parse(&coming.currency)
        .ok()
        .map(|currency| Money::new(coming.amount_minor, currency));
    view! {
        <tr role="row" data-testid="coming-row" data-date=day::format_iso(coming.date)>
            <Cell place=Place::Under>{day::format_day_short(coming.date)}</Cell>
            <Cell place=Place::Main><a href=routes::series(&coming.series) class="row-link">{coming.merchant}</a></Cell>
            <Cell place=Place::Amount>{money.map(|money| view! { <Amount money signed=true/> })}</Cell>
        </tr>
    }
}
