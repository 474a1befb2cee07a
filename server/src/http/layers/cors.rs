//! Which other origins may read our answers with the cookies of whoever runs them (Fetch, "CORS protocol"): nobody,
//! unless `CORS_ORIGINS` lists them.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::super::surface::Surface;

const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE");
const SENT: HeaderValue = HeaderValue::from_static("content-type, idempotency-key");
const READ: HeaderValue = HeaderValue::from_static("retry-after, x-retry-after, x-request-id");
/// How long browsers keep the answer to a preflight, in seconds.
const KEPT: HeaderValue = HeaderValue::from_static("600");

pub(in crate::http) async fn layer(
    State(surface): State<Arc<Surface>>,
    request: Request,
    next: Next,
) -> Response {
    let listed = &surface.settings.cors_origins;
    if listed.is_empty() {
        return next.run(request).await;
    }
    let origin = listed_origin(request.headers(), listed).cloned();
    let mut response = match &origin {
        Some(_) if is_preflight(&request) => preflight(),
        _ => next.run(request).await,
    };
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_name(header::ORIGIN));
    if let Some(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, READ);
    }
    response
}

/// The one origin of a request, if it equals one of the list byte for byte.
pub(super) fn listed_origin<'a>(
    headers: &'a HeaderMap,
    listed: &[String],
) -> Option<&'a HeaderValue> {
    let mut sent = headers.get_all(header::ORIGIN).iter();
    let origin = sent.next().filter(|_| sent.next().is_none())?;
    listed.iter().any(|known| known.as_bytes() == origin.as_bytes()).then_some(origin)
}

fn is_preflight(request: &Request) -> bool {
    request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

fn preflight() -> Response {
    let allowed = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, METHODS),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, SENT),
        (header::ACCESS_CONTROL_MAX_AGE, KEPT),
    ];
    (StatusCode::NO_CONTENT, allowed).into_response()
}
