//! `/transactions/changes`: what was changed in many transactions at once, each with Undo for 30 days.

use backend::{categories::OwnCategory, transactions::BatchView};
use domain::{batch::Deed, category, day::format_day};
use leptos::prelude::*;
use time::OffsetDateTime;

use super::{
    api::{list_batches, list_categories},
    bulk, choices,
};
use crate::{
    routes,
    server::now,
    ui::{
        Ago, AppShell, Badge, Button, Cell, Column, DataTable, EmptyState, HiddenField, LinkButton,
        Place, Section, Tone, Variant, count::grouped, load::load,
    },
};

/// The newest changes of many transactions.
#[component]
pub fn ChangesPage() -> AnyView {
    load(async move {
        let mut batches = list_batches().await?;
        // A change that changed nothing is none to look at.
        batches.retain(|batch| batch.changed > 0);
        let own = list_categories().await?;
        let list = ("Transactions", routes::TRANSACTIONS);
        Ok(view! {
            <AppShell page="transaction-changes" title="Changes of many transactions" section=Section::Transactions back=list>
                <div class="flex flex-col gap-4">
                    <p class="max-w-prose text-ink-2">
                        "What you changed in many transactions at once, and what a rule changed when you applied it. You can undo each for 30 days; what you changed since stays as it is."
                    </p>
                    <div class="card"><Body batches own now=now()/></div>
                </div>
            </AppShell>
        })
    })
}

#[component]
fn Body(batches: Vec<BatchView>, own: Vec<OwnCategory>, now: OffsetDateTime) -> AnyView {
    if batches.is_empty() {
        return view! {
            <EmptyState text="Nothing was changed in the last 30 days. Tick transactions in the list, and choose what to do with them.">
                <LinkButton href=routes::TRANSACTIONS variant=Variant::Secondary>"Go to transactions"</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    let columns = vec![
        Column::text("Change"),
        Column::text("State"),
        Column::text("When"),
        Column::number("Transactions"),
        Column::unseen("Actions"),
    ];
    let rows = batches
        .into_iter()
        .map(|batch| view! { <Row what=what(&batch, &own) batch now/> })
        .collect_view();
    view! {
        <DataTable caption="Changes of many transactions" columns stacked=true>
            <tbody role="rowgroup">{rows}</tbody>
        </DataTable>
    }
    .into_any()
}

#[component]
fn Row(batch: BatchView, what: String, now: OffsetDateTime) -> AnyView {
    let is_undone = batch.undone_at.is_some();
    let can_undo = batch.undo_until.is_some_and(|until| now <= until);
    let state = match (is_undone, can_undo) {
        (true, _) => "undone",
        (false, true) => "done",
        (false, false) => "final",
    };
    let (id, at, changed) = (batch.id.to_string(), batch.created_at, grouped(batch.changed));
    let standing = standing(&batch, can_undo);
    let noun = if batch.changed == 1 { " transaction" } else { " transactions" };
    let label = format!("Undo: {what}");
    let undo = can_undo.then(|| {
        view! {
            <form method="post" action=routes::UNDO_TRANSACTIONS>
                <HiddenField name="id" value=id.clone()/>
                <HiddenField name="next" value=routes::TRANSACTION_CHANGES/>
                <HiddenField name="page" value=routes::TRANSACTION_CHANGES/>
                <Button variant=Variant::Ghost busy="Undoing…" attr:aria-label=label attr:data-testid="change-undo">"Undo"</Button>
            </form>
        }
    });
    view! {
        <tr role="row" data-testid="change-row" data-id=id.clone() data-state=state>
            <Cell place=Place::Main>
                <span class="font-medium wrap-anywhere">{what}</span>
                {is_undone.then(|| view! { " " <Badge tone=Tone::Neutral>"Undone"</Badge> })}
            </Cell>
            <Cell place=Place::Under>{standing}</Cell>
            <Cell place=Place::UnderEnd><span class="whitespace-nowrap"><Ago at now bare=true/></span></Cell>
            <Cell place=Place::Amount>{changed} <span class="md:sr-only">{noun}</span></Cell>
            <Cell place=Place::Actions>{undo}</Cell>
        </tr>
    }
    .into_any()
}

/// "Category set to Travel", "Tag #trip added".
fn what(batch: &BatchView, own: &[OwnCategory]) -> String {
    let value = batch.value.as_deref().unwrap_or_default();
    match batch.deed {
        Deed::Category => {
            let is_there = category::find(value).is_some() || own.iter().any(|c| c.key == value);
            let name = if is_there { choices::label(own, value) } else { "one that is gone" };
            format!("Category set to {name}")
        }
        Deed::AddTag => format!("Tag #{value} added"),
        Deed::RemoveTag => format!("Tag #{value} removed"),
        Deed::Rule => format!("Rule “{value}” applied"),
        Deed::Exclude | Deed::Include | Deed::Delete | Deed::Edit | Deed::Split => {
            batch.deed.label().to_owned()
        }
    }
}

/// Until when it can be undone, or what became of that.
fn standing(batch: &BatchView, can_undo: bool) -> String {
    match (batch.undone_at, batch.undo_until) {
        (Some(_), _) => bulk::undone(batch),
        (None, Some(until)) if can_undo => {
            format!("Can be undone until {}", format_day(until.date()))
        }
        (None, _) => "Too late to undo".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use domain::BatchId;
    use time::macros::datetime;

    use super::*;

    fn batch(deed: Deed, value: Option<&str>) -> BatchView {
        BatchView {
            id: BatchId::new("b"),
            deed,
            value: value.map(str::to_owned),
            changed: 3,
            skipped: 0,
            restored: 0,
            created_at: datetime!(2026-05-04 12:00 UTC),
            undone_at: None,
            undo_until: Some(datetime!(2026-06-03 12:00 UTC)),
        }
    }

    #[test]
    fn a_change_is_named_by_what_it_did() {
        for (made, words) in [
            (batch(Deed::Category, Some("food.coffee")), "Category set to Coffee"),
            (batch(Deed::Category, Some("food.gone")), "Category set to one that is gone"),
            (batch(Deed::RemoveTag, Some("trip")), "Tag #trip removed"),
            (batch(Deed::Delete, None), "Deleted"),
            (batch(Deed::Rule, Some("Films")), "Rule “Films” applied"),
        ] {
            assert_eq!(what(&made, &[]), words);
        }
    }

    #[test]
    fn a_change_says_whether_it_can_be_undone() {
        let made = batch(Deed::Exclude, None);
        let undone = BatchView {
            restored: 2,
            undone_at: Some(datetime!(2026-05-05 12:00 UTC)),
            undo_until: None,
            ..made.clone()
        };

        assert_eq!(standing(&made, true), "Can be undone until 3 June 2026");
        assert_eq!(standing(&made, false), "Too late to undo");
        assert!(standing(&undone, false).ends_with("1 was changed since and stays."));
    }
}
