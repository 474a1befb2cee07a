//! `/accounts`.

use std::collections::HashMap;

use backend::accounts::Lines;
use domain::{
    AccountId, AccountType, AccountView, Date, DayTotal, connection::ConnectionView,
    day::format_day_short, states::connection::ConnectionState,
};
use leptos::prelude::*;
use time::OffsetDateTime;

use super::{
    api::{accounts_with_lines, archived_accounts},
    archived::Archived,
    held::{InApp, Total, totals},
    menu::menu,
    status::{Proofs, StatusBadge, WhatNext, next_step},
};
use crate::{
    connections::{DemoNotice, Standing, TryDemo, all_connections, by_account},
    islands::keys::NEW,
    routes,
    server::now,
    ui::{
        Ago, Amount, AppShell, Cell, Column, DataTable, EmptyState, Glyph, LinkButton, Mask, Place,
        Section, Sparkline, TestBadge, Variant, chart::trend, count::count, load::load,
    },
    verification::awaited,
};

/// Every account, grouped by type, with totals for each currency.
#[component]
pub fn AccountsPage() -> impl IntoView {
    load(async move {
        let (accounts, lines) = accounts_with_lines().await?;
        let connections = all_connections().await?;
        let behind = by_account(&connections).await?;
        let awaited = awaited().await?;
        let archived = archived_accounts().await?;
        let beside = Beside { behind, awaited, lines, proofs: Proofs::here(), now: now() };
        Ok(view! {
            <AppShell page="accounts" title="Accounts" section=Section::Accounts>
                <div class="mb-5 flex flex-col gap-3 empty:hidden"><DemoNotice connections/></div>
                {if accounts.is_empty() {
                    view! { <Nothing/> }.into_any()
                } else {
                    view! { <Groups accounts beside/> }.into_any()
                }}
                <Archived accounts=archived/>
            </AppShell>
        })
    })
}

#[component]
fn Nothing() -> AnyView {
    view! {
        <div class="card">
            <EmptyState text="No accounts yet. Link a bank, import a file, or add one by hand.">
                <LinkButton href=routes::ADD_ACCOUNT icon=Glyph::Landmark attr:data-key=NEW>"Link account"</LinkButton>
                <AddByHand/>
                <LinkButton href=routes::IMPORT variant=Variant::Secondary icon=Glyph::Upload>"Import a file"</LinkButton>
                <TryDemo page=routes::ACCOUNTS/>
            </EmptyState>
        </div>
    }
    .into_any()
}

/// The way to an account that no bank gives.
#[component]
fn AddByHand() -> AnyView {
    let href = format!("{}?how=hand", routes::ADD_ACCOUNT);
    view! { <LinkButton href variant=Variant::Secondary icon=Glyph::Plus>"Add by hand"</LinkButton> }
        .into_any()
}

/// What stands beside the accounts.
#[derive(Clone)]
struct Beside {
    /// The connection behind each account that has one.
    behind: HashMap<AccountId, ConnectionView>,
    /// The day by which deposits should be at each account that waits for some.
    awaited: HashMap<AccountId, Date>,
    /// What each account held lately.
    lines: Lines,
    /// How an account is proven here.
    proofs: Proofs,
    now: OffsetDateTime,
}

