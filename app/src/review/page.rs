//! `/review`.

use backend::{
    categories::OwnCategory,
    review::{Counts, Items, ReviewPage as Found},
};
use domain::review::Kind;
use leptos::prelude::*;

use super::{
    api::list_review, duplicates::Duplicates, keys::ReviewKeys, prices::Prices,
    transfers::Transfers, unsorted::UnsortedRows,
};
use crate::{
    routes,
    transactions::list_categories,
    ui::{
        AppShell, EmptyState, LinkButton, Section, Tab, Tabs, Variant,
        count::count,
        load::load,
        query::{find, page_query},
    },
};

/// What waits, kind by kind.
#[component]
pub fn ReviewPage() -> impl IntoView {
    let query = page_query();
    let kind = find(&query, "kind").and_then(|kind| kind.parse().ok());
    let after = find(&query, "after").map(str::to_owned);
    load(async move {
        let found = list_review(kind, after.clone()).await?;
        let own = list_categories().await?;
        let here = routes::review(found.kind, after.as_deref());
        Ok(view! {
            <AppShell page="review" title="Review" section=Section::Review>
                <div class="flex flex-col gap-4">
                    <Body found own after/>
                    <ReviewKeys here/>
                </div>
            </AppShell>
        })
    })
}

#[component]
fn Body(found: Found, own: Vec<OwnCategory>, after: Option<String>) -> AnyView {
    let Found { counts, kind, items, next } = found;
    let left = counts.all();
    if left == 0 {
        return view! {
            <div class="card" data-testid="review-done">
                <EmptyState text="All reviewed.">
                    <LinkButton href=routes::DASHBOARD variant=Variant::Secondary>"Go to the dashboard"</LinkButton>
                </EmptyState>
            </div>
        }
        .into_any();
    }
    let here = routes::review(kind, after.as_deref());
    let body = match items {
        Items::Unsorted(rows) if !rows.is_empty() => {
            view! { <UnsortedRows rows own next=here/> }.into_any()
        }
        Items::Duplicates(doubts) if !doubts.is_empty() => {
            view! { <Duplicates doubts own next=here/> }.into_any()
        }
        Items::Transfers(pairs) if !pairs.is_empty() => {
            view! { <Transfers pairs next=here/> }.into_any()
        }
        Items::Prices(series) if !series.is_empty() => {
            view! { <Prices series next=here/> }.into_any()
        }
        _ => view! { <Nothing counts kind/> }.into_any(),
    };
    let first = after.map(|_| {
        view! { <LinkButton href=routes::review(kind, None) variant=Variant::Secondary>"Back to the first"</LinkButton> }
    });
    let skip = next.map(|next| {
        let href = routes::review(kind, Some(&next));
        view! { <LinkButton href variant=Variant::Secondary>"Skip these"</LinkButton> }
    });
    view! {
        <p class="text-ink-2" data-testid="review-left" data-count=left.to_string()>
            {count(left, "thing")} " left to review"
        </p>
        <Tabs label="What waits" items=tabs(counts, kind)/>
        {body}
        <div class="flex flex-wrap gap-3 empty:hidden">{first} {skip}</div>
    }
    .into_any()
}

fn tabs(counts: Counts, shown: Kind) -> Vec<Tab> {
    let tab = |kind: &Kind| {
        Tab::new(kind.label(), routes::review(*kind, None), *kind == shown)
            .with_count(counts.of(*kind))
    };
    Kind::ALL.iter().map(tab).collect()
}

/// None of this kind, or none after this place.
#[component]
fn Nothing(counts: Counts, kind: Kind) -> AnyView {
    let (text, other) = if counts.of(kind) > 0 {
        ("That was the last of these.", Some(kind))
    } else {
        let other = Kind::ALL.iter().copied().find(|kind| counts.of(*kind) > 0);
        ("Nothing of this kind is left.", other)
    };
    let on = other.map(|other| {
        view! { <LinkButton href=routes::review(other, None)>{format!("Go on with: {}", other.label())}</LinkButton> }
    });
    view! { <div class="card"><EmptyState text>{on}</EmptyState></div> }.into_any()
}
