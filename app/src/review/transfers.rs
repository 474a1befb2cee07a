//! Two rows that may be one movement between own accounts.

use backend::transactions::transfers::Suggestion;
use leptos::prelude::*;

use super::rows::BriefRow;
use crate::{
    routes,
    ui::{Button, HiddenField, PostForm, Variant},
};

/// Each pair with its two answers.
#[component]
pub(super) fn Transfers(pairs: Vec<Suggestion>, next: String) -> AnyView {
    pairs.into_iter().map(|one| pair(one, next.clone())).collect_view().into_any()
}

fn pair(Suggestion { id, out, into }: Suggestion, next: String) -> AnyView {
    let about = format!(": {}, {}", out.title, into.title);
    let of = about.clone();
    let test_id = id.to_string();
    view! {
        <div
            role="group"
            class="card flex min-w-0 flex-col gap-4 p-4 md:p-5"
            aria-label="Possible transfer"
            data-testid="review-transfer"
            data-id=test_id
        >
            <p class="text-sm text-ink-2">"Money left one account and came into another. Is it a transfer?"</p>
            <div class="grid gap-4 md:grid-cols-2">
                <div class="min-w-0 rounded-lg border border-line p-3"><BriefRow row=out/></div>
                <div class="min-w-0 rounded-lg border border-line p-3"><BriefRow row=into/></div>
            </div>
            <PostForm action=routes::DECIDE_TRANSFER page=next.clone() class="flex flex-wrap gap-2">
                <HiddenField name="id" value=id.to_string()/>
                <HiddenField name="next" value=next/>
                <Button variant=Variant::Secondary attr:name="choice" attr:value="confirm" attr:data-testid="review-confirm">
                    "It is a transfer" <span class="sr-only">{about}</span>
                </Button>
                <Button variant=Variant::Secondary attr:name="choice" attr:value="reject" attr:data-testid="review-reject">
                    "Not a transfer" <span class="sr-only">{of}</span>
                </Button>
            </PostForm>
        </div>
    }
    .into_any()
}
