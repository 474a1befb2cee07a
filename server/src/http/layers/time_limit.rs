//! No request is worked on for ever.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use metrics::counter;

use super::super::{failure::Failure, surface::Surface};

/// Routes that read or write whole files, and what lies below them.
pub(in crate::http) const LONG_ROUTES: &[&str] = &["/import", "/api/imports"];

pub(in crate::http) async fn layer(
    State(surface): State<Arc<Surface>>,
    request: Request,
    next: Next,
) -> Response {
    let limits = &surface.settings.limits;
    let limit = if is_long(request.uri().path()) { limits.total_long } else { limits.total };
    tokio::time::timeout(limit, next.run(request)).await.unwrap_or_else(|_| {
        counter!("coffer_shed_total", "reason" => "timeout").increment(1);
        let sentence = "That took too long, so we stopped. Try again in a moment.";
        Failure::new(StatusCode::SERVICE_UNAVAILABLE, "TIMEOUT", sentence)
            .header(header::RETRY_AFTER, HeaderValue::from_static("1"))
            .into_response()
    })
}

fn is_long(path: &str) -> bool {
    LONG_ROUTES.iter().any(|route| {
        path.strip_prefix(route).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}
