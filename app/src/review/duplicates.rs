//! Two rows that may be one, side by side.

use backend::{
    categories::OwnCategory,
    transactions::{Brief, duplicates::Doubt},
};
use domain::{Code, review::Kind, states::doubt::DoubtKind};
use leptos::prelude::*;

use super::{
    keys::{hint, skip},
    rows::BriefRow,
};
use crate::{
    routes,
    transactions::category_label,
    ui::{Badge, Button, HiddenField, PostForm, Tone, Variant},
};

/// Each pair with its answers: which of the two stays, or both.
#[component]
pub(super) fn Duplicates(doubts: Vec<Doubt>, own: Vec<OwnCategory>, next: String) -> AnyView {
    doubts.into_iter().map(|doubt| pair(doubt, &own, next.clone())).collect_view().into_any()
}

fn pair(doubt: Doubt, own: &[OwnCategory], next: String) -> AnyView {
    let [first, second] = doubt.may_stay();
    let is_open = first.is_ok() && second.is_ok();
    let Doubt { id, kind, kept, other } = doubt;
    let why = match kind {
        _ if other.is_gone() => "The bank took one back, and you had written something on it.",
        DoubtKind::Copy => "The same amount, about the same day: is it there twice?",
        DoubtKind::FinalAmount => "The second may be the first before its final amount was known.",
    };
    let about = format!(": {}", kept.title);
    let past = skip(routes::review(Kind::Duplicates, Some(id.as_str())), &about);
    let test_id = id.to_string();
    let one = Side { row: kept, may_stay: first, keys: "1 y", name: "the first", likely: is_open };
    let two = Side { row: other, may_stay: second, keys: "2", name: "the second", likely: false };
    let (one, two) = (side(one, own), side(two, own));
    view! {
        <div
            role="group"
            class="card min-w-0 p-4 md:p-5"
            aria-label=kind.label()
            data-testid="review-duplicate"
            data-id=test_id
            data-review=""
        >
            <PostForm action=routes::DECIDE_DUPLICATE page=next.clone() class="flex min-w-0 flex-col gap-4">
                <HiddenField name="id" value=id.to_string()/>
                <HiddenField name="next" value=next/>
                <p class="text-sm text-ink-2">
                    {why} " If they are the same, what you wrote on the one that goes is kept."
                </p>
                <div class="grid gap-4 md:grid-cols-2">{one} {two}</div>
                <div class="flex flex-wrap items-center gap-2">
                    <Button variant=Variant::Secondary attr:name="choice" attr:value="different" attr:data-testid="review-different" attr:data-keys="n">
                        "Different: keep both" <span class="sr-only">{about}</span> {hint("n")}
                    </Button>
                    {past}
                </div>
            </PostForm>
        </div>
    }
    .into_any()
}

/// One of the two.
struct Side {
    row: Brief,
    /// Or what speaks against it.
    may_stay: Result<(), Code>,
    keys: &'static str,
    name: &'static str,
    /// The one that we would keep, of two that may both stay.
    likely: bool,
}

/// One of the two, with all that its owner said about it, and the button that keeps it.
fn side(side: Side, own: &[OwnCategory]) -> AnyView {
    let Side { row, may_stay, keys, name, likely } = side;
    let category =
        if row.split { "In its parts" } else { category_label(own, &row.category) }.to_owned();
    let tags = row.tags.iter().map(|tag| format!("#{tag}"));
    let said: Vec<String> = [category].into_iter().chain(tags).chain(row.note.clone()).collect();
    let keep = match may_stay {
        Ok(()) => {
            let (id, about) = (row.id.to_string(), format!(": {name}, {}", row.title));
            let key = keys.split(' ').next().unwrap_or(keys);
            view! {
                <Button variant=Variant::Secondary attr:name="keep" attr:value=id attr:data-testid="review-keep" attr:data-keys=keys>
                    "Keep this one" <span class="sr-only">{about}</span> {hint(key)}
                </Button>
            }
            .into_any()
        }
        Err(code) => {
            let told = code.message().into_owned();
            view! { <p class="text-sm text-ink-2" data-testid="review-goes">{told}</p> }.into_any()
        }
    };
    let badge = likely.then(|| view! { <div><Badge tone=Tone::Neutral>"Suggested"</Badge></div> });
    view! {
        <div class="flex min-w-0 flex-col gap-2 rounded-lg border border-line p-3">
            {badge}
            <BriefRow row/>
            <p class="text-sm text-ink-2 wrap-break-word">{said.join(" · ")}</p>
            <div class="mt-auto">{keep}</div>
        </div>
    }
    .into_any()
}
