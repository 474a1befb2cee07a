//! Webhooks of the providers of bank data: verified on the raw bytes, kept, acknowledged at once. A job does the rest.

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode},
    routing::any,
};
use backend::{
    Backend,
    banks::{ProviderKind, plaid},
    connections,
};

use crate::auth::log;

/// Where the built-in bank tells us of changes.
const SIMBANK_PATH: &str = "/api/webhooks/simbank";

pub(super) fn routes(backend: Backend) -> Router {
    let from = |kind| {
        any(move |State(backend), method, headers, body| take(kind, backend, method, headers, body))
    };
    Router::new()
        .route(plaid::WEBHOOK_PATH, from(ProviderKind::Plaid))
        .route(SIMBANK_PATH, from(ProviderKind::Simbank))
        .with_state(backend)
}

/// 200 for all that is from the provider, with nothing in it. 401 for everything else, and 503 when it could not be kept:
/// a provider comes again after both. Where it is not set up, there is no such address.
async fn take(
    kind: ProviderKind,
    backend: Backend,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let Some(provider) = backend.banks.provider(kind) else {
        return StatusCode::NOT_FOUND;
    };
    if method != Method::POST {
        return StatusCode::NOT_FOUND;
    }
    // Why not has been counted.
    let Ok(event) = provider.parse_webhook(&headers, &body).await else {
        return StatusCode::UNAUTHORIZED;
    };
    match connections::receive(&backend, kind, &event, &body).await {
        Ok(()) => StatusCode::OK,
        Err(error) => {
            log(&error);
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}

#[cfg(test)]
mod plaid_tests;
#[cfg(test)]
mod simbank_tests;