#[component]
fn Groups(accounts: Vec<AccountView>, beside: Beside) -> AnyView {
    let total = totals(&accounts);
    let amount = count(i64::try_from(accounts.len()).unwrap_or(i64::MAX), "account");
    let groups = by_type(accounts)
        .into_iter()
        .map(|(kind, accounts)| view! { <Group kind accounts beside=beside.clone()/> })
        .collect_view();
    view! {
        <div class="flex flex-col gap-5">
            <div class="flex flex-wrap items-end justify-between gap-4">
                <div>
                    <p class="text-sm text-ink-2">{format!("Total of {amount}")}</p>
                    {total.into_iter().map(|Total { held, in_app }| view! {
                        <p class="text-2xl font-semibold" data-testid="accounts-total"><Amount money=held/> <InApp money=in_app/></p>
                    }).collect_view()}
                </div>
                <div class="flex flex-wrap gap-2">
                    <LinkButton href=routes::IMPORT variant=Variant::Secondary icon=Glyph::Upload>"Import file"</LinkButton>
                    <AddByHand/>
                    <LinkButton href=routes::ADD_ACCOUNT icon=Glyph::Landmark attr:data-key=NEW>"Link account"</LinkButton>
                </div>
            </div>
            {groups}
        </div>
    }
    .into_any()
}

/// The accounts of one type.
#[component]
fn Group(kind: AccountType, accounts: Vec<AccountView>, beside: Beside) -> AnyView {
    let heading = format!("accounts-{kind}");
    let totals = (accounts.len() > 1).then(|| {
        let totals = totals(&accounts);
        let sums =
            totals.into_iter().map(|total| view! { <Amount money=total.held/> }).collect_view();
        view! {
            <p class="flex flex-wrap justify-end gap-x-3 text-sm text-ink-2">
                <span class="sr-only">"Total: "</span>
                {sums}
            </p>
        }
    });
    let columns = vec![
        Column::text("Account"),
        Column::text("Status"),
        Column::text("Updated"),
        Column::number("Balance"),
        Column::unseen("Actions"),
    ];
    let last = accounts.len().saturating_sub(1);
    let rows = accounts
        .into_iter()
        .enumerate()
        .map(|(at, account)| {
            let menu = menu(&account, at > 0, at < last);
            row(account, &beside, menu)
        })
        .collect_view();
    view! {
        <section class="card columns-aligned" aria-labelledby=heading.clone()>
            <div class="flex min-h-12 items-center justify-between gap-4 border-b border-line px-4 md:px-5">
                <h2 id=heading.clone() class="text-base font-semibold">{group_label(kind)}</h2>
                {totals}
            </div>
            <DataTable caption=format!("{} accounts", kind.label()) columns stacked=true>
                <tbody role="rowgroup">{rows}</tbody>
            </DataTable>
        </section>
    }
    .into_any()
}

/// An account; its menu comes last.
fn row(account: AccountView, beside: &Beside, menu: AnyView) -> AnyView {
    let balance = account.held().map(|money| view! { <Amount money/> });
    let in_app = account.ledger_differs();
    let step = step(&account, beside.awaited.get(&account.id).copied(), beside.proofs);
    let line = beside.lines.get(&account.id).filter(|_| account.transactions > 0);
    let line = line.and_then(|days| lately(&account, days));
    let standing = beside.behind.get(&account.id).map(|connection| read_by(connection, beside.now));
    let AccountView { id, status, mask, updated_at, .. } = account.clone();
    let href = routes::account(&id);
    let bank = account.account_nickname.is_some().then(|| format!("{} ", account.bank_name));
    let now = beside.now;
    view! {
        <tr role="row" data-testid="accounts-row" data-id=id.to_string() data-state=status.as_str()>
            <Cell place=Place::Main>
                <a href=href class="row-link">{account.display_name()}</a>
                <TestBadge invented=account.invented/>
                <span class="block text-caption text-ink-2">{bank} <Mask mask/></span>
                {standing}
                <span class="block text-caption text-ink-2 empty:hidden" data-testid="next-step">{step}</span>
            </Cell>
            <Cell place=Place::Under>
                <StatusBadge status/>
            </Cell>
            <Cell place=Place::UnderEnd>
                <Ago at=updated_at now bare=true/>
            </Cell>
            <Cell place=Place::Amount>
                <span class="font-medium">{balance}</span>
                <InApp money=in_app/>
                {line}
            </Cell>
            <Cell place=Place::Actions>{menu}</Cell>
        </tr>
    }
    .into_any()
}

