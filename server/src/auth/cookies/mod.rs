//! The cookies of a session: names, attributes, and which of them change when.

mod cache;
mod factors;
mod jar;
mod signer;
mod way_in;

#[cfg(test)]
mod tests;

use axum::{
    http::{HeaderValue, header},
    response::Response,
};
use backend::auth::{SessionToken, SessionView, UserView, oauth::STATE_COOKIE_LIFE};
use secrecy::SecretString;
use time::OffsetDateTime;
use url::Url;

use crate::config::CookiePrefix;
pub use cache::{Cache, Cached};
pub use jar::{Jar, find};
pub use signer::Signer;

/// Max-Age of a remembered session's cookie, in seconds.
const SESSION_MAX_AGE: u32 = 7 * 24 * 60 * 60;

const SESSION_TOKEN: &str = "session_token";
const SESSION_DATA: &str = "session_data";
const DONT_REMEMBER: &str = "dont_remember";
const STATE: &str = "state";
const TWO_FACTOR: &str = "two_factor";
const TRUST_DEVICE: &str = "trust_device";
const PASSKEY: &str = "better-auth-passkey";

/// Max-Age of the device cookie, in seconds: 400 days, the longest that browsers keep one.
const DEVICE_MAX_AGE: u32 = 400 * 24 * 60 * 60;
/// Keeps a signed device id from being read as another signed value.
const DEVICE_MARK: &str = "device:";

/// Writes and reads the cookies of sessions.
pub struct Cookies {
    name_start: &'static str,
    secure: bool,
    signer: Signer,
}

/// A session as cookies describe it.
pub struct Login<'a> {
    /// The person, for the display cache.
    pub user: &'a UserView,
    /// The session, for the display cache.
    pub session: &'a SessionView,
    /// Its secret.
    pub token: &'a SessionToken,
    /// Whether the cookies outlive the browser.
    pub remember: bool,
}

impl<'a> From<&'a backend::auth::Login> for Login<'a> {
    fn from(login: &'a backend::auth::Login) -> Self {
        let backend::auth::Login { user, session, token, remember, .. } = login;
        Self { user, session, token, remember: *remember }
    }
}

impl Cookies {
    /// Over https names have a prefix and cookies are `Secure`; the two always go together.
    pub fn new(app_url: &Url, prefix: CookiePrefix, secret: &SecretString) -> Self {
        let secure = app_url.scheme() == "https";
        let name_start = match (secure, prefix) {
            (false, _) => "better-auth.",
            (true, CookiePrefix::Secure) => "__Secure-better-auth.",
            (true, CookiePrefix::Host) => "__Host-better-auth.",
        };
        Self { name_start, secure, signer: Signer::new(secret) }
    }

    /// The token of the session cookie, if its signature holds. Nothing else names a session.
    pub fn token(&self, jar: &Jar) -> Option<SessionToken> {
        let value = jar.get(&self.name(SESSION_TOKEN))?;
        self.signer.verify(value).map(SessionToken::from_signed_cookie)
    }

    /// Whether the browser said that its cookies are not to outlive it.
    pub fn is_unremembered(&self, jar: &Jar) -> bool {
        let value = jar.get(&self.name(DONT_REMEMBER)).and_then(|value| self.signer.verify(value));
        value.as_deref() == Some("true")
    }

    /// All cookies of a session that starts or was extended.
    pub fn start(&self, jar: &Jar, now: OffsetDateTime, login: &Login<'_>) -> Vec<HeaderValue> {
        let max_age = login.remember.then_some(SESSION_MAX_AGE);
        let token = self.signer.sign(login.token.expose());
        let mut cookies = vec![self.header(SESSION_TOKEN, &token, max_age)];
        if !login.remember {
            cookies.push(self.header(DONT_REMEMBER, &self.signer.sign("true"), None));
        } else if jar.get(&self.name(DONT_REMEMBER)).is_some() {
            cookies.push(self.cleared(DONT_REMEMBER));
        }
        cookies.extend(self.cache(jar, now, login));
        cookies
    }

    /// The end of a session: its three cookies and every piece of the display cache that came along.
    pub fn clear(&self, jar: &Jar) -> Vec<HeaderValue> {
        let mut cookies = vec![self.cleared(SESSION_TOKEN)];
        cookies.extend(self.clear_cache(jar));
        cookies.push(self.cleared(DONT_REMEMBER));
        cookies
    }

    /// The id in this browser's device cookie, if its signature holds.
    pub fn device(&self, jar: &Jar) -> Option<String> {
        let value = self.signer.verify(jar.get(self.device_name())?)?;
        value.strip_prefix(DEVICE_MARK).map(str::to_owned)
    }

    /// The cookie by which this browser is known at its next sign-in. It outlives sign-out.
    pub fn set_device(&self, id: &str) -> HeaderValue {
        let (name, value) = (self.device_name(), self.signer.sign(&format!("{DEVICE_MARK}{id}")));
        let text = format!("{name}={value}{}", self.attributes(Some(DEVICE_MAX_AGE)));
        HeaderValue::from_str(&text).expect("names and encoded values are printable ASCII")
    }

    fn device_name(&self) -> &'static str {
        if self.secure { "__Host-coffer.device" } else { "coffer.device" }
    }

    /// Ties a sign-in at another provider to this browser.
    pub fn state(&self, state: &str) -> HeaderValue {
        self.header(STATE, &self.signer.sign(state), Some(STATE_COOKIE_LIFE))
    }

    /// The state that this browser was sent out with, if its signature holds.
    pub fn read_state(&self, jar: &Jar) -> Option<String> {
        self.signer.verify(jar.get(&self.name(STATE))?)
    }

    /// The end of a sign-in at another provider.
    pub fn end_state(&self) -> HeaderValue {
        self.cleared(STATE)
    }

    /// Whether `response` already says what becomes of the session cookie.
    pub fn are_set_by(&self, response: &Response) -> bool {
        let start = format!("{}=", self.name(SESSION_TOKEN));
        let mut set = response.headers().get_all(header::SET_COOKIE).iter();
        set.any(|cookie| cookie.as_bytes().starts_with(start.as_bytes()))
    }

    fn name(&self, short: &str) -> String {
        format!("{}{short}", self.name_start)
    }

    fn cleared(&self, short: &str) -> HeaderValue {
        self.header(short, "", Some(0))
    }

    fn header(&self, short: &str, value: &str, max_age: Option<u32>) -> HeaderValue {
        let text = format!("{}{short}={value}{}", self.name_start, self.attributes(max_age));
        HeaderValue::from_str(&text).expect("names and encoded values are printable ASCII")
    }

    fn attributes(&self, max_age: Option<u32>) -> String {
        let max_age = max_age.map_or_else(String::new, |seconds| format!("; Max-Age={seconds}"));
        let secure = if self.secure { "; Secure" } else { "" };
        format!("{max_age}; Path=/; HttpOnly{secure}; SameSite=Lax")
    }
}

/// Puts cookies on an answer, each once.
pub fn append(response: &mut Response, cookies: Vec<HeaderValue>) {
    let headers = response.headers_mut();
    for cookie in cookies {
        if !headers.get_all(header::SET_COOKIE).iter().any(|set| *set == cookie) {
            headers.append(header::SET_COOKIE, cookie);
        }
    }
}
