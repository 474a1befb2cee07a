//! The state of a sign-in on its way through a provider. A signed cookie ties it to the browser, a row of
//! `verification` to one use, and in the hardened profile a flow session holds what must stay secret.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use time::{Duration, OffsetDateTime};
use tower_sessions::session::Id;

use super::{Provider, flow, start::Start};
use crate::{
    AuthProfile, Backend, Error, Result,
    auth::verification::{self, New, Purpose},
    db::SystemTx,
};

/// The row's life.
const LIFE: Duration = Duration::minutes(10);
/// The cookie's, in seconds.
pub const STATE_COOKIE_LIFE: u32 = 300;
/// RFC 7636 4.1 allows 43 to 128.
const VERIFIER_LENGTH: usize = 128;
const NONCE_LENGTH: usize = 32;
const STATE_LENGTH: usize = 32;
/// 128 bits in base64url: the id of a flow session.
const ID_LENGTH: usize = 22;
/// The key of ours in the flow session.
const FLOW_KEY: &str = "oauth";

/// The value of the row, in Better Auth's words.
#[expect(clippy::struct_field_names, reason = "the names of the row that Better Auth writes")]
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct State {
    #[serde(rename = "callbackURL")]
    pub(super) callback_url: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) code_verifier: Option<String>,
    #[serde(rename = "errorURL", default, skip_serializing_if = "Option::is_none")]
    pub(super) error_url: Option<String>,
    #[serde(rename = "newUserURL", default, skip_serializing_if = "Option::is_none")]
    pub(super) new_user_url: Option<String>,
    expires_at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) request_sign_up: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    oauth_state: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) link: Option<Link>,
    /// What the caller wanted carried along.
    #[serde(flatten)]
    pub(super) data: Map<String, Value>,
}

/// Whom the account is for, and which of their sessions asks.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Link {
    pub(super) user_id: String,
    pub(super) email: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) encrypted_session_token: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) session_id: Option<String>,
}

/// What the browser's flow session keeps in the hardened profile.
#[derive(Serialize, Deserialize)]
struct Secrets {
    provider: String,
    verifier: String,
    nonce: Option<String>,
}

/// A state that has just been written.
pub(super) struct Begun {
    pub(super) state: String,
    pub(super) verifier: String,
    pub(super) nonce: Option<String>,
}

/// A state that has just been spent.
pub(super) struct Spent {
    pub(super) state: State,
    pub(super) verifier: String,
    pub(super) nonce: Option<String>,
    /// Where it was meant for; unknown in Better Auth's profile.
    pub(super) provider: Option<String>,
}

/// Names of our own that nobody's data may take the place of.
const RESERVED: [&str; 9] = [
    "callbackURL",
    "codeVerifier",
    "errorURL",
    "newUserURL",
    "expiresAt",
    "requestSignUp",
    "oauthState",
    "link",
    "codeChallenge",
];

