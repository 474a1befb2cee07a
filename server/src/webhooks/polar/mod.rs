//! Polar's deliveries, at the address of the Better Auth plugin and at its older one: verified on the raw bytes, kept,
//! acknowledged. A job does the rest.

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode},
    response::{IntoResponse, Response},
    routing::any,
};
use backend::{
    Backend,
    billing::{Headers, Refused, count_rejected, receive},
};

use crate::auth::log;

/// Both addresses; they share one inbox.
const PATHS: [&str; 2] = ["/api/auth/polar/webhooks", "/api/payments/webhooks"];

pub(super) fn routes(backend: Backend) -> Router {
    let router = PATHS.iter().fold(Router::new(), |router, path| router.route(path, any(take)));
    router.with_state(backend)
}

/// 202 with nothing in it, for all that is from Polar: a retry could not help. 403 for everything else, and 503 when
/// the inbox is out of reach, the one case in which Polar should come again.
async fn take(
    State(backend): State<Backend>,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if method != Method::POST {
        return StatusCode::NOT_FOUND.into_response();
    }
    let Some(given) = given(&headers) else {
        count_rejected("headers");
        return StatusCode::FORBIDDEN.into_response();
    };
    match receive(&backend, given, &body).await {
        Ok(_) => StatusCode::ACCEPTED.into_response(),
        Err(Refused::Forged(_)) => StatusCode::FORBIDDEN.into_response(),
        Err(Refused::Store(error)) => {
            log(&error);
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// The three headers, each exactly once.
fn given(headers: &HeaderMap) -> Option<Headers<'_>> {
    let one = |name| {
        let mut all = headers.get_all(name).iter();
        let value = all.next()?.to_str().ok()?;
        all.next().is_none().then_some(value)
    };
    Some(Headers {
        id: one("webhook-id")?,
        timestamp: one("webhook-timestamp")?,
        signature: one("webhook-signature")?,
    })
}

#[cfg(test)]
mod tests;
