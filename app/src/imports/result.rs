//! What became of an import, with Undo.

use backend::imports::{ImportState, ImportView};
use domain::{TransactionFilter, day::format_day};
use leptos::prelude::*;
use time::OffsetDateTime;

use super::history::{UndoForm, can_undo, outcome};
use crate::{
    routes,
    ui::{
        AppShell, LinkButton, Mask, Section, Variant,
        count::{count, grouped},
        query::address,
    },
};

/// The page of an import that was applied, or undone.
#[component]
pub fn ImportResult(
    /// The import.
    import: ImportView,
    /// How many of its rows were changed since.
    edited: i64,
    /// The current time.
    now: OffsetDateTime,
) -> AnyView {
    let reverted = import.state == ImportState::Reverted;
    let text = if reverted {
        format!("This import was undone. {} removed.", count(import.added, "transaction"))
    } else {
        outcome(&import)
    };
    let filter =
        TransactionFilter { account: Some(import.account_id.clone()), ..Default::default() };
    let rows = address(routes::TRANSACTIONS, &filter.to_pairs());
    let undo = can_undo(&import, now).then(|| view! { <Undo import=import.clone() edited/> });
    view! {
        <AppShell page="import-result" title="Import" section=Section::Import back=("Import", routes::IMPORT)>
            <div class="card flex max-w-2xl flex-col gap-5 p-4 md:p-6">
                <div class="flex flex-col gap-1">
                    <h2 class="text-lg font-semibold" data-testid="import-outcome">{text}</h2>
                    <p class="text-ink-2">
                        <span class="break-all">{import.file_name}</span>
                        ", " {import.account_name} " " <Mask mask=import.account_mask/>
                    </p>
                </div>
                <div class="flex flex-wrap gap-3">
                    <LinkButton href=rows>"See transactions"</LinkButton>
                    <LinkButton href=routes::IMPORT variant=Variant::Secondary>"Import another file"</LinkButton>
                </div>
                {undo}
            </div>
        </AppShell>
    }
    .into_any()
}

/// Until when it can be undone, and what else that takes away.
#[component]
fn Undo(import: ImportView, edited: i64) -> AnyView {
    let until = import
        .undo_until
        .map(|until| format!("You can undo this until {}.", format_day(until.date())));
    let edited = match edited {
        0 => None,
        1 => Some("1 of these transactions was changed since; undoing removes it too.".to_owned()),
        n => Some(format!(
            "{} of these transactions were changed since; undoing removes them too.",
            grouped(n)
        )),
    };
    let page = routes::import(&import.id);
    view! {
        <div class="flex flex-wrap items-center justify-between gap-3 border-t border-line pt-4">
            <p class="text-sm text-ink-2">{until} " " {edited}</p>
            <UndoForm import page sure=true/>
        </div>
    }
    .into_any()
}
