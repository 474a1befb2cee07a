//! How long a body may take to arrive and how large it may be, whoever reads it.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use backend::billing::count_rejected;
use http_body_util::BodyExt;
use hyper::body::{Frame, SizeHint};
use tokio::time::Sleep;

use super::{
    super::{failure::Failure, surface::Surface},
    WEBHOOK_PATHS,
};

const KIB: u64 = 1024;

/// A file, and what a form puts around it.
const FILE: u64 = 10 * KIB * KIB + 64 * KIB;

/// Largest bodies, by path. The sentence is for whoever sent more.
const LIMITS: &[(&str, u64, &str)] = &[
    ("/import", FILE, "Files can be up to 10 MB."),
    ("/api/imports", FILE, "Files can be up to 10 MB."),
    (WEBHOOK_PATHS[0], 256 * KIB, "An event can have up to 256 KB."),
    (WEBHOOK_PATHS[1], 256 * KIB, "An event can have up to 256 KB."),
    ("/api/webhooks/plaid", 256 * KIB, "An event can have up to 256 KB."),
    ("/api/csp-report", 8 * KIB, "A report can have up to 8 KB."),
];
const USUAL: (u64, &str) = (64 * KIB, "One request can have up to 64 KB.");

/// A browser shows our answer only after it has sent its file, so up to here a refused body is read and dropped.
const READ_BEFORE_REFUSING: u64 = 64 * KIB * KIB;

pub(in crate::http) async fn layer(
    State(surface): State<Arc<Surface>>,
    request: Request,
    next: Next,
) -> Response {
    let deadline = surface.settings.limits.body;
    let (limit, sentence) = limit(request.method(), request.uri().path());
    let webhook = WEBHOOK_PATHS.contains(&request.uri().path());
    let too_large = || {
        if webhook {
            count_rejected("too_large");
        }
        Failure::new(StatusCode::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE", sentence)
    };

    if is_encoded(request.headers()) {
        let sentence = "Send the body as it is, without Content-Encoding.";
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return Failure::new(status, "UNSUPPORTED_MEDIA_TYPE", sentence).into_response();
    }
    let announced = request.body().size_hint().lower().max(content_length(request.headers()));
    if announced > limit {
        let waits = request.headers().contains_key(header::EXPECT);
        if !waits && announced <= READ_BEFORE_REFUSING {
            drop_body(request.into_body(), deadline).await;
        }
        return closing(too_large()).into_response();
    }

    let tripped = Arc::new(AtomicU8::new(NOTHING));
    let request = request.map(|inner| Body::new(Guarded::new(inner, limit, deadline, &tripped)));
    let response = next.run(request).await;
    match tripped.load(Ordering::Relaxed) {
        TOO_LARGE => closing(too_large()).into_response(),
        TOO_SLOW => closing(Failure::of(StatusCode::REQUEST_TIMEOUT)).into_response(),
        _ => response,
    }
}

fn limit(method: &Method, path: &str) -> (u64, &'static str) {
    let special = LIMITS.iter().filter(|_| *method == Method::POST).find(|(at, ..)| *at == path);
    special.map_or(USUAL, |(_, bytes, sentence)| (*bytes, sentence))
}

fn is_encoded(headers: &HeaderMap) -> bool {
    let encodings = headers.get_all(header::CONTENT_ENCODING).iter();
    encodings.into_iter().any(|value| !value.as_bytes().eq_ignore_ascii_case(b"identity"))
}

fn content_length(headers: &HeaderMap) -> u64 {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    length.and_then(|length| length.parse().ok()).unwrap_or(0)
}

/// What is left of the body would be taken for the next request.
fn closing(failure: Failure) -> Failure {
    failure.header(header::CONNECTION, HeaderValue::from_static("close"))
}

async fn drop_body(mut body: Body, deadline: Duration) {
    let read = async { while let Some(Ok(_)) = body.frame().await {} };
    // Whether it all came or not, the answer is the same.
    let _ = tokio::time::timeout(deadline, read).await;
}

const NOTHING: u8 = 0;
const TOO_LARGE: u8 = 1;
const TOO_SLOW: u8 = 2;

/// A body that ends with an error at its limit or its deadline and leaves word why.
struct Guarded {
    inner: Body,
    left: u64,
    deadline: Pin<Box<Sleep>>,
    tripped: Arc<AtomicU8>,
}

impl Guarded {
    fn new(inner: Body, left: u64, deadline: Duration, tripped: &Arc<AtomicU8>) -> Self {
        let deadline = Box::pin(tokio::time::sleep(deadline));
        Self { inner, left, deadline, tripped: tripped.clone() }
    }

    fn trip(&self, why: u8, text: &'static str) -> axum::Error {
        self.tripped.store(why, Ordering::Relaxed);
        axum::Error::new(std::io::Error::other(text))
    }
}

impl HttpBody for Guarded {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let Poll::Ready(frame) = Pin::new(&mut self.inner).poll_frame(cx) else {
            return match self.deadline.as_mut().poll(cx) {
                Poll::Ready(()) => Poll::Ready(Some(Err(self.trip(TOO_SLOW, "body too slow")))),
                Poll::Pending => Poll::Pending,
            };
        };
        let data = frame.as_ref().and_then(|frame| frame.as_ref().ok()?.data_ref());
        let size = data.map_or(0, |data| u64::try_from(data.len()).unwrap_or(u64::MAX));
        match self.left.checked_sub(size) {
            Some(left) => self.left = left,
            None => return Poll::Ready(Some(Err(self.trip(TOO_LARGE, "body too large")))),
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
