//! Two rows that may be one movement between own accounts.

use backend::transactions::transfers::Suggestion;
use domain::review::Kind;
use leptos::prelude::*;

use super::{
    keys::{hint, skip},
    rows::BriefRow,
};
use crate::{
    routes,
    ui::{Button, HiddenField, PostForm, Variant},
};

/// Each pair with its two answers; the first only where the amounts fit.
#[component]
pub(super) fn Transfers(pairs: Vec<Suggestion>, next: String) -> AnyView {
    pairs.into_iter().map(|one| pair(one, next.clone())).collect_view().into_any()
}

fn pair(suggestion: Suggestion, next: String) -> AnyView {
    let fits = suggestion.fits();
    let Suggestion { id, out, into } = suggestion;
    let about = format!(": {}, {}", out.title, into.title);
    let of = about.clone();
    let past = skip(routes::review(Kind::Transfers, Some(id.as_str())), &about);
    let why = if fits {
        "Money left one account and came into another. Is it a transfer?"
    } else {
        "This was a transfer until the bank changed an amount. The two don't match now, so both count."
    };
    let yes = fits.then(|| {
        view! {
            <Button variant=Variant::Secondary attr:name="choice" attr:value="confirm" attr:data-testid="review-confirm" attr:data-keys="y">
                "It is a transfer" <span class="sr-only">{about}</span> {hint("y")}
            </Button>
        }
    });
    let test_id = id.to_string();
    view! {
        <div
            role="group"
            class="card flex min-w-0 flex-col gap-4 p-4 md:p-5"
            aria-label="Possible transfer"
            data-testid="review-transfer"
            data-id=test_id
            data-review=""
        >
            <p class="text-sm text-ink-2">{why}</p>
            <div class="grid gap-4 md:grid-cols-2">
                <div class="min-w-0 rounded-lg border border-line p-3"><BriefRow row=out/></div>
                <div class="min-w-0 rounded-lg border border-line p-3"><BriefRow row=into/></div>
            </div>
            <PostForm action=routes::DECIDE_TRANSFER page=next.clone() class="flex flex-wrap gap-2">
                <HiddenField name="id" value=id.to_string()/>
                <HiddenField name="next" value=next/>
                {yes}
                <Button variant=Variant::Secondary attr:name="choice" attr:value="reject" attr:data-testid="review-reject" attr:data-keys="n">
                    "Not a transfer" <span class="sr-only">{of}</span> {hint("n")}
                </Button>
                {past}
            </PostForm>
        </div>
    }
    .into_any()
}
