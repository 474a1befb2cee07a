//! `/api/connections`: the banks that are read, reading one now, and ending it.

use axum::{
    Json,
    extract::{RawQuery, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use backend::{
    Backend,
    connections::{self, History, SyncAsked},
};
use domain::{Code, ConnectionId, FieldError, connection::ConnectionView, day, query};
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::{IntoParams, ToSchema};

use super::{
    body::IdPath,
    error::{invalid, reject},
    list::{ErrorBody, List, numbered},
};
use crate::{
    http::Failure,
    session::{Caller, FreshCaller},
};

/// Which page is wanted.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the document is made of it; the query is read by hand")]
pub(super) struct ConnectionsQuery {
    /// From 1.
    #[param(required = false, minimum = 1, default = 1)]
    page: i64,
    /// 1 to 200.
    #[param(required = false, minimum = 1, maximum = 200, default = 50)]
    limit: i64,
}

/// What becomes of the accounts.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the document is made of it; the query is read by hand")]
pub(super) struct EndQuery {
    /// `keep`: accounts and transactions stay, and are kept by hand. `delete`: they go.
    #[param(required = false, default = "keep")]
    history: String,
}

/// A connection to a bank.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Connection {
    /// Its id.
    id: String,
    /// By way of whom: `simbank`, `plaid`.
    provider: String,
    /// The bank's name.
    institution_name: String,
    /// `healthy`, `syncing`, `login_required`, `expiring`, `institution_down`, `revoked` or `removed`.
    state: &'static str,
    /// The day it ends, where the bank said so.
    expires_on: Option<String>,
    /// Why the last sync did not work.
    problem: Option<&'static str>,
    /// The same as a sentence for people.
    message: Option<String>,
    /// How many of your accounts are read by it.
    accounts: i64,
    /// The bank has accounts that are not here.
    new_accounts: bool,
    /// The bank's whole past has been read.
    history_complete: bool,
    /// When it was last read, in UTC.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime)]
    last_sync_at: Option<OffsetDateTime>,
    /// When it is read next, in UTC; null where you must act first.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime)]
    next_sync_at: Option<OffsetDateTime>,
    /// When it was linked, in UTC.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    created_at: OffsetDateTime,
}

impl From<ConnectionView> for Connection {
    fn from(view: ConnectionView) -> Self {
        Self {
            id: view.id.into_string(),
            provider: view.provider,
            institution_name: view.institution_name,
            state: view.state.as_str(),
            expires_on: view.expires_on.map(day::format_iso),
            problem: view.problem.map(domain::connection::BankProblem::as_str),
            message: view.message,
            accounts: view.accounts,
            new_accounts: view.new_accounts,
            history_complete: view.history_complete,
            last_sync_at: view.last_sync_at,
            next_sync_at: view.next_sync_at,
            created_at: view.created_at,
        }
    }
}

/// What came of asking for a sync.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Asked {
    /// `begins`; `follows` the one that runs; `needs_owner` first, who signs in at the bank again.
    sync: &'static str,
}

/// Your connections, the oldest first, without those that were removed.
#[utoipa::path(
    get,
    path = "/api/connections",
    tag = "Connections",
    params(ConnectionsQuery),
    responses(
        (status = 200, description = "The connections", body = List<Connection>),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 422, description = "A parameter is out of range", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.connections.list", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn list(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<List<Connection>>, Failure> {
    let request = numbered(&query::parse(query.as_deref().unwrap_or_default()))?;
    let views = connections::list(&backend, &caller).await.map_err(reject)?;
    Ok(Json(List::of(views, &request)))
}

/// One of them; also one that was removed.
#[utoipa::path(
    get,
    path = "/api/connections/{id}",
    tag = "Connections",
    params(("id" = String, Path, description = "The connection")),
    responses(
        (status = 200, description = "The connection", body = Connection),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such connection", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.connections.get", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn get(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<ConnectionId>,
) -> Result<Json<Connection>, Failure> {
    let view = connections::get(&backend, &caller, &id).await.map_err(reject)?;
    Ok(Json(view.into()))
}

/// Reads the bank now.
#[utoipa::path(
    post,
    path = "/api/connections/{id}/sync",
    tag = "Connections",
    params(("id" = String, Path, description = "The connection")),
    responses(
        (status = 202, description = "It is asked for", body = Asked),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such connection", body = ErrorBody),
        (status = 409, description = "The bank needs you to sign in again first", body = Asked),
        (status = 410, description = "The connection has ended", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.connections.sync", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn sync(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<ConnectionId>,
) -> Result<Response, Failure> {
    let asked = connections::sync_now(&backend, &caller, &id).await.map_err(reject)?;
    let (status, sync) = match asked {
        SyncAsked::Begins => (StatusCode::ACCEPTED, "begins"),
        SyncAsked::Follows => (StatusCode::ACCEPTED, "follows"),
        SyncAsked::NeedsOwner => (StatusCode::CONFLICT, "needs_owner"),
    };
    Ok((status, Json(Asked { sync })).into_response())
}

/// Ends a connection, with a sign-in of a short time ago; of a test bank, with any. Access at the bank ends too.
#[utoipa::path(
    delete,
    path = "/api/connections/{id}",
    tag = "Connections",
    params(("id" = String, Path, description = "The connection"), EndQuery),
    responses(
        (status = 204, description = "It has ended"),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 403, description = "The last sign-in is too long ago", body = ErrorBody),
        (status = 404, description = "You have no such connection, or it was removed", body = ErrorBody),
        (status = 422, description = "`history` is neither `keep` nor `delete`", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.connections.delete", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn delete(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    fresh: Result<FreshCaller, Failure>,
    IdPath(id): IdPath<ConnectionId>,
    RawQuery(query): RawQuery,
) -> Result<StatusCode, Failure> {
    let pairs = query::parse(query.as_deref().unwrap_or_default());
    let history = pairs.iter().find(|(name, _)| name == "history").map(|(_, word)| &**word);
    let history = match history {
        None | Some("keep") => History::Keep,
        Some("delete") => History::Delete,
        Some(_) => return Err(invalid(&[FieldError::new("history", Code::OptionUnknown)])),
    };
    let view = connections::get(&backend, &caller, &id).await.map_err(reject)?;
    if !connections::is_invented(&view) {
        fresh?;
    }
    connections::remove(&backend, &caller, &id, history).await.map_err(reject)?;
    Ok(StatusCode::NO_CONTENT)
}
