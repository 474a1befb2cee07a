//! Is it from Plaid? A JWT (RFC 7519) in `Plaid-Verification` says who sent what body when. In this order, on the raw
//! bytes: the algorithm, the key, the signature, the time, the body.

mod events;
mod keys;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::HeaderMap;
use metrics::counter;
use p256::ecdsa::{Signature, signature::Verifier};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use time::{Duration, OffsetDateTime};

use super::{Plaid, error};
use crate::banks::{Trouble, TroubleKind};
pub(super) use events::read_event;
pub(super) use keys::Keys;

/// An older delivery may have been kept by somebody.
const OLDEST: Duration = Duration::minutes(5);
/// Clocks may differ by so much.
const TOLERANCE: Duration = Duration::minutes(1);
/// Longer headers are not looked at.
const HEADER_MAX: usize = 4_096;

/// Why a delivery is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Forged {
    /// The header is missing, doubled or not of its form.
    Header,
    /// Signed in another way than with ES256 (RFC 7518 3.4).
    Algorithm,
    /// Plaid has no such key, or it could not be asked for now.
    Key,
    /// Plaid signs no longer with this key.
    Expired,
    /// The key did not sign this.
    Signature,
    /// Signed too long ago, or in the future.
    Stale,
    /// Signed for another body.
    Body,
}

impl Forged {
    /// The word of the metric.
    const fn as_str(self) -> &'static str {
        match self {
            Self::Header => "header",
            Self::Algorithm => "algorithm",
            Self::Key => "key",
            Self::Expired => "expired_key",
            Self::Signature => "signature",
            Self::Stale => "stale",
            Self::Body => "body",
        }
    }
}

impl From<Forged> for Trouble {
    fn from(forged: Forged) -> Self {
        error::trouble(TroubleKind::BadRequest, forged.as_str(), None)
    }
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: String,
    typ: Option<String>,
    crit: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Claims {
    iat: i64,
    request_body_sha256: String,
}

/// A token taken apart, nothing of it believed yet.
struct Parts<'a> {
    header: Header,
    signed: &'a str,
    signature: &'a str,
}

impl Plaid {
    /// Whether Plaid signed this body lately. Whoever is refused is counted.
    pub(super) async fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<(), Trouble> {
        let outcome = self.prove(headers, body).await;
        if let Err(forged) = outcome {
            let reason = forged.as_str();
            counter!("coffer_bank_webhooks_rejected_total", "provider" => "plaid", "reason" => reason)
                .increment(1);
        }
        Ok(outcome?)
    }

    async fn prove(&self, headers: &HeaderMap, body: &[u8]) -> Result<(), Forged> {
        let parts = Parts::split(token(headers)?)?;
        if parts.header.alg != "ES256" {
            return Err(Forged::Algorithm);
        }
        let key = self.key(&parts.header.kid).await?;
        let signature = URL_SAFE_NO_PAD.decode(parts.signature).map_err(|_| Forged::Signature)?;
        let signature = Signature::from_slice(&signature).map_err(|_| Forged::Signature)?;
        key.verify(parts.signed.as_bytes(), &signature).map_err(|_| Forged::Signature)?;
        let claims = parts.claims()?;
        check_time(claims.iat, self.clock.now())?;
        check_body(&claims.request_body_sha256, body)
    }
}

impl<'a> Parts<'a> {
    fn split(token: &'a str) -> Result<Self, Forged> {
        let (signed, signature) = token.rsplit_once('.').ok_or(Forged::Header)?;
        let (header, claims) = signed.split_once('.').ok_or(Forged::Header)?;
        let header: Header = decode(header)?;
        // RFC 7515 4.1.11: what must be understood and is not, refuses the token.
        let plain = header.crit.is_none()
            && header.typ.as_deref().is_none_or(|kind| kind.eq_ignore_ascii_case("JWT"));
        if plain && !claims.contains('.') {
            Ok(Self { header, signed, signature })
        } else {
            Err(Forged::Header)
        }
    }

    /// What was signed. Only once it is known that it was.
    fn claims(&self) -> Result<Claims, Forged> {
        let (_, claims) = self.signed.split_once('.').ok_or(Forged::Header)?;
        decode(claims)
    }
}

/// The header, exactly once.
fn token(headers: &HeaderMap) -> Result<&str, Forged> {
    let mut all = headers.get_all("plaid-verification").iter();
    let token = all.next().and_then(|token| token.to_str().ok()).ok_or(Forged::Header)?;
    let alone = all.next().is_none() && token.len() <= HEADER_MAX;
    alone.then_some(token).ok_or(Forged::Header)
}

fn decode<T: for<'de> Deserialize<'de>>(part: &str) -> Result<T, Forged> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| Forged::Header)?;
    serde_json::from_slice(&bytes).map_err(|_| Forged::Header)
}

fn check_time(iat: i64, now: OffsetDateTime) -> Result<(), Forged> {
    let oldest = (now - OLDEST).unix_timestamp();
    let newest = (now + TOLERANCE).unix_timestamp();
    (oldest..=newest).contains(&iat).then_some(()).ok_or(Forged::Stale)
}

/// Compares in the same time wherever the two differ.
fn check_body(signed: &str, body: &[u8]) -> Result<(), Forged> {
    let here = hex::encode(Sha256::digest(body));
    let same = bool::from(here.as_bytes().ct_eq(signed.as_bytes()));
    same.then_some(()).ok_or(Forged::Body)
}

#[cfg(test)]
mod tests;
