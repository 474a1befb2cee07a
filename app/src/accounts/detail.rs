//! `/accounts/{id}`.

use backend::{
    accounts::{Balances, BankBalance},
    categories::OwnCategory,
};
use domain::{
    AccountId, AccountView, Currency, CurrencySum, Date, Flow, Money, Month, TransactionFilter,
    TransactionPage, balance::BalanceRange, connection::ConnectionView, mask_spoken, query,
    verification::VerificationView,
};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use time::OffsetDateTime;

use super::{
    api::coming_in,
    archived::{Archive, ArchivedNotice},
    balance::{BalanceCard, BankSays, get_balances},
    danger::Danger,
    held::InApp,
    statement::{Statements, list_statements},
    status::{Proofs, StatusBadge, WhatNext, next_step},
};
use crate::{
    AppError,
    connections::{Standing, TestBank, connection_of},
    routes,
    server::{now, today},
    transactions::{TransactionTable, list_categories, list_transactions},
    ui::{
        Ago, Amount, AppShell, Button, Card, Day, EmptyState, Glyph, HiddenField, LinkButton, Mask,
        PostForm, Section, TestBadge, TextField, Variant,
        count::count,
        load::{PartFailed, load, part},
        query::address,
    },
    verification::{NumbersAgain, VerificationNotice, verification_of},
};

/// Where the form that renames posts to.
const RENAME: &str = "/accounts/rename";

/// One account: balance, this month, its transactions, its details.
#[component]
pub fn AccountPage() -> impl IntoView {
    let id = AccountId::new(use_params_map().read_untracked().get("id").unwrap_or_default());
    let range = use_query_map().read_untracked().get("range").unwrap_or_default();
    load(async move {
        let Balances { account, range, days, bank } =
            get_balances(id, BalanceRange::parse(&range)).await?;
        let (now, today) = (now(), today().await?);
        let month = Month::containing(today);
        let list = part(list(&account.id, None).await)?;
        let own = part(list_categories().await)?.unwrap_or_default();
        let this_month = part(list_sums(&account.id, month).await)?;
        let months = part(list_statements(account.id.clone()).await)?;
        let coming = part(coming_in(&account.id, today).await)?.unwrap_or_default();
        let connection = part(connection_of(&account.id).await)?;
        let read_by = connection.as_ref().ok().cloned().flatten();
        let verification = part(verification_of(&account.id).await)?;
        let details = match (connection, verification.clone()) {
            (Ok(connection), Ok(verification)) => {
                view! { <Details account=account.clone() connection verification now/> }.into_any()
            }
            (Err(error), _) | (_, Err(error)) => {
                view! { <PartFailed what="The details" error/> }.into_any()
            }
        };
        let title = account.display_name();
        let needs_numbers = account.archived_at.is_none()
            && verification.as_ref().is_ok_and(|view| view.needs_numbers);
        let numbers = needs_numbers.then(|| view! { <Numbers id=account.id.clone()/> });
        Ok(view! {
            <AppShell page="account" title section=Section::Accounts back=("Accounts", routes::ACCOUNTS)>
                <div class="mb-5 empty:hidden">
                    <ArchivedNotice account=account.clone()/>
                    {verification.ok().filter(|_| account.archived_at.is_none()).map(|view| view! { <VerificationNotice view/> })}
                </div>
                <div class="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_20rem]">
                    <div class="flex min-w-0 flex-col gap-5">
                        {numbers}
                        {match this_month {
                            Ok(this_month) => view! { <Figures account=account.clone() bank this_month month now/> }.into_any(),
                            Err(error) => view! { <PartFailed what="The balance and this month" error/> }.into_any(),
                        }}
                        <BalanceCard account=account.clone() range days coming/>
                        {match list {
                            Ok(list) => view! { <Rows account=account.clone() list own today/> }.into_any(),
                            Err(error) => view! { <PartFailed what="The transactions" error/> }.into_any(),
                        }}
                    </div>
                    <div class="flex min-w-0 flex-col gap-5">
                        {details}
                        {match months {
                            Ok(months) => view! { <Statements id=account.id.clone() months/> }.into_any(),
                            Err(error) => view! { <PartFailed what="The statements" error/> }.into_any(),
                        }}
                        <Rename account=account.clone()/>
                        {account.archived_at.is_none().then(|| view! { <Archive id=account.id.clone()/> })}
                        <Danger id=account.id connection=read_by/>
                    </div>
                </div>
            </AppShell>
        })
    })
}

