//! `session_data`: who is signed in, signed and good for five minutes of display. It proves nothing: only
//! `get-session` may answer from it, and in Better Auth's profile the routes that its contract names.

use std::collections::BTreeMap;

use axum::http::HeaderValue;
use backend::auth::{SessionToken, SessionView, UserView};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{SessionId, UserId};
use hmac::Mac;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::{Cookies, Jar, Login, SESSION_DATA};
use crate::auth::json::{SessionJson, UserJson};

/// Seconds in which a remembered session's cache may answer.
const MAX_AGE: u32 = 300;
/// The same where the cookie has no Max-Age.
const UNREMEMBERED_AGE: u32 = 60;
/// Browsers keep cookies up to 4,096 bytes, attributes included.
const MAX_COOKIE: usize = 4_050;
const MAX_CHUNKS: usize = 100;
const VERSION: &str = "1";

/// The signed part. The order of properties is part of the signed text.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Payload<'a> {
    session: SessionJson<'a>,
    user: UserJson<'a>,
    updated_at: i64,
    version: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Sealed<'a> {
    session: &'a RawValue,
    expires_at: i64,
    signature: String,
}

/// What arrives. Texts are kept as they came, because the signature is over them.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Arrived<'a> {
    #[serde(borrow)]
    session: &'a RawValue,
    expires_at: i64,
    signature: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ArrivedPayload {
    session: Box<RawValue>,
    user: Box<RawValue>,
    /// Missing in caches that Better Auth 1.2.8 wrote, which its 1.7 refuses.
    #[serde(rename = "updatedAt")]
    _updated_at: i64,
    version: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ArrivedSession {
    token: String,
    expires_at: String,
}

/// The parts of a valid cache. Better Auth writes `null` for what it does not know.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CachedSession {
    id: String,
    user_id: String,
    #[serde(with = "time::serde::rfc3339")]
    expires_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    updated_at: OffsetDateTime,
    ip_address: Option<String>,
    user_agent: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CachedUser {
    id: String,
    name: String,
    email: String,
    email_verified: bool,
    image: Option<String>,
    two_factor_enabled: Option<bool>,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    updated_at: OffsetDateTime,
}

impl From<CachedSession> for SessionView {
    fn from(cached: CachedSession) -> Self {
        Self {
            id: SessionId::new(cached.id),
            user_id: UserId::new(cached.user_id),
            expires_at: cached.expires_at,
            created_at: cached.created_at,
            updated_at: cached.updated_at,
            ip_address: cached.ip_address.unwrap_or_default(),
            user_agent: cached.user_agent.unwrap_or_default(),
            remembered: true,
        }
    }
}

impl From<CachedUser> for UserView {
    fn from(cached: CachedUser) -> Self {
        Self {
            id: UserId::new(cached.id),
            name: cached.name,
            email: cached.email,
            email_verified: cached.email_verified,
            image: cached.image,
            two_factor_enabled: cached.two_factor_enabled.unwrap_or_default(),
            created_at: cached.created_at,
            updated_at: cached.updated_at,
        }
    }
}

/// The answer that a valid cache gives: `{session, user}` as they were signed.
#[derive(Debug, Serialize)]
pub struct Cached {
    session: Box<RawValue>,
    user: Box<RawValue>,
}

/// What a request's cache is worth.
pub enum Cache {
    /// None came.
    Absent,
    /// One came and may not be used.
    Refused,
    /// It may answer.
    Valid(Cached),
}

impl Cookies {
    /// The cache of this request, judged against the session cookie's token.
    pub fn read_cache(&self, jar: &Jar, token: &SessionToken, now: OffsetDateTime) -> Cache {
        let Some(text) = self.cache_text(jar) else { return Cache::Absent };
        self.open_cache(&text, token, now).map_or(Cache::Refused, Cache::Valid)
    }

    /// Who a valid cache says is signed in.
    pub fn cached_login(
        &self,
        jar: &Jar,
        token: &SessionToken,
        now: OffsetDateTime,
    ) -> Option<(SessionView, UserView)> {
        let Cache::Valid(cached) = self.read_cache(jar, token, now) else { return None };
        let session: CachedSession = serde_json::from_str(cached.session.get()).ok()?;
        let user: CachedUser = serde_json::from_str(cached.user.get()).ok()?;
        Some((session.into(), user.into()))
    }

    /// Whether the next look at the cache would need no database.
    pub fn has_cache(&self, jar: &Jar, token: &SessionToken, now: OffsetDateTime) -> bool {
        matches!(self.read_cache(jar, token, now), Cache::Valid(_))
    }

    /// The cookie, or the cookies, that hold the cache of `login`.
    pub fn cache(&self, jar: &Jar, now: OffsetDateTime, login: &Login<'_>) -> Vec<HeaderValue> {
        let value = self.seal(now, login);
        let max_age = login.remember.then_some(MAX_AGE);
        let around = self.name(SESSION_DATA).len() + self.attributes(max_age).len();
        if around + "=".len() + value.len() <= MAX_COOKIE {
            let mut cookies = self.clear_chunks(jar, 0);
            cookies.push(self.header(SESSION_DATA, &value, max_age));
            return cookies;
        }
        let size = MAX_COOKIE - around - ".99=".len();
        let count = value.len().div_ceil(size);
        if count > MAX_CHUNKS {
            return self.clear_cache(jar);
        }
        let mut cookies = Vec::with_capacity(count + 1);
        if jar.get(&self.name(SESSION_DATA)).is_some() {
            cookies.push(self.cleared(SESSION_DATA));
        }
        cookies.extend(self.clear_chunks(jar, count));
        for (number, chunk) in value.as_bytes().chunks(size).enumerate() {
            let chunk = std::str::from_utf8(chunk).expect("base64url is ASCII");
            cookies.push(self.header(&format!("{SESSION_DATA}.{number}"), chunk, max_age));
        }
        cookies
    }

    /// Ends the cache: the cookie itself and each chunk that came along.
    pub fn clear_cache(&self, jar: &Jar) -> Vec<HeaderValue> {
        let mut cookies = vec![self.cleared(SESSION_DATA)];
        cookies.extend(self.clear_chunks(jar, 0));
        cookies
    }

    /// Ends the chunks of the request from this number on.
    fn clear_chunks(&self, jar: &Jar, from: usize) -> Vec<HeaderValue> {
        let numbers = self.chunks(jar).into_keys().filter(|number| *number >= from);
        numbers.map(|number| self.cleared(&format!("{SESSION_DATA}.{number}"))).collect()
    }

    /// The chunks of the request by number.
    fn chunks<'a>(&self, jar: &'a Jar) -> BTreeMap<usize, &'a str> {
        let start = format!("{}.", self.name(SESSION_DATA));
        let mut chunks = BTreeMap::new();
        for name in jar.names() {
            let number = name.strip_prefix(&start).and_then(chunk_number);
            if let (Some(number), Some(value)) = (number, jar.get(name)) {
                chunks.entry(number).or_insert(value);
            }
        }
        chunks
    }

    /// The cache in one piece, or joined from its chunks.
    fn cache_text(&self, jar: &Jar) -> Option<String> {
        if let Some(value) = jar.get(&self.name(SESSION_DATA)) {
            return Some(value.to_owned());
        }
        let chunks = self.chunks(jar);
        (!chunks.is_empty()).then(|| chunks.into_values().collect())
    }

    fn seal(&self, now: OffsetDateTime, login: &Login<'_>) -> String {
        let age = if login.remember { MAX_AGE } else { UNREMEMBERED_AGE };
        let now = unix_ms(now);
        let payload = Payload {
            session: SessionJson::new(login.session, login.token),
            user: login.user.into(),
            updated_at: now,
            version: VERSION,
        };
        let payload = serde_json::value::to_raw_value(&payload).expect("text and numbers are JSON");
        let expires_at = now + i64::from(age) * 1_000;
        let signature = self.cache_mac(&payload, expires_at).finalize().into_bytes();
        let sealed =
            Sealed { session: &payload, expires_at, signature: URL_SAFE_NO_PAD.encode(signature) };
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(&sealed).expect("text and numbers are JSON"))
    }

    fn open_cache(&self, text: &str, token: &SessionToken, now: OffsetDateTime) -> Option<Cached> {
        let bytes = decode(text)?;
        let arrived: Arrived<'_> = serde_json::from_slice(&bytes).ok()?;
        let signature = decode(&arrived.signature)?;
        self.cache_mac(arrived.session, arrived.expires_at).verify_slice(&signature).ok()?;

        let payload: ArrivedPayload = serde_json::from_str(arrived.session.get()).ok()?;
        let session: ArrivedSession = serde_json::from_str(payload.session.get()).ok()?;
        let ends = OffsetDateTime::parse(&session.expires_at, &Rfc3339).ok()?;
        let holds = session.token == token.expose()
            && payload.version.as_deref().is_none_or(|version| version == VERSION)
            && arrived.expires_at > unix_ms(now)
            && ends > now;
        holds.then_some(Cached { session: payload.session, user: payload.user })
    }

    /// Over `{…payload, "expiresAt": N}`, as JavaScript writes it.
    fn cache_mac(&self, payload: &RawValue, expires_at: i64) -> hmac::Hmac<sha2::Sha256> {
        let open = payload.get().trim_end().strip_suffix('}').unwrap_or_default();
        self.signer.mac(format!(r#"{open},"expiresAt":{expires_at}}}"#).as_bytes())
    }
}

/// Better Auth writes no padding and minds none.
fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()
}

fn chunk_number(text: &str) -> Option<usize> {
    let canonical = text == "0" || !text.starts_with('0');
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|number| canonical && digits && *number < MAX_CHUNKS)
}

fn unix_ms(at: OffsetDateTime) -> i64 {
    i64::try_from(at.unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX)
}
