//! `/recurring/{id}`: one series with its rows, and what its owner can say about it.

use backend::recurring::{SeriesDetail, SeriesRow};
use domain::{Currency, Money, SeriesId, day, recurring::SeriesView};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::{
    api::get_series,
    list::Choices,
    words::{StatusWord, notes, when},
};
use crate::{
    routes,
    ui::{
        Amount, AmountText, AppShell, Button, Card, Cell, Choice, Column, DataTable, HiddenField,
        Place, PostForm, Section, SelectField, Variant, load::load, money::raw,
    },
};

/// One series.
#[component]
pub fn SeriesPage() -> impl IntoView {
    let id = SeriesId::new(use_params_map().read_untracked().get("id").unwrap_or_default());
    load(async move {
        let SeriesDetail { series, rows, left_out, others } = get_series(id).await?;
        let title = series.merchant.clone();
        Ok(view! {
            <AppShell page="series" title section=Section::Recurring back=("Recurring", routes::RECURRING)>
                <div class="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_22rem]">
                    <div class="flex min-w-0 flex-col gap-4">
                        <Standing series=series.clone()/>
                        <Rows rows series=series.clone()/>
                        <LeftOut rows=left_out series=series.clone()/>
                    </div>
                    <Merge series others/>
                </div>
            </AppShell>
        })
    })
}

#[component]
fn Standing(series: SeriesView) -> AnyView {
    let money = series.amount();
    let minor = raw(series.amount_minor);
    let next = when(&series);
    view! {
        <section class="card flex min-w-0 flex-col gap-3 p-4 md:p-6" data-testid="series-standing" data-minor=minor>
            <div class="flex flex-wrap items-center justify-between gap-3">
                <p class="text-2xl font-semibold">{money.map(|money| view! { <Amount money signed=true/> })}</p>
                <StatusWord status=series.status/>
            </div>
            <p class="text-ink-2">{next}</p>
            <p class="text-sm text-ink-2">{format!("{} · {}", series.kind.label(), notes(&series))}</p>
            <Choices id=series.id.to_string() merchant=series.merchant decision=series.decision/>
        </section>
    }
    .into_any()
}

/// Its rows, each with a way out.
#[component]
fn Rows(rows: Vec<SeriesRow>, series: SeriesView) -> AnyView {
    let columns = vec![
        Column::text("Date"),
        Column::text("Transaction"),
        Column::number("Amount"),
        Column::unseen("Actions"),
    ];
    let currency = Currency::parse(&series.currency).ok();
    let rows = rows
        .into_iter()
        .map(|row| {
            let money = currency.map(|currency| Money::new(row.amount_minor, currency));
            let date = day::format_day(row.date);
            let about = format!(": {date}");
            let (id, page) = (series.id.to_string(), routes::series(&series.id));
            let href = routes::transaction(&row.id, "");
            let (row_id, test_id) = (row.id.to_string(), row.id.to_string());
            view! {
                <tr role="row" data-testid="series-transaction" data-id=test_id>
                    <Cell place=Place::Under>{date}</Cell>
                    <Cell place=Place::Main><a href=href class="row-link">{row.title}</a></Cell>
                    <Cell place=Place::Amount>{money.map(|money| view! { <Amount money signed=true/> })}</Cell>
                    <Cell place=Place::Actions>
                        <PostForm action=routes::LEAVE_OUT_ROW page class="inline-flex">
                            <HiddenField name="id" value=id/>
                            <HiddenField name="transaction" value=row_id/>
                            <Button variant=Variant::Ghost attr:data-testid="series-leave-out">
                                "Not this one" <span class="sr-only">{about}</span>
                            </Button>
                        </PostForm>
                    </Cell>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Card id="rows" title="Transactions" flush=true>
            <DataTable caption="The transactions of this series, the newest first" columns stacked=true>
                <tbody role="rowgroup">{rows}</tbody>
            </DataTable>
        </Card>
    }
    .into_any()
}

/// The rows that were taken out, each with a way back; nothing where there is none.
#[component]
fn LeftOut(rows: Vec<SeriesRow>, series: SeriesView) -> impl IntoView {
    (!rows.is_empty()).then(|| {
        let currency = Currency::parse(&series.currency).ok();
        let items = rows
            .into_iter()
            .map(|row| {
                let money = currency.map(|currency| Money::new(row.amount_minor, currency));
                let date = day::format_day(row.date);
                let about = format!(": {date}");
                let (id, page) = (series.id.to_string(), routes::series(&series.id));
                let (row_id, test_id) = (row.id.to_string(), row.id.to_string());
                view! {
                    <li class="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 px-4 py-2 md:px-5" data-testid="series-left-out" data-id=test_id>
                        <span class="min-w-0">{date} " · " {row.title}</span>
                        <span class="flex items-center gap-3">
                            {money.map(|money| view! { <Amount money signed=true/> })}
                            <PostForm action=routes::PUT_BACK_ROW page class="inline-flex">
                                <HiddenField name="id" value=id/>
                                <HiddenField name="transaction" value=row_id/>
                                <Button variant=Variant::Ghost attr:data-testid="series-put-back">
                                    "Put back" <span class="sr-only">{about}</span>
                                </Button>
                            </PostForm>
                        </span>
                    </li>
                }
            })
            .collect_view();
        view! {
            <Card id="left-out" title="Left out" flush=true>
                <ul class="divide-y divide-line">{items}</ul>
            </Card>
        }
    })
}

/// The way into another series; nothing where there is none that fits.
#[component]
fn Merge(series: SeriesView, others: Vec<SeriesView>) -> impl IntoView {
    (!others.is_empty()).then(|| {
        let choices = others
            .into_iter()
            .map(|other| {
                let amount = other.amount().map(AmountText::shown).unwrap_or_default();
                let label = format!("{}, {amount}, {}", other.merchant, other.cadence.label());
                Choice::new(other.id.to_string(), label)
            })
            .collect::<Vec<_>>();
        view! {
            <Card id="merge" title="Part of another series?">
                <PostForm action=routes::LOOK_AT_MERGE page=routes::series(&series.id) prefix="merge-">
                    <HiddenField name="id" value=series.id.to_string()/>
                    <SelectField
                        name="into"
                        label="Merge into"
                        hint="You see what is joined before it is."
                        choices
                        placeholder="Choose one"
                    />
                    <div><Button variant=Variant::Secondary attr:data-testid="series-look">"Look at both"</Button></div>
                </PostForm>
            </Card>
        }
    })
}
