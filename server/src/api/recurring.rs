//! `/api/recurring`: what repeats, and what comes next.

use axum::{
    Json,
    extract::{RawQuery, State},
    http::StatusCode,
};
use backend::{
    Backend,
    recurring::{self, Coming},
};
use domain::{
    Code, FieldError, SeriesId, TransactionId, day, query,
    recurring::SeriesView,
    states::series::{Choice, SeriesDecision},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    body::{Body, IdPath},
    error::{invalid, reject},
    list::{ErrorBody, List, PageQuery, numbered},
};
use crate::{http::Failure, session::Caller};

/// Something that repeats.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Series {
    /// Its id.
    id: String,
    /// The account of its transactions.
    account_id: String,
    /// The name of the merchant.
    merchant: String,
    /// `weekly`, `biweekly`, `monthly`, `quarterly` or `yearly`.
    cadence: &'static str,
    /// `fixed` or `variable`.
    kind: &'static str,
    /// `early`, `active`, `missed` or `ended`.
    status: &'static str,
    /// `open`, `confirmed` or `ignored`: what you said about it.
    decision: &'static str,
    /// What the next one should be, in minor units, in above zero.
    amount_minor: i64,
    /// ISO 4217.
    currency: String,
    /// When the next one should come; in the past when it is late.
    next_date: String,
    /// When the last one came.
    last_date: String,
    /// The last change of its price.
    price_change: Option<Change>,
    /// How many transactions it has.
    transactions: i64,
}

/// A change of a price.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PriceChange)]
pub(super) struct Change {
    /// The date of the first transaction with the new price.
    on: String,
    /// Minor units, without regard to direction: above zero is more than before.
    by_minor: i64,
}

impl From<SeriesView> for Series {
    fn from(series: SeriesView) -> Self {
        Self {
            id: series.id.into_string(),
            account_id: series.account_id.into_string(),
            merchant: series.merchant,
            cadence: series.cadence.as_str(),
            kind: series.kind.as_str(),
            status: series.status.as_str(),
            decision: series.decision.as_str(),
            amount_minor: series.amount_minor,
            currency: series.currency,
            next_date: day::format_iso(series.next_date),
            last_date: day::format_iso(series.last_date),
            price_change: series
                .change
                .map(|change| Change { on: day::format_iso(change.on), by_minor: change.by_minor }),
            transactions: series.rows,
        }
    }
}

/// What you say about it.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Said {
    /// `confirmed` or `ignored`.
    #[schema(example = "confirmed")]
    decision: String,
}

/// Everything that repeats, by its next date: what goes on, what has ended, what you ignore.
#[utoipa::path(
    get,
    path = "/api/recurring",
    tag = "Recurring",
    params(PageQuery),
    responses(
        (status = 200, description = "What repeats", body = List<Series>),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 422, description = "A parameter is out of range", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.recurring.list", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn list(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<List<Series>>, Failure> {
    let request = numbered(&query::parse(query.as_deref().unwrap_or_default()))?;
    let page = recurring::page(&backend, &caller).await.map_err(reject)?;
    let all = page.series.into_iter().chain(page.ended).chain(page.ignored).collect();
    Ok(Json(List::of(all, &request)))
}

