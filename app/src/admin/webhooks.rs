//! `/admin/webhooks`: what Polar has sent, and what became of it. Bodies hold names and addresses and are not shown.

use backend::{
    admin::{deliveries, delivery_counts},
    billing::Delivery,
};
use domain::page::PageRequest;
use leptos::prelude::*;
use time::OffsetDateTime;

use super::{
    api::REPLAY_WEBHOOK,
    frame::{AdminTab, admin_page},
};
use crate::{
    routes,
    server::reject,
    ui::{
        Ago, Badge, Button, Cell, Column, DataTable, EmptyState, HiddenField, Pager, Place, Tab,
        Tabs, Tone, Variant,
        query::{address, find, page_number, page_query},
    },
};

/// Rows of a page.
const ROWS: i64 = 50;

/// Every state a delivery can have, in the order of its life.
const STATES: [&str; 5] = ["new", "applied", "stale", "ignored", "failed"];

/// The deliveries, all or of one state.
#[component]
pub fn AdminWebhooksPage() -> AnyView {
    let query = page_query();
    let state =
        find(&query, "state").and_then(|word| STATES.into_iter().find(|state| *state == word));
    let page = page_number(&query);
    admin_page(AdminTab::Webhooks, move |backend, admin| async move {
        let counts = delivery_counts(&backend, &admin).await.map_err(reject)?;
        let request = PageRequest::Page { page, limit: ROWS };
        let (rows, total) = deliveries(&backend, &admin, state, request).await.map_err(reject)?;
        let shown = Shown { state, page, pages: domain::page::total_pages(total, ROWS) };
        let now = backend.clock.now();
        Ok(view! { <List counts rows shown now/> })
    })
}

/// Which part of the list is shown.
#[derive(Clone, Copy)]
struct Shown {
    state: Option<&'static str>,
    page: i64,
    pages: i64,
}

fn href(state: Option<&str>, page: i64) -> String {
    let mut pairs = Vec::new();
    if let Some(state) = state {
        pairs.push(("state".to_owned(), state.to_owned()));
    }
    if page > 1 {
        pairs.push(("page".to_owned(), page.to_string()));
    }
    address(routes::ADMIN_WEBHOOKS, &pairs)
}

/// The state of a delivery in words.
pub fn state_label(state: &str) -> &'static str {
    match state {
        "new" => "Waiting",
        "applied" => "Applied",
        "stale" => "Out of date",
        "ignored" => "Not for us",
        "failed" => "Failed",
        _ => "Unknown",
    }
}

fn tone(state: &str) -> Tone {
    match state {
        "new" => Tone::Accent,
        "applied" => Tone::Positive,
        "failed" => Tone::Negative,
        _ => Tone::Neutral,
    }
}

#[component]
fn List(
    counts: Vec<(String, i64)>,
    rows: Vec<Delivery>,
    shown: Shown,
    now: OffsetDateTime,
) -> AnyView {
    let of = |state: &str| counts.iter().find(|(name, _)| name == state).map_or(0, |(_, n)| *n);
    let all = counts.iter().map(|(_, n)| n).sum();
    let mut tabs = vec![Tab::new("All", href(None, 1), shown.state.is_none()).with_count(all)];
    tabs.extend(STATES.map(|state| {
        let current = shown.state == Some(state);
        Tab::new(state_label(state), href(Some(state), 1), current).with_count(of(state))
    }));
    let body = if rows.is_empty() {
        view! { <EmptyState text="No deliveries here."/> }.into_any()
    } else {
        let here = href(shown.state, shown.page);
        let rows = rows.into_iter().map(move |row| view! { <Row row now here=here.clone()/> });
        let columns = vec![
            Column::text("Event"),
            Column::text("Result"),
            Column::text("Received"),
            Column::number("Tries"),
            Column::unseen("Actions"),
        ];
        view! {
            <DataTable caption="Deliveries of Polar, newest first" columns stacked=true>
                <tbody role="rowgroup">{rows.collect_view()}</tbody>
            </DataTable>
        }
        .into_any()
    };
    view! {
        <Tabs label="Result" items=tabs/>
        <div class="card min-w-0">{body}</div>
        <Pager page=shown.page total_pages=shown.pages href=move |n| href(shown.state, n)/>
    }
    .into_any()
}

#[component]
fn Row(row: Delivery, now: OffsetDateTime, here: String) -> AnyView {
    let Delivery { webhook_id, kind, object_id, received_at, state, attempts, error, .. } = row;
    let kind = kind.unwrap_or_else(|| "Unreadable".to_owned());
    let label = format!("Replay {kind} {webhook_id}");
    let can_replay = matches!(&*state, "failed" | "new" | "stale");
    let detail = [Some(webhook_id.clone()), object_id].into_iter().flatten().collect::<Vec<_>>();
    let (key, word) = (webhook_id.clone(), state.clone());
    view! {
        <tr role="row" data-testid="admin-webhook" data-id=key data-state=word>
            <Cell place=Place::Main>
                <span class="font-medium">{kind}</span>
                <span class="block text-caption text-ink-2 wrap-anywhere">{detail.join(" · ")}</span>
                {error.map(|error| view! { <span class="block text-caption text-negative wrap-anywhere">{error}</span> })}
            </Cell>
            <Cell place=Place::Under><Badge tone=tone(&state)>{state_label(&state)}</Badge></Cell>
            <Cell place=Place::UnderEnd><Ago at=received_at.into() now bare=true/></Cell>
            <Cell place=Place::Amount><span class="tabular-nums"><span class="md:hidden">"Tries: "</span>{attempts}</span></Cell>
            <Cell place=Place::Actions>
                {can_replay.then(|| view! {
                    <form method="post" action=REPLAY_WEBHOOK>
                        <HiddenField name="id" value=webhook_id/>
                        <HiddenField name="page" value=here/>
                        <Button variant=Variant::Ghost busy="Replaying…" attr:aria-label=label>"Replay"</Button>
                    </form>
                })}
            </Cell>
        </tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_state_and_page() {
        assert_eq!(href(None, 1), "/admin/webhooks");
        assert_eq!(href(Some("failed"), 2), "/admin/webhooks?state=failed&page=2");
    }

    #[test]
    fn every_state_has_a_word() {
        assert!(STATES.iter().all(|state| state_label(state) != "Unknown"));
    }
}
