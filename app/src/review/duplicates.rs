//! Two rows that may be one, side by side.

use backend::{
    categories::OwnCategory,
    transactions::{Brief, duplicates::Doubt},
};
use domain::states::doubt::DoubtKind;
use leptos::prelude::*;

use super::rows::BriefRow;
use crate::{
    routes,
    transactions::category_label,
    ui::{Badge, Button, HiddenField, PostForm, Tone, Variant},
};

/// Each pair with its two answers.
#[component]
pub(super) fn Duplicates(doubts: Vec<Doubt>, own: Vec<OwnCategory>, next: String) -> AnyView {
    doubts.into_iter().map(|doubt| pair(doubt, &own, next.clone())).collect_view().into_any()
}

fn pair(doubt: Doubt, own: &[OwnCategory], next: String) -> AnyView {
    let Doubt { id, kind, kept, other } = doubt;
    let why = match kind {
        _ if other.is_gone() => "The bank took one back, and you had written something on it.",
        DoubtKind::Copy => "The same amount, about the same day: is it there twice?",
        DoubtKind::FinalAmount => "The second may be the first before its final amount was known.",
    };
    let about = format!(": {}", kept.title);
    let of = about.clone();
    let test_id = id.to_string();
    view! {
        <div role="group" class="card flex min-w-0 flex-col gap-4 p-4 md:p-5" aria-label=kind.label() data-testid="review-duplicate" data-id=test_id>
            <p class="text-sm text-ink-2">{why}</p>
            <div class="grid gap-4 md:grid-cols-2">
                {side(kept, own, "Stays")}
                {side(other, own, "Goes")}
            </div>
            <PostForm action=routes::DECIDE_DUPLICATE page=next.clone() class="flex flex-wrap gap-2">
                <HiddenField name="id" value=id.to_string()/>
                <HiddenField name="next" value=next/>
                <Button variant=Variant::Secondary attr:name="choice" attr:value="same" attr:data-testid="review-same">
                    "Same: keep one" <span class="sr-only">{about}</span>
                </Button>
                <Button variant=Variant::Secondary attr:name="choice" attr:value="different" attr:data-testid="review-different">
                    "Different" <span class="sr-only">{of}</span>
                </Button>
            </PostForm>
        </div>
    }
    .into_any()
}

/// One of the two, with all that its owner said about it.
fn side(row: Brief, own: &[OwnCategory], fate: &'static str) -> AnyView {
    let category =
        if row.split { "In its parts" } else { category_label(own, &row.category) }.to_owned();
    let tags = row.tags.iter().map(|tag| format!("#{tag}"));
    let said: Vec<String> = [category].into_iter().chain(tags).chain(row.note.clone()).collect();
    view! {
        <div class="flex min-w-0 flex-col gap-2 rounded-lg border border-line p-3">
            <div><Badge tone=Tone::Neutral>{format!("If they are the same: {}", fate.to_lowercase())}</Badge></div>
            <BriefRow row/>
            <p class="text-sm text-ink-2 wrap-break-word">{said.join(" · ")}</p>
        </div>
    }
    .into_any()
}