/// Writes the state of a flow that begins.
pub(super) async fn begin(
    backend: &Backend,
    provider: &Provider,
    start: &Start,
    link: Option<Link>,
) -> Result<Begun> {
    let verifier = backend.random.url_safe(VERIFIER_LENGTH);
    let expires_at = backend.clock.now() + LIFE;
    let mut row = State {
        callback_url: start.callback_url.clone(),
        code_verifier: None,
        error_url: start.error_url.clone(),
        new_user_url: start.new_user_url.clone(),
        expires_at: unix_ms(expires_at),
        request_sign_up: start.request_sign_up.then_some(true),
        oauth_state: None,
        link,
        data: start.data.clone(),
    };
    row.data.retain(|name, _| !RESERVED.contains(&&**name));

    let begun = match backend.settings.auth.profile {
        AuthProfile::BetterAuth => {
            let state = backend.random.url_safe(STATE_LENGTH);
            row.code_verifier = Some(verifier.clone());
            row.oauth_state = Some(state.clone());
            Begun { state, verifier, nonce: None }
        }
        AuthProfile::Hardened => {
            let nonce =
                provider.kind().has_id_tokens().then(|| backend.random.url_safe(NONCE_LENGTH));
            let secrets =
                Secrets { provider: provider.id().to_owned(), verifier, nonce: nonce.clone() };
            let session = flow::begin(backend, LIFE);
            session.insert(FLOW_KEY, &secrets).await.map_err(|error| unusable(&error))?;
            session.save().await.map_err(|error| unusable(&error))?;
            let id = session.id().ok_or(Error::Corrupt("flow"))?;
            let state = format!("{id}{}", backend.random.url_safe(STATE_LENGTH - ID_LENGTH));
            Begun { state, verifier: secrets.verifier, nonce }
        }
    };
    let value = serde_json::to_string(&row).map_err(|_| Error::Corrupt("state"))?;
    let user = row.link.as_ref().map(|link| link.user_id.clone().into());
    let mut tx = backend.db.system().write().await?;
    let new = New {
        purpose: Purpose::OAuthState,
        token: &begun.state,
        value: &value,
        user: user.as_ref(),
        life: LIFE,
    };
    verification::put(&mut tx, backend, new).await?;
    tx.commit().await?;
    Ok(begun)
}

/// What a state says, without spending it.
pub(super) async fn peek(backend: &Backend, state: &str) -> Result<Option<State>> {
    let mut tx = backend.db.system().read().await?;
    let value = verification::peek(&mut tx, backend, Purpose::OAuthState, state).await?;
    Ok(value.and_then(|value| serde_json::from_str(&value).ok()))
}

/// Spends a state: of two callbacks that come at once, one gets it. None when it is unknown, spent or over.
pub(super) async fn spend(backend: &Backend, state: &str) -> Result<Option<Spent>> {
    let mut tx = backend.db.system().write().await?;
    let value = take(&mut tx, backend, state).await?;
    tx.commit().await?;
    let Some(row) = value else { return Ok(None) };
    match backend.settings.auth.profile {
        AuthProfile::BetterAuth => {
            let Some(verifier) = row.code_verifier.clone() else { return Ok(None) };
            Ok(Some(Spent { state: row, verifier, nonce: None, provider: None }))
        }
        AuthProfile::Hardened => {
            let Some(secrets) = take_secrets(backend, state).await? else { return Ok(None) };
            let Secrets { provider, verifier, nonce } = secrets;
            Ok(Some(Spent { state: row, verifier, nonce, provider: Some(provider) }))
        }
    }
}

async fn take(tx: &mut SystemTx, backend: &Backend, state: &str) -> Result<Option<State>> {
    let value = verification::take(tx, backend, Purpose::OAuthState, state).await?;
    Ok(value.and_then(|value| serde_json::from_str(&value).ok()))
}

/// The secrets of the flow session that the state names, which ends here.
async fn take_secrets(backend: &Backend, state: &str) -> Result<Option<Secrets>> {
    let Some(id) = state.get(..ID_LENGTH).and_then(|id| id.parse::<Id>().ok()) else {
        return Ok(None);
    };
    let session = flow::open(backend, id);
    let secrets = session.get(FLOW_KEY).await.map_err(|error| unusable(&error))?;
    if secrets.is_some() {
        session.delete().await.map_err(|error| unusable(&error))?;
    }
    Ok(secrets)
}

impl State {
    /// Whether the time that it carries is over; its row may live a little longer.
    pub(super) fn is_over(&self, now: OffsetDateTime) -> bool {
        self.expires_at < unix_ms(now)
    }
}

fn unix_ms(at: OffsetDateTime) -> i64 {
    crate::Timestamp::from(at).unix_ms()
}

fn unusable(error: &tower_sessions::session::Error) -> Error {
    Error::Upstream { service: "flow", reason: error.to_string() }
}
