//! Signed cookie values: `value.signature`, percent-encoded, HMAC-SHA-256 in base64 with padding.

use std::borrow::Cow;

use backend::auth::COMPONENT;
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac};
use percent_encoding::{percent_decode_str, utf8_percent_encode};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// 32 bytes in base64 with padding.
const SIGNATURE_LENGTH: usize = 44;

/// Signs and verifies cookie values with one secret.
#[derive(Clone)]
pub struct Signer(SecretString);

impl Signer {
    /// The key is the secret's UTF-8 bytes, as in Better Auth.
    pub fn new(secret: &SecretString) -> Self {
        Self(secret.clone())
    }

    /// The text that stands in the cookie for `value`.
    pub fn sign(&self, value: &str) -> String {
        let signature = STANDARD.encode(self.mac(value.as_bytes()).finalize().into_bytes());
        utf8_percent_encode(&format!("{value}.{signature}"), COMPONENT).to_string()
    }

    /// The value in a cookie's text, encoded or not, if its signature holds. Compared in constant time.
    pub fn verify(&self, text: &str) -> Option<String> {
        let text = decode(text);
        let (value, signature) = text.rsplit_once('.')?;
        if value.is_empty() || signature.len() != SIGNATURE_LENGTH {
            return None;
        }
        let signature = STANDARD.decode(signature).ok()?;
        self.mac(value.as_bytes()).verify_slice(&signature).ok()?;
        Some(value.to_owned())
    }

    pub(super) fn mac(&self, text: &[u8]) -> Hmac<Sha256> {
        let mac = Hmac::<Sha256>::new_from_slice(self.0.expose_secret().as_bytes());
        mac.expect("HMAC takes keys of any length").chain_update(text)
    }
}

/// Percent-decoded once; a text with a bad escape, or one that is not UTF-8 afterwards, stays as it is.
fn decode(text: &str) -> Cow<'_, str> {
    let escapes_hold = text
        .split('%')
        .skip(1)
        .all(|rest| rest.len() >= 2 && rest.as_bytes()[..2].iter().all(u8::is_ascii_hexdigit));
    if !escapes_hold {
        return text.into();
    }
    percent_decode_str(text).decode_utf8().unwrap_or(text.into())
}
