//! Plaid's public keys (RFC 7517). A key nobody has seen is asked for at most once a minute, so that made-up names of
//! keys cannot make us a nuisance; one that is known is looked at again every day, because keys expire.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use p256::{EncodedPoint, ecdsa::VerifyingKey};
use serde::Deserialize;
use serde_json::json;
use time::{Duration, OffsetDateTime};

use super::Forged;
use crate::banks::{
    Trouble,
    plaid::{Plaid, call::Call, error::unreadable},
};

/// How soon Plaid is asked for a key again.
const PATIENCE: Duration = Duration::minutes(1);
/// How long a key is used before somebody looks whether it has expired.
const FRESH: Duration = Duration::days(1);
/// Most characters of the name of a key. Plaid's have 36.
const KID_MAX: usize = 100;

/// The keys that Plaid named so far.
#[derive(Default)]
pub(in crate::banks::plaid) struct Keys {
    known: Mutex<HashMap<String, Known>>,
    /// When Plaid was asked last. Held while asking: one of many callers does it, and none of them needs a key that is
    /// known.
    asked: tokio::sync::Mutex<Option<OffsetDateTime>>,
}

#[derive(Clone)]
struct Known {
    key: VerifyingKey,
    has_expired: bool,
    asked_at: OffsetDateTime,
}

#[derive(Deserialize)]
struct Answer {
    key: Jwk,
}

#[derive(Deserialize)]
struct Jwk {
    alg: String,
    crv: String,
    kid: String,
    kty: String,
    x: String,
    y: String,
    expired_at: Option<i64>,
}

impl Keys {
    fn get(&self, kid: &str) -> Option<Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).get(kid).cloned()
    }

    fn put(&self, kid: &str, key: Known) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(kid.to_owned(), key);
    }
}

impl Plaid {
    /// The key of this name, if Plaid signs with it today.
    pub(super) async fn key(&self, kid: &str) -> Result<VerifyingKey, Forged> {
        if !is_name(kid) {
            return Err(Forged::Key);
        }
        let now = self.clock.now();
        let fresh = |known: &Known| now < known.asked_at + FRESH;
        let known = match self.keys.get(kid).filter(fresh) {
            Some(known) => known,
            None => self.renew(kid, now).await.ok_or(Forged::Key)?,
        };
        if known.has_expired { Err(Forged::Expired) } else { Ok(known.key) }
    }

    /// The key as Plaid has it now; as it was where Plaid cannot be asked.
    async fn renew(&self, kid: &str, now: OffsetDateTime) -> Option<Known> {
        let mut asked = self.keys.asked.lock().await;
        // Somebody else may have asked while this one waited.
        let known = self.keys.get(kid);
        let fresh = known.as_ref().is_some_and(|known| now < known.asked_at + FRESH);
        if fresh || asked.is_some_and(|asked| now < asked + PATIENCE) {
            return known;
        }
        *asked = Some(now);
        match self.ask_key(kid, now).await {
            Ok(renewed) => {
                self.keys.put(kid, renewed.clone());
                Some(renewed)
            }
            Err(trouble) => {
                tracing::warn!(%trouble, "Plaid did not say which key signs its webhooks");
                known
            }
        }
    }

    async fn ask_key(&self, kid: &str, now: OffsetDateTime) -> Result<Known, Trouble> {
        let body = json!({ "key_id": kid });
        // Once: Plaid gives up on a delivery after ten seconds.
        let call = Call::new("webhook_key_get", "/webhook_verification_key/get", body);
        let response = self.ask(call.once()).await?;
        let answer: Answer =
            serde_json::from_slice(response.body()).map_err(|_| unreadable(None))?;
        let key = answer.key.read(kid).ok_or_else(|| unreadable(None))?;
        Ok(Known { key, has_expired: answer.key.expired_at.is_some(), asked_at: now })
    }
}

impl Jwk {
    /// The key, if it is the one that was asked for and a point of P-256.
    fn read(&self, kid: &str) -> Option<VerifyingKey> {
        let fits =
            self.kid == kid && self.alg == "ES256" && self.kty == "EC" && self.crv == "P-256";
        let coordinate =
            |text: &str| -> Option<[u8; 32]> { URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok() };
        let (x, y) = (coordinate(&self.x)?, coordinate(&self.y)?);
        let point = EncodedPoint::from_affine_coordinates(&x.into(), &y.into(), false);
        VerifyingKey::from_encoded_point(&point).ok().filter(|_| fits)
    }
}

/// Whether it may be the name of a key: it is sent to Plaid as it is.
fn is_name(kid: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (1..=KID_MAX).contains(&kid.len()) && kid.bytes().all(plain)
}
