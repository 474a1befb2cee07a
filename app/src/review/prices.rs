//! What is paid again and again, and costs more now.

use domain::{recurring::SeriesView, review::Kind};
use leptos::prelude::*;

use super::keys::{hint, skip};
use crate::{
    routes,
    ui::{Amount, AmountText, Button, HiddenField, PostForm, Variant},
};

/// Each with the change, and a press that says it was seen.
#[component]
pub(super) fn Prices(series: Vec<SeriesView>, next: String) -> AnyView {
    let rows = series.into_iter().map(|one| price(one, next.clone())).collect_view();
    view! {
        <section class="card min-w-0" aria-label="Price rises">
            <ul class="divide-y divide-line">{rows}</ul>
        </section>
    }
    .into_any()
}

fn price(series: SeriesView, next: String) -> AnyView {
    let money = series.amount().map(|money| view! { <Amount money signed=true/> });
    let change = series.change_label_with(AmountText::shown_signed).unwrap_or_default();
    let about = format!(": {}", series.merchant);
    let past = skip(routes::review(Kind::Prices, Some(series.id.as_str())), &about);
    let test_id = series.id.to_string();
    view! {
        <li class="flex flex-col gap-3 px-4 py-4 md:px-5" data-testid="review-price" data-id=test_id data-review="">
            <div class="min-w-0">
                <div class="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
                    <a href=routes::series(&series.id) class="row-link">{series.merchant.clone()}</a>
                    {money}
                </div>
                <p class="text-sm text-ink-2">
                    {format!("{} · {change} · {}", series.cadence.label(), series.account_name)}
                </p>
            </div>
            <div class="flex flex-wrap items-center gap-x-4 gap-y-2">
                <PostForm action=routes::SEE_PRICE page=next.clone() class="flex flex-wrap gap-2">
                    <HiddenField name="id" value=series.id.to_string()/>
                    <HiddenField name="next" value=next/>
                    <Button variant=Variant::Secondary attr:data-testid="review-seen" attr:data-keys="y">
                        "Seen" <span class="sr-only">{about}</span> {hint("y")}
                    </Button>
                </PostForm>
                {past}
            </div>
        </li>
    }
    .into_any()
}
