//! `/api/transactions/{id}`: one transaction, its changes and its parts.

use axum::{Json, extract::State, response::Response};
use backend::{Backend, transactions};
use domain::TransactionId;

use super::{
    answer::created,
    body::{Body, IdPath},
    error::reject,
    key::{IdempotencyKey, KeyHeader},
    list::ErrorBody,
    transaction_shapes::{
        Added, ChangedTransaction, DeletedTransaction, EditedTransaction, NewParts, NewTransaction,
        TransactionDetail,
    },
};
use crate::{http::Failure, session::Caller};

/// The name under which a repeated request is recognised.
const CREATE: &str = "POST /api/transactions";

/// One of your transactions: with who set what, its parts and the other side of a transfer.
#[utoipa::path(
    get,
    path = "/api/transactions/{id}",
    tag = "Transactions",
    params(("id" = String, Path, description = "The transaction")),
    responses(
        (status = 200, description = "The transaction", body = TransactionDetail),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such transaction", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.transactions.get", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn get(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<TransactionId>,
) -> Result<Json<TransactionDetail>, Failure> {
    let row = transactions::get(&backend, &caller, &id).await.map_err(reject)?;
    Ok(Json(row.into()))
}

/// Adds a transaction by hand.
#[utoipa::path(
    post,
    path = "/api/transactions",
    tag = "Transactions",
    params(KeyHeader),
    request_body = NewTransaction,
    responses(
        (status = 201, description = "Added", body = Added, headers(("Location", description = "Where the transaction is"), ("Idempotent-Replayed", description = "`true` when an earlier request did it"))),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such account", body = ErrorBody),
        (status = 409, description = "The first request with this key still runs", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 422, description = "Fields break rules, or the key came with another request", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.transactions.create", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn create(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    key: IdempotencyKey,
    body: Body<NewTransaction>,
) -> Result<Response, Failure> {
    let once = key.once(CREATE, &body.bytes);
    let form = body.value.into();
    let added = transactions::add(&backend, &caller, &form, once.as_ref()).await.map_err(reject)?;
    let location = format!("/api/transactions/{}", added.value.id);
    let body = Added { success: true, transaction: added.value.into() };
    Ok(created(&location, body, added.replayed))
}

/// Changes a transaction. What you set is yours: neither a rule nor the bank changes it again. `undoBatchId` leads to
/// `POST /api/transactions/batches/{id}/undo`.
#[utoipa::path(
    patch,
    path = "/api/transactions/{id}",
    tag = "Transactions",
    params(("id" = String, Path, description = "The transaction")),
    request_body = ChangedTransaction,
    responses(
        (status = 200, description = "The transaction as it is now", body = EditedTransaction),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such transaction", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 422, description = "Fields break rules", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.transactions.update", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn update(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<TransactionId>,
    body: Body<ChangedTransaction>,
) -> Result<Json<EditedTransaction>, Failure> {
    let edited = transactions::edit(&backend, &caller, &id, &body.value.into()).await;
    Ok(Json(edited.map_err(reject)?.into()))
}

/// Deletes a transaction that was typed in. What a bank or a file brought stays.
#[utoipa::path(
    delete,
    path = "/api/transactions/{id}",
    tag = "Transactions",
    params(("id" = String, Path, description = "The transaction")),
    responses(
        (status = 200, description = "Deleted", body = DeletedTransaction),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 403, description = "A bank or a file brought it, or it is a side of a transfer", body = ErrorBody),
        (status = 404, description = "You have no such transaction", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.transactions.delete", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn delete(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<TransactionId>,
) -> Result<Json<DeletedTransaction>, Failure> {
    let undo = transactions::delete(&backend, &caller, &id).await.map_err(reject)?;
    Ok(Json(DeletedTransaction::new(undo)))
}

/// Splits a transaction, or puts other parts in the place of those it has.
#[utoipa::path(
    put,
    path = "/api/transactions/{id}/parts",
    tag = "Transactions",
    params(("id" = String, Path, description = "The transaction")),
    request_body = NewParts,
    responses(
        (status = 200, description = "The transaction with its parts", body = EditedTransaction),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such transaction", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 422, description = "Fields break rules, the parts don't add up, or it cannot be split", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.transactions.split", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn split(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<TransactionId>,
    body: Body<NewParts>,
) -> Result<Json<EditedTransaction>, Failure> {
    let edited = transactions::split(&backend, &caller, &id, &body.value.into()).await;
    Ok(Json(edited.map_err(reject)?.into()))
}

/// Makes a transaction whole again: its own category counts from now on.
#[utoipa::path(
    delete,
    path = "/api/transactions/{id}/parts",
    tag = "Transactions",
    params(("id" = String, Path, description = "The transaction")),
    responses(
        (status = 200, description = "The transaction without parts", body = EditedTransaction),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such transaction", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.transactions.unsplit", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn unsplit(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<TransactionId>,
) -> Result<Json<EditedTransaction>, Failure> {
    let edited = transactions::unsplit(&backend, &caller, &id).await.map_err(reject)?;
    Ok(Json(edited.into()))
}
