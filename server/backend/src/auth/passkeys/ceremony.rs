//! The beginning of a ceremony: what the browser is asked, and the row that remembers it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::UserId;
use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::Sha256;
use time::Duration;

use super::{PasskeyFailure, rows, webauthn};
use crate::{
    Backend, Error, Result, SignedIn,
    auth::{
        two_factor::{self, ChallengeToken},
        users,
        verification::{self, New, Purpose},
    },
    db::SystemTx,
};

/// How long a ceremony may take.
pub const CEREMONY_LIFE: Duration = Duration::minutes(5);
/// How long the browser shows its dialog; milliseconds.
const TIMEOUT_MS: u32 = 60_000;
/// The name of this site in the browser's dialog.
const SITE: &str = "Coffer";
const TOKEN_LENGTH: usize = 32;

/// Names one ceremony; kept by the browser in a signed cookie. Never printed.
#[derive(Clone, Debug)]
pub struct CeremonyToken(SecretString);

impl CeremonyToken {
    /// One that came in a cookie whose signature was right.
    pub fn from_signed_cookie(text: &str) -> Self {
        Self(text.into())
    }

    /// The text, for the cookie.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// A ceremony that has begun.
#[derive(Clone, Debug)]
pub struct Ceremony {
    /// For `navigator.credentials`, in the JSON form of `WebAuthn` Level 3, section 5.1.8.
    pub options: Value,
    /// For the cookie.
    pub token: CeremonyToken,
}

/// Where the authenticator is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attachment {
    /// In the device.
    Platform,
    /// Beside it.
    CrossPlatform,
}

/// Whose passkeys a sign-in offers.
#[derive(Clone, Copy, Debug)]
pub enum CredentialsOf<'a> {
    /// Whatever the authenticator holds for this site.
    Anybody,
    /// Somebody signed in, who proves it once more.
    Caller(&'a SignedIn),
    /// Somebody who owes a second factor.
    Challenged(&'a ChallengeToken),
}

/// Which ceremony a row belongs to, in Better Auth's words: one never answers the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Registration,
    Authentication,
}

/// What the row of a ceremony holds, as Better Auth writes it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Begun {
    #[serde(rename = "type")]
    kind: Kind,
    pub(super) expected_challenge: String,
    user_data: UserData,
}

#[derive(Debug, Serialize, Deserialize)]
struct UserData {
    /// Empty where nobody is known yet.
    id: String,
}

impl Begun {
    pub(super) fn belongs_to(&self, user: &UserId) -> bool {
        self.user_data.id == user.as_str()
    }
}

/// Begins to add a passkey to the caller's.
#[tracing::instrument(name = "passkeys.begin_registration", skip_all, fields(user.id = %caller.user()))]
pub async fn begin_registration(
    backend: &Backend,
    caller: &SignedIn,
    attachment: Option<Attachment>,
    name: Option<&str>,
) -> Result<Ceremony> {
    let mut tx = backend.db.system().write().await?;
    let user = users::by_id(&mut tx, caller.user()).await?.ok_or(Error::NotFound("user"))?;
    let known = descriptors(&rows::of(&mut tx, &user.id).await?);
    let (challenge, token) = begin(&mut tx, backend, Kind::Registration, Some(&user.id)).await?;
    tx.commit().await?;
    let parameters: Vec<Value> = webauthn::ALGORITHMS
        .iter()
        .map(|alg| json!({ "alg": alg, "type": "public-key" }))
        .collect();
    let mut selection = json!({
        "residentKey": "preferred",
        "userVerification": "required",
        "requireResidentKey": false,
    });
    if let Some(attachment) = attachment {
        selection["authenticatorAttachment"] = match attachment {
            Attachment::Platform => "platform".into(),
            Attachment::CrossPlatform => "cross-platform".into(),
        };
    }
    let name = name.filter(|name| !name.is_empty()).unwrap_or(&user.email);
    let options = json!({
        "challenge": challenge,
        "rp": { "name": SITE, "id": rp_id(backend) },
        "user": { "id": user_handle(backend, &user.id), "name": name, "displayName": user.email },
        "pubKeyCredParams": parameters,
        "timeout": TIMEOUT_MS,
        "attestation": "none",
        "excludeCredentials": known,
        "authenticatorSelection": selection,
        "extensions": { "credProps": true },
        "hints": [],
    });
    Ok(Ceremony { options, token })
}

