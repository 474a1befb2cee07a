//! `/api/budgets`: what somebody means to spend, and how it stands.

use axum::{
    Json,
    extract::{RawQuery, State},
    response::Response,
};
use backend::{Backend, budgets};
use domain::{BudgetId, Code, FieldError, budget::BudgetForm, day, query};

use super::{
    answer::{Done, created, done},
    body::{Body, IdPath},
    budget_shapes::{
        Added, Budget, Budgets, BudgetsQuery, ChangedBudget, NewBudget, Replay, Window,
    },
    error::{invalid, reject},
    key::{IdempotencyKey, KeyHeader},
    list::{ErrorBody, List, PageQuery, numbered},
};
use crate::{http::Failure, session::Caller};

/// The name under which a repeated request is recognised.
const CREATE: &str = "POST /api/budgets";

/// Your budgets that live on a day, in the order they were made, and the spending that none of them counts.
#[utoipa::path(
    get,
    path = "/api/budgets",
    tag = "Budgets",
    params(BudgetsQuery),
    responses(
        (status = 200, description = "Each in the window of that day", body = Budgets),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 422, description = "The day is none, or a parameter is out of range", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.budgets.list", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn list(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<Budgets>, Failure> {
    let pairs = query::parse(query.as_deref().unwrap_or_default());
    let asked = pairs.iter().find(|(name, value)| name == "day" && !value.is_empty());
    let day = asked.map(|(_, day)| day::parse_iso(day).ok_or(Code::DateInvalid)).transpose();
    let day = day.map_err(|code| invalid(&[FieldError::new("day", code)]))?;
    let request = numbered(&pairs)?;
    let page = budgets::page(&backend, &caller, day).await.map_err(reject)?;
    let unbudgeted = page.unbudgeted.into_iter().map(Into::into).collect();
    Ok(Json(Budgets { list: List::of(page.budgets, &request), unbudgeted }))
}

/// Makes a budget.
#[utoipa::path(
    post,
    path = "/api/budgets",
    tag = "Budgets",
    params(KeyHeader),
    request_body = NewBudget,
    responses(
        (status = 201, description = "Made", body = Added, headers(("Location", description = "Where the budget is"), ("Idempotent-Replayed", description = "`true` when an earlier request did it"))),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 409, description = "The first request with this key still runs", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 422, description = "Fields break rules, or the key came with another request", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.budgets.create", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn create(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    key: IdempotencyKey,
    body: Body<NewBudget>,
) -> Result<Response, Failure> {
    let once = key.once(CREATE, &body.bytes);
    let form = BudgetForm::from(body.value);
    let outcome = budgets::create(&backend, &caller, &form, once.as_ref()).await.map_err(reject)?;
    let made = budgets::get(&backend, &caller, &outcome.value).await.map_err(reject)?;
    let added = Added { success: true, budget: made.budget.into() };
    Ok(created(&format!("/api/budgets/{}", outcome.value), added, outcome.replayed))
}

/// How the last twelve windows would have gone with a budget like this. Nothing is stored.
#[utoipa::path(
    post,
    path = "/api/budgets/replay",
    tag = "Budgets",
    request_body = NewBudget,
    responses(
        (status = 200, description = "The windows before that of today, whatever the first and the last day are", body = Replay),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 422, description = "Fields break rules", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.budgets.replay", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn replay(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    body: Body<NewBudget>,
) -> Result<Json<Replay>, Failure> {
    let form = BudgetForm::from(body.value);
    let replay = budgets::preview(&backend, &caller, &form).await.map_err(reject)?;
    Ok(Json(replay.into()))
}

/// One of your budgets, in the window of today or in its last.
#[utoipa::path(
    get,
    path = "/api/budgets/{id}",
    tag = "Budgets",
    params(("id" = String, Path, description = "The budget")),
    responses(
        (status = 200, description = "The budget", body = Budget),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such budget", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.budgets.get", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn get(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<BudgetId>,
) -> Result<Json<Budget>, Failure> {
    let detail = budgets::get(&backend, &caller, &id).await.map_err(reject)?;
    Ok(Json(detail.budget.into()))
}

/// Changes a budget. Another amount holds from the current window on, or for the past too.
#[utoipa::path(
    patch,
    path = "/api/budgets/{id}",
    tag = "Budgets",
    params(("id" = String, Path, description = "The budget")),
    request_body = ChangedBudget,
    responses(
        (status = 200, description = "The budget as it is now", body = Budget),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such budget", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 422, description = "Fields break rules", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.budgets.update", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn update(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<BudgetId>,
    body: Body<ChangedBudget>,
) -> Result<Json<Budget>, Failure> {
    budgets::update(&backend, &caller, &id, body.value.into()).await.map_err(reject)?;
    let detail = budgets::get(&backend, &caller, &id).await.map_err(reject)?;
    Ok(Json(detail.budget.into()))
}

/// Ends a budget today; its history stays. One that has ended stays as it is.
#[utoipa::path(
    post,
    path = "/api/budgets/{id}/end",
    tag = "Budgets",
    params(("id" = String, Path, description = "The budget")),
    responses(
        (status = 200, description = "The budget as it is now", body = Budget),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such budget", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.budgets.end", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn end(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<BudgetId>,
) -> Result<Json<Budget>, Failure> {
    budgets::end(&backend, &caller, &id).await.map_err(reject)?;
    let detail = budgets::get(&backend, &caller, &id).await.map_err(reject)?;
    Ok(Json(detail.budget.into()))
}

/// The windows of a budget up to that of today, or to its last, the newest first; at most 600.
#[utoipa::path(
    get,
    path = "/api/budgets/{id}/history",
    tag = "Budgets",
    params(("id" = String, Path, description = "The budget"), PageQuery),
    responses(
        (status = 200, description = "One page of them", body = List<Window>),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such budget", body = ErrorBody),
        (status = 422, description = "A parameter is out of range", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.budgets.history", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn history(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<BudgetId>,
    RawQuery(query): RawQuery,
) -> Result<Json<List<Window>>, Failure> {
    let request = numbered(&query::parse(query.as_deref().unwrap_or_default()))?;
    let all = budgets::history(&backend, &caller, &id).await.map_err(reject)?;
    Ok(Json(List::of(all, &request)))
}

/// Deletes a budget with its history, for good. Transactions stay.
#[utoipa::path(
    delete,
    path = "/api/budgets/{id}",
    tag = "Budgets",
    params(("id" = String, Path, description = "The budget")),
    responses(
        (status = 200, description = "Deleted", body = Done),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such budget", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.budgets.delete", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn delete(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<BudgetId>,
) -> Result<Json<Done>, Failure> {
    budgets::delete(&backend, &caller, &id).await.map_err(reject)?;
    Ok(done())
}
