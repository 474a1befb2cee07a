//! The first rows of one kind.

use backend::{
    categories::OwnCategory,
    imports::{PreviewRow, RowState},
};
use domain::{Currency, Money, day::format_day};
use leptos::prelude::*;

use super::{
    errors::problems,
    tabs::View,
    taken::{TAKE_ALL, TAKE_IN, Taken},
};
use crate::{
    transactions::category_label,
    ui::{Amount, Cell, Column, DataTable, Day, EmptyState, Place, count::grouped},
};

/// How many rows are printed; the totals above count all of them.
const SHOWN: usize = 100;

/// A table of the rows that belong to the tab.
#[component]
pub fn RowsTable(
    /// Every row of the file.
    rows: Vec<PreviewRow>,
    /// Which are shown.
    view: View,
    /// The possible rows that are ticked.
    taken: Taken,
    /// The person's own categories and words for ours.
    own: Vec<OwnCategory>,
) -> impl IntoView {
    let mut rows: Vec<PreviewRow> = rows.into_iter().filter(|row| view.has(&row.state)).collect();
    let total = rows.len();
    if total == 0 {
        return view! { <EmptyState text=view.nothing()/> }.into_any();
    }
    rows.truncate(SHOWN);
    let more = (total > SHOWN).then(|| {
        let total = grouped(i64::try_from(total).unwrap_or(i64::MAX));
        view! { <p class="border-t border-line px-4 py-3 text-sm text-ink-2">{format!("The first {SHOWN} of {total} rows.")}</p> }
    });
    let all = (view == View::Possible).then(|| {
        let ticked = taken.has_all();
        view! { <TakeAll total=i64::try_from(total).unwrap_or(i64::MAX) ticked/> }
    });
    let table = if view == View::Failed {
        view! { <FailedRows rows/> }.into_any()
    } else {
        view! { <GoodRows rows possible=view == View::Possible taken own/> }.into_any()
    };
    view! { {all} {table} {more} }.into_any()
}

/// One tick for every possible row, also for those beyond what is printed.
#[component]
fn TakeAll(total: i64, ticked: bool) -> impl IntoView {
    let label = match total {
        1 => "Import it too".to_owned(),
        total => format!("Import all {} of them too", grouped(total)),
    };
    view! {
        <div class="flex flex-col gap-1 border-b border-line px-4 py-3 text-sm">
            <label class="inline-flex min-h-8 items-center gap-2">
                <input type="checkbox" class="tick" name=TAKE_ALL value="true" checked=ticked data-testid="import-take-all"/>
                {label}
            </label>
            <p class="text-ink-2">"These look like transactions you have. Ticks stay when you look at another tab."</p>
        </div>
    }
}

/// Rows that could be read. Possible ones can be ticked.
#[component]
fn GoodRows(rows: Vec<PreviewRow>, possible: bool, taken: Taken, own: Vec<OwnCategory>) -> AnyView {
    let mut columns = vec![
        Column::text("Description"),
        Column::text("Date"),
        Column::text("Category"),
        Column::number("Amount"),
    ];
    if possible {
        columns.push(Column::text("Import this one too"));
    }
    let rows = rows
        .into_iter()
        .map(|row| {
            let category = category_label(&own, &row.category).to_owned();
            let ticked = taken.has(row.line);
            view! { <GoodRow row category ticked/> }
        })
        .collect_view();
    view! {
        <DataTable caption="Rows of the file" columns stacked=true>
            <tbody role="rowgroup">{rows}</tbody>
        </DataTable>
    }
    .into_any()
}

#[component]
fn GoodRow(row: PreviewRow, category: String, ticked: bool) -> AnyView {
    let PreviewRow { line, date, description, minor, currency, state, .. } = row;
    let money = minor
        .zip(Currency::parse(&currency).ok())
        .map(|(minor, currency)| Money::new(minor, currency));
    let tick = matches!(state, RowState::Possible(_)).then(|| {
        let label = format!("Import line {line} too");
        view! {
            <Cell place=Place::Actions>
                <label class="inline-flex min-h-8 items-center gap-2">
                    <input type="checkbox" class="tick" name=TAKE_IN value=line.to_string() checked=ticked aria-label=label/>
                    <span aria-hidden="true" class="md:sr-only">"Import too"</span>
                </label>
            </Cell>
        }
    });
    let reason = reason(&state)
        .map(|text| view! { <span class="block text-caption text-ink-2">{text}</span> });
    view! {
        <tr role="row" data-testid="import-row" data-id=line.to_string() data-state=word(&state)>
            <Cell place=Place::Main><span class="break-words">{description}</span> {reason}</Cell>
            <Cell place=Place::UnderEnd>{date.map(|date| view! { <Day date/> })}</Cell>
            <Cell place=Place::Under>{category}</Cell>
            <Cell place=Place::Amount>{money.map(|money| view! { <Amount money signed=true/> })}</Cell>
            {tick}
        </tr>
    }
    .into_any()
}

/// What is special about a row.
fn reason(state: &RowState) -> Option<String> {
    match state {
        RowState::Possible(found) => {
            Some(format!("Same amount as “{}” on {}", found.description, format_day(found.date)))
        }
        RowState::Replaces => {
            Some("The bank corrects a transaction that is here: this takes its place".to_owned())
        }
        RowState::New | RowState::Here | RowState::Failed(_) => None,
    }
}

fn word(state: &RowState) -> &'static str {
    match state {
        RowState::New => "new",
        RowState::Replaces => "replaces",
        RowState::Here => "here",
        RowState::Possible(_) => "possible",
        RowState::Failed(_) => "failed",
    }
}

/// Rows that can't be read, with what is wrong.
#[component]
fn FailedRows(rows: Vec<PreviewRow>) -> AnyView {
    let rows = rows
        .into_iter()
        .map(|row| {
            let problems = problems(&row)
                .into_iter()
                .map(|text| view! { <span class="block">{text}</span> })
                .collect_view();
            view! {
                <tr role="row" data-testid="import-row" data-id=row.line.to_string() data-state="failed">
                    <Cell place=Place::Main>{problems}</Cell>
                    <Cell place=Place::Under><span class="break-words text-ink-2">{row.description}</span></Cell>
                </tr>
            }
        })
        .collect_view();
    view! {
        <DataTable caption="Rows with errors" columns=vec![Column::text("Problem"), Column::text("Description")] stacked=true>
            <tbody role="rowgroup">{rows}</tbody>
        </DataTable>
    }
    .into_any()
}
