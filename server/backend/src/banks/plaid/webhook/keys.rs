//! Plaid's public keys (RFC 7517). Each is asked for at most once a minute, and all of them together only so often, so
//! that made-up names of keys can neither make us a nuisance nor keep a real one out. One that is known stays, and is
//! looked at again every day, because keys expire.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
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

/// How soon Plaid is asked for the same key again.
const PATIENCE: Duration = Duration::minutes(1);
/// Keys that Plaid is asked for within that time. Whoever makes up more names than this has the rest of the minute for
/// themselves; Plaid sends what was refused again.
const MOST: usize = 30;
/// How long a key is used before somebody looks whether it has expired.
const FRESH: Duration = Duration::days(1);
/// Most characters of the name of a key. Plaid's have 36.
const KID_MAX: usize = 100;

/// The keys that Plaid named so far, and those it was asked for lately.
#[derive(Default)]
pub(in crate::banks::plaid) struct Keys {
    known: Mutex<HashMap<String, Known>>,
    asked: Mutex<Asked>,
}

/// The questions of the last minute: never more than [`MOST`].
#[derive(Default)]
struct Asked(VecDeque<Question>);

struct Question {
    kid: String,
    at: OffsetDateTime,
    /// Held until there is an answer.
    open: Arc<tokio::sync::Mutex<()>>,
}

/// Who asks for a key.
enum Turn {
    /// Whoever has this, until it has the answer.
    Mine(Option<tokio::sync::OwnedMutexGuard<()>>),
    /// Somebody else did, within the last minute, or does it now.
    Theirs(Arc<tokio::sync::Mutex<()>>),
    /// Nobody: there were too many questions.
    Nobodys,
}

impl Asked {
    fn turn(&mut self, kid: &str, now: OffsetDateTime) -> Turn {
        while self.0.front().is_some_and(|question| now >= question.at + PATIENCE) {
            self.0.pop_front();
        }
        if let Some(question) = self.0.iter().find(|question| question.kid == kid) {
            return Turn::Theirs(question.open.clone());
        }
        if self.0.len() >= MOST {
            return Turn::Nobodys;
        }
        let open = Arc::new(tokio::sync::Mutex::new(()));
        let mine = open.clone().try_lock_owned().ok();
        self.0.push_back(Question { kid: kid.to_owned(), at: now, open });
        Turn::Mine(mine)
    }
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
        locked(&self.known).get(kid).cloned()
    }

    fn put(&self, kid: &str, key: Known) {
        locked(&self.known).insert(kid.to_owned(), key);
    }

    fn turn(&self, kid: &str, now: OffsetDateTime) -> Turn {
        locked(&self.asked).turn(kid, now)
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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

    /// The key as Plaid has it now; as it was where Plaid cannot be asked, or was asked just before.
    async fn renew(&self, kid: &str, now: OffsetDateTime) -> Option<Known> {
        match self.keys.turn(kid, now) {
            Turn::Mine(_until_answered) => match self.ask_key(kid, now).await {
                Ok(renewed) => self.keys.put(kid, renewed),
                Err(trouble) => {
                    tracing::warn!(%trouble, "Plaid did not say which key signs its webhooks");
                }
            },
            Turn::Theirs(open) => drop(open.lock().await),
            Turn::Nobodys => {
                tracing::warn!("Plaid was asked for too many keys of webhooks within a minute");
            }
        }
        self.keys.get(kid)
    }

    async fn ask_key(&self, kid: &str, now: OffsetDateTime) -> Result<Known, Trouble> {
        let body = json!({ "key_id": kid });
        // Once: Plaid gives up on a delivery after ten seconds.
        let call = Call::new("webhook_key_get", "/webhook_verification_key/get", body);
        let response = self.ask(call.at_most(1)).await?;
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
