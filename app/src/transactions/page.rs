//! `/transactions`.

use domain::{
    AccountView, Date, FieldError, TransactionFilter, TransactionPage,
    query::{self, Pairs},
};
use leptos::prelude::*;

use super::{
    api::list_transactions, chips::Chips, filters::Filters, pages::Pages, summary::Summary,
    table::TransactionTable,
};
use crate::{
    AppError,
    accounts::list_accounts,
    routes,
    server::{set_status, today},
    ui::{
        AppShell, EmptyState, LinkButton, Notice, OlderHidden, Section, Tone, Variant,
        load::load,
        query::{find, page_query},
    },
};

/// Search, filters, and the list in pages of 50.
#[component]
pub fn TransactionsPage() -> impl IntoView {
    let query = page_query();
    load(async move {
        let accounts = list_accounts().await?;
        let (list, errors) = match list_transactions(query::encode(&query)).await {
            Ok(list) => (Some(list), Vec::new()),
            Err(AppError::Invalid(errors)) => (None, errors),
            Err(error) => return Err(error),
        };
        Ok(page(query, errors, accounts, list, today()))
    })
}

fn page(
    query: Pairs,
    errors: Vec<FieldError>,
    accounts: Vec<AccountView>,
    list: Option<TransactionPage>,
    today: Date,
) -> impl IntoView {
    let filter = TransactionFilter::from_query(&query).unwrap_or_default();
    let chips = filter.chips(|id| {
        accounts.iter().find(|account| account.id == *id).map(AccountView::display_name)
    });
    let place = Place {
        page: find(&query, "page").and_then(|page| page.parse().ok()).unwrap_or(1),
        any_accounts: !accounts.is_empty(),
    };
    if !errors.is_empty() {
        set_status(422);
    }
    let (of_the_page, errors): (Vec<_>, Vec<_>) =
        errors.into_iter().partition(|error| PAGING.contains(&error.field.as_str()));
    let refused = of_the_page.into_iter().next().map(|error| view! { <NoSuchPage error/> });
    view! {
        <AppShell page="transactions" title="Transactions" section=Section::Transactions>
            <div class="flex flex-col gap-4">
                <Filters query errors accounts/>
                <Chips chips/>
                {refused}
                {list.map(|list| view! { <List filter place list today/> })}
            </div>
        </AppShell>
    }
}

/// Names in the address that say which part of the list is wanted; the form has no fields for them.
const PAGING: [&str; 3] = ["page", "limit", "cursor"];

/// What the list needs to know besides its rows.
#[derive(Clone, Copy)]
struct Place {
    page: i64,
    any_accounts: bool,
}

/// The line over the rows, the rows, the pages; or why there are none.
#[component]
fn List(filter: TransactionFilter, place: Place, list: TransactionPage, today: Date) -> AnyView {
    if list.total == 0 && filter.is_empty() && list.hidden_before.is_none() {
        return view! { <Nothing any_accounts=place.any_accounts/> }.into_any();
    }
    if list.total == 0 {
        let hidden = list.hidden_before.map(|before| view! { <OlderHidden before/> });
        return view! { <NoMatch/> {hidden} }.into_any();
    }
    if list.items.is_empty() {
        return view! { <PastTheEnd/> }.into_any();
    }
    let rows = list.items.clone();
    let hidden = list.hidden_before.map(|before| view! { <OlderHidden before/> });
    view! {
        <Summary total=list.total sums=list.sums.clone()/>
        <div class="card">
            <TransactionTable rows today caption="Transactions"/>
        </div>
        <Pages filter page=place.page list/>
        {hidden}
    }
    .into_any()
}

/// Before the first transaction.
#[component]
fn Nothing(any_accounts: bool) -> AnyView {
    let (text, first) = if any_accounts {
        ("Your transactions will be here once you import a file from your bank.", None)
    } else {
        (
            "Your transactions will be here. Add the account they belong to, then import a file from your bank.",
            Some(view! { <LinkButton href=routes::ADD_ACCOUNT>"Add an account"</LinkButton> }),
        )
    };
    let variant = if any_accounts { Variant::Primary } else { Variant::Secondary };
    view! {
        <div class="card">
            <EmptyState text>
                {first}
                <LinkButton href=routes::IMPORT variant>"Import a file"</LinkButton>
            </EmptyState>
        </div>
    }
    .into_any()
}

/// The chips above say which filters are on, and Clear all stands beside them.
#[component]
fn NoMatch() -> AnyView {
    view! { <div class="card"><EmptyState text="No transactions match."/></div> }.into_any()
}

#[component]
fn PastTheEnd() -> AnyView {
    view! {
        <div class="card">
            <EmptyState text="The list ends before this page.">
                <LinkButton href=routes::TRANSACTIONS variant=Variant::Secondary>"Go to the first page"</LinkButton>
            </EmptyState>
        </div>
    }
    .into_any()
}

/// The address asks for a part of the list that is not there.
#[component]
fn NoSuchPage(error: FieldError) -> AnyView {
    view! {
        <div role="alert" data-testid="transactions-refused">
            <Notice tone=Tone::Negative>
                <p>{sentence(error)} " " <a href=routes::TRANSACTIONS class="link">"Go to the first page"</a></p>
            </Notice>
        </div>
    }
    .into_any()
}

/// The words of programs are put differently for people.
fn sentence(error: FieldError) -> String {
    match error.code.as_str() {
        "page_too_deep" => "That page is too far down. Narrow the list with a filter.".to_owned(),
        "page_range" | "limit_range" => "There is no such page.".to_owned(),
        _ => error.message,
    }
}