/// The form of an account that lost its numbers before it was proven.
#[component]
fn Numbers(id: AccountId) -> AnyView {
    let page = routes::account(&id);
    view! {
        <Card id="account-numbers" title="Enter its numbers again">
            <NumbersAgain account=id page/>
        </Card>
    }
    .into_any()
}

/// The account's rows, of one month or of all time.
async fn list(id: &AccountId, month: Option<Month>) -> Result<TransactionPage, AppError> {
    list_transactions(query::encode(&filter(id, month).to_pairs())).await
}

/// What went out and came in within a month.
async fn list_sums(id: &AccountId, month: Month) -> Result<Vec<CurrencySum>, AppError> {
    let mut pairs = filter(id, Some(month)).to_pairs();
    pairs.push(("limit".to_owned(), "1".to_owned()));
    Ok(list_transactions(query::encode(&pairs)).await?.sums)
}

fn filter(id: &AccountId, month: Option<Month>) -> TransactionFilter {
    TransactionFilter {
        account: Some(id.clone()),
        from: month.map(Month::first_day),
        to: month.map(Month::last_day),
        ..TransactionFilter::default()
    }
}

/// The balance, with that in the app where the bank says another, and what this month brought and took. Each links to
/// the rows behind it.
#[component]
fn Figures(
    account: AccountView,
    bank: Option<BankBalance>,
    this_month: Vec<CurrencySum>,
    month: Month,
    now: OffsetDateTime,
) -> AnyView {
    let all = address(routes::TRANSACTIONS, &filter(&account.id, None).to_pairs());
    let in_app = account.ledger_differs();
    let balance = account.held().map(|money| view! { <Amount money/> });
    // The rows add up to what is in the app: they explain that figure, wherever it stands.
    let balance = match in_app {
        None => view! { <a href=all.clone() class="figure-link">{balance}</a> }.into_any(),
        Some(_) => balance.into_any(),
    };
    let bank = bank.map(|bank| view! { <BankSays account=account.clone() bank now/> });
    let [came, went] = movements(&account, &this_month);
    let href = |flow| {
        let filter = TransactionFilter {
            flow: Some(flow),
            currency: Currency::parse(&account.currency).ok(),
            ..filter(&account.id, Some(month))
        };
        address(routes::TRANSACTIONS, &filter.to_pairs())
    };
    let (credits, debits) = (href(Flow::In), href(Flow::Out));
    view! {
        <section class="card grid grid-cols-2 gap-x-6 gap-y-4 p-4 sm:grid-cols-[minmax(0,2fr)_minmax(0,1fr)_minmax(0,1fr)] md:p-5" aria-label="Balance">
            <div class="col-span-2 sm:col-span-1">
                <p class="text-sm text-ink-2">"Balance" <TestBadge invented=account.invented/></p>
                <p class="text-3xl font-semibold" data-testid="account-balance">{balance}</p>
                <p class="text-sm text-ink-2 empty:hidden"><InApp money=in_app href=all/></p>
                <p class="text-sm text-ink-2">"Updated " <Ago at=account.updated_at now/></p>
                {bank}
            </div>
            <Movement label="In this month" money=came href=credits/>
            <Movement label="Out this month" money=went href=debits/>
        </section>
    }
    .into_any()
}

/// What came in and went out in the account's own currency.
fn movements(account: &AccountView, sums: &[CurrencySum]) -> [Option<Money>; 2] {
    let currency = account.balance().map(|balance| balance.currency);
    let sum = sums.iter().find(|sum| sum.currency == account.currency);
    let money = |minor: i64| currency.map(|currency| Money::new(minor, currency));
    [money(sum.map_or(0, |sum| sum.in_minor)), money(sum.map_or(0, |sum| sum.out_minor))]
}

#[component]
fn Movement(label: &'static str, money: Option<Money>, href: String) -> AnyView {
    view! {
        <div class="min-w-0 self-end">
            <p class="text-sm text-ink-2">{label}</p>
            <p class="text-lg font-semibold">
                <a href=href class="figure-link">{money.map(|money| view! { <Amount money signed=true/> })}</a>
            </p>
        </div>
    }
    .into_any()
}

