//! Plaid for tests: recorded answers over real HTTP, and webhooks signed with a key of its own.

use std::{ops::Deref, sync::Arc};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderMap, HeaderValue};
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use secrecy::SecretString;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

use super::{Plaid, PlaidServer, PlaidSettings};
use crate::{Backend, Banks, Outgoing, outgoing::standin::StandIn};

/// A recorded body: `recorded_plaid!("calls/accounts_get")`.
macro_rules! recorded_plaid {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/plaid/", $name, ".json"))
    };
}

#[cfg(test)]
pub(crate) use recorded_plaid;

/// The connection of the recorded bodies.
pub const ITEM: &str = "Q7vKpR2mXeHwZ4tNbYc9LgJdSfU1oAiTk3Wqr";
/// What reads it.
pub const ACCESS_TOKEN: &str = "access-sandbox-5b9e4d1c-2f68-4a77-8d3e-61c0f2a9b7d4";
/// Its checking account, and its savings account whose number is a token.
pub const CHECKING: &str = "cHk7pQ2mXeRwZ4tNbYg9LvJdSfU1oAiTk3Wqa";
/// See [`CHECKING`].
pub const SAVINGS: &str = "sAv7pQ2mXeRwZ4tNbYg9LvJdSfU1oAiTk3Wqb";
/// The secret that every call must show.
pub const SECRET: &str = "the-secret-of-plaid";
/// The name of the key that signs webhooks.
pub const KID: &str = "6c5516e1-92dc-479e-a8ff-5a51992e0001";

/// What every answer of Plaid's has.
pub const JSON: &str = "Content-Type: application/json; charset=utf-8\r\n";

/// A running stand-in: answers as recorded, or as a test says.
#[derive(Clone)]
pub struct PlaidStandIn(StandIn);

impl Deref for PlaidStandIn {
    type Target = StandIn;

    fn deref(&self) -> &StandIn {
        &self.0
    }
}

impl PlaidStandIn {
    /// One that knows nothing: every call is refused.
    pub async fn empty() -> Self {
        Self(StandIn::start(400, JSON, recorded_plaid!("errors/MISSING_FIELDS")).await)
    }

    /// One on which everything works: a bank with five accounts and two pages of rows.
    pub async fn start() -> Self {
        let plaid = Self::empty().await;
        plaid
            .answer("/link/token/create", recorded_plaid!("calls/link_token_create"))
            .answer("/item/public_token/exchange", recorded_plaid!("calls/public_token_exchange"))
            .answer("/accounts/get", recorded_plaid!("calls/accounts_get"))
            .answer("/auth/get", recorded_plaid!("calls/auth_get"))
            .answer("/transactions/sync", recorded_plaid!("calls/sync.first"))
            .answer("/transactions/sync", recorded_plaid!("calls/sync.last"))
            .answer("/item/remove", recorded_plaid!("calls/item_remove"))
            .answer("/webhook_verification_key/get", public_key(KID, &signing_key(), None));
        plaid
    }

    /// Answers the call at `path`; after several of one path, the last one stays.
    pub fn answer(&self, path: &str, body: impl Into<String>) -> &Self {
        self.on_with(&format!("POST {path}"), 200, JSON, body);
        self
    }

    /// Refuses the call at `path`, whatever was said of it before.
    pub fn refuse(&self, path: &str, status: u16, body: impl Into<String>) -> &Self {
        let what = format!("POST {path}");
        self.forget(&what).on_with(&what, status, JSON, body);
        self
    }

    /// How it is reached.
    pub fn settings(&self) -> PlaidSettings {
        PlaidSettings {
            server: PlaidServer::Local,
            api: self.url.clone(),
            client_id: "the-client".to_owned(),
            secret: SecretString::from(SECRET),
        }
    }
}

/// The backend with a Plaid that is this stand-in.
pub fn with_plaid(backend: Backend, stand_in: &PlaidStandIn) -> Backend {
    let (clock, random) = (&backend.clock, &backend.random);
    let outgoing = Outgoing::new(clock, random, [stand_in.url.clone()]).expect("TLS of the tests");
    let app_url = &backend.settings.app_url;
    let plaid = Plaid::new(stand_in.settings(), app_url, &outgoing, clock, random);
    let banks = Banks::new(backend.banks.simbank().cloned(), Some(Arc::new(plaid)));
    Backend { outgoing, banks, ..backend }
}

/// The key that signs webhooks.
pub fn signing_key() -> SigningKey {
    key_of(7)
}

/// A key that is made of one number: another one for each.
pub fn key_of(byte: u8) -> SigningKey {
    SigningKey::from_bytes(&[byte; 32].into()).expect("a number below the order of the curve")
}

/// What Plaid says of a public key.
pub fn public_key(kid: &str, key: &SigningKey, expired_at: Option<i64>) -> String {
    let point = key.verifying_key().to_encoded_point(false);
    let coordinate = |bytes: Option<&p256::FieldBytes>| {
        bytes.map(|bytes| URL_SAFE_NO_PAD.encode(bytes)).expect("a point that is not infinity")
    };
    json!({
        "key": {
            "alg": "ES256",
            "created_at": 1_776_000_000,
            "crv": "P-256",
            "expired_at": expired_at,
            "kid": kid,
            "kty": "EC",
            "use": "sig",
            "x": coordinate(point.x()),
            "y": coordinate(point.y()),
        },
        "request_id": "rKeyGet000000001",
    })
    .to_string()
}

/// A JWT of this header and these claims.
pub fn jwt(header: &Value, claims: &Value, key: &SigningKey) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(header), part(claims));
    let signature: Signature = key.sign(signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
}

/// The header of a token of Plaid's.
pub fn token_header(kid: &str) -> Value {
    json!({ "alg": "ES256", "kid": kid, "typ": "JWT" })
}

/// What a token of Plaid's claims of a body that is sent now.
pub fn token_claims(body: &[u8], now: OffsetDateTime) -> Value {
    let hash = hex::encode(Sha256::digest(body));
    json!({ "iat": now.unix_timestamp(), "request_body_sha256": hash })
}

/// The headers of a webhook as Plaid sends it now.
pub fn webhook_headers(body: &[u8], now: OffsetDateTime) -> HeaderMap {
    verification(&jwt(&token_header(KID), &token_claims(body, now), &signing_key()))
}

/// The headers of a webhook with this token.
pub fn verification(token: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("plaid-verification", HeaderValue::try_from(token).expect("ASCII"));
    headers
}
