//! What a mailed link about an address proves.
//!
//! Better Auth signs a JWT (RFC 7519) that can be used again until it expires. The hardened profile keeps a row
//! that is spent by its first use.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use time::Duration;

use super::super::{
    AuthFailure, UserView,
    verification::{self, New, Purpose},
};
use crate::{Backend, Error, Result, db::SystemTx};

/// Life of a link in Better Auth's profile, and of one that changes an address.
const LIFE: Duration = Duration::hours(1);
/// Life of a link that only proves an address.
const LIFE_VERIFY: Duration = Duration::hours(24);
const TOKEN_LENGTH: usize = 32;
/// Exactly Better Auth's header.
const HEADER: &str = r#"{"alg":"HS256"}"#;

/// How long a mailed link works that proves an address. Better Auth's JWT ends after an hour.
pub fn verification_life(backend: &Backend) -> Duration {
    if backend.is_hardened() { LIFE_VERIFY } else { LIFE }
}

/// What the holder of a link may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Proof {
    /// The person's address when the link was made, in lower case.
    pub(super) email: String,
    /// The address to change to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) update_to: Option<String>,
    /// The step of a change of address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) request_type: Option<String>,
    /// Whose link it is; missing in links of older releases of Better Auth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) user_id: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    #[serde(flatten)]
    proof: Proof,
    iat: i64,
    exp: i64,
}

impl Proof {
    /// That the person reads mail at their address.
    pub(super) fn verify(user: &UserView) -> Self {
        Self {
            email: user.email.clone(),
            update_to: None,
            request_type: None,
            user_id: Some(user.id.to_string()),
        }
    }

    /// One step of a change of address.
    pub(super) fn change(user: &UserView, new_email: &str, step: &str) -> Self {
        Self {
            update_to: Some(new_email.to_owned()),
            request_type: Some(step.to_owned()),
            ..Self::verify(user)
        }
    }
}

/// The token of a link.
pub(super) async fn issue(
    tx: &mut SystemTx,
    backend: &Backend,
    user: &UserView,
    proof: &Proof,
) -> Result<String> {
    if !backend.is_hardened() {
        return sign(backend, proof);
    }
    let token = backend.random.alphanumeric(TOKEN_LENGTH);
    let value = serde_json::to_string(proof).map_err(|_| Error::Corrupt("proof"))?;
    verification::void(tx, Purpose::VerifyEmail, &user.id).await?;
    let new = New {
        purpose: Purpose::VerifyEmail,
        token: &token,
        value: &value,
        user: Some(&user.id),
        life: if proof.update_to.is_some() { LIFE } else { verification_life(backend) },
    };
    verification::put(tx, backend, new).await?;
    Ok(token)
}

/// What a token proves. In the hardened profile it is spent when `tx` is committed.
pub(super) async fn redeem(
    tx: &mut SystemTx,
    backend: &Backend,
    token: &str,
) -> Result<Proof, AuthFailure> {
    if !backend.is_hardened() {
        return open_signed(backend, token);
    }
    let value = verification::take(tx, backend, Purpose::VerifyEmail, token).await?;
    let value = value.ok_or(AuthFailure::TokenInvalid)?;
    serde_json::from_str(&value).map_err(|_| AuthFailure::TokenInvalid)
}

/// What a token proves, without spending it.
pub(super) async fn look(backend: &Backend, token: &str) -> Result<Proof, AuthFailure> {
    if !backend.is_hardened() {
        return open_signed(backend, token);
    }
    let mut tx = backend.db.system().read().await?;
    let value = verification::peek(&mut tx, backend, Purpose::VerifyEmail, token).await?;
    let value = value.ok_or(AuthFailure::TokenInvalid)?;
    serde_json::from_str(&value).map_err(|_| AuthFailure::TokenInvalid)
}

fn mac(backend: &Backend, text: &str) -> Hmac<Sha256> {
    let secret = backend.settings.auth.secret.expose_secret();
    Hmac::<Sha256>::new_from_slice(secret.as_bytes())
        .expect("HMAC takes keys of any length")
        .chain_update(text)
}

