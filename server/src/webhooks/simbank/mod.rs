//! Webhooks of the built-in bank: verified on the raw bytes, kept, acknowledged at once. A job does the rest.

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode},
    routing::any,
};
use backend::{Backend, banks::ProviderKind, connections};

use crate::auth::log;

const PATH: &str = "/api/webhooks/simbank";

pub(super) fn routes(backend: Backend) -> Router {
    Router::new().route(PATH, any(take)).with_state(backend)
}

/// 200 for all that is from the bank, with nothing in it. 401 for everything else, and 503 when it could not be kept: a
/// provider comes again after both.
async fn take(
    State(backend): State<Backend>,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let Some(bank) = backend.banks.provider(ProviderKind::Simbank) else {
        return StatusCode::NOT_FOUND;
    };
    if method != Method::POST {
        return StatusCode::NOT_FOUND;
    }
    let Ok(event) = bank.parse_webhook(&headers, &body).await else {
        return StatusCode::UNAUTHORIZED;
    };
    match connections::receive(&backend, ProviderKind::Simbank, &event, &body).await {
        Ok(()) => StatusCode::OK,
        Err(error) => {
            log(&error);
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}

#[cfg(test)]
mod tests;
