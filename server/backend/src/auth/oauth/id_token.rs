//! ID tokens: who signed them, for whom, when (`OpenID` Connect Core 3.1.3.7, RFC 7519, RFC 8725).
//!
//! Keys and signatures are `openidconnect`'s. The claims are judged here, because its reader takes no issuer
//! that is not an address, and Google has such a spelling.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use openidconnect::{
    JsonWebKey,
    core::{CoreJsonWebKey, CoreJwsSigningAlgorithm},
};
use serde_json::{Map, Value};
use subtle::ConstantTimeEq;
use time::Duration;

use super::Provider;
use crate::Error;

/// Clocks may differ by so much.
const TOLERANCE: Duration = Duration::seconds(30);
/// An older token has been lying around.
const OLDEST: Duration = Duration::hours(1);
/// `OpenID` Connect Core 2: a subject has at most 255 characters.
const SUBJECT_MAX: usize = 255;

/// What a token claims.
pub(super) type Claims = Map<String, Value>;

/// Why a token proves nothing.
#[derive(Debug, thiserror::Error)]
pub(super) enum IdTokenError {
    /// The token breaks a rule.
    #[error("the ID token is refused: {0}")]
    Refused(&'static str),
    /// The keys could not be had.
    #[error(transparent)]
    Other(#[from] Error),
}

/// The claims of a token that this provider signed for us, not long ago, and for this nonce if there is one.
pub(super) async fn verify(
    provider: &Provider,
    token: &str,
    nonce: Option<&str>,
) -> Result<Claims, IdTokenError> {
    let endpoints = provider.endpoints().await?;
    let Some(keys_at) = &endpoints.keys else {
        return Err(IdTokenError::Refused("this provider signs none"));
    };
    let parts = Parts::split(token)?;
    if !endpoints.algorithms.contains(&parts.algorithm) {
        return Err(IdTokenError::Refused("alg"));
    }
    let keys = provider.keys().get(provider, keys_at, parts.kid.as_deref()).await?;
    check_signature(keys.keys(), &parts)?;
    check_claims(provider, &parts.claims)?;
    check_nonce(&parts.claims, nonce)?;
    Ok(parts.claims)
}

/// The claims of a token whose signature was looked at before it was stored.
pub(super) fn read_stored(token: &str) -> Option<Claims> {
    Parts::split(token).ok().map(|parts| parts.claims)
}

/// A token taken apart, nothing of it believed yet.
struct Parts<'a> {
    algorithm: String,
    kid: Option<String>,
    claims: Claims,
    signed: &'a str,
    signature: Vec<u8>,
}

impl<'a> Parts<'a> {
    fn split(token: &'a str) -> Result<Self, IdTokenError> {
        let form = IdTokenError::Refused("form");
        let (signed, signature) = token.rsplit_once('.').ok_or(IdTokenError::Refused("form"))?;
        let (header, claims) = signed.split_once('.').ok_or(IdTokenError::Refused("form"))?;
        let object = |text: &str| {
            let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
            serde_json::from_slice::<Map<String, Value>>(&bytes).ok()
        };
        let (Some(header), Some(claims)) = (object(header), object(claims)) else {
            return Err(form);
        };
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| form)?;
        let text = |name: &str| header.get(name).and_then(Value::as_str).map(str::to_owned);
        // RFC 7515 4.1.11: what must be understood and is not, refuses the token.
        if header.contains_key("crit") {
            return Err(IdTokenError::Refused("crit"));
        }
        if text("typ").is_some_and(|kind| !kind.eq_ignore_ascii_case("JWT")) {
            return Err(IdTokenError::Refused("typ"));
        }
        let algorithm = text("alg").ok_or(IdTokenError::Refused("alg"))?;
        Ok(Self { algorithm, kid: text("kid"), claims, signed, signature })
    }
}

fn check_signature(keys: &[CoreJsonWebKey], parts: &Parts<'_>) -> Result<(), IdTokenError> {
    let algorithm: CoreJwsSigningAlgorithm =
        serde_json::from_value(Value::String(parts.algorithm.clone()))
            .map_err(|_| IdTokenError::Refused("alg"))?;
    let fits = |key: &&CoreJsonWebKey| match &parts.kid {
        Some(kid) => key.key_id().is_some_and(|id| **id == *kid),
        // Without a name there must be no choice.
        None => keys.len() == 1,
    };
    let mut candidates = keys.iter().filter(fits).peekable();
    if candidates.peek().is_none() {
        return Err(IdTokenError::Refused("kid"));
    }
    let message = parts.signed.as_bytes();
    let holds =
        candidates.any(|key| key.verify_signature(&algorithm, message, &parts.signature).is_ok());
    if holds { Ok(()) } else { Err(IdTokenError::Refused("signature")) }
}

fn check_claims(provider: &Provider, claims: &Claims) -> Result<(), IdTokenError> {
    let settings = provider.settings();
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    if !text("iss").is_some_and(|issuer| settings.kind.is_issuer(issuer, claims)) {
        return Err(IdTokenError::Refused("iss"));
    }
    let ours = match claims.get("aud") {
        Some(Value::String(audience)) => *audience == settings.client_id,
        Some(Value::Array(all)) => {
            !all.is_empty() && all.iter().all(|one| one.as_str() == Some(&*settings.client_id))
        }
        _ => false,
    };
    if !ours {
        return Err(IdTokenError::Refused("aud"));
    }
    if claims.contains_key("azp") && text("azp") != Some(&*settings.client_id) {
        return Err(IdTokenError::Refused("azp"));
    }
    let subject = text("sub").unwrap_or_default();
    if subject.is_empty() || subject.len() > SUBJECT_MAX || subject.contains('\0') {
        return Err(IdTokenError::Refused("sub"));
    }
    check_times(provider, claims)
}

fn check_times(provider: &Provider, claims: &Claims) -> Result<(), IdTokenError> {
    let seconds = |name: &str| claims.get(name).and_then(Value::as_i64);
    let now = provider.clock().now();
    let (early, late) = ((now + TOLERANCE).unix_timestamp(), (now - TOLERANCE).unix_timestamp());
    if seconds("exp").is_none_or(|expires| expires <= late) {
        return Err(IdTokenError::Refused("exp"));
    }
    let oldest = (now - OLDEST - TOLERANCE).unix_timestamp();
    if !seconds("iat").is_some_and(|issued| (oldest..=early).contains(&issued)) {
        return Err(IdTokenError::Refused("iat"));
    }
    if claims.contains_key("nbf") && seconds("nbf").is_none_or(|from| from > early) {
        return Err(IdTokenError::Refused("nbf"));
    }
    Ok(())
}

fn check_nonce(claims: &Claims, expected: Option<&str>) -> Result<(), IdTokenError> {
    let Some(expected) = expected else { return Ok(()) };
    let nonce = claims.get("nonce").and_then(Value::as_str).unwrap_or_default();
    let same = bool::from(nonce.as_bytes().ct_eq(expected.as_bytes()));
    if same { Ok(()) } else { Err(IdTokenError::Refused("nonce")) }
}
