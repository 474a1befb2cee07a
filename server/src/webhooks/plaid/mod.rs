//! Plaid's webhooks: verified on the raw bytes, kept, acknowledged at once. A job does the rest.

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode},
    routing::any,
};
use backend::{
    Backend,
    banks::{ProviderKind, plaid::WEBHOOK_PATH},
    connections,
};

use crate::auth::log;

pub(super) fn routes(backend: Backend) -> Router {
    Router::new().route(WEBHOOK_PATH, any(take)).with_state(backend)
}

/// 200 for all that is from Plaid, with nothing in it. 401 for everything else, and 503 when it could not be kept: Plaid
/// comes again after both. Where it is not configured, there is no such address.
async fn take(
    State(backend): State<Backend>,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let Some(plaid) = backend.banks.provider(ProviderKind::Plaid) else {
        return StatusCode::NOT_FOUND;
    };
    if method != Method::POST {
        return StatusCode::NOT_FOUND;
    }
    // Why not has been counted.
    let Ok(event) = plaid.parse_webhook(&headers, &body).await else {
        return StatusCode::UNAUTHORIZED;
    };
    match connections::receive(&backend, ProviderKind::Plaid, &event, &body).await {
        Ok(()) => StatusCode::OK,
        Err(error) => {
            log(&error);
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}

#[cfg(test)]
mod tests;
