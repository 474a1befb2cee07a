//! So many requests at a time, and no queue: who comes too late is told at once.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use metrics::counter;

use super::{
    super::{failure::Failure, surface::Surface},
    is_probe,
};

pub(in crate::http) async fn layer(
    State(surface): State<Arc<Surface>>,
    request: Request,
    next: Next,
) -> Response {
    if is_probe(request.uri().path()) {
        return next.run(request).await;
    }
    let Ok(_place) = surface.in_flight.try_acquire() else {
        counter!("coffer_shed_total", "reason" => "in_flight").increment(1);
        return Failure::of(StatusCode::SERVICE_UNAVAILABLE)
            .header(header::RETRY_AFTER, HeaderValue::from_static("1"))
            .into_response();
    };
    next.run(request).await
}