/// One of them.
#[utoipa::path(
    get,
    path = "/api/recurring/{id}",
    tag = "Recurring",
    params(("id" = String, Path, description = "The series")),
    responses(
        (status = 200, description = "The series", body = Series),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such series", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.recurring.get", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn get(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<SeriesId>,
) -> Result<Json<Series>, Failure> {
    let detail = recurring::get(&backend, &caller, &id).await.map_err(reject)?;
    Ok(Json(detail.series.into()))
}

/// Confirms or ignores one of them.
#[utoipa::path(
    patch,
    path = "/api/recurring/{id}",
    tag = "Recurring",
    params(("id" = String, Path, description = "The series")),
    request_body = Said,
    responses(
        (status = 200, description = "The series as it is now", body = Series),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such series", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 422, description = "The decision is none", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.recurring.update", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn update(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<SeriesId>,
    body: Body<Said>,
) -> Result<Json<Series>, Failure> {
    let choice = match body.value.decision.parse() {
        Ok(SeriesDecision::Confirmed) => Choice::Confirm,
        Ok(SeriesDecision::Ignored) => Choice::Ignore,
        _ => return Err(invalid(&[FieldError::new("decision", Code::OptionUnknown)])),
    };
    recurring::choose(&backend, &caller, &id, choice).await.map_err(reject)?;
    let detail = recurring::get(&backend, &caller, &id).await.map_err(reject)?;
    Ok(Json(detail.series.into()))
}

/// Another series.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = SeriesTarget)]
pub(super) struct Target {
    /// The series that it is part of.
    into: String,
}

/// One of its transactions.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = LeftOutTransaction)]
pub(super) struct LeftOut {
    /// Which.
    transaction_id: String,
}

/// What should come in the next 31 days.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ComingTransactions)]
pub(super) struct ComingList {
    /// Today where you live.
    today: String,
    /// By day.
    items: Vec<ComingRow>,
}

/// One transaction that should come.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ComingTransaction)]
pub(super) struct ComingRow {
    /// When.
    date: String,
    /// Of which series.
    series_id: String,
    /// The name of the merchant.
    merchant: String,
    /// Minor units, in above zero.
    amount_minor: i64,
    /// ISO 4217.
    currency: String,
}

impl From<Coming> for ComingRow {
    fn from(row: Coming) -> Self {
        Self {
            date: day::format_iso(row.date),
            series_id: row.series.into_string(),
            merchant: row.merchant,
            amount_minor: row.amount_minor,
            currency: row.currency,
        }
    }
}

/// What should come in the next 31 days.
#[utoipa::path(
    get,
    path = "/api/recurring/coming",
    tag = "Recurring",
    responses(
        (status = 200, description = "What should come, by day", body = ComingList),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.recurring.coming", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn coming(
    State(backend): State<Backend>,
    Caller(caller): Caller,
) -> Result<Json<ComingList>, Failure> {
    let page = recurring::page(&backend, &caller).await.map_err(reject)?;
    let items = page.coming.into_iter().map(Into::into).collect();
    Ok(Json(ComingList { today: day::format_iso(page.today), items }))
}

/// Makes one of them part of another, for good.
#[utoipa::path(
    post,
    path = "/api/recurring/{id}/merge",
    tag = "Recurring",
    params(("id" = String, Path, description = "The series")),
    request_body = Target,
    responses(
        (status = 200, description = "The other one, with what it has now", body = Series),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such series", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 422, description = "It can't be part of that one", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.recurring.merge", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn merge(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<SeriesId>,
    body: Body<Target>,
) -> Result<Json<Series>, Failure> {
    let into = SeriesId::new(body.value.into);
    recurring::merge(&backend, &caller, &id, &into).await.map_err(reject)?;
    let detail = recurring::get(&backend, &caller, &into).await.map_err(reject)?;
    Ok(Json(detail.series.into()))
}

/// Takes a transaction out of one of them: it is part of none from now on.
#[utoipa::path(
    post,
    path = "/api/recurring/{id}/leave-out",
    tag = "Recurring",
    params(("id" = String, Path, description = "The series")),
    request_body = LeftOut,
    responses(
        (status = 204, description = "It is left out"),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such series, or it has no such transaction", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.recurring.leave_out", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn leave_out(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<SeriesId>,
    body: Body<LeftOut>,
) -> Result<StatusCode, Failure> {
    let row = TransactionId::new(body.value.transaction_id);
    recurring::leave_out(&backend, &caller, &id, &row).await.map_err(reject)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Says that you have seen the change of its price: it waits for a look no more.
#[utoipa::path(
    put,
    path = "/api/recurring/{id}/price-seen",
    tag = "Recurring",
    params(("id" = String, Path, description = "The series")),
    responses(
        (status = 204, description = "It is seen"),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such series", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.recurring.see_price", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn see_price(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<SeriesId>,
) -> Result<StatusCode, Failure> {
    recurring::see_price(&backend, &caller, &id).await.map_err(reject)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes that back.
#[utoipa::path(
    delete,
    path = "/api/recurring/{id}/price-seen",
    tag = "Recurring",
    params(("id" = String, Path, description = "The series")),
    responses(
        (status = 204, description = "It waits for a look again"),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such series", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.recurring.forget_price", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn forget_price(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<SeriesId>,
) -> Result<StatusCode, Failure> {
    recurring::forget_price(&backend, &caller, &id).await.map_err(reject)?;
    Ok(StatusCode::NO_CONTENT)
}
