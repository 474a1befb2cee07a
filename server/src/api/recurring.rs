//! `/api/recurring`: what repeats, and what comes next.

use axum::{
    Json,
    extract::{RawQuery, State},
};
use backend::{Backend, recurring};
use domain::{
    Code, FieldError, SeriesId, day, query,
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
    /// How many transactions it has.
    transactions: i64,
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
