//! `/dashboard`.

use backend::dashboard::Dashboard;
use domain::{Currency, Date, Money, TransactionView};
use leptos::prelude::*;

use super::{
    accounts::AccountTiles,
    api::get_overview,
    categories::Categories,
    figures::Figures,
    months::MonthPager,
    spending::{Spending, SpendingCard},
    words::Pace,
};
use crate::{
    routes,
    server::now,
    transactions::TransactionTable,
    ui::{
        AppShell, EmptyState, Glyph, LinkButton, Section, Variant,
        load::load,
        query::{find, page_query},
    },
};

/// What there is, what this month took, where it went, and the newest transactions.
#[component]
pub fn DashboardPage() -> impl IntoView {
    let query = page_query();
    let month = find(&query, "month").unwrap_or_default().to_owned();
    let currency = find(&query, "currency").map(str::to_owned);
    load(async move {
        let overview = get_overview(month).await?;
        Ok(view! {
            <AppShell page="dashboard" title="Dashboard" section=Section::Dashboard>
                {if overview.accounts.is_empty() {
                    view! { <Welcome/> }.into_any()
                } else {
                    view! { <Overview overview currency/> }.into_any()
                }}
            </AppShell>
        })
    })
}

/// Before the first account.
#[component]
fn Welcome() -> impl IntoView {
    view! {
        <div class="card">
            <EmptyState text="Your balances, this month's spending and your latest transactions will be here. Start with the account they belong to.">
                <LinkButton href=routes::ADD_ACCOUNT icon=Glyph::Plus>"Add an account"</LinkButton>
                <LinkButton href=routes::IMPORT variant=Variant::Secondary icon=Glyph::Upload>"Import a file"</LinkButton>
            </EmptyState>
        </div>
    }
}

#[component]
fn Overview(overview: Dashboard, currency: Option<String>) -> impl IntoView {
    let Dashboard { month, today, accounts, recent, categories, .. } = overview;
    let spending =
        Spending::by_currency(&overview.spending, &overview.spending_before, month, today);
    let net_worth = overview.balances.iter().filter_map(|b| money(&b.currency, b.minor)).collect();
    let came_in: Vec<Money> =
        overview.month_sums.iter().filter_map(|sum| money(&sum.currency, sum.in_minor)).collect();
    let fallback = accounts.first().and_then(|account| money(&account.currency, 0));
    let spent = spent(&spending, fallback);
    let came_in = if came_in.is_empty() { fallback.into_iter().collect() } else { came_in };
    let empty = recent.is_empty();
    view! {
        <div class="flex flex-col gap-5">
            <div class="flex flex-wrap items-center justify-between gap-3">
                <MonthPager month today/>
                <div class="flex flex-wrap gap-2">
                    <LinkButton href=routes::IMPORT variant=Variant::Secondary icon=Glyph::Upload>"Import file"</LinkButton>
                    <LinkButton href=routes::ADD_ACCOUNT variant=Variant::Secondary icon=Glyph::Plus>"Add account"</LinkButton>
                </div>
            </div>
            <Figures net_worth spent came_in month today/>
            {if empty {
                view! { <AccountTiles accounts now=now()/> <NoRows/> }.into_any()
            } else {
                view! {
                    <div class="grid items-start gap-5 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
                        <SpendingCard spending chosen=currency month today/>
                        <Categories totals=categories month/>
                    </div>
                    <AccountTiles accounts now=now()/>
                    <Recent rows=recent today/>
                }.into_any()
            }}
        </div>
    }
}

/// What was spent in each currency; zero in the first account's when nothing was.
fn spent(spending: &[Spending], fallback: Option<Money>) -> Vec<Pace> {
    if spending.is_empty() {
        return fallback.map(|zero| Pace { now: zero, before: zero }).into_iter().collect();
    }
    spending.iter().map(|entry| entry.pace).collect()
}

fn money(code: &str, minor: i64) -> Option<Money> {
    Some(Money::new(minor, Currency::parse(code).ok()?))
}

/// Accounts, but nothing in them.
#[component]
fn NoRows() -> impl IntoView {
    view! {
        <div class="card">
            <EmptyState text="No transactions yet. Import a file from your bank to see where your money goes.">
                <LinkButton href=routes::IMPORT icon=Glyph::Upload>"Import a file"</LinkButton>
            </EmptyState>
        </div>
    }
}

/// The newest transactions of all accounts.
#[component]
fn Recent(rows: Vec<TransactionView>, today: Date) -> impl IntoView {
    view! {
        <section class="card min-w-0" aria-labelledby="recent" data-testid="dashboard-recent">
            <div class="flex min-h-12 items-center justify-between gap-4 border-b border-line px-4">
                <h2 id="recent" class="text-base font-semibold">"Recent transactions"</h2>
                <a href=routes::TRANSACTIONS class="link text-sm">"All transactions"</a>
            </div>
            <TransactionTable rows today caption="Recent transactions"/>
        </section>
    }
}
