//! `/api/budgets`: what somebody means to spend, and how it stands.

use axum::{
    Json,
    extract::{RawQuery, State},
    response::Response,
};
use backend::{Backend, budgets};
use domain::{
    BudgetId, Code, FieldError,
    budget::{BudgetForm, BudgetView, BudgetWindow},
    day, query,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    answer::{Done, created, done},
    body::{Body, IdPath},
    error::{invalid, reject},
    key::{IdempotencyKey, KeyHeader},
    list::{ErrorBody, List, numbered},
};
use crate::{http::Failure, session::Caller};

/// The name under which a repeated request is recognised.
const CREATE: &str = "POST /api/budgets";

/// Which windows are wanted.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the document is made of it; the query is read by hand")]
pub(super) struct BudgetsQuery {
    /// A day, `2026-05-04`: each budget is told in the window that it lies in. Today without it.
    day: Option<String>,
    /// From 1.
    #[param(required = false, minimum = 1, default = 1)]
    page: i64,
    /// 1 to 200.
    #[param(required = false, minimum = 1, maximum = 200, default = 50)]
    limit: i64,
}

/// A budget as its owner sees it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Budget {
    /// Its id.
    id: String,
    /// The key of its category: a group counts all of its leaves.
    #[schema(example = "food.groceries")]
    category: String,
    /// ISO 4217.
    #[schema(example = "USD")]
    currency: String,
    /// `weekly`, `monthly` or `yearly`.
    period: &'static str,
    /// What a whole window is worth, in minor units.
    amount_minor: i64,
    /// The first day that counts.
    start_date: String,
    /// The last day that counts.
    end_date: Option<String>,
    /// `none`, `surplus` or `full`: what the next window gets.
    rollover: &'static str,
    /// The most it gets, in minor units.
    cap_minor: Option<i64>,
    /// Whether a window that was cut short is worth its share alone.
    prorate: bool,
    /// How it stands.
    window: Window,
}

/// How a budget stands in one window, in minor units.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = BudgetWindow)]
pub(super) struct Window {
    /// The first day.
    from: String,
    /// The last day.
    to: String,
    /// What it is worth itself.
    limit_minor: i64,
    /// What the window before handed on.
    carry_minor: i64,
    /// Spent, less what came back.
    spent_minor: i64,
    /// Left; below zero is over.
    remaining_minor: i64,
    /// `fine`, `near` or `over`.
    state: &'static str,
}

impl From<BudgetWindow> for Window {
    fn from(window: BudgetWindow) -> Self {
        Self {
            from: day::format_iso(window.from),
            to: day::format_iso(window.to),
            limit_minor: window.limit_minor,
            carry_minor: window.carry_minor,
            spent_minor: window.spent_minor,
            remaining_minor: window.remaining_minor,
            state: window.state.as_str(),
        }
    }
}

impl From<BudgetView> for Budget {
    fn from(budget: BudgetView) -> Self {
        Self {
            id: budget.id.into_string(),
            category: budget.category,
            currency: budget.currency,
            period: budget.period.as_str(),
            amount_minor: budget.amount_minor,
            start_date: day::format_iso(budget.start_date),
            end_date: budget.end_date.map(day::format_iso),
            rollover: budget.rollover.as_str(),
            cap_minor: budget.cap_minor,
            prorate: budget.prorate,
            window: budget.window.into(),
        }
    }
}

/// A budget to be made.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewBudget {
    /// The key of a group or a leaf.
    #[schema(example = "food")]
    category: String,
    /// As a person writes it, in the currency's own decimals.
    #[schema(example = "500.00")]
    amount: String,
    /// ISO 4217; US dollars without it.
    #[serde(default)]
    currency: String,
    /// `weekly`, `monthly` (without it) or `yearly`.
    #[serde(default)]
    period: String,
    /// The first day that counts; today without it.
    #[serde(default)]
    start_date: String,
    /// The last day that counts.
    #[serde(default)]
    end_date: String,
    /// `none` (without it), `surplus` or `full`.
    #[serde(default)]
    rollover: String,
    /// The most that is carried over.
    #[serde(default)]
    cap: String,
    /// Whether a window that is cut short is worth its share alone.
    #[serde(default)]
    prorate: bool,
}

impl From<NewBudget> for BudgetForm {
    fn from(new: NewBudget) -> Self {
        Self {
            category: new.category,
            amount: new.amount,
            currency: new.currency,
            period: new.period,
            start_date: new.start_date,
            from_start: false,
            end_date: new.end_date,
            rollover: new.rollover,
            cap: new.cap,
            prorate: new.prorate,
        }
    }
}

/// What was made.
#[derive(Serialize, ToSchema)]
#[schema(as = AddedBudget)]
pub(super) struct Added {
    success: bool,
    budget: Budget,
}

/// Your budgets that live on a day, in the order they were made.
#[utoipa::path(
    get,
    path = "/api/budgets",
    tag = "Budgets",
    params(BudgetsQuery),
    responses(
        (status = 200, description = "Each in the window of that day", body = List<Budget>),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 422, description = "The day is none, or a parameter is out of range", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.budgets.list", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn list(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<List<Budget>>, Failure> {
    let pairs = query::parse(query.as_deref().unwrap_or_default());
    let asked = pairs.iter().find(|(name, value)| name == "day" && !value.is_empty());
    let day = asked.map(|(_, day)| day::parse_iso(day).ok_or(Code::DateInvalid)).transpose();
    let day = day.map_err(|code| invalid(&[FieldError::new("day", code)]))?;
    let request = numbered(&pairs)?;
    let page = budgets::page(&backend, &caller, day).await.map_err(reject)?;
    Ok(Json(List::of(page.budgets, &request)))
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
