//! The rows of the file in tabs, and the button that takes them in.

use backend::{
    categories::OwnCategory,
    imports::{Preview, PreviewCounts},
};
use domain::CurrencySum;
use leptos::prelude::*;

use super::{
    rows::RowsTable,
    tabs::{RowTabs, View},
    taken::Taken,
};
use crate::{
    form::use_form_for,
    routes,
    server::new_key,
    ui::{AmountText, Button, HiddenField, LinkButton, PostForm, Variant, count::count},
};

/// Where the form posts to.
const ACTION: &str = "/import/apply";

/// Totals, tabs, rows and the button.
#[component]
pub fn Apply(
    /// The preview.
    preview: Preview,
    /// Which rows are shown.
    view: View,
    /// The possible rows that are ticked.
    taken: Taken,
    /// The person's own categories and words for ours.
    own: Vec<OwnCategory>,
) -> AnyView {
    let path = routes::import(&preview.import.id);
    let taken = taken.or_posted(&use_form_for(ACTION));
    let page = view.href(&path, &preview.options, &taken);
    let button = label(&preview.counts, view == View::Possible || !taken.is_empty());
    // The tab with the boxes has them itself.
    let carried = (view != View::Possible).then(|| taken.hidden());
    let counts = preview.counts;
    view! {
        <PostForm action=ACTION page class="flex flex-col gap-4">
            <HiddenField name="id" value=preview.import.id.to_string()/>
            <HiddenField name="options" value=preview.options.to_query()/>
            <HiddenField name="idempotencyKey" value=new_key()/>
            {carried}
            <div class="flex flex-wrap items-center justify-between gap-3">
                <Totals counts sums=preview.sums/>
                {match button {
                    Some(label) => view! {
                        <Button busy="Importing…" attr:data-testid="import-apply">{label}</Button>
                    }.into_any(),
                    None => view! {
                        <LinkButton href=routes::IMPORT variant=Variant::Secondary>"Choose another file"</LinkButton>
                    }.into_any(),
                }}
            </div>
            <div class="card">
                <div class="px-4 pt-1 md:px-2"><RowTabs view counts/></div>
                <RowsTable rows=preview.rows view taken own/>
            </div>
        </PostForm>
    }
    .into_any()
}

/// "60 new · −$3,412.08 out · +$5,200.00 in", one line a currency.
#[component]
fn Totals(counts: PreviewCounts, sums: Vec<CurrencySum>) -> AnyView {
    let lines = sums
        .iter()
        .filter_map(|sum| sum.line_with(AmountText::shown_signed))
        .map(|line| view! { <span class="block">{line}</span> })
        .collect_view();
    let heading = match counts.new {
        0 => "Nothing new in this file.".to_owned(),
        new => count(new, "new transaction"),
    };
    view! {
        <p class="text-sm text-ink-2 tabular-nums" data-testid="import-totals">
            <span class="block font-medium text-ink">{heading}</span>
            {lines}
        </p>
    }
    .into_any()
}

/// "Import 60 transactions"; where possible rows are or can be `ticked`, those too. None when there is nothing to import.
fn label(counts: &PreviewCounts, ticked: bool) -> Option<String> {
    let new = format!("Import {}", count(counts.new, "transaction"));
    match (counts.new, ticked && counts.possible > 0) {
        (0, true) => Some("Import the ticked rows".to_owned()),
        (0, false) => None,
        (_, true) => Some(format!("{new} and the ticked rows")),
        (_, false) => Some(new),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(new: i64, possible: i64) -> PreviewCounts {
        PreviewCounts { new, here: 0, possible, failed: 0 }
    }

    #[test]
    fn the_button_says_how_many() {
        assert_eq!(label(&counts(60, 0), false).as_deref(), Some("Import 60 transactions"));
        assert_eq!(label(&counts(1, 2), false).as_deref(), Some("Import 1 transaction"));
        assert_eq!(
            label(&counts(60, 2), true).as_deref(),
            Some("Import 60 transactions and the ticked rows")
        );
    }

    #[test]
    fn nothing_new_means_no_button() {
        assert_eq!(label(&counts(0, 0), true), None);
        assert_eq!(label(&counts(0, 2), true).as_deref(), Some("Import the ticked rows"));
    }
}
