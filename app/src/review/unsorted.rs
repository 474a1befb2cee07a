//! Rows without a category: the likely ones to press, all others to choose.

use backend::{categories::OwnCategory, transactions::Unsorted};
use domain::review::Kind;
use leptos::prelude::*;

use super::{
    keys::{hint, skip},
    rows::BriefRow,
};
use crate::{
    routes,
    transactions::{category_choices, category_label},
    ui::{Button, Choice, HiddenField, PostForm, Variant},
};

/// Each row with its form.
#[component]
pub(super) fn UnsortedRows(rows: Vec<Unsorted>, own: Vec<OwnCategory>, next: String) -> AnyView {
    let choices: Vec<Choice> = category_choices(&own)
        .into_iter()
        .filter(|choice| choice.value != domain::category::UNCATEGORIZED)
        .collect();
    let rows = rows
        .into_iter()
        .enumerate()
        .map(|(n, one)| sortable(n, one, &own, &choices, next.clone()))
        .collect_view();
    view! {
        <section class="card min-w-0" aria-label="Uncategorized">
            <ul class="divide-y divide-line">{rows}</ul>
        </section>
    }
    .into_any()
}

fn sortable(
    n: usize,
    Unsorted { row, likely }: Unsorted,
    own: &[OwnCategory],
    choices: &[Choice],
    next: String,
) -> AnyView {
    let field = format!("category-{n}");
    let (id, test_id) = (row.id.to_string(), row.id.to_string());
    let about = format!(": {}", row.title);
    let of = about.clone();
    let past = skip(routes::review(Kind::Unsorted, Some(&id)), &about);
    let chips = likely
        .into_iter()
        .zip(1..)
        .map(|(key, n)| {
            let label = category_label(own, &key).to_owned();
            let about = about.clone();
            let keys = if n == 1 { "1 y".to_owned() } else { n.to_string() };
            view! {
                <Button variant=Variant::Secondary attr:name="pick" attr:value=key attr:data-testid="review-pick" attr:data-keys=keys>
                    {label} <span class="sr-only">{about}</span> {hint(n.to_string())}
                </Button>
            }
        })
        .collect_view();
    let options = choices
        .iter()
        .map(|choice| view! { <option value=choice.value.clone()>{choice.label.clone()}</option> })
        .collect_view();
    view! {
        <li class="flex flex-col gap-3 px-4 py-4 md:px-5" data-testid="review-row" data-id=test_id data-review="">
            <BriefRow row/>
            <PostForm action=routes::SORT_ROW page=next.clone() class="flex flex-wrap items-center gap-2">
                <HiddenField name="id" value=id/>
                <HiddenField name="next" value=next/>
                {chips}
                <label class="sr-only" for=field.clone()>"Category" {of}</label>
                <select id=field name="category" class="control control-compact select w-auto max-w-full">
                    <option value="">"Choose a category"</option>
                    {options}
                </select>
                <Button variant=Variant::Secondary attr:data-testid="review-save">"Save" <span class="sr-only">{about}</span></Button>
                {past}
            </PostForm>
        </li>
    }
    .into_any()
}
