//! `/transactions`.

use backend::{categories::OwnCategory, transactions::views::SavedView};
use domain::{
    AccountView, Date, FieldError, TransactionFilter, TransactionId, TransactionPage,
    query::{self, Pairs},
    search::{Reading, interpret},
};
use leptos::prelude::*;

use super::{
    api::{list_categories, list_transactions},
    bulk::Bulk,
    chips::Chips,
    choices,
    detail::{BesideList, Opened},
    filters::Filters,
    pages::Pages,
    reading::ReadAs,
    row_keys::RowKeysList,
    summary::Summary,
    table::TransactionTable,
    views::{Views, saved_views},
};
use crate::{
    AppError,
    accounts::list_accounts,
    connections::TryDemo,
    islands::{RowKeys, keys::NEW},
    preferences::Keys,
    routes,
    server::{set_status, today},
    ui::{
        AppShell, EmptyState, LinkButton, Notice, OlderHidden, Section, Tone, Variant,
        load::load,
        query::{find, page_query, with_query},
    },
};

/// Search, filters, and the list in pages of 50.
#[component]
pub fn TransactionsPage() -> impl IntoView {
    let query = page_query();
    load(async move {
        let accounts = list_accounts().await?;
        let own = list_categories().await?;
        let reading = TransactionFilter::from_query(&query)
            .map(|filter| interpret(filter, &choices::vocabulary(&accounts, &own)))
            .ok();
        let asked = reading.as_ref().map_or_else(|| query.clone(), |read| asked(read, &query));
        let (list, errors) = match list_transactions(query::encode(&asked)).await {
            Ok(list) => (Some(list), Vec::new()),
            Err(AppError::Invalid(errors)) => (None, errors),
            Err(error) => return Err(error),
        };
        let opened = Opened::beside(&query).await?;
        let known = Known { accounts, own, views: saved_views().await?, today: today().await? };
        Ok(page(query, reading, errors, known, list, opened))
    })
}

/// The filter as it was read, and which part of the list is wanted.
fn asked(reading: &Reading, query: &Pairs) -> Pairs {
    let paging = query.iter().filter(|(name, _)| PAGING.contains(&name.as_str())).cloned();
    reading.filter.to_pairs().into_iter().chain(paging).collect()
}

/// What the page knows besides the list.
struct Known {
    accounts: Vec<AccountView>,
    own: Vec<OwnCategory>,
    views: Vec<SavedView>,
    today: Date,
}

fn page(
    query: Pairs,
    reading: Option<Reading>,
    errors: Vec<FieldError>,
    known: Known,
    list: Option<TransactionPage>,
    opened: Option<Opened>,
) -> impl IntoView {
    let Known { accounts, own, views, today } = known;
    let filter = reading.as_ref().map(|reading| reading.filter.clone()).unwrap_or_default();
    let named =
        |id: &_| accounts.iter().find(|account| account.id == *id).map(AccountView::display_name);
    let chips = filter.chips_named(named, |key| Some(choices::label(&own, key).to_owned()));
    let place = Place {
        page: find(&query, "page").and_then(|page| page.parse().ok()).unwrap_or(1),
        any_accounts: !accounts.is_empty(),
        opened: opened.as_ref().map(|opened| opened.row.id.clone()),
    };
    let query: Pairs = query.into_iter().filter(|(name, _)| name != routes::ROW).collect();
    let back = query::encode(&query);
    let (class, rows) =
        if opened.is_some() { ("with-row", "hidden md:flex") } else { ("", "flex") };
    let beside =
        opened.map(|opened| view! { <BesideList opened own=own.clone() list=back.clone()/> });
    let actions = (!accounts.is_empty()).then(|| view! { <Actions filter=filter.clone()/> });
    if !errors.is_empty() {
        set_status(422);
    }
    let (of_the_page, errors): (Vec<_>, Vec<_>) =
        errors.into_iter().partition(|error| PAGING.contains(&error.field.as_str()));
    let refused = of_the_page.into_iter().next().map(|error| view! { <NoSuchPage error/> });
    view! {
        <AppShell page="transactions" title="Transactions" section=Section::Transactions>
            <div class=class>
                <div class=format!("{rows} min-w-0 flex-col gap-4")>
                    <Views views query=query.clone()/>
                    <Filters query errors accounts own=own.clone()/>
                    {reading.map(|reading| view! { <ReadAs reading/> })}
                    <Chips chips/>
                    {refused}
                    {actions}
                    {list.map(|list| view! { <List filter place list today back own/> })}
                </div>
                {beside}
            </div>
            <RowKeys single=Keys::current() == Keys::On/>
        </AppShell>
    }
}

