//! One log line and three metrics for each request. Never the path or the query: both may hold tokens.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::{MatchedPath, Request},
    http::{Method, StatusCode},
    middleware::Next,
    response::Response,
};
use hyper::body::{Frame, SizeHint};
use metrics::{counter, gauge, histogram};
use tokio::time::Instant;
use tracing::Instrument;

use super::{
    super::{
        client::ClientAddress,
        request::{RequestId, RequestRecord},
    },
    request_id::ClientRequestId,
};

/// Stands inside of routing, where the matched pattern is known.
pub(in crate::http) async fn note_route(
    pattern: Option<MatchedPath>,
    record: RequestRecord,
    request: Request,
    next: Next,
) -> Response {
    if let Some(pattern) = pattern {
        record.note_route(pattern.as_str());
    }
    next.run(request).await
}

pub(in crate::http) async fn layer(
    client: ClientAddress,
    id: RequestId,
    record: RequestRecord,
    request: Request,
    next: Next,
) -> Response {
    let theirs = request.extensions().get::<ClientRequestId>().map(|id| id.0.clone());
    let mut line = Line {
        start: Instant::now(),
        method: method_name(request.method()),
        status: StatusCode::OK,
        client,
        id,
        theirs,
        record,
        bytes: 0,
    };
    let running = Running::new();
    let span = tracing::info_span!("request", request_id = %line.id);

    let response = next.run(request).instrument(span).await;

    drop(running);
    line.status = response.status();
    line.measure();
    response.map(|inner| Body::new(Counted { inner, line }))
}

/// Unknown methods share one name, so that strangers cannot fill the metrics.
fn method_name(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "OTHER",
    }
}

/// Counts a request as running until it is dropped, also when the client leaves.
struct Running;

impl Running {
    fn new() -> Self {
        gauge!("coffer_http_inflight").increment(1);
        Self
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        gauge!("coffer_http_inflight").decrement(1);
    }
}

struct Line {
    start: Instant,
    method: &'static str,
    status: StatusCode,
    client: ClientAddress,
    id: RequestId,
    theirs: Option<String>,
    record: RequestRecord,
    bytes: u64,
}

impl Line {
    fn measure(&self) {
        let route = self.record.route().to_owned();
        let labels = [
            ("route", route.clone()),
            ("method", self.method.to_owned()),
            ("status", self.status.as_str().to_owned()),
        ];
        counter!("coffer_http_requests_total", &labels).increment(1);
        histogram!("coffer_http_duration_seconds", "route" => route).record(self.start.elapsed());
    }

    fn write(&self) {
        let duration_ms = u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::info!(
            target: "coffer::access",
            method = self.method,
            route = self.record.route(),
            status = self.status.as_u16(),
            duration_ms,
            request_id = %self.id,
            client_request_id = self.theirs,
            user_id = self.record.user(),
            address = self.client.log_prefix(),
            bytes = self.bytes,
            "answered"
        );
    }
}

/// A body that counts its bytes and writes the line when it is done or given up.
struct Counted {
    inner: Body,
    line: Line,
}

impl HttpBody for Counted {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = std::task::ready!(Pin::new(&mut self.inner).poll_frame(cx));
        if let Some(data) = frame.as_ref().and_then(|frame| frame.as_ref().ok()?.data_ref()) {
            self.line.bytes += u64::try_from(data.len()).unwrap_or(0);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.line.write();
    }
}
