//! `Idempotency-Key`: the header that makes a request safe to send twice.

use axum::{
    extract::FromRequestParts,
    http::{HeaderName, HeaderValue, StatusCode, request::Parts},
    response::Response,
};
use backend::idempotency::{Key, Once};
use utoipa::IntoParams;

use crate::http::Failure;

const HEADER: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// The header, as the document tells of it.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "it describes the header; the extractor reads it")]
pub(super) struct KeyHeader {
    /// 16 to 200 visible ASCII characters: the same request with the same key has its effect once.
    #[param(rename = "Idempotency-Key")]
    key: Option<String>,
}

/// The key of a request, if it has one.
pub(super) struct IdempotencyKey(Option<Key>);

impl IdempotencyKey {
    /// What the use case remembers this request by.
    pub(super) fn once(&self, route: &'static str, body: &[u8]) -> Option<Once> {
        self.0.as_ref().map(|key| Once::new(key, route, body))
    }
}

impl<S: Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let mut values = parts.headers.get_all(HEADER).iter();
        let Some(value) = values.next() else { return Ok(Self(None)) };
        let key = value.to_str().ok().and_then(Key::parse).filter(|_| values.next().is_none());
        key.map(|key| Self(Some(key))).ok_or_else(|| {
            Failure::new(
                StatusCode::BAD_REQUEST,
                "IDEMPOTENCY_KEY_INVALID",
                "Idempotency-Key takes 16 to 200 visible ASCII characters.",
            )
        })
    }
}

/// Says that an answer is that of an earlier request.
pub(super) fn mark_replayed(response: &mut Response, replayed: bool) {
    if replayed {
        response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    }
}