/// Begins to sign in, or to answer a challenge, with a passkey.
#[tracing::instrument(name = "passkeys.begin_sign_in", skip_all)]
pub async fn begin_sign_in(backend: &Backend, whose: CredentialsOf<'_>) -> Result<Ceremony> {
    let mut tx = backend.db.system().write().await?;
    let user = match whose {
        CredentialsOf::Anybody => None,
        CredentialsOf::Caller(caller) => Some(caller.user().clone()),
        CredentialsOf::Challenged(challenge) => {
            // One that is over is nobody's; the ceremony is then a sign-in like any other.
            two_factor::challenged(&mut tx, backend, challenge).await.ok().map(|user| user.id)
        }
    };
    let known = match &user {
        Some(user) => descriptors(&rows::of(&mut tx, user).await?),
        None => Vec::new(),
    };
    let (challenge, token) = begin(&mut tx, backend, Kind::Authentication, user.as_ref()).await?;
    tx.commit().await?;
    let mut options = json!({
        "rpId": rp_id(backend),
        "challenge": challenge,
        "timeout": TIMEOUT_MS,
        "userVerification": "required",
    });
    if !known.is_empty() {
        options["allowCredentials"] = known.into();
    }
    Ok(Ceremony { options, token })
}

/// The ceremony behind a cookie, which is over with that, whatever comes of it.
pub(super) async fn spend(
    backend: &Backend,
    token: &CeremonyToken,
    kind: Kind,
) -> Result<Begun, PasskeyFailure> {
    let mut tx = backend.db.system().write().await?;
    let value = verification::take(&mut tx, backend, Purpose::Passkey, token.expose()).await?;
    tx.commit().await?;
    let begun: Option<Begun> = value.and_then(|value| serde_json::from_str(&value).ok());
    begun.filter(|begun| begun.kind == kind).ok_or(PasskeyFailure::ChallengeNotFound)
}

/// What the browser has to have been told.
pub(super) fn expected<'a>(
    begun: &'a Begun,
    origin: &'a str,
    rp_id: &'a str,
) -> webauthn::Expected<'a> {
    webauthn::Expected { challenge: &begun.expected_challenge, origin, rp_id }
}

/// The one origin whose pages may use our passkeys.
pub(super) fn origin(backend: &Backend) -> String {
    backend.settings.app_url.origin().ascii_serialization()
}

/// The relying party's id: the host of the site.
pub(super) fn rp_id(backend: &Backend) -> String {
    backend.settings.app_url.host_str().unwrap_or("localhost").to_owned()
}

async fn begin(
    tx: &mut SystemTx,
    backend: &Backend,
    kind: Kind,
    user: Option<&UserId>,
) -> Result<(String, CeremonyToken)> {
    let challenge = URL_SAFE_NO_PAD.encode(backend.random.bytes::<32>());
    let token = CeremonyToken(backend.random.alphanumeric(TOKEN_LENGTH).into());
    let begun = Begun {
        kind,
        expected_challenge: challenge.clone(),
        user_data: UserData { id: user.map_or_else(String::new, ToString::to_string) },
    };
    let value = serde_json::to_string(&begun).map_err(|_| Error::Corrupt("ceremony"))?;
    let new = New {
        purpose: Purpose::Passkey,
        token: token.expose(),
        value: &value,
        user,
        life: CEREMONY_LIFE,
    };
    verification::put(tx, backend, new).await?;
    Ok((challenge, token))
}

/// Passkeys as options name them.
fn descriptors(passkeys: &[rows::Passkey]) -> Vec<Value> {
    passkeys
        .iter()
        .map(|passkey| {
            let transports = passkey.transports.as_deref().unwrap_or_default();
            let transports: Vec<&str> =
                transports.split(',').filter(|name| !name.is_empty()).collect();
            json!({ "id": passkey.credential_id, "transports": transports, "type": "public-key" })
        })
        .collect()
}

/// The same for a person each time, so that an authenticator replaces what it has; it tells nobody who they are
/// (`WebAuthn` Level 3, section 14.6.1).
fn user_handle(backend: &Backend, user: &UserId) -> String {
    let secret = backend.settings.auth.secret.expose_secret();
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes())
        .expect("HMAC takes keys of any length")
        .chain_update(format!("coffer:webauthn-user:v1|{user}"));
    URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
}
