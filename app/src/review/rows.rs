//! How a row is told in a list of things to decide.

use backend::transactions::Brief;
use domain::{TransactionStatus, day::format_day};
use leptos::prelude::*;

use crate::{
    routes,
    ui::{Amount, Badge, Mask, Tone},
};

/// A row in two lines: what and how much, when and where.
#[component]
pub(super) fn BriefRow(row: Brief) -> AnyView {
    let money = row.amount().map(|money| view! { <Amount money signed=true/> });
    let title = if row.deleted {
        view! { <span class="font-medium">{row.title.clone()}</span> }.into_any()
    } else {
        view! { <a href=routes::transaction(&row.id, "") class="row-link">{row.title.clone()}</a> }
            .into_any()
    };
    let text = (row.title != row.description).then(|| {
        view! { <p class="text-caption text-ink-2 wrap-break-word">{row.description.clone()}</p> }
    });
    let pending = (row.status == TransactionStatus::Pending)
        .then(|| view! { <Badge tone=Tone::Neutral>{row.status.label()}</Badge> });
    view! {
        <div class="min-w-0">
            <div class="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
                {title}
                {money}
            </div>
            <p class="flex flex-wrap items-center gap-x-2 text-sm text-ink-2">
                {format!("{} · {}", format_day(row.date), row.account_name)} " " <Mask mask=row.account_mask/> {pending}
            </p>
            {text}
        </div>
    }
    .into_any()
}
