//! Who may ask, in which version, and what goes wrong on the way.

use std::time::Duration;

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use subtle::ConstantTimeEq as _;

use crate::{
    faults::{self, About, Switch, glob},
    refusal::Refusal,
    shared::Handle,
};

static VERSION: HeaderName = HeaderName::from_static("polar-version");

/// The versions that are understood.
const VERSIONS: [&str; 3] = ["2026-04", "2026-10", "2027-01"];

/// The access token of the organization.
pub async fn token(State(shared): State<Handle>, request: Request, next: Next) -> Response {
    match bearer(&request) {
        None => Refusal::no_token().into_response(),
        Some(token) if bool::from(token.as_bytes().ct_eq(shared.token.as_bytes())) => {
            next.run(request).await
        }
        Some(_) => Refusal::bad_token().into_response(),
    }
}

/// The token of a request.
pub fn bearer(request: &Request) -> Option<&str> {
    let value = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token.trim())
}

/// An unknown version gets 404 for everything; a known one is told back.
pub async fn version(request: Request, next: Next) -> Response {
    let asked = request.headers().get(&VERSION).cloned();
    let known = asked
        .as_ref()
        .is_none_or(|asked| VERSIONS.iter().any(|version| asked.as_bytes() == version.as_bytes()));
    if !known {
        return Refusal::no_version().into_response();
    }
    let mut response = next.run(request).await;
    if let Some(asked) = asked {
        response.headers_mut().insert(VERSION.clone(), asked);
    }
    response
}

/// The stand-in's own time: whoever reads an object orders it by this header.
pub async fn date(State(shared): State<Handle>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let now = shared.lock().now();
    if let Ok(date) = HeaderValue::from_str(&now.http_date()) {
        response.headers_mut().insert(header::DATE, date);
    }
    response
}

/// What the switches do to a request.
pub async fn faults(State(shared): State<Handle>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let (waits, fails) = {
        let mut engine = shared.lock();
        let faults = &mut engine.world.faults;
        let about = About { kind: &path, ids: &[] };
        let waits = faults::take(faults, about, |switch| matches!(switch, Switch::ApiDelayMs(_)));
        let fails = faults::take_first(faults, about, |switch| match switch {
            Switch::Api429(_) | Switch::ApiReset(_) => true,
            Switch::ApiStatus { route, .. } => glob(route, &path),
            _ => false,
        });
        (waits, fails)
    };
    for switch in waits {
        if let Switch::ApiDelayMs(wait) = switch {
            tokio::time::sleep(Duration::from_millis(wait)).await;
        }
    }
    match fails {
        Some(Switch::Api429(seconds)) => {
            let after = [(header::RETRY_AFTER, seconds.to_string())];
            (StatusCode::TOO_MANY_REQUESTS, after).into_response()
        }
        Some(Switch::ApiReset(_)) => reset(),
        Some(Switch::ApiStatus { status, .. }) => with_status(status),
        _ => next.run(request).await,
    }
}

/// The connection breaks in the middle of the answer.
fn reset() -> Response {
    let broken = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
    let stream = futures::stream::iter([Ok("{\"id\":\""), Err(broken)]);
    ([(header::CONTENT_TYPE, "application/json")], Body::from_stream(stream)).into_response()
}

fn with_status(status: u16) -> Response {
    let refusal = match status {
        401 => Refusal::bad_token(),
        402 => Refusal::payment_failed(),
        404 => Refusal::not_found(),
        409 => Refusal::locked(),
        _ => Refusal::new(status, "InternalServerError", "Internal Server Error"),
    };
    refusal.into_response()
}
