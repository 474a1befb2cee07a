//! `/api/recurring`: what repeats, and what comes next.

use axum::{
    Json,
    extract::{RawQuery, State},
    http::StatusCode,
};
use backend::{Backend, recurring};
use domain::{
    Code, FieldError, SeriesId, TransactionId, day, query,
    states::series::{Choice, SeriesDecision},
};

use super::{
    body::{Body, IdPath},
    error::{invalid, reject},
    list::{ErrorBody, List, PageQuery, numbered},
    recurring_shapes::{ComingList, LeftOut, Said, Series, SeriesMerge, Target, TargetQuery},
};
use crate::{http::Failure, session::Caller};

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

/// Confirms or ignores one of them, or takes that back.
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
    let decision: Option<SeriesDecision> = body.value.decision.parse().ok();
    let choice: Option<Choice> = decision.and_then(SeriesDecision::back);
    let choice =
        choice.ok_or_else(|| invalid(&[FieldError::new("decision", Code::OptionUnknown)]))?;
    recurring::choose(&backend, &caller, &id, choice).await.map_err(reject)?;
    let detail = recurring::get(&backend, &caller, &id).await.map_err(reject)?;
    Ok(Json(detail.series.into()))
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

/// What would be joined if it became part of another. Nothing is written.
#[utoipa::path(
    get,
    path = "/api/recurring/{id}/merge",
    tag = "Recurring",
    params(("id" = String, Path, description = "The series"), TargetQuery),
    responses(
        (status = 200, description = "Both, with their transactions", body = SeriesMerge),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such series", body = ErrorBody),
        (status = 422, description = "It can't be part of that one", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.recurring.look_at_merge", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn look_at_merge(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<SeriesId>,
    RawQuery(query): RawQuery,
) -> Result<Json<SeriesMerge>, Failure> {
    let pairs = query::parse(query.as_deref().unwrap_or_default());
    let into = SeriesId::new(query::value(&pairs, "into").unwrap_or_default());
    let look = recurring::look_at_merge(&backend, &caller, &id, &into).await.map_err(reject)?;
    Ok(Json(look.into()))
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

/// Puts a transaction that was taken out of it back.
#[utoipa::path(
    post,
    path = "/api/recurring/{id}/put-back",
    tag = "Recurring",
    params(("id" = String, Path, description = "The series")),
    request_body = LeftOut,
    responses(
        (status = 204, description = "It is part of it again"),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such series, or took no such transaction out of it", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.recurring.put_back", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn put_back(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<SeriesId>,
    body: Body<LeftOut>,
) -> Result<StatusCode, Failure> {
    let row = TransactionId::new(body.value.transaction_id);
    recurring::put_back(&backend, &caller, &id, &row).await.map_err(reject)?;
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
