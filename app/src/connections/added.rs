//! `/connections/{id}/added`: the last step, what came in and what is next.

use domain::{AccountView, ConnectionId, connection::ConnectionView};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::{
    api::{by_account, get},
    steps::{Step, Steps},
    words::Standing,
};
use crate::{
    AppError,
    accounts::{InApp, list_accounts},
    routes,
    server::now,
    ui::{Amount, AppShell, Glyph, LinkButton, Mask, Section, Variant, count::count, load::load},
};

/// The accounts of a connection with their balances, and how far the first sync is.
#[component]
pub fn AddedPage() -> AnyView {
    let id = ConnectionId::new(use_params_map().read_untracked().get("id").unwrap_or_default());
    load(async move {
        let connection = get(&id).await?;
        let accounts = accounts_of(&connection).await?;
        let title = format!("{} is connected", connection.institution_name);
        let now = now();
        Ok(view! {
            <AppShell page="connection-added" title section=Section::Accounts back=("Accounts", routes::ACCOUNTS)>
                <div class="card flex max-w-2xl flex-col gap-5 p-4 md:p-6">
                    <Steps step=Step::Done/>
                    <p class="text-ink-2">{first_sync(&connection)}</p>
                    <AccountList accounts/>
                    <p class="text-sm text-ink-2"><Standing connection=connection.clone() now/></p>
                    <Next connection/>
                </div>
            </AppShell>
        })
    })
}

/// The caller's accounts that a connection reads.
pub(super) async fn accounts_of(connection: &ConnectionView) -> Result<Vec<AccountView>, AppError> {
    let behind = by_account(std::slice::from_ref(connection)).await?;
    let mut accounts = list_accounts().await?;
    accounts.retain(|account| behind.contains_key(&account.id));
    Ok(accounts)
}

/// How far the first sync is.
fn first_sync(connection: &ConnectionView) -> &'static str {
    match (connection.accounts, connection.last_sync_at) {
        (0, _) => "No account was chosen yet, so nothing is read.",
        (_, None) => {
            "The first sync is running. Transactions appear here within a minute as a rule."
        }
        (_, Some(_)) if !connection.history_complete => {
            "The newest transactions are here. Older ones follow by themselves."
        }
        (_, Some(_)) => "Everything the bank has is here.",
    }
}

/// The accounts with their balances, as the list of accounts has them.
#[component]
pub(super) fn AccountList(accounts: Vec<AccountView>) -> AnyView {
    let rows = accounts.into_iter().map(|account| {
        let balance = account.held().map(|money| view! { <Amount money/> });
        view! {
            <li class="flex flex-wrap items-center justify-between gap-x-4 py-2.5 first:pt-0 last:pb-0" data-testid="connection-account" data-id=account.id.to_string()>
                <span class="min-w-0">
                    <a class="row-link" href=routes::account(&account.id)>{account.display_name()}</a>
                    <span class="block text-caption text-ink-2">
                        <Mask mask=account.mask.clone()/> " · " {count(account.transactions, "transaction")}
                    </span>
                </span>
                <span class="text-right font-medium">{balance} <InApp money=account.ledger_differs()/></span>
            </li>
        }
    });
    view! { <ul class="flex flex-col divide-y divide-line">{rows.collect_view()}</ul> }.into_any()
}

#[component]
fn Next(connection: ConnectionView) -> AnyView {
    let here = routes::connection_added(&connection.id);
    let first = if connection.accounts == 0 {
        let href = routes::connection_accounts(&connection.id);
        view! { <LinkButton href>"Choose accounts"</LinkButton> }.into_any()
    } else if connection.last_sync_at.is_none() {
        view! { <LinkButton href=here>"Check again"</LinkButton> }.into_any()
    } else {
        view! { <LinkButton href=routes::TRANSACTIONS>"See transactions"</LinkButton> }.into_any()
    };
    view! {
        <div class="flex flex-wrap gap-3">
            {first}
            <LinkButton href=routes::NEW_BUDGET variant=Variant::Secondary icon=Glyph::Target>"Set a budget"</LinkButton>
            <LinkButton href=routes::ADD_ACCOUNT variant=Variant::Ghost icon=Glyph::Plus>"Add another account"</LinkButton>
        </div>
    }
    .into_any()
}
