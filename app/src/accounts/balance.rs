//! What an account held day by day, and what its bank says, on the page of the account.

use std::sync::Arc;

use backend::{
    accounts::{Balances, BankBalance, Gap, GapCause, GapKind},
    recurring::Coming,
};
use domain::{
    AccountId, AccountView, Currency, Date, DayTotal, Money, TransactionFilter, TransactionStatus,
    balance::BalanceRange, query, review::Kind,
};
use leptos::prelude::*;
use time::OffsetDateTime;

use super::projection::{ComingRows, Projection};
use crate::{
    AppError, routes,
    server::{reject, signed_in},
    ui::{Ago, Amount, AmountText, AreaChart, Card, Tab, Tabs, count::count, query::address},
};

/// The balances of one of the caller's accounts.
#[server(prefix = "/api/fn", endpoint = "accounts/balances")]
pub async fn get_balances(id: AccountId, range: BalanceRange) -> Result<Balances, AppError> {
    let (backend, caller) = signed_in()?;
    backend::accounts::balances(&backend, &caller, &id, range).await.map_err(reject)
}

/// The line of the balance, with the ranges as tabs, and how it goes on where something repeats.
#[component]
pub(super) fn BalanceCard(
    account: AccountView,
    range: BalanceRange,
    days: Vec<DayTotal>,
    coming: Vec<Coming>,
) -> AnyView {
    let Some((currency, mut sentence)) = account
        .balance()
        .and_then(|balance| Some((balance.currency, sentence(&days, range, balance.currency)?)))
    else {
        return ().into_any();
    };
    if let Some(said) = account.held().filter(|_| account.ledger_differs().is_some()) {
        let said = format!(" By the transactions in the app; the bank says {}.", said.shown());
        sentence.push_str(&said);
    }
    let projection = Projection::new(&account, &days, coming);
    let guide = projection.as_ref().zip(days.first()).map(|(ahead, first)| ahead.guide(first));
    let items = BalanceRange::ALL
        .map(|item| {
            let pairs = [("range".to_owned(), item.as_str().to_lowercase())];
            let href = format!("{}?{}", routes::account(&account.id), query::encode(&pairs));
            Tab::new(item.as_str(), href, item == range)
        })
        .to_vec();
    let id = account.id;
    view! {
        <Card id="account-line" title="Balance by day">
            <div class="mb-4"><Tabs label="How far back" items/></div>
            <AreaChart
                id="balance-chart"
                title=format!("Balance by day in {}", currency.code())
                heading_hidden=true
                sentence
                points=days
                guide
                label="Balance"
                currency
                explain=Arc::new(move |day| rows_of_day(&id, day))
            />
            {projection.map(|projection| view! { <ComingRows projection/> })}
        </Card>
    }
    .into_any()
}

/// "From $1,200.00 to $980.00 in three months." Nothing without days.
fn sentence(days: &[DayTotal], range: BalanceRange, currency: Currency) -> Option<String> {
    let say = |day: &DayTotal| Money::new(day.minor, currency).shown();
    let (first, last) = (days.first()?, days.last()?);
    Some(format!("From {} to {} {}.", say(first), say(last), range.words()))
}

fn rows_of_day(account: &AccountId, day: Date) -> String {
    let filter = TransactionFilter { from: Some(day), to: Some(day), ..of_account(account) };
    address(routes::TRANSACTIONS, &filter.to_pairs())
}

/// Since when the bank says what stands above, and where our rows say something else for long, why that may be.
#[component]
pub(super) fn BankSays(account: AccountView, bank: BankBalance, now: OffsetDateTime) -> AnyView {
    let Some(currency) = account.balance().map(|balance| balance.currency) else {
        return ().into_any();
    };
    let at = bank.at.map(|at| view! { ", " <Ago at now/> });
    let gap = bank.gap.map(|gap| view! { <GapNotice account=account.id gap currency/> });
    view! {
        <p class="text-sm text-ink-2" data-testid="bank-balance">
            "What the bank says" {at}
        </p>
        {gap}
    }
    .into_any()
}

/// "Ledger differs by $12.40 · Why?"
#[component]
fn GapNotice(account: AccountId, gap: Gap, currency: Currency) -> AnyView {
    let differs = Money::new(gap.minor.saturating_abs(), currency).shown();
    let causes = gap.causes.into_iter().map(|cause| cause_line(&account, cause, currency));
    let causes: Vec<AnyView> = causes.collect();
    view! {
        <details class="disclosure mt-1 text-sm" data-testid="gap">
            <summary>{format!("Ledger differs by {differs} · Why?")}</summary>
            <ul class="mt-1 flex list-disc flex-col gap-1 pl-5 text-ink-2">
                {causes}
                <li>"The bank may not have sent every transaction yet. Nothing is adjusted without you."</li>
            </ul>
        </details>
    }
    .into_any()
}

fn cause_line(account: &AccountId, cause: GapCause, currency: Currency) -> AnyView {
    let rows_of = |filter: TransactionFilter| address(routes::TRANSACTIONS, &filter.to_pairs());
    let pending = Some(TransactionStatus::Pending);
    let href = match cause.kind {
        GapKind::Pending => rows_of(TransactionFilter { status: pending, ..of_account(account) }),
        GapKind::NotFromTheBank => rows_of(of_account(account)),
        GapKind::Duplicates => routes::review(Kind::Duplicates, None),
    };
    let rows = count(cause.rows, "transaction");
    let why = match cause.kind {
        GapKind::Pending => " still pending: the bank may count them already.",
        GapKind::NotFromTheBank => " added by hand or from a file: the bank never sent them.",
        GapKind::Duplicates => " may be here twice.",
    };
    view! {
        <li>
            <a class="link" href=href>{rows}</a> " (" <Amount money=Money::new(cause.minor, currency) signed=true/> ")" {why}
        </li>
    }
    .into_any()
}

fn of_account(account: &AccountId) -> TransactionFilter {
    TransactionFilter { account: Some(account.clone()), ..TransactionFilter::default() }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn the_sentence_has_both_ends_and_how_long() {
        let day = |date, minor| DayTotal { date, minor };
        let days = [day(date!(2026 - 05 - 01), 120_000), day(date!(2026 - 05 - 31), -9_800)];

        assert_eq!(
            sentence(&days, BalanceRange::Month, Currency::USD).as_deref(),
            Some("From $1,200.00 to \u{2212}$98.00 in 30 days.")
        );
        assert_eq!(sentence(&[], BalanceRange::All, Currency::USD), None);
    }
}
