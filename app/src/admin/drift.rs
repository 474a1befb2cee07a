//! `/admin/drift`: where our rows and Polar's answers differed when they were compared.

use backend::{admin::drift, billing::Drift};
use domain::page::PageRequest;
use leptos::prelude::*;
use time::OffsetDateTime;

use super::frame::{AdminTab, admin_page};
use crate::{
    routes,
    server::reject,
    ui::{
        Ago, Badge, Cell, Column, DataTable, EmptyState, Pager, Place, Tone,
        query::{page_number, page_query},
    },
};

/// Rows of a page.
const ROWS: i64 = 50;

/// Every difference, the newest first.
#[component]
pub fn AdminDriftPage() -> AnyView {
    let page = page_number(&page_query());
    admin_page(AdminTab::Drift, move |backend, admin| async move {
        let request = PageRequest::Page { page, limit: ROWS };
        let (rows, total) = drift(&backend, &admin, request).await.map_err(reject)?;
        let pages = domain::page::total_pages(total, ROWS);
        let now = backend.clock.now();
        Ok(view! { <List rows page pages now/> })
    })
}

#[component]
fn List(rows: Vec<Drift>, page: i64, pages: i64, now: OffsetDateTime) -> AnyView {
    if rows.is_empty() {
        return view! {
            <div class="card"><EmptyState text="Our rows and Polar's agree. Differences that a comparison finds will be listed here."/></div>
        }
        .into_any();
    }
    let columns = vec![
        Column::text("What"),
        Column::text("Ours"),
        Column::text("Polar's"),
        Column::text("Found"),
        Column::text("Repaired"),
    ];
    let rows = rows.into_iter().map(|row| view! { <Row row now/> }).collect_view();
    view! {
        <div class="card min-w-0">
            <DataTable caption="Differences, newest first" columns stacked=true>
                <tbody role="rowgroup">{rows}</tbody>
            </DataTable>
        </div>
        <Pager page total_pages=pages href=|n| format!("{}?page={n}", routes::ADMIN_DRIFT)/>
    }
    .into_any()
}

#[component]
fn Row(row: Drift, now: OffsetDateTime) -> AnyView {
    let Drift { id, at, kind, object_id, field, ours, theirs, repaired } = row;
    let value = |value: Option<String>| value.unwrap_or_else(|| "—".to_owned());
    let (tone, word) =
        if repaired { (Tone::Positive, "Repaired") } else { (Tone::Warning, "Open") };
    view! {
        <tr role="row" data-testid="admin-drift-row" data-id=id data-state=if repaired { "repaired" } else { "open" }>
            <Cell place=Place::Main>
                <span class="font-medium">{format!("{kind}: {field}")}</span>
                <span class="block text-caption text-ink-2 wrap-anywhere">{object_id}</span>
            </Cell>
            <Cell place=Place::Under><span class="wrap-anywhere"><span class="md:hidden">"Ours: "</span>{value(ours)}</span></Cell>
            <Cell place=Place::UnderEnd><span class="wrap-anywhere"><span class="md:hidden">"Polar's: "</span>{value(theirs)}</span></Cell>
            <Cell place=Place::Wide><Ago at=at.into() now bare=true/></Cell>
            <Cell place=Place::Amount><Badge tone>{word}</Badge></Cell>
        </tr>
    }
    .into_any()
}
