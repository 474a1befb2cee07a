//! What a person has to take down: the secret for their app until a code of it was seen, then the recovery codes.
//!
//! Nothing shows them twice, and a redirect lies between making and showing. They travel in a cookie that only this
//! program can read: sealed for the person, sent to the security settings alone, over after a quarter of an hour or
//! when the codes are saved. No row, address or log ever holds them, and a wrong code loses nothing.

use std::sync::Arc;

use backend::auth::two_factor::TotpSetup;
use http::{HeaderValue, header::SET_COOKIE};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use crate::server::{now, set_header};

/// The name of the cookie. `server` seals, opens and clears it.
pub const COOKIE: &str = "coffer.second-step";
/// How long it waits to be taken down.
pub const LIFE: Duration = Duration::minutes(15);

/// A secret and codes that wait to be taken down. Never printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// `otpauth://totp/…`; none once the app was seen to have it.
    pub uri: Option<String>,
    /// The recovery codes.
    pub codes: Vec<String>,
    /// Until when.
    #[serde(with = "time::serde::timestamp")]
    pub until: OffsetDateTime,
}

impl Waiting {
    /// A new secret with its codes.
    pub fn secret(setup: TotpSetup) -> Self {
        Self { uri: Some(setup.uri), ..Self::codes(setup.backup_codes) }
    }

    /// Codes alone.
    pub fn codes(codes: Vec<String>) -> Self {
        Self { uri: None, codes, until: now() + LIFE }
    }

    /// Keeps it for the next pages of this browser.
    pub fn keep(&self) {
        set_cookie(Some(self));
    }

    /// Ends it.
    pub fn forget() {
        set_cookie(None);
    }
}

type MakeCookie = dyn Fn(Option<&Waiting>) -> Option<HeaderValue> + Send + Sync;

/// Makes the cookie, or ends it. `server` provides it, because cookies are HTTP.
#[derive(Clone)]
pub struct WaitingCookie(Arc<MakeCookie>);

impl WaitingCookie {
    /// Wraps the function that seals.
    pub fn new(
        make: impl Fn(Option<&Waiting>) -> Option<HeaderValue> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(make))
    }
}

fn set_cookie(waiting: Option<&Waiting>) {
    if let Some(value) = use_context::<WaitingCookie>().and_then(|cookie| (cookie.0)(waiting)) {
        set_header(SET_COOKIE, value);
    }
}

/// What came with this request, if it is the caller's and its time is not over.
pub fn use_waiting() -> Option<Waiting> {
    use_context::<Option<Waiting>>().flatten()
}