/// What is to be done with an account, or why it is stopped; nothing where there is nothing to say.
fn step(account: &AccountView, expected_on: Option<Date>, proofs: Proofs) -> AnyView {
    let Some(day) = expected_on else {
        let step = next_step(account, proofs);
        return step.map(|step| view! { <WhatNext step/> }).into_any();
    };
    let expected = format!(" · expected {}", format_day_short(day));
    view! {
        <a href=routes::verify(&account.id) class="link inline-flex min-h-6 items-center">"Confirm deposits"</a>
        {expected}
    }
    .into_any()
}

/// The line of the last 90 days with its words, which lead to the balance by day.
fn lately(account: &AccountView, days: &[DayTotal]) -> Option<AnyView> {
    let words = trend(days, account.balance()?.currency)?;
    let href = format!("{}?range=3m", routes::account(&account.id));
    Some(
        view! {
            <span class="mt-1 flex flex-col items-end gap-0.5" data-testid="account-lately">
                <Sparkline days=days.to_vec()/>
                <a href=href class="figure-link inline-flex min-h-6 items-center text-caption text-ink-2">{words}</a>
            </span>
        }
        .into_any(),
    )
}

/// How the connection that reads an account stands, and what its owner does about it.
fn read_by(connection: &ConnectionView, now: OffsetDateTime) -> AnyView {
    let (words, href) = match connection.state {
        ConnectionState::Revoked => ("Link again", routes::ADD_ACCOUNT.to_owned()),
        _ => ("Reconnect", routes::connection(&connection.id)),
    };
    let is_broken = connection.state.asks_person() || connection.state == ConnectionState::Revoked;
    let again = is_broken.then(|| {
        let bank = format!(" {}", connection.institution_name);
        view! {
            " "
            <a href=href class="link inline-flex min-h-6 items-center">{words} <span class="sr-only">{bank}</span></a>
        }
    });
    view! {
        <span class="block text-caption text-ink-2"><Standing connection=connection.clone() now/> {again}</span>
    }
    .into_any()
}

/// The heading over the accounts of a type.
fn group_label(kind: AccountType) -> &'static str {
    match kind {
        AccountType::Credit => "Credit cards",
        AccountType::Loan => "Loans",
        other => other.label(),
    }
}

/// The accounts of each type, in the order of the types; types without accounts are left out.
fn by_type(accounts: Vec<AccountView>) -> Vec<(AccountType, Vec<AccountView>)> {
    AccountType::ALL
        .iter()
        .map(|kind| {
            let of_kind = accounts.iter().filter(|account| account.account_type == *kind);
            (*kind, of_kind.cloned().collect::<Vec<_>>())
        })
        .filter(|(_, accounts)| !accounts.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use domain::{AccountId, AccountStatus};
    use time::macros::datetime;

    use super::*;

    fn account(id: &str, kind: AccountType, currency: &str, balance_minor: i64) -> AccountView {
        AccountView {
            id: AccountId::new(id),
            bank_name: "First Harbor".to_owned(),
            account_type: kind,
            account_nickname: None,
            status: AccountStatus::Active,
            suspended: None,
            archived_at: None,
            mask: None,
            number_is_token: false,
            currency: currency.to_owned(),
            balance_minor,
            bank_balance_minor: None,
            transactions: 0,
            invented: false,
            updated_at: datetime!(2026-06-10 12:00 UTC),
            created_at: datetime!(2026-06-01 12:00 UTC),
        }
    }

    #[test]
    fn types_without_accounts_are_left_out() {
        let accounts = vec![
            account("a", AccountType::Cash, "USD", 0),
            account("b", AccountType::Checking, "USD", 0),
        ];

        let kinds: Vec<_> = by_type(accounts).into_iter().map(|(kind, _)| kind).collect();

        assert_eq!(kinds, [AccountType::Checking, AccountType::Cash]);
    }
}
