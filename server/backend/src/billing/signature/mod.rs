//! Is it from Polar? Standard Webhooks' signature, with both of the ways in which Polar makes a key from a secret.

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use time::OffsetDateTime;

/// How far the other clock may be from ours.
const WINDOW_SECONDS: i64 = 300;
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The three headers of a delivery, each exactly once.
#[derive(Clone, Copy, Debug)]
pub struct Headers<'a> {
    /// `webhook-id`
    pub id: &'a str,
    /// `webhook-timestamp`
    pub timestamp: &'a str,
    /// `webhook-signature`
    pub signature: &'a str,
}

/// Why a delivery is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forged {
    /// A header is missing, doubled or not of its form.
    Headers,
    /// The timestamp is over five minutes away.
    Stale,
    /// No key fits any signature.
    Signature,
}

impl Forged {
    /// The word of the metric.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Headers => "headers",
            Self::Stale => "stale",
            Self::Signature => "signature",
        }
    }
}

/// Whether `body` was signed with one of `secrets`, lately.
///
/// # Errors
/// What is wrong with it.
pub fn verify(
    secrets: &[SecretString],
    headers: Headers<'_>,
    body: &[u8],
    now: OffsetDateTime,
) -> Result<(), Forged> {
    if !is_id(headers.id) {
        return Err(Forged::Headers);
    }
    let sent = seconds(headers.timestamp).ok_or(Forged::Headers)?;
    if (now.unix_timestamp() - sent).abs() > WINDOW_SECONDS {
        return Err(Forged::Stale);
    }
    let given: Vec<Vec<u8>> = headers
        .signature
        .split(' ')
        .filter_map(|entry| BASE64.decode(entry.strip_prefix("v1,")?).ok())
        .collect();
    let fits = |key: Vec<u8>| {
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("HMAC takes keys of any length");
        for part in [headers.id.as_bytes(), b".", headers.timestamp.as_bytes(), b".", body] {
            mac.update(part);
        }
        given.iter().any(|given| mac.clone().verify_slice(given).is_ok())
    };
    let fitting = secrets.iter().flat_map(keys).any(fits);
    if fitting { Ok(()) } else { Err(Forged::Signature) }
}

/// The whole secret as Polar used it before September 2026, and what Standard Webhooks makes of it.
fn keys(secret: &SecretString) -> Vec<Vec<u8>> {
    let text = secret.expose_secret();
    let mut keys = vec![text.as_bytes().to_vec()];
    let decoded = BASE64.decode(text.strip_prefix("whsec_").unwrap_or(text)).ok();
    keys.extend(decoded.filter(|key| !key.is_empty() && *key != keys[0]));
    keys
}

/// A dot in an id would let the signed parts shift.
fn is_id(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    (1..=100).contains(&text.len()) && text.bytes().all(plain)
}

fn seconds(text: &str) -> Option<i64> {
    let plain = (1..=12).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests;
