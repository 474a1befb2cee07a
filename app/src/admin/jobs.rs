//! `/admin/jobs`: the jobs that were given up, without their payloads.

use backend::{admin::dead_jobs, jobs::DeadJob};
use leptos::prelude::*;
use time::OffsetDateTime;

use super::{
    api::REPLAY_JOB,
    frame::{AdminTab, admin_page},
};
use crate::{
    routes,
    server::reject,
    ui::{
        Ago, Button, Cell, Column, DataTable, EmptyState, HiddenField, Place, Variant, count::count,
    },
};

/// As many as the page shows.
const SHOWN: i64 = 100;

/// The oldest dead jobs, each with a button that runs it again.
#[component]
pub fn AdminJobsPage() -> AnyView {
    admin_page(AdminTab::Jobs, |backend, admin| async move {
        let jobs = dead_jobs(&backend, &admin, SHOWN).await.map_err(reject)?;
        let now = backend.clock.now();
        Ok(view! { <List jobs now/> })
    })
}

#[component]
fn List(jobs: Vec<DeadJob>, now: OffsetDateTime) -> AnyView {
    if jobs.is_empty() {
        return view! {
            <div class="card"><EmptyState text="No job was given up. Jobs that fail for about a day will be listed here."/></div>
        }
        .into_any();
    }
    let columns = vec![
        Column::text("Job"),
        Column::text("Last failure"),
        Column::text("Since"),
        Column::number("Tries"),
        Column::unseen("Actions"),
    ];
    let rows = jobs.into_iter().map(|job| view! { <Row job now/> }).collect_view();
    view! {
        <div class="card min-w-0">
            <DataTable caption="Jobs that were given up, oldest first" columns stacked=true>
                <tbody role="rowgroup">{rows}</tbody>
            </DataTable>
        </div>
    }
    .into_any()
}

#[component]
fn Row(job: DeadJob, now: OffsetDateTime) -> AnyView {
    let DeadJob { id, kind, attempts, last_error, created_at } = job;
    let label = format!("Replay {kind}");
    let (key, shown) = (id.clone(), id.clone());
    let tries = count(attempts, "time");
    view! {
        <tr role="row" data-testid="admin-job" data-id=key>
            <Cell place=Place::Main>
                <span class="font-medium">{kind}</span>
                <span class="block text-caption text-ink-2 wrap-anywhere">{shown}</span>
            </Cell>
            <Cell place=Place::Under><span class="wrap-anywhere">{last_error}</span></Cell>
            <Cell place=Place::UnderEnd><Ago at=created_at now bare=true/></Cell>
            <Cell place=Place::Amount><span class="whitespace-nowrap">{tries}</span></Cell>
            <Cell place=Place::Actions>
                <form method="post" action=REPLAY_JOB>
                    <HiddenField name="id" value=id/>
                    <HiddenField name="page" value=routes::ADMIN_JOBS/>
                    <Button variant=Variant::Ghost busy="Replaying…" attr:aria-label=label>"Replay"</Button>
                </form>
            </Cell>
        </tr>
    }
    .into_any()
}
