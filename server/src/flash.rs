//! The signed cookie of a message that is shown once. See [`app::flash`].

use app::flash::{COOKIE, Flash, FlashCookie};
use axum::http::{HeaderMap, HeaderValue};
use backend::Settings;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::auth::cookies::{self, Signer};

/// A message waits this long for its page, in seconds.
const MAX_AGE: u32 = 60;

/// Signs, reads and clears the cookie.
#[derive(Clone)]
pub struct Jar {
    signer: Signer,
    secure: bool,
}

impl Jar {
    /// A jar with the key of the other cookies.
    pub fn new(settings: &Settings, https: bool) -> Self {
        Self { signer: Signer::new(&settings.auth.secret), secure: https }
    }

    /// For the context of server functions: makes the cookie of a message.
    pub fn cookie(&self) -> FlashCookie {
        let jar = self.clone();
        FlashCookie::new(move |flash| jar.write(flash))
    }

    fn write(&self, flash: &Flash) -> HeaderValue {
        let text = serde_json::to_vec(flash).unwrap_or_default();
        let value = self.signer.sign(&URL_SAFE_NO_PAD.encode(text));
        self.header(&value, MAX_AGE)
    }

    /// The message that came with this request, if its signature holds.
    pub fn read(&self, headers: &HeaderMap) -> Option<Flash> {
        let value = self.signer.verify(cookies::find(headers, COOKIE)?)?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(value).ok()?).ok()
    }

    /// The header that ends a message which has been shown, if there was one.
    pub fn spent(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        cookies::find(headers, COOKIE).map(|_| self.header("", 0))
    }

    fn header(&self, value: &str, max_age: u32) -> HeaderValue {
        let secure = if self.secure { "; Secure" } else { "" };
        let cookie =
            format!("{COOKIE}={value}; Max-Age={max_age}; Path=/; HttpOnly{secure}; SameSite=Lax");
        HeaderValue::from_str(&cookie).unwrap_or(HeaderValue::from_static(""))
    }
}
