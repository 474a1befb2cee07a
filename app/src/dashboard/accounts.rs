//! The accounts with their balances, as tiles.

use domain::AccountView;
use leptos::prelude::*;
use time::OffsetDateTime;

use crate::{
    accounts::{InApp, StatusBadge},
    routes,
    ui::{Ago, Amount, Mask, TestBadge},
};

/// Every account with its balance.
#[component]
pub fn AccountTiles(
    /// The accounts.
    accounts: Vec<AccountView>,
    /// The current time.
    now: OffsetDateTime,
) -> AnyView {
    let tiles = accounts.into_iter().map(|account| view! { <Tile account now/> }).collect_view();
    view! {
        <section aria-labelledby="dashboard-accounts" data-testid="dashboard-accounts">
            <div class="mb-2 flex items-baseline justify-between gap-4">
                <h2 id="dashboard-accounts" class="text-base font-semibold">"Accounts"</h2>
                <a href=routes::ACCOUNTS class="link inline-flex min-h-6 items-center text-sm">"All accounts"</a>
            </div>
            <ul class="tiles">{tiles}</ul>
        </section>
    }
    .into_any()
}

#[component]
fn Tile(account: AccountView, now: OffsetDateTime) -> AnyView {
    let balance = account.held().map(|money| view! { <Amount money/> });
    let badge = (account.status != domain::AccountStatus::Active)
        .then(|| view! { <StatusBadge status=account.status/> });
    view! {
        <li class="card flex min-w-0 flex-col gap-1 p-4" data-testid="dashboard-account" data-id=account.id.to_string()>
            <div class="flex items-start justify-between gap-2">
                <a href=routes::account(&account.id) class="row-link min-w-0 break-words">{account.display_name()}</a>
                {badge}
            </div>
            <p class="text-caption text-ink-2">
                {account.account_type.label()} " " <Mask mask=account.mask.clone()/>
                <TestBadge invented=account.invented/>
            </p>
            <p class="mt-1 text-xl font-semibold">{balance} <InApp money=account.ledger_differs()/></p>
            <p class="text-caption text-ink-2">"Updated " <Ago at=account.updated_at now/></p>
        </li>
    }
    .into_any()
}
