//! A panic is one answer of 500. The hook of `telemetry` has logged it by then.

use std::panic::AssertUnwindSafe;

use axum::{
    extract::Request,
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures::FutureExt;
use metrics::counter;

use super::super::{
    failure::Failure,
    request::{RequestId, RequestRecord},
};

pub(in crate::http) async fn layer(
    id: RequestId,
    record: RequestRecord,
    request: Request,
    next: Next,
) -> Response {
    let caught = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    caught.unwrap_or_else(|_| {
        counter!("coffer_panics_total").increment(1);
        tracing::error!(request_id = %id, route = record.route(), "a handler panicked");
        Failure::of(StatusCode::INTERNAL_SERVER_ERROR).into_response()
    })
}
