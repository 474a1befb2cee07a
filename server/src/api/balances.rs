//! `/api/bank-accounts/{id}/balances`: what an account held day by day, and what its bank says.

use axum::{
    Json,
    extract::{RawQuery, State},
};
use backend::{
    Backend,
    accounts::{self, BankBalance, Gap, GapKind},
};
use domain::{AccountId, Code, DayTotal, FieldError, balance::BalanceRange, day, query};
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::{IntoParams, ToSchema};

use super::{
    body::IdPath,
    error::{invalid, reject},
    list::ErrorBody,
};
use crate::{http::Failure, session::Caller};

/// How far back.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the document is made of it; the query is read by hand")]
pub(super) struct BalancesQuery {
    /// `1m`, `3m`, `1y` or `all`: every day since the first transaction.
    #[param(required = false, default = "3m")]
    range: String,
}

/// The balances of an account, in minor units of its currency.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AccountBalances {
    /// ISO 4217.
    currency: String,
    /// What its completed transactions add up to.
    balance_minor: i64,
    /// The balance at the end of each day up to today; empty without transactions.
    days: Vec<BalanceDay>,
    /// What the bank says, where a connection reads the account.
    bank: Option<BankSays>,
}

/// The balance at the end of a day.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct BalanceDay {
    /// `YYYY-MM-DD`
    date: String,
    /// Minor units.
    balance_minor: i64,
}

/// What a bank says an account holds.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct BankSays {
    /// What it holds.
    balance_minor: i64,
    /// What may be spent, where the bank says so.
    available_minor: Option<i64>,
    /// When it said so, in UTC.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<OffsetDateTime>,
    /// Why ours is another, where it has been for more than two days.
    gap: Option<BalanceGap>,
}

/// The difference between a bank and our ledger.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct BalanceGap {
    /// The bank's balance less ours.
    minor: i64,
    /// What may be behind it.
    causes: Vec<BalanceGapCause>,
}

/// Transactions that a bank may count otherwise.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct BalanceGapCause {
    /// `pending`, `not_from_the_bank` or `duplicates`.
    kind: &'static str,
    /// How many.
    transactions: i64,
    /// What they come to.
    minor: i64,
}

impl From<DayTotal> for BalanceDay {
    fn from(day: DayTotal) -> Self {
        Self { date: day::format_iso(day.date), balance_minor: day.minor }
    }
}

impl From<BankBalance> for BankSays {
    fn from(bank: BankBalance) -> Self {
        Self {
            balance_minor: bank.minor,
            available_minor: bank.available_minor,
            at: bank.at,
            gap: bank.gap.map(Into::into),
        }
    }
}

impl From<Gap> for BalanceGap {
    fn from(gap: Gap) -> Self {
        let causes = gap.causes.into_iter().map(|cause| BalanceGapCause {
            kind: match cause.kind {
                GapKind::Pending => "pending",
                GapKind::NotFromTheBank => "not_from_the_bank",
                GapKind::Duplicates => "duplicates",
            },
            transactions: cause.rows,
            minor: cause.minor,
        });
        Self { minor: gap.minor, causes: causes.collect() }
    }
}

/// What a bank account held day by day, and what its bank says.
#[utoipa::path(
    get,
    path = "/api/bank-accounts/{id}/balances",
    tag = "Bank accounts",
    params(("id" = String, Path, description = "The account"), BalancesQuery),
    responses(
        (status = 200, description = "The balances", body = AccountBalances),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such account", body = ErrorBody),
        (status = 422, description = "`range` is none of these", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.balances.get", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn get(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<AccountId>,
    RawQuery(query): RawQuery,
) -> Result<Json<AccountBalances>, Failure> {
    let pairs = query::parse(query.as_deref().unwrap_or_default());
    let word = pairs.iter().find(|(name, _)| name == "range").map_or("3m", |(_, word)| &**word);
    let known = BalanceRange::ALL.into_iter().find(|range| range.as_str().to_lowercase() == word);
    let unknown = || invalid(&[FieldError::new("range", Code::OptionUnknown)]);
    let range = known.ok_or_else(unknown)?;
    let found = accounts::balances(&backend, &caller, &id, range).await.map_err(reject)?;
    Ok(Json(AccountBalances {
        currency: found.account.currency,
        balance_minor: found.account.balance_minor,
        days: found.days.into_iter().map(Into::into).collect(),
        bank: found.bank.map(Into::into),
    }))
}
