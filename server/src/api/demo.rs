//! `/api/demo`: demonstration data, on and off.

use axum::{Json, extract::State, http::StatusCode};
use backend::{Backend, connections};

use super::{connections::Connection, error::reject, linking::return_url, list::ErrorBody};
use crate::{http::Failure, session::Caller};

/// Links the test bank with as many of its accounts as the plan has room for. Whoever has it already keeps it as it is.
#[utoipa::path(
    put,
    path = "/api/demo",
    tag = "Connections",
    responses(
        (status = 200, description = "The connection; its transactions are on their way", body = Connection),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 403, description = "The plan has no room", body = ErrorBody),
        (status = 404, description = "There is no test bank here", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.demo.on", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn on(
    State(backend): State<Backend>,
    Caller(caller): Caller,
) -> Result<Json<Connection>, Failure> {
    let back = return_url(&backend)?;
    let id = connections::link_demo(&backend, &caller, &back).await.map_err(reject)?;
    let view = connections::get(&backend, &caller, &id).await.map_err(reject)?;
    Ok(Json(view.into()))
}

/// Takes every connection to a test bank away, with its accounts and their transactions.
#[utoipa::path(
    delete,
    path = "/api/demo",
    tag = "Connections",
    responses(
        (status = 204, description = "Nothing of a test bank is read any more"),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.demo.off", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn off(
    State(backend): State<Backend>,
    Caller(caller): Caller,
) -> Result<StatusCode, Failure> {
    connections::remove_demo(&backend, &caller).await.map_err(reject)?;
    Ok(StatusCode::NO_CONTENT)
}
