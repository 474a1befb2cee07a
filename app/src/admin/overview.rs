//! `/admin`: how things stand.

use backend::admin::{Overview, delivery_counts, overview};
use leptos::prelude::*;

use super::frame::{AdminTab, admin_page};
use crate::{
    routes,
    server::reject,
    ui::{Card, Tone, count::grouped},
};

/// Numbers, each with the way to what it counts.
#[component]
pub fn AdminPage() -> AnyView {
    admin_page(AdminTab::Overview, |backend, admin| async move {
        let numbers = overview(&backend, &admin).await.map_err(reject)?;
        let deliveries = delivery_counts(&backend, &admin).await.map_err(reject)?;
        Ok(view! { <Numbers numbers deliveries/> })
    })
}

#[component]
fn Numbers(numbers: Overview, deliveries: Vec<(String, i64)>) -> AnyView {
    let warn = |n: i64| if n > 0 { Tone::Warning } else { Tone::Neutral };
    let tiles = [
        ("users", "People", "With an account", numbers.users, None, Tone::Neutral),
        ("active", "Here lately", "Within the last 30 days", numbers.active, None, Tone::Neutral),
        ("paying", "Subscribed", "Paid, tried or late", numbers.paying, None, Tone::Neutral),
        (
            "dead-jobs",
            "Jobs given up",
            "Wait to be replayed",
            numbers.dead_jobs,
            Some(routes::ADMIN_JOBS),
            warn(numbers.dead_jobs),
        ),
        (
            "waiting-jobs",
            "Jobs that wait",
            "Now or later",
            numbers.waiting_jobs,
            None,
            Tone::Neutral,
        ),
        (
            "drift",
            "Open drift",
            "Not put right by itself",
            numbers.open_drift,
            Some(routes::ADMIN_DRIFT),
            warn(numbers.open_drift),
        ),
    ];
    let tiles = tiles.map(|(id, label, hint, n, href, tone)| tile(id, label, hint, n, href, tone));
    let none = deliveries.is_empty();
    let rows = deliveries
        .into_iter()
        .map(|(state, n)| {
            let href = format!("{}?state={state}", routes::ADMIN_WEBHOOKS);
            view! {
                <li class="flex items-baseline justify-between gap-4 py-2">
                    <a class="link" href=href>{super::webhooks::state_label(&state)}</a>
                    <span class="tabular-nums">{grouped(n)}</span>
                </li>
            }
        })
        .collect_view();
    view! {
        <ul class="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">{tiles.collect_view()}</ul>
        <div class="max-w-xl">
            <Card id="deliveries" title="Webhooks by result" link=("All webhooks", routes::ADMIN_WEBHOOKS)>
                {if none {
                    view! { <p class="text-ink-2">"Polar has sent nothing yet."</p> }.into_any()
                } else {
                    view! { <ul class="flex flex-col divide-y divide-line">{rows}</ul> }.into_any()
                }}
            </Card>
        </div>
    }
    .into_any()
}

fn tile(
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    n: i64,
    href: Option<&'static str>,
    tone: Tone,
) -> impl IntoView {
    let figure = grouped(n);
    let class = if tone == Tone::Warning {
        "text-2xl font-semibold text-warning"
    } else {
        "text-2xl font-semibold"
    };
    let figure = match href {
        Some(href) => view! { <a class="figure-link" href=href aria-label=format!("{label}: {figure}")>{figure.clone()}</a> }
            .into_any(),
        None => figure.into_any(),
    };
    view! {
        <li class="card flex flex-col gap-1 p-4 md:p-5" data-testid=format!("admin-{id}")>
            <p class="text-sm text-ink-2">{label}</p>
            <p class=class>{figure}</p>
            <p class="text-sm text-ink-2">{hint}</p>
        </li>
    }
}
