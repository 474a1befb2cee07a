//! `/api/transfers`: two rows that are one movement.

use axum::{
    Json,
    extract::{RawQuery, State},
    http::StatusCode,
    response::Response,
};
use backend::{
    Backend,
    transactions::{
        Brief,
        transfers::{self, Suggestion},
    },
};
use domain::{Code, FieldError, PairId, TransactionId, day, query, states::pair::PairState};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    answer::created,
    body::{Body, IdPath, named},
    error::{invalid, reject},
    list::{ErrorBody, after},
};
use crate::{http::Failure, session::Caller};

/// One side of a pair.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = TransferSide)]
pub(super) struct Side {
    /// The transaction.
    id: String,
    /// What its account is called.
    account_name: String,
    /// `YYYY-MM-DD`
    date: String,
    /// The name of the shop, else the bank's text.
    title: String,
    /// Minor units, in above zero.
    amount_minor: i64,
    /// ISO 4217.
    currency: String,
    /// The key of its category.
    category: String,
    /// `pending`, `completed` or `failed`.
    status: &'static str,
    /// Where it comes from.
    source: String,
}

impl From<Brief> for Side {
    fn from(row: Brief) -> Self {
        Self {
            id: row.id.into_string(),
            account_name: row.account_name,
            date: day::format_iso(row.date),
            title: row.title,
            amount_minor: row.amount_minor,
            currency: row.currency,
            category: row.category,
            status: row.status.as_str(),
            source: row.source,
        }
    }
}

/// Two transactions that are a transfer between own accounts, or may be one.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Transfer {
    /// The pair.
    id: String,
    /// The money that left.
    out: Side,
    /// The money that came.
    #[serde(rename = "in")]
    into: Side,
}

impl From<Suggestion> for Transfer {
    fn from(pair: Suggestion) -> Self {
        Self { id: pair.id.into_string(), out: pair.out.into(), into: pair.into.into() }
    }
}

/// Pairs of transactions: ten at a time, the newest first.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Transfers {
    /// The pairs.
    items: Vec<Transfer>,
    /// `after` of the next page; null on the last.
    next: Option<String>,
}

/// Transactions that can be the other side of one.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = TransferCandidates)]
pub(super) struct Candidates {
    /// The likeliest first.
    items: Vec<Side>,
}

/// Two transactions that are a transfer.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NewTransfer {
    /// One of them.
    transaction_id: String,
    /// The other.
    other_id: String,
}

/// The pair that was made.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct MadeTransfer {
    /// Its id.
    id: String,
}

/// Which transfers, and where the page begins.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the document is made of it; the query is read by hand")]
pub(super) struct TransfersQuery {
    /// `suggested`: those that wait for a decision. `confirmed`: those that are transfers.
    #[param(required = false, default = "suggested")]
    state: String,
    /// `next` of the page before.
    #[param(required = false)]
    after: String,
}

fn find<'p>(pairs: &'p [(String, String)], name: &str) -> Option<&'p str> {
    pairs.iter().find(|(key, _)| key == name).map(|(_, value)| &**value)
}

/// Transfers between your accounts: suggested ones, or those that are.
#[utoipa::path(
    get,
    path = "/api/transfers",
    tag = "Review",
    params(TransfersQuery),
    responses(
        (status = 200, description = "The pairs", body = Transfers),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 422, description = "`state` is neither `suggested` nor `confirmed`, or `after` is no id", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.transfers.list", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn list(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<Transfers>, Failure> {
    let pairs = query::parse(query.as_deref().unwrap_or_default());
    let state = match find(&pairs, "state") {
        None | Some("suggested") => PairState::Suggested,
        Some("confirmed") => PairState::Confirmed,
        Some(_) => return Err(invalid(&[FieldError::new("state", Code::OptionUnknown)])),
    };
    let after: Option<PairId> = after(&pairs)?;
    let after = after.as_ref().map(PairId::as_str);
    let page = transfers::page(&backend, &caller, state, after).await.map_err(reject)?;
    let items = page.items.into_iter().map(Into::into).collect();
    Ok(Json(Transfers { items, next: page.next }))
}

/// Makes two of your transactions a transfer, whatever was said about them before.
#[utoipa::path(
    post,
    path = "/api/transfers",
    tag = "Review",
    request_body = NewTransfer,
    responses(
        (status = 201, description = "They are a transfer", body = MadeTransfer, headers(("Location", description = "Where it is listed"))),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such transaction", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 422, description = "These two can't be a transfer", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.transfers.create", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn link(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    body: Body<NewTransfer>,
) -> Result<Response, Failure> {
    let row: TransactionId = named(body.value.transaction_id)?;
    let other: TransactionId = named(body.value.other_id)?;
    let id = transfers::link(&backend, &caller, &row, &other).await.map_err(reject)?;
    let made = MadeTransfer { id: id.into_string() };
    Ok(created("/api/transfers?state=confirmed", made, false))
}

/// Confirms a suggested transfer: both sides leave spending and income.
#[utoipa::path(
    post,
    path = "/api/transfers/{id}/confirm",
    tag = "Review",
    params(("id" = String, Path, description = "The pair")),
    responses(
        (status = 204, description = "It is a transfer"),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such suggestion", body = ErrorBody),
        (status = 422, description = "A side is part of another transfer by now", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.transfers.confirm", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn confirm(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<PairId>,
) -> Result<StatusCode, Failure> {
    transfers::confirm(&backend, &caller, &id).await.map_err(reject)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Turns a suggested transfer down. It is never suggested again.
#[utoipa::path(
    post,
    path = "/api/transfers/{id}/reject",
    tag = "Review",
    params(("id" = String, Path, description = "The pair")),
    responses(
        (status = 204, description = "It is none"),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such suggestion", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.transfers.reject", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn turn_down(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<PairId>,
) -> Result<StatusCode, Failure> {
    transfers::reject(&backend, &caller, &id).await.map_err(reject)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a transfer apart: both transactions are what they were.
#[utoipa::path(
    post,
    path = "/api/transfers/{id}/unlink",
    tag = "Review",
    params(("id" = String, Path, description = "The pair")),
    responses(
        (status = 204, description = "It is none any more"),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such transfer", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.transfers.unlink", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn unlink(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<PairId>,
) -> Result<StatusCode, Failure> {
    transfers::unlink(&backend, &caller, &id).await.map_err(reject)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Transactions of yours that can be the other side of this one.
#[utoipa::path(
    get,
    path = "/api/transactions/{id}/transfer-candidates",
    tag = "Review",
    params(("id" = String, Path, description = "The transaction")),
    responses(
        (status = 200, description = "The candidates; none for one that is paired or split", body = Candidates),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such transaction", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.transfers.candidates", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn candidates(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<TransactionId>,
) -> Result<Json<Candidates>, Failure> {
    let rows = transfers::candidates(&backend, &caller, &id).await.map_err(reject)?;
    Ok(Json(Candidates { items: rows.into_iter().map(Into::into).collect() }))
}
