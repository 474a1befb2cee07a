//! What the layers know of one request, handed to handlers in its extensions.

use std::{
    convert::Infallible,
    sync::{Arc, OnceLock},
};

use axum::{extract::FromRequestParts, http::request::Parts};
use base64::{Engine, engine::general_purpose::STANDARD};
use time::OffsetDateTime;

/// Fills a buffer with bytes nobody can guess.
type Fill = dyn Fn(&mut [u8]) + Send + Sync;

/// The time and the randomness of the layers.
#[derive(Clone)]
pub struct Sources {
    now: Arc<dyn Fn() -> OffsetDateTime + Send + Sync>,
    random: Arc<Fill>,
}

impl Sources {
    /// `now` answers in UTC; `random` fills a buffer with bytes nobody can guess.
    pub fn new(
        now: impl Fn() -> OffsetDateTime + Send + Sync + 'static,
        random: impl Fn(&mut [u8]) + Send + Sync + 'static,
    ) -> Self {
        Self { now: Arc::new(now), random: Arc::new(random) }
    }

    /// Now, in UTC.
    pub fn now(&self) -> OffsetDateTime {
        (self.now)()
    }

    /// A version 7 UUID (RFC 9562).
    pub(super) fn request_id(&self) -> RequestId {
        let mut random = [0; 10];
        (self.random)(&mut random);
        let ms = u64::try_from(self.now().unix_timestamp_nanos() / 1_000_000).unwrap_or(0);
        let id = uuid::Builder::from_unix_timestamp_millis(ms, &random).into_uuid();
        RequestId(id.to_string().into())
    }

    pub(super) fn nonce(&self) -> Nonce {
        let mut random = [0; 16];
        (self.random)(&mut random);
        Nonce(STANDARD.encode(random).into())
    }
}

/// Names a request in answers, logs and error pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for RequestId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The number that inline scripts and styles of this one page must carry (CSP level 3, `nonce-source`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Nonce(Arc<str>);

impl Nonce {
    /// The value of `nonce` attributes.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

macro_rules! from_extensions {
    ($($type:ty),*) => {$(
        impl<S: Sync> FromRequestParts<S> for $type {
            type Rejection = Infallible;

            async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
                Ok(parts.extensions.get().cloned().unwrap_or_default())
            }
        }
    )*};
}
from_extensions!(RequestId, Nonce, RequestRecord);

/// What only inner layers learn and the access log wants to know. Clones share their content.
#[derive(Clone, Debug, Default)]
pub struct RequestRecord(Arc<Learned>);

#[derive(Debug, Default)]
struct Learned {
    route: OnceLock<String>,
    user: OnceLock<String>,
}

impl RequestRecord {
    /// Notes the pattern of the matched route.
    pub(super) fn note_route(&self, pattern: &str) {
        self.0.route.get_or_init(|| pattern.to_owned());
    }

    /// Notes whose request this is. Call it once the session is proven.
    pub fn note_user(&self, id: &str) {
        self.0.user.get_or_init(|| id.to_owned());
    }

    /// The pattern of the matched route: never a path, which may hold a token.
    pub fn route(&self) -> &str {
        self.0.route.get().map_or("unmatched", String::as_str)
    }

    /// Whose request this is, if somebody is signed in.
    pub fn user(&self) -> Option<&str> {
        self.0.user.get().map(String::as_str)
    }
}
