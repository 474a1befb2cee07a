//! `/activity`.

use leptos::prelude::*;

use super::{
    api::{ActivityList, list_activity},
    table::ActivityTable,
};
use crate::{
    routes,
    server::now,
    ui::{
        AppShell, EmptyState, Pager, Section,
        load::load,
        query::{find, page_query},
    },
};

/// Lines of a page.
const LINES: i64 = 50;

/// Everything that was done to the account, page by page.
#[component]
pub fn ActivityPage() -> AnyView {
    let page = find(&page_query(), "page").and_then(|page| page.parse().ok()).unwrap_or(1);
    load(async move {
        let list = list_activity(page, LINES).await?;
        Ok(view! {
            <AppShell
                page="activity"
                title="Activity"
                section=Section::Settings
                back=("Security", routes::SECURITY)
            >
                <div class="flex max-w-3xl flex-col gap-5">
                    <p class="max-w-prose text-ink-2">
                        "What was done to your account, and from where. If you don't recognise something, "
                        <a class="link" href=routes::SECURITY>"change your password"</a>
                        ": that signs out every other device. Lines are kept for 400 days."
                    </p>
                    <Lines list/>
                </div>
            </AppShell>
        })
    })
}

#[component]
fn Lines(list: ActivityList) -> AnyView {
    let ActivityList { rows, page, total_pages } = list;
    if rows.is_empty() {
        return view! { <div class="card"><EmptyState text="Nothing here. Sign-ins and changes to your account will be listed."/></div> }
            .into_any();
    }
    view! {
        <div class="card"><ActivityTable rows now=now()/></div>
        <Pager page total_pages href=|page| format!("{}?page={page}", routes::ACTIVITY)/>
    }
    .into_any()
}
