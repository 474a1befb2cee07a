//! `/recurring`.

use backend::recurring::RecurringPage as Found;
use domain::{Currency, CurrencySum, Money, recurring::SeriesView, states::series::SeriesDecision};
use leptos::prelude::*;

use super::{
    api::list_series,
    coming::ComingUp,
    words::{StatusWord, notes, when},
};
use crate::{
    connections::TryDemo,
    routes,
    ui::{
        Amount, AppShell, Badge, Button, EmptyState, HiddenField, LinkButton, PostForm, Section,
        Tone, Variant, load::load, money::raw,
    },
};

/// Everything that repeats, by its next date, and what it comes to in a month.
#[component]
pub fn RecurringPage() -> impl IntoView {
    load(async move {
        let found = list_series().await?;
        Ok(view! {
            <AppShell page="recurring" title="Recurring" section=Section::Recurring>
                <div class="flex flex-col gap-4"><Body found/></div>
            </AppShell>
        })
    })
}

#[component]
fn Body(found: Found) -> AnyView {
    let Found { series, ended, ignored, monthly, coming, .. } = found;
    if series.is_empty() && ended.is_empty() && ignored.is_empty() {
        return view! {
            <div class="card">
                <EmptyState text="We need about three months to find patterns.">
                    <LinkButton href=routes::ADD_ACCOUNT>"Link a bank"</LinkButton>
                    <LinkButton href=routes::IMPORT variant=Variant::Secondary>"Import a file"</LinkButton>
                    <TryDemo page=routes::RECURRING/>
                </EmptyState>
            </div>
        }
        .into_any();
    }
    let tiles = monthly.into_iter().filter_map(tiles).collect_view();
    let rows = series.into_iter().map(|series| view! { <Row series/> }).collect_view();
    view! {
        {tiles}
        <section id="series" class="card min-w-0" aria-label="Recurring">
            <ul class="divide-y divide-line">{rows}</ul>
        </section>
        <ComingUp coming/>
        <Folded id="ended" title="Ended" series=ended/>
        <Folded id="ignored" title="Ignored" series=ignored/>
    }
    .into_any()
}

/// What fixed amounts come to in an average month: of the series in the list below.
fn tiles(sum: CurrencySum) -> Option<impl IntoView> {
    let currency = Currency::parse(&sum.currency).ok()?;
    let tile = |label: &'static str, minor: i64| {
        view! {
            <div class="card min-w-0 px-3 py-3 md:px-5">
                <dt class="text-sm text-ink-2">{label}</dt>
                <dd class="text-base font-semibold break-words md:text-xl">
                    <a href="#series" class="figure-link"><Amount money=Money::new(minor, currency)/></a>
                </dd>
            </div>
        }
    };
    Some(view! {
        <dl class="grid grid-cols-2 gap-3" data-testid="recurring-monthly" data-currency=sum.currency.clone()>
            {tile("Fixed costs a month", sum.out_minor.saturating_neg())}
            {tile("Fixed income a month", sum.in_minor)}
        </dl>
    })
}

/// One series: what, how often, when next, how much.
#[component]
fn Row(series: SeriesView) -> AnyView {
    let money = series.amount();
    let (status, decision) = (series.status.as_str(), series.decision);
    let next = when(&series);
    let confirmed = (decision == SeriesDecision::Confirmed)
        .then(|| view! { <Badge tone=Tone::Neutral>"Confirmed"</Badge> });
    view! {
        <li
            class="flex flex-col gap-2 px-4 py-4 md:flex-row md:items-center md:gap-5 md:px-5"
            data-testid="series-row"
            data-id=series.id.to_string()
            data-state=status
            data-minor=raw(series.amount_minor)
        >
            <div class="flex min-w-0 flex-1 flex-col gap-2">
                <div class="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
                    <a href=routes::series(&series.id) class="row-link">{series.merchant.clone()}</a>
                    {money.map(|money| view! { <Amount money signed=true/> })}
                </div>
                <div class="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 text-sm text-ink-2">
                    <span>{format!("{next} · {}", notes(&series))}</span>
                    <span class="flex items-center gap-2">{confirmed} <StatusWord status=series.status/></span>
                </div>
            </div>
            <Choices id=series.id.to_string() merchant=series.merchant decision/>
        </li>
    }
    .into_any()
}

/// Confirm and Ignore, where the one or the other says something new.
#[component]
pub(super) fn Choices(id: String, merchant: String, decision: SeriesDecision) -> AnyView {
    let offer = |choice: &'static str, label: &'static str| {
        let (id, merchant) = (id.clone(), merchant.clone());
        view! {
            <PostForm action=routes::CHOOSE_SERIES page=routes::RECURRING class="inline-flex">
                <HiddenField name="id" value=id/>
                <HiddenField name="choice" value=choice/>
                <Button variant=Variant::Secondary attr:data-testid=format!("series-{choice}")>
                    {label} <span class="sr-only">": " {merchant}</span>
                </Button>
            </PostForm>
        }
        .into_any()
    };
    let confirm = match decision {
        SeriesDecision::Ignored => Some(offer("confirm", "Show again")),
        SeriesDecision::Open => Some(offer("confirm", "Confirm")),
        SeriesDecision::Confirmed | SeriesDecision::Merged => None,
    };
    let ignore = (decision != SeriesDecision::Ignored).then(|| offer("ignore", "Ignore"));
    // From 768 px on they stand at the end of a row, beside each other.
    view! { <div class="flex flex-wrap gap-2 md:shrink-0">{confirm} {ignore}</div> }.into_any()
}

/// Those that matter less, folded away.
#[component]
fn Folded(id: &'static str, title: &'static str, series: Vec<SeriesView>) -> impl IntoView {
    (!series.is_empty()).then(|| {
        let count = series.len();
        let rows = series.into_iter().map(|series| view! { <Row series/> }).collect_view();
        view! {
            <details class="disclosure card px-4 py-3 md:px-5" data-testid=format!("series-{id}")>
                <summary>{title} " (" {count} ")"</summary>
                <ul class="-mx-4 mt-3 divide-y divide-line md:-mx-5">{rows}</ul>
            </details>
        }
    })
}