fn sign(backend: &Backend, proof: &Proof) -> Result<String> {
    let now = backend.clock.now().unix_timestamp();
    let claims = Claims { proof: proof.clone(), iat: now, exp: now + LIFE.whole_seconds() };
    let claims = serde_json::to_string(&claims).map_err(|_| Error::Corrupt("proof"))?;
    let text = format!("{}.{}", URL_SAFE_NO_PAD.encode(HEADER), URL_SAFE_NO_PAD.encode(claims));
    let signature = mac(backend, &text).finalize().into_bytes();
    Ok(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

/// Only HS256 counts, whatever else the header says.
fn open_signed(backend: &Backend, token: &str) -> Result<Proof, AuthFailure> {
    #[derive(Deserialize)]
    struct Header {
        alg: String,
    }
    let read = || -> Option<Claims> {
        let (text, signature) = token.rsplit_once('.')?;
        let (header, claims) = text.split_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        mac(backend, text).verify_slice(&signature).ok()?;
        let header: Header = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
        if header.alg != "HS256" {
            return None;
        }
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
    };
    let claims = read().ok_or(AuthFailure::TokenInvalid)?;
    if claims.exp <= backend.clock.now().unix_timestamp() {
        return Err(AuthFailure::TokenExpired);
    }
    if claims.proof.update_to.is_some() && claims.proof.user_id.is_none() {
        return Err(AuthFailure::TokenInvalid);
    }
    Ok(claims.proof)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use secrecy::SecretString;
    use time::macros::datetime;

    use super::*;
    use crate::{Clock, Settings, both_engines, testing::backend};

    /// Made by Better Auth with the secret below.
    const THEIRS: &str = "eyJhbGciOiJIUzI1NiJ9.eyJlbWFpbCI6ImFubkBleGFtcGxlLmNvbSIsInVzZXJJZCI6InUxIiwiaWF0IjoxNzk1MjQ0MjIwLCJleHAiOjE3OTUyNDc4MjB9.iLKPYnyWAcMsJ62zbcIdgCsMuWS90wz5H5USKTLJuYs";

    fn shared_with_better_auth(mut backend: Backend) -> Backend {
        let mut settings = Settings::clone(&backend.settings);
        settings.auth.profile = crate::AuthProfile::BetterAuth;
        settings.auth.secret = SecretString::from("coffer-compat-secret-7f3b1c9d5e2a4806");
        backend.settings = Arc::new(settings);
        backend.clock = Clock::frozen(datetime!(2026-11-21 06:57 UTC));
        backend
    }

    fn anns() -> Proof {
        Proof {
            email: "ann@example.com".into(),
            update_to: None,
            request_type: None,
            user_id: Some("u1".into()),
        }
    }

    both_engines! {
        async fn better_auths_tokens_are_read_and_written_byte_for_byte(db: TestDb) {
            let backend = shared_with_better_auth(backend(db.db.clone()));

            assert_eq!(sign(&backend, &anns()).unwrap(), THEIRS);
            assert_eq!(open_signed(&backend, THEIRS).unwrap(), anns());
        }

        async fn what_is_changed_late_or_signed_otherwise_proves_nothing(db: TestDb) {
            let backend = shared_with_better_auth(backend(db.db.clone()));
            let (head, rest) = THEIRS.split_once('.').unwrap();
            let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#);
            let (claims, _) = rest.split_once('.').unwrap();
            let forged = mac(&backend, &format!("{none}.{claims}")).finalize().into_bytes();

            for token in [
                "",
                "nonsense",
                &format!("{head}.{claims}."),
                &format!("{head}x.{rest}"),
                &format!("{none}.{claims}."),
                &format!("{none}.{claims}.{}", URL_SAFE_NO_PAD.encode(forged)),
            ] {
                assert!(matches!(open_signed(&backend, token), Err(AuthFailure::TokenInvalid)), "{token}");
            }
            let change = Proof { update_to: Some("x@example.com".into()), user_id: None, ..anns() };
            let change = sign(&backend, &change).unwrap();
            assert!(matches!(open_signed(&backend, &change), Err(AuthFailure::TokenInvalid)));

            backend.clock.advance(std::time::Duration::from_hours(1));
            assert!(matches!(open_signed(&backend, THEIRS), Err(AuthFailure::TokenExpired)));
        }
    }
}