/// Names in the address that say which part of the list is wanted; the form has no fields for them.
const PAGING: [&str; 3] = ["page", "limit", "cursor"];

/// What the list needs to know besides its rows.
struct Place {
    page: i64,
    any_accounts: bool,
    /// The row that is open beside it.
    opened: Option<TransactionId>,
}

/// The line over the rows, the rows, the pages; or why there are none.
#[component]
fn List(
    filter: TransactionFilter,
    place: Place,
    list: TransactionPage,
    today: Date,
    back: String,
    own: Vec<OwnCategory>,
) -> AnyView {
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
        <Summary total=list.total sums=list.sums.clone() transfers=list.transfers/>
        <Bulk total=list.total filter=filter.to_query() back=back.clone() own=own.clone()>
            <TransactionTable rows today caption="Transactions" back own ticks=true opened=place.opened/>
        </Bulk>
        <RowKeysList/>
        <Pages filter page=place.page list/>
        {hidden}
    }
    .into_any()
}

/// What can be done here: a new row, and the list as it is as a file.
#[component]
fn Actions(filter: TransactionFilter) -> AnyView {
    let file = |path| with_query(path, &filter.to_query());
    view! {
        <div class="flex flex-wrap items-center gap-3">
            <LinkButton href=routes::ADD_TRANSACTION variant=Variant::Secondary attr:data-key=NEW>"Add a transaction"</LinkButton>
            <a href=routes::IMPORT class="link inline-flex min-h-8 items-center text-sm">"Import a file"</a>
            <a href=file(routes::TRANSACTIONS_CSV) class="link inline-flex min-h-8 items-center text-sm" download="">"Export as CSV"</a>
            <a href=file(routes::TRANSACTIONS_JSON) class="link inline-flex min-h-8 items-center text-sm" download="">"Export as JSON"</a>
            <a href=routes::TRANSACTION_CHANGES class="link inline-flex min-h-8 items-center text-sm">"Changes of many"</a>
        </div>
    }
    .into_any()
}

/// Before the first transaction.
#[component]
fn Nothing(any_accounts: bool) -> AnyView {
    let text = if any_accounts {
        "Your transactions will be here once your bank is connected, or a file from it is imported."
    } else {
        "Your transactions will be here. Connect the bank they are at, or add an account and import a file."
    };
    let (connect, import) = if any_accounts {
        (Variant::Secondary, Variant::Primary)
    } else {
        (Variant::Primary, Variant::Secondary)
    };
    view! {
        <div class="card">
            <EmptyState text>
                <LinkButton href=routes::ADD_ACCOUNT variant=connect>"Link a bank"</LinkButton>
                <LinkButton href=routes::IMPORT variant=import>"Import a file"</LinkButton>
                <TryDemo page=routes::TRANSACTIONS/>
            </EmptyState>
        </div>
    }
    .into_any()
}

/// The chips above say which filters are on, and Clear all stands beside them.
#[component]
fn NoMatch() -> AnyView {
    view! {
        <div class="card">
            <EmptyState text="No transactions match.">
                <LinkButton href=routes::TRANSACTIONS variant=Variant::Secondary>"Show all transactions"</LinkButton>
            </EmptyState>
        </div>
    }
    .into_any()
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
