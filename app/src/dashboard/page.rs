//! `/dashboard`.

use backend::{
    categories::OwnCategory,
    dashboard::{AtHand, CurrencyOrder, Dashboard, Headlines, Spending},
};
use domain::{Date, TransactionView, connection::ConnectionView};
use leptos::prelude::*;

use super::{
    accounts::AccountTiles,
    ahead::{Ahead, AheadCards},
    api::get_overview,
    categories::Categories,
    checklist::{FirstSteps, first_steps},
    figures::Figures,
    spending::SpendingCard,
};
use crate::{
    AppError,
    budgets::list_budgets,
    connections::{DemoNotice, TryDemo, all_connections},
    islands::keys::NEW,
    recurring::list_series,
    review::waiting,
    routes,
    server::now,
    transactions::{TransactionTable, list_categories},
    ui::{
        AppShell, EmptyState, Glyph, LinkButton, MonthPager, Section, Variant,
        load::{PartFailed, load, part},
        query::{find, page_query},
    },
    verification::awaited,
};

/// What there is, what this month took, where it went, and the newest transactions.
#[component]
pub fn DashboardPage() -> impl IntoView {
    let query = page_query();
    let month = find(&query, "month").unwrap_or_default().to_owned();
    let currency = find(&query, "currency").map(str::to_owned);
    load(async move {
        let overview = part(get_overview(month).await)?;
        let connections = part(all_connections().await)?;
        let steps = part(first_steps().await)?;
        let any_accounts = !matches!(&overview, Ok(found) if found.accounts.is_empty());
        let known = connections.clone().unwrap_or_default();
        let ahead = if any_accounts { Some(part(ahead(known).await)?) } else { None };
        Ok(view! {
            <AppShell page="dashboard" title="Dashboard" section=Section::Dashboard>
                <div class="mb-5 flex flex-col gap-3 empty:hidden">
                    {match connections {
                        Ok(connections) => view! { <DemoNotice connections/> }.into_any(),
                        Err(error) => view! { <PartFailed what="Your connections" error/> }.into_any(),
                    }}
                    {match steps {
                        Ok(steps) => steps.map(|steps| view! { <FirstSteps steps/> }).into_any(),
                        Err(error) => view! { <PartFailed what="The first steps" error/> }.into_any(),
                    }}
                </div>
                {match (overview, ahead) {
                    (_, None) => view! { <Welcome/> }.into_any(),
                    (Ok(overview), Some(ahead)) => view! { <Overview overview ahead currency/> }.into_any(),
                    (Err(error), Some(ahead)) => view! {
                        <div class="flex flex-col gap-5">
                            <PartFailed what="Your balances and this month" error/>
                            {whats_ahead(ahead, AtHand::default())}
                        </div>
                    }.into_any(),
                }}
            </AppShell>
        })
    })
}

/// What waits and what comes.
async fn ahead(connections: Vec<ConnectionView>) -> Result<Ahead, AppError> {
    Ok(Ahead {
        connections,
        recurring: list_series().await?,
        budgets: list_budgets(None).await?,
        awaited: awaited().await?.into_keys().collect(),
        waiting: waiting().await?,
        own: list_categories().await?,
    })
}

/// The cards of what comes and what waits, or why they are not here.
fn whats_ahead(ahead: Result<Ahead, AppError>, at_hand: AtHand) -> AnyView {
    match ahead {
        Ok(ahead) => view! { <AheadCards ahead at_hand/> }.into_any(),
        Err(error) => view! { <PartFailed what="What comes and what waits" error/> }.into_any(),
    }
}

/// Before the first account.
#[component]
fn Welcome() -> AnyView {
    view! {
        <div class="card">
            <EmptyState text="Your balances, this month's spending and your latest transactions will be here. Start with the account they belong to.">
                <LinkButton href=routes::ADD_ACCOUNT icon=Glyph::Landmark>"Link a bank"</LinkButton>
                <LinkButton href=format!("{}?how=numbers", routes::ADD_ACCOUNT) variant=Variant::Secondary icon=Glyph::Plus>
                    "Add an account"
                </LinkButton>
                <LinkButton href=routes::IMPORT variant=Variant::Secondary icon=Glyph::Upload>"Import a file"</LinkButton>
                <TryDemo page=routes::DASHBOARD/>
            </EmptyState>
        </div>
    }
    .into_any()
}

#[component]
fn Overview(
    overview: Dashboard,
    ahead: Result<Ahead, AppError>,
    currency: Option<String>,
) -> AnyView {
    let spending = Spending::of(&overview);
    // The budgets are those of today.
    let budgets = match &ahead {
        Ok(ahead) if overview.month.contains(overview.today) => ahead.budgets.budgets.clone(),
        _ => Vec::new(),
    };
    let figures = Headlines::of(&overview, &spending, &budgets);
    let Dashboard { month, today, accounts, recent, mut categories, .. } = overview;
    let keep =
        currency.iter().map(|code| ("currency".to_owned(), code.clone())).collect::<Vec<_>>();
    CurrencyOrder::of(&accounts).sort(&mut categories, |total| &total.currency);
    let at_hand = AtHand::of(&accounts);
    let empty = recent.is_empty();
    let own = ahead.as_ref().map(|ahead| ahead.own.clone()).unwrap_or_default();
    view! {
        <div class="flex flex-col gap-5">
            <div class="flex flex-wrap items-center justify-between gap-3">
                <MonthPager path=routes::DASHBOARD month today keep/>
                <div class="flex flex-wrap gap-2">
                    <LinkButton href=routes::IMPORT variant=Variant::Secondary icon=Glyph::Upload>"Import file"</LinkButton>
                    <LinkButton href=routes::ADD_ACCOUNT variant=Variant::Secondary icon=Glyph::Plus attr:data-key=NEW>"Link account"</LinkButton>
                </div>
            </div>
            <Figures figures month today/>
            {if empty {
                view! {
                    {whats_ahead(ahead, at_hand)}
                    <AccountTiles accounts now=now()/>
                    <NoRows/>
                }.into_any()
            } else {
                view! {
                    <div class="grid gap-5 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
                        <SpendingCard spending chosen=currency month today budgets/>
                        <Categories totals=categories month own=own.clone()/>
                    </div>
                    {whats_ahead(ahead, at_hand)}
                    <AccountTiles accounts now=now()/>
                    <Recent rows=recent today own/>
                }.into_any()
            }}
        </div>
    }
    .into_any()
}

/// Accounts, but nothing in them.
#[component]
fn NoRows() -> AnyView {
    view! {
        <div class="card">
            <EmptyState text="No transactions yet. Import a file from your bank to see where your money goes.">
                <LinkButton href=routes::IMPORT icon=Glyph::Upload>"Import a file"</LinkButton>
            </EmptyState>
        </div>
    }
    .into_any()
}

/// The newest transactions of all accounts.
#[component]
fn Recent(rows: Vec<TransactionView>, today: Date, own: Vec<OwnCategory>) -> AnyView {
    view! {
        <section class="card min-w-0" aria-labelledby="recent" data-testid="dashboard-recent">
            <div class="flex min-h-12 items-center justify-between gap-4 border-b border-line px-4 md:px-5">
                <h2 id="recent" class="text-base font-semibold">"Recent transactions"</h2>
                <a href=routes::TRANSACTIONS class="link inline-flex min-h-6 items-center text-sm">"All transactions"</a>
            </div>
            <TransactionTable rows today caption="Recent transactions" own/>
        </section>
    }
    .into_any()
}