/// The newest rows, and the way to all of them.
#[component]
fn Rows(
    account: AccountView,
    list: TransactionPage,
    own: Vec<OwnCategory>,
    today: Date,
) -> AnyView {
    if list.items.is_empty() {
        let href = format!("{}?account={}", routes::IMPORT, account.id);
        return view! {
            <div class="card">
                <EmptyState text="No transactions yet. Import a file from your bank to see them here.">
                    <LinkButton href icon=Glyph::Upload>"Import file"</LinkButton>
                </EmptyState>
            </div>
        }
        .into_any();
    }
    let all = address(routes::TRANSACTIONS, &filter(&account.id, None).to_pairs());
    let shown = i64::try_from(list.items.len()).unwrap_or(i64::MAX);
    let line = if list.total > shown {
        format!("The newest {shown} of {}", count(list.total, "transaction"))
    } else {
        count(list.total, "transaction")
    };
    view! {
        <section class="card" aria-labelledby="account-rows">
            <div class="flex min-h-12 flex-wrap items-center justify-between gap-x-4 border-b border-line px-4 py-2 md:px-5">
                <h2 id="account-rows" class="text-base font-semibold">"Transactions"</h2>
                <p class="text-sm text-ink-2">{line} " · " <a href=all class="link">"See all"</a></p>
            </div>
            <TransactionTable rows=list.items today caption="Transactions of this account" one_account=true own/>
        </section>
    }
    .into_any()
}

#[component]
fn Details(
    account: AccountView,
    connection: Option<ConnectionView>,
    verification: VerificationView,
    now: OffsetDateTime,
) -> AnyView {
    let verified = verification.method.map(|method| {
        let day = verification.verified_at.map(|at| view! { ", " <Day date=at.date()/> });
        view! { <Detail label="Verified">{method.label()} {day}</Detail> }
    });
    let connection = connection.map(|connection| {
        let href = routes::connection(&connection.id);
        view! {
            <Detail label="Connection">
                <a class="link" href=href>{connection.institution_name.clone()}</a> " " <TestBank connection=connection.clone()/>
                <span class="block text-ink-2"><Standing connection now/></span>
            </Detail>
        }
    });
    let mask = account.mask.clone();
    let is_token = account.number_is_token;
    let number = (is_token || mask_spoken(account.mask.as_deref()).is_some()).then(|| {
        let held = is_token
            .then(|| view! { <span class="block text-ink-2">"Number held by your bank"</span> });
        view! {
            <Detail label="Account number"><Mask mask/> {held}</Detail>
        }
    });
    let step = next_step(&account, Proofs::here())
        .map(|step| view! { <p class="mt-3 text-sm text-ink-2"><WhatNext step/></p> });
    view! {
        <Card id="account-details" title="Details">
            <dl class="flex flex-col gap-2.5 text-sm">
                <Detail label="Bank">{account.bank_name.clone()}</Detail>
                <Detail label="Type">{account.account_type.label()}</Detail>
                {number}
                <Detail label="Currency">{account.currency.clone()}</Detail>
                <Detail label="Status"><StatusBadge status=account.status/></Detail>
                {verified}
                {connection}
                <Detail label="Added"><Day date=account.created_at.date()/></Detail>
            </dl>
            {step}
        </Card>
    }
    .into_any()
}

#[component]
fn Detail(label: &'static str, children: Children) -> AnyView {
    view! {
        <div class="flex justify-between gap-4">
            <dt class="shrink-0 text-ink-2">{label}</dt>
            <dd class="min-w-0 text-right break-words">{children()}</dd>
        </div>
    }
    .into_any()
}

#[component]
fn Rename(account: AccountView) -> AnyView {
    view! {
        <Card id="account-name" title="Rename">
            <PostForm action=RENAME page=routes::account(&account.id) class="flex flex-col gap-3">
                <HiddenField name="id" value=account.id.to_string()/>
                <TextField
                    name="accountNickname"
                    label="Nickname"
                    value=account.account_nickname.unwrap_or_default()
                    maxlength=40
                    optional=true
                />
                <div><Button variant=Variant::Secondary busy="Saving…" attr:data-testid="account-rename">"Save nickname"</Button></div>
            </PostForm>
        </Card>
    }
    .into_any()
}
