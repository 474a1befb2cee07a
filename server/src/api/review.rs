//! `/api/review`: what waits for a look. The pairs among it have routes of their own.

use axum::{
    Json,
    extract::{RawQuery, State},
};
use backend::{
    Backend,
    review::{self, Counts},
    transactions::Unsorted,
};
use domain::{TransactionId, query};
use serde::Serialize;
use time::Date;
use utoipa::{IntoParams, ToSchema};

use super::{
    error::reject,
    list::{ErrorBody, after},
};
use crate::{http::Failure, session::Caller};

/// How many things wait, by kind.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ReviewCounts)]
pub(super) struct Waiting {
    /// Transactions without a category.
    unsorted: i64,
    /// Pairs of transactions that may be one.
    duplicates: i64,
    /// Pairs of transactions that may be a transfer.
    transfers: i64,
    /// Prices that rose.
    prices: i64,
    /// All of these.
    total: i64,
}

impl From<Counts> for Waiting {
    fn from(counts: Counts) -> Self {
        Self {
            unsorted: counts.unsorted,
            duplicates: counts.duplicates,
            transfers: counts.transfers,
            prices: counts.prices,
            total: counts.all(),
        }
    }
}

/// A transaction without a category, and what it is likely to be.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct UncategorizedTransaction {
    /// Its id.
    id: String,
    /// What its account is called.
    account_name: String,
    /// The last digits of that account's number, when there are enough to show some.
    account_mask: Option<String>,
    /// Its date.
    #[serde(with = "domain::day::iso")]
    #[schema(value_type = String, format = Date, example = "2026-05-04")]
    date: Date,
    /// The name of the shop, else the bank's text.
    title: String,
    /// The bank's text.
    description: String,
    /// `pending` or `completed`.
    status: &'static str,
    /// Minor units, in above zero.
    amount_minor: i64,
    /// ISO 4217.
    currency: String,
    /// Where it comes from.
    source: String,
    /// The keys of its likely categories, the likeliest first; none where nothing is known.
    likely: Vec<String>,
}

impl From<Unsorted> for UncategorizedTransaction {
    fn from(Unsorted { row, likely }: Unsorted) -> Self {
        Self {
            id: row.id.into_string(),
            account_name: row.account_name,
            account_mask: row.account_mask,
            date: row.date,
            title: row.title,
            description: row.description,
            status: row.status.as_str(),
            amount_minor: row.amount_minor,
            currency: row.currency,
            source: row.source,
            likely,
        }
    }
}

/// Transactions without a category: ten at a time, the newest first.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct UncategorizedTransactions {
    /// The transactions.
    items: Vec<UncategorizedTransaction>,
    /// `after` of the next page; null on the last.
    next: Option<String>,
}

/// Where the page begins.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the document is made of it; the query is read by hand")]
pub(super) struct UncategorizedQuery {
    /// `next` of the page before; it stays good when that transaction gets its category.
    #[param(required = false)]
    after: String,
}

/// How many things wait for you to look at them.
#[utoipa::path(
    get,
    path = "/api/review",
    tag = "Review",
    responses(
        (status = 200, description = "The numbers", body = Waiting),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.review.counts", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn counts(
    State(backend): State<Backend>,
    Caller(caller): Caller,
) -> Result<Json<Waiting>, Failure> {
    let waiting = review::waiting(&backend, &caller).await.map_err(reject)?;
    Ok(Json(waiting.counts.into()))
}

/// Transactions that wait for a category, with what each is likely to be. `PATCH /api/transactions/{id}` gives one.
#[utoipa::path(
    get,
    path = "/api/review/uncategorized",
    tag = "Review",
    params(UncategorizedQuery),
    responses(
        (status = 200, description = "The transactions; none after an id that is none of yours", body = UncategorizedTransactions),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 422, description = "`after` is no id", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.review.uncategorized", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn uncategorized(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<UncategorizedTransactions>, Failure> {
    let pairs = query::parse(query.as_deref().unwrap_or_default());
    let after: Option<TransactionId> = after(&pairs)?;
    let after = after.as_ref().map(TransactionId::as_str);
    let page = review::unsorted(&backend, &caller, after).await.map_err(reject)?;
    let items = page.items.into_iter().map(Into::into).collect();
    Ok(Json(UncategorizedTransactions { items, next: page.next }))
}
