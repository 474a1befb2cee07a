//! `/api/bank-accounts/{id}/statements`: what an account had, what came and went, what it had then.

use axum::{
    Json,
    extract::{FromRequestParts, Path, RawQuery, State},
    http::request::Parts,
};
use backend::{Backend, accounts, accounts::Statement as StatementView};
use domain::{AccountId, FieldError, Month, export::StatementLine, query};
use serde::Serialize;
use time::Date;
use utoipa::ToSchema;

use super::{
    body::{IdPath, named},
    error::{invalid, not_found, reject},
    list::{ErrorBody, List, PageQuery, numbered},
};
use crate::{http::Failure, session::Caller};

/// A month that has a statement.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct StatementMonth {
    /// Its year and number.
    #[schema(example = "2026-05")]
    month: String,
    /// Its first day.
    #[serde(with = "domain::day::iso")]
    #[schema(value_type = String, format = Date)]
    from: Date,
    /// Its last day.
    #[serde(with = "domain::day::iso")]
    #[schema(value_type = String, format = Date)]
    to: Date,
}

impl From<Month> for StatementMonth {
    fn from(month: Month) -> Self {
        Self { month: month.to_string(), from: month.first_day(), to: month.last_day() }
    }
}

/// A month of an account, in minor units. Opening plus in less out is closing, always.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Statement {
    /// The account.
    account_id: String,
    /// The year and the number of the month.
    #[schema(example = "2026-05")]
    month: String,
    /// ISO 4217: transactions in another currency don't count.
    #[schema(example = "USD")]
    currency: String,
    /// The balance before the first row.
    opening_minor: i64,
    /// What came in, zero or above.
    in_minor: i64,
    /// What went out, zero or above.
    out_minor: i64,
    /// The balance after the last row.
    closing_minor: i64,
    /// Its completed transactions, the oldest first.
    rows: Vec<Row>,
}

/// A transaction of a statement.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StatementRow)]
struct Row {
    /// Its id.
    id: String,
    /// The date at the bank.
    #[serde(with = "domain::day::iso")]
    #[schema(value_type = String, format = Date)]
    date: Date,
    /// The name of the shop, else the bank's text.
    title: String,
    /// The key of its category.
    category: String,
    /// Minor units: above zero came in, below went out.
    signed_amount_cents: i64,
    /// The balance after it.
    balance_minor: i64,
}

impl From<StatementView> for Statement {
    fn from(StatementView { account, sheet }: StatementView) -> Self {
        Self {
            account_id: account.id.into_string(),
            month: sheet.month.to_string(),
            currency: sheet.currency.code().to_owned(),
            opening_minor: sheet.opening_minor,
            in_minor: sheet.in_minor,
            out_minor: sheet.out_minor,
            closing_minor: sheet.closing_minor,
            rows: sheet.lines.into_iter().map(Row::from).collect(),
        }
    }
}

impl From<StatementLine> for Row {
    fn from(StatementLine { row, balance_minor }: StatementLine) -> Self {
        Self {
            id: row.id.into_string(),
            date: row.date,
            title: row.title,
            category: row.category,
            signed_amount_cents: row.minor,
            balance_minor,
        }
    }
}

/// The account and the month in a path.
pub(super) struct Place {
    account: AccountId,
    month: Month,
}

impl<S: Send + Sync> FromRequestParts<S> for Place {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let path = Path::<(String, String)>::from_request_parts(parts, state).await;
        let Path((account, month)) = path.map_err(|_| not_found("statement"))?;
        let month = month.parse().map_err(|code| invalid(&[FieldError::new("month", code)]))?;
        Ok(Self { account: named(account)?, month })
    }
}

/// The months of an account that have a statement: from its first transaction to now, the newest first.
#[utoipa::path(
    get,
    path = "/api/bank-accounts/{id}/statements",
    tag = "Bank accounts",
    params(("id" = String, Path, description = "The account"), PageQuery),
    responses(
        (status = 200, description = "One page of them", body = List<StatementMonth>),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such account", body = ErrorBody),
        (status = 422, description = "A parameter is out of range", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.statements.list", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn list(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<AccountId>,
    RawQuery(query): RawQuery,
) -> Result<Json<List<StatementMonth>>, Failure> {
    let request = numbered(&query::parse(query.as_deref().unwrap_or_default()))?;
    let all = accounts::statements(&backend, &caller, &id).await.map_err(reject)?;
    Ok(Json(List::of(all, &request)))
}

/// The statement of one month.
#[utoipa::path(
    get,
    path = "/api/bank-accounts/{id}/statements/{month}",
    tag = "Bank accounts",
    params(("id" = String, Path, description = "The account"), ("month" = String, Path, description = "The month, `YYYY-MM`")),
    responses(
        (status = 200, description = "Opening, in, out, closing and the rows", body = Statement),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such account", body = ErrorBody),
        (status = 422, description = "The month is none", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.statements.get", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn get(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    Place { account, month }: Place,
) -> Result<Json<Statement>, Failure> {
    let found = accounts::statement(&backend, &caller, &account, month).await.map_err(reject)?;
    Ok(Json(found.into()))
}
