//! `/api/transactions/batches`: one change of many transactions, and its undo.

use axum::{
    Json,
    extract::{RawQuery, State},
    response::Response,
};
use backend::{Backend, idempotency::Outcome, transactions, transactions::BatchView};
use domain::{BatchId, RuleId, batch::BatchForm, query};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::{
    answer::created,
    body::{Body, IdPath},
    error::reject,
    key::{IdempotencyKey, KeyHeader},
    list::{ErrorBody, List, PageQuery, numbered},
};
use crate::{http::Failure, session::Caller};

/// The name under which a repeated request is recognised.
const CREATE: &str = "POST /api/transactions/batches";
/// The action that has no form on the list of transactions.
const RULE: &str = "rule";

/// A change of many transactions.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Batch {
    /// Its id.
    id: String,
    /// `category`, `addTag`, `removeTag`, `exclude`, `include`, `delete` or `rule`; `edit` or `split` for a change of one.
    action: &'static str,
    /// The key of the category, the tag or the name of the rule.
    #[schema(example = "food.groceries")]
    value: Option<String>,
    /// How many transactions it changed.
    changed: i64,
    /// How many were meant and stay as they are: so already, split, or not to be deleted.
    skipped: i64,
    /// How many are again what they were, once it is undone. The others were changed since, and stay.
    restored: i64,
    /// When it was done.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    created_at: OffsetDateTime,
    /// When it was undone.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime)]
    undone_at: Option<OffsetDateTime>,
    /// Until when it can be undone; none when there is nothing to undo.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime)]
    undo_until: Option<OffsetDateTime>,
}

impl From<BatchView> for Batch {
    fn from(batch: BatchView) -> Self {
        Self {
            id: batch.id.into_string(),
            action: batch.deed.as_str(),
            value: batch.value,
            changed: batch.changed,
            skipped: batch.skipped,
            restored: batch.restored,
            created_at: batch.created_at,
            undone_at: batch.undone_at,
            undo_until: batch.undo_until,
        }
    }
}

/// What is to be done, and to which transactions.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewBatch {
    /// `category`, `addTag`, `removeTag`, `exclude`, `include`, `delete` (those that were typed in), or `rule`.
    #[schema(example = "category")]
    action: String,
    /// The transactions, at most 1,000. What is not yours among them is left out.
    #[serde(default)]
    ids: Vec<String>,
    /// All that match `filter`, at most 100,000; `ids` counts for nothing then.
    #[serde(default)]
    all: bool,
    /// The filters of `GET /api/transactions` as they stand in an address.
    #[serde(default)]
    #[schema(example = "q=coffee&from=2026-05-01")]
    filter: String,
    /// The key for `category`.
    #[serde(default)]
    #[schema(example = "food.groceries")]
    category: String,
    /// The tag for `addTag` and `removeTag`.
    #[serde(default)]
    tag: String,
    /// The id of the rule for `rule`, which asks all of your transactions.
    #[serde(default)]
    rule: String,
}

impl From<NewBatch> for BatchForm {
    fn from(new: NewBatch) -> Self {
        Self {
            ids: new.ids,
            all: if new.all { "true".to_owned() } else { String::new() },
            filter: new.filter,
            action: new.action,
            category: new.category,
            tag: new.tag,
        }
    }
}

/// What was done.
#[derive(Serialize, ToSchema)]
#[schema(as = AddedBatch)]
pub(super) struct Added {
    success: bool,
    batch: Batch,
}

/// Changes many transactions at once.
#[utoipa::path(
    post,
    path = "/api/transactions/batches",
    tag = "Transactions",
    params(KeyHeader),
    request_body = NewBatch,
    responses(
        (status = 201, description = "Done", body = Added, headers(("Location", description = "Where the batch is"), ("Idempotent-Replayed", description = "`true` when an earlier request did it"))),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "None of the transactions, or not the rule, is yours", body = ErrorBody),
        (status = 409, description = "The first request with this key still runs", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 422, description = "Fields break rules, or the key came with another request", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.batches.create", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn create(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    key: IdempotencyKey,
    body: Body<NewBatch>,
) -> Result<Response, Failure> {
    let once = key.once(CREATE, &body.bytes);
    let new = body.value;
    let made = if new.action == RULE {
        let rule = RuleId::new(new.rule);
        transactions::apply_rule(&backend, &caller, &rule, once.as_ref()).await
    } else {
        transactions::change(&backend, &caller, &new.into(), once.as_ref()).await
    };
    Ok(answer(made.map_err(reject)?))
}

/// 201: what was done to many transactions.
pub(super) fn answer(made: Outcome<BatchView>) -> Response {
    let location = format!("/api/transactions/batches/{}", made.value.id);
    created(&location, Added { success: true, batch: made.value.into() }, made.replayed)
}

/// Your newest hundred changes of many transactions, the newest first.
#[utoipa::path(
    get,
    path = "/api/transactions/batches",
    tag = "Transactions",
    params(PageQuery),
    responses(
        (status = 200, description = "One page of them", body = List<Batch>),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 422, description = "A parameter is out of range", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.batches.list", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn list(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<List<Batch>>, Failure> {
    let request = numbered(&query::parse(query.as_deref().unwrap_or_default()))?;
    let all = transactions::batches(&backend, &caller).await.map_err(reject)?;
    Ok(Json(List::of(all, &request)))
}

/// One of your changes of many transactions. They are kept for 30 days.
#[utoipa::path(
    get,
    path = "/api/transactions/batches/{id}",
    tag = "Transactions",
    params(("id" = String, Path, description = "The batch")),
    responses(
        (status = 200, description = "The batch", body = Batch),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such batch", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.batches.get", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn get(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<BatchId>,
) -> Result<Json<Batch>, Failure> {
    let batch = transactions::get_batch(&backend, &caller, &id).await.map_err(reject)?;
    Ok(Json(batch.into()))
}

/// Undoes it: each transaction is again what it was, but those that were changed since. Undone again, nothing happens.
#[utoipa::path(
    post,
    path = "/api/transactions/batches/{id}/undo",
    tag = "Transactions",
    params(("id" = String, Path, description = "The batch")),
    responses(
        (status = 200, description = "The batch, undone", body = Batch),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such batch", body = ErrorBody),
        (status = 410, description = "It is older than 30 days", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.batches.undo", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn undo(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<BatchId>,
) -> Result<Json<Batch>, Failure> {
    let batch = transactions::undo(&backend, &caller, &id).await.map_err(reject)?;
    Ok(Json(batch.into()))
}
