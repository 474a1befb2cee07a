//! The trail as a table.

use leptos::prelude::*;
use time::OffsetDateTime;

use super::api::ActivityRow;
use crate::ui::{Ago, Badge, Cell, Column, DataTable, Place, Tone};

/// Lines of the trail.
#[component]
pub fn ActivityTable(
    /// The newest first.
    rows: Vec<ActivityRow>,
    /// The current time.
    now: OffsetDateTime,
) -> AnyView {
    let columns = vec![Column::text("What"), Column::text("Device"), Column::number("When")];
    let rows = rows.into_iter().map(|row| view! { <Row row now/> }).collect_view();
    view! {
        <DataTable caption="Activity" columns stacked=true>
            <tbody role="rowgroup">{rows}</tbody>
        </DataTable>
    }
    .into_any()
}

#[component]
fn Row(row: ActivityRow, now: OffsetDateTime) -> AnyView {
    let ActivityRow { at, what, refused, device, network, here } = row;
    let from = match (device, network) {
        (Some(device), Some(network)) => format!("{device} · {network}"),
        (Some(device), None) => device,
        (None, Some(network)) => network,
        (None, None) => "Coffer".to_owned(),
    };
    let state = if refused { "refused" } else { "done" };
    view! {
        <tr role="row" data-testid="activity-row" data-state=state>
            <Cell place=Place::Main>
                <span class="flex flex-wrap items-center gap-x-2 gap-y-1">
                    <span class="font-medium">{what}</span>
                    {refused.then(|| view! { <Badge tone=Tone::Warning>"Refused"</Badge> })}
                    {here.then(|| view! { <Badge>"This session"</Badge> })}
                </span>
            </Cell>
            <Cell place=Place::Under>{from}</Cell>
            <Cell place=Place::Amount><span class="text-sm text-ink-2"><Ago at now bare=true/></span></Cell>
        </tr>
    }
    .into_any()
}
