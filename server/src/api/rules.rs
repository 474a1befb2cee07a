//! `/api/rules`: an ordered list that sorts what comes, and what is here when asked to.

use axum::{
    Json,
    extract::{RawQuery, State},
    response::Response,
};
use backend::{Backend, rules, transactions};
use domain::{RuleId, page::MAX_LIMIT, page::PageRequest, query};

use super::{
    answer::{Done, created, done},
    batches,
    body::{Body, IdPath, named},
    error::reject,
    key::{IdempotencyKey, KeyHeader},
    list::{ErrorBody, List, PageQuery, numbered},
    rule_shapes::{Added, ChangedRule, NewRule, Rule, RuleOrder, RulePreview},
};
use crate::{http::Failure, session::Caller};

/// The name under which a repeated request is recognised.
const APPLY: &str = "POST /api/rules/{id}/apply";
/// The same for a new rule.
const CREATE: &str = "POST /api/rules";

/// Your rules in the order they are asked.
#[utoipa::path(
    get,
    path = "/api/rules",
    tag = "Rules",
    params(PageQuery),
    responses(
        (status = 200, description = "One page of them", body = List<Rule>),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 422, description = "A parameter is out of range", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.rules.list", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn list(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<List<Rule>>, Failure> {
    let request = numbered(&query::parse(query.as_deref().unwrap_or_default()))?;
    let all = rules::list(&backend, &caller).await.map_err(reject)?;
    Ok(Json(List::of(all, &request)))
}

/// Adds a rule at the end. It sorts what comes from now on.
#[utoipa::path(
    post,
    path = "/api/rules",
    tag = "Rules",
    params(KeyHeader),
    request_body = NewRule,
    responses(
        (status = 201, description = "Added", body = Added, headers(("Location", description = "Where the rule is"), ("Idempotent-Replayed", description = "`true` when an earlier request did it"))),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 409, description = "The first request with this key still runs", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 422, description = "Fields break rules, or the key came with another request", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.rules.create", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn create(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    key: IdempotencyKey,
    Body { value, bytes }: Body<NewRule>,
) -> Result<Response, Failure> {
    let once = key.once(CREATE, &bytes);
    let name = value.name.clone();
    let made = rules::create_once(&backend, &caller, &name, &value.form(), once.as_ref()).await;
    let made = made.map_err(reject)?;
    let rule = rules::get(&backend, &caller, &made.value).await.map_err(reject)?;
    let added = Added { success: true, rule: rule.into() };
    Ok(created(&format!("/api/rules/{}", made.value), added, made.replayed))
}

/// One of your rules.
#[utoipa::path(
    get,
    path = "/api/rules/{id}",
    tag = "Rules",
    params(("id" = String, Path, description = "The rule")),
    responses(
        (status = 200, description = "The rule", body = Rule),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such rule", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.rules.get", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn get(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<RuleId>,
) -> Result<Json<Rule>, Failure> {
    let rule = rules::get(&backend, &caller, &id).await.map_err(reject)?;
    Ok(Json(rule.into()))
}

/// Changes a rule, or switches it on or off.
#[utoipa::path(
    patch,
    path = "/api/rules/{id}",
    tag = "Rules",
    params(("id" = String, Path, description = "The rule")),
    request_body = ChangedRule,
    responses(
        (status = 200, description = "The rule as it is now", body = Rule),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such rule", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 422, description = "Fields break rules", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.rules.update", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn update(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<RuleId>,
    body: Body<ChangedRule>,
) -> Result<Json<Rule>, Failure> {
    let before = rules::get(&backend, &caller, &id).await.map_err(reject)?;
    let whole = body.value.over(&before);
    rules::update(&backend, &caller, &id, &whole.name, &whole.form, whole.enabled)
        .await
        .map_err(reject)?;
    let rule = rules::get(&backend, &caller, &id).await.map_err(reject)?;
    Ok(Json(rule.into()))
}

/// Deletes a rule. What it set stays.
#[utoipa::path(
    delete,
    path = "/api/rules/{id}",
    tag = "Rules",
    params(("id" = String, Path, description = "The rule")),
    responses(
        (status = 200, description = "Deleted", body = Done),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such rule", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.rules.delete", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn delete(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<RuleId>,
) -> Result<Json<Done>, Failure> {
    rules::delete(&backend, &caller, &id).await.map_err(reject)?;
    Ok(done())
}

/// Puts your rules in another order: the first that sets a field wins for that field.
#[utoipa::path(
    put,
    path = "/api/rules/order",
    tag = "Rules",
    request_body = RuleOrder,
    responses(
        (status = 200, description = "All of them in that order", body = List<Rule>),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "One of them is not yours", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 422, description = "One is missing, or named twice", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.rules.reorder", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn reorder(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    body: Body<RuleOrder>,
) -> Result<Json<List<Rule>>, Failure> {
    let ids: Vec<RuleId> = body.value.ids.into_iter().map(named).collect::<Result<_, _>>()?;
    rules::reorder(&backend, &caller, &ids).await.map_err(reject)?;
    let all = rules::list(&backend, &caller).await.map_err(reject)?;
    Ok(Json(List::of(all, &PageRequest::Page { page: 1, limit: MAX_LIMIT })))
}

/// What a rule would do to the transactions that are here. Nothing is written.
#[utoipa::path(
    post,
    path = "/api/rules/preview",
    tag = "Rules",
    request_body = NewRule,
    responses(
        (status = 200, description = "How many would be different, and ten of them", body = RulePreview),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 422, description = "Fields break rules", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.rules.preview", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn preview(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    Body { value, .. }: Body<NewRule>,
) -> Result<Json<RulePreview>, Failure> {
    let name = value.name.clone();
    let found = rules::preview(&backend, &caller, &name, &value.form()).await.map_err(reject)?;
    Ok(Json(found.into()))
}

/// Does what a rule says to the transactions that are here. What somebody set by hand stays.
#[utoipa::path(
    post,
    path = "/api/rules/{id}/apply",
    tag = "Rules",
    params(("id" = String, Path, description = "The rule"), KeyHeader),
    responses(
        (status = 201, description = "Done, as one batch that can be undone", body = batches::Added, headers(("Location", description = "Where the batch is"), ("Idempotent-Replayed", description = "`true` when an earlier request did it"))),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such rule", body = ErrorBody),
        (status = 409, description = "The first request with this key still runs", body = ErrorBody),
        (status = 422, description = "The key came with another request", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.rules.apply", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn apply(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<RuleId>,
    key: IdempotencyKey,
) -> Result<Response, Failure> {
    let once = key.once(APPLY, id.as_str().as_bytes());
    let made = transactions::apply_rule(&backend, &caller, &id, once.as_ref()).await;
    Ok(batches::answer(made.map_err(reject)?))
}
