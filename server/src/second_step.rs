//! The cookie of what a person has to take down when they turn a second step on
//! ([`app::settings::second_step::waiting`]).

use app::settings::second_step::waiting::{COOKIE, LIFE, Waiting, WaitingCookie};
use axum::http::{HeaderMap, HeaderValue};
use backend::{Backend, Clock, SignedIn, Vault};

use crate::auth::cookies;

/// Seals, opens and ends the cookie.
#[derive(Clone)]
pub struct Jar {
    vault: Vault,
    clock: Clock,
    secure: bool,
}

impl Jar {
    /// A jar with the backend's keys.
    pub fn new(backend: &Backend, https: bool) -> Self {
        Self { vault: backend.vault.clone(), clock: backend.clock.clone(), secure: https }
    }

    /// For the context of server functions: makes the caller's cookie, or ends it.
    pub fn cookie(&self, caller: Option<&SignedIn>) -> WaitingCookie {
        let (jar, place) = (self.clone(), caller.map(place));
        WaitingCookie::new(move |waiting| {
            let Some(waiting) = waiting else { return jar.header("", 0) };
            let text = serde_json::to_string(waiting).ok()?;
            jar.header(&jar.vault.seal_waiting(place.as_deref()?, &text), LIFE.whole_seconds())
        })
    }

    /// What came with this request, if it was made for the caller and its time is not over.
    pub fn read(&self, headers: &HeaderMap, caller: Option<&SignedIn>) -> Option<Waiting> {
        let sealed = cookies::find(headers, COOKIE)?;
        let text = self.vault.open_waiting(&place(caller?), sealed).ok()?;
        let waiting: Waiting = serde_json::from_str(&text).ok()?;
        (waiting.until > self.clock.now()).then_some(waiting)
    }

    fn header(&self, value: &str, max_age: i64) -> Option<HeaderValue> {
        let secure = if self.secure { "; Secure" } else { "" };
        let path = app::routes::SECURITY;
        let cookie = format!(
            "{COOKIE}={value}; Max-Age={max_age}; Path={path}; HttpOnly{secure}; SameSite=Strict"
        );
        HeaderValue::from_str(&cookie).ok()
    }
}

/// Binds the cookie to the person: it opens for nobody else who signs in here.
fn place(caller: &SignedIn) -> String {
    format!("second-step:{}", caller.user())
}
