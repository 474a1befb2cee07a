//! Signed cookies for what the next page needs to know: a message that is shown once ([`app::flash`]), and the address
//! that a mail was sent to ([`app::auth::mailed`]).

use app::{
    auth::mailed::{self, MailedCookie},
    flash::{self, FlashCookie},
};
use axum::http::{HeaderMap, HeaderValue};
use backend::Settings;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};

use crate::auth::cookies::{self, Signer};

/// A message waits this long for its page, in seconds.
const FLASH_AGE: u32 = 60;
/// As long as a link that was mailed can be of use.
const MAILED_AGE: u32 = 60 * 60;

/// Signs, reads and clears the cookies.
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
    pub fn flash(&self) -> FlashCookie {
        let jar = self.clone();
        FlashCookie::new(move |flash| jar.write(flash::COOKIE, flash, FLASH_AGE))
    }

    /// For the context of server functions: makes the cookie of an address.
    pub fn mailed(&self) -> MailedCookie {
        let jar = self.clone();
        MailedCookie::new(move |mailed| jar.write(mailed::COOKIE, mailed, MAILED_AGE))
    }

    fn write<T: Serialize>(&self, name: &str, value: &T, max_age: u32) -> HeaderValue {
        let text = serde_json::to_vec(value).unwrap_or_default();
        let value = self.signer.sign(&URL_SAFE_NO_PAD.encode(text));
        self.header(name, &value, max_age)
    }

    /// What came with this request under this name, if its signature holds.
    pub fn read<T: DeserializeOwned>(&self, headers: &HeaderMap, name: &str) -> Option<T> {
        let value = self.signer.verify(cookies::find(headers, name)?)?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(value).ok()?).ok()
    }

    /// The header that ends a message which has been shown, if there was one.
    pub fn spent(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        cookies::find(headers, flash::COOKIE).map(|_| self.header(flash::COOKIE, "", 0))
    }

    fn header(&self, name: &str, value: &str, max_age: u32) -> HeaderValue {
        let secure = if self.secure { "; Secure" } else { "" };
        let cookie =
            format!("{name}={value}; Max-Age={max_age}; Path=/; HttpOnly{secure}; SameSite=Lax");
        HeaderValue::from_str(&cookie).unwrap_or(HeaderValue::from_static(""))
    }
}
