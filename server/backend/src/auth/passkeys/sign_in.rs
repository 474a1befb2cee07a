//! Signing in with a passkey, or answering a challenge with one.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;

use super::{
    CeremonyToken, Passkey, PasskeyFailure,
    ceremony::{self, Kind},
    rows, webauthn,
};
use crate::{
    Backend, Error, SignedIn,
    auth::{
        Client, Login, Method, UserView, login, member, sessions,
        two_factor::{self, ChallengeToken, FactorFailure},
        users,
    },
    db::SystemTx,
};

/// Who wants to come in with a passkey, and from where.
#[derive(Clone, Debug)]
pub struct PasskeySignIn<'a> {
    /// The ceremony that is ended.
    pub ceremony: &'a CeremonyToken,
    /// What the browser answered: `toJSON()` of the credential.
    pub answer: &'a Value,
    /// The second factor that this browser owes. A passkey of the same person answers it.
    pub challenge: Option<&'a ChallengeToken>,
    /// Whether this browser is not to be asked for 30 days, where a challenge is answered.
    pub trust_device: bool,
    /// Whether the session outlives the browser.
    pub remember: bool,
    /// Where the request comes from.
    pub client: &'a Client,
    /// The session this browser still has; the hardened profile ends it.
    pub replaces: Option<&'a SignedIn>,
}

/// Starts a session for whoever holds the passkey and was verified by it.
#[tracing::instrument(name = "passkeys.sign_in", skip_all)]
pub async fn sign_in(
    backend: &Backend,
    request: &PasskeySignIn<'_>,
) -> Result<Login, PasskeyFailure> {
    let begun = ceremony::spend(backend, request.ceremony, Kind::Authentication).await?;
    let id = webauthn::credential_id(request.answer)
        .map_err(|_| PasskeyFailure::AuthenticationFailed)?;
    let mut tx = backend.db.system().read().await?;
    let passkey = rows::find(&mut tx, &id).await?.ok_or(PasskeyFailure::NotFound)?;
    drop(tx);
    let key = STANDARD.decode(&passkey.public_key).map_err(|_| Error::Corrupt("passkey"))?;
    let (origin, rp_id) = (ceremony::origin(backend), ceremony::rp_id(backend));
    let expected = ceremony::expected(&begun, &origin, &rp_id);
    let proof = match webauthn::verify_authentication(request.answer, expected, &key) {
        Ok(proof) if proof.user_verified => proof,
        Ok(_) => return Err(refused(&passkey, "the person was not verified")),
        Err(refusal) => return Err(refused(&passkey, &refusal.to_string())),
    };

    let mut tx = backend.db.system().write().await?;
    if !rows::note_use(&mut tx, backend, &passkey, proof.counter, proof.backed_up).await? {
        return Err(refused(&passkey, "its count has not grown"));
    }
    let user = users::by_id(&mut tx, &passkey.user_id).await?.ok_or(PasskeyFailure::NotFound)?;
    if let Some(old) = request.replaces
        && backend.is_hardened()
    {
        sessions::replace(&mut tx, old).await?;
    }
    let login = finish(&mut tx, backend, user, request).await?;
    tx.commit().await?;
    Ok(login)
}

/// Answers the challenge, if it is this person's; a passkey is enough either way.
async fn finish(
    tx: &mut SystemTx,
    backend: &Backend,
    user: UserView,
    request: &PasskeySignIn<'_>,
) -> Result<Login, PasskeyFailure> {
    let &PasskeySignIn { client, remember, trust_device, .. } = request;
    if let Some(token) = request.challenge {
        match two_factor::challenged(tx, backend, token).await {
            Ok(owner) if owner.id == user.id => {
                let done =
                    two_factor::finish(tx, backend, token, &user, client, remember, trust_device);
                return match done.await {
                    Err(FactorFailure::Other(error)) => Err(error.into()),
                    // Another request has just answered it.
                    Err(_) => Err(PasskeyFailure::AuthenticationFailed),
                    Ok(login) => Ok(login),
                };
            }
            Err(FactorFailure::Other(error)) => return Err(error.into()),
            _ => {}
        }
    }
    let login = login::complete(tx, backend, user, client, remember, Method::Passkey).await?;
    member::note_factor(tx, backend, &login.session.id).await?;
    Ok(login)
}

/// A further session of the caller, who has just made a passkey (Better Auth's `createSession`).
pub async fn another_session(
    backend: &Backend,
    caller: &SignedIn,
    client: &Client,
) -> Result<Login, Error> {
    let mut tx = backend.db.system().write().await?;
    let user = users::by_id(&mut tx, caller.user()).await?.ok_or(Error::NotFound("user"))?;
    let login = login::complete(&mut tx, backend, user, client, true, Method::Passkey).await?;
    member::note_factor(&mut tx, backend, &login.session.id).await?;
    tx.commit().await?;
    Ok(login)
}

fn refused(passkey: &Passkey, reason: &str) -> PasskeyFailure {
    tracing::info!(user.id = %passkey.user_id, passkey.id = passkey.id, reason, "a passkey was refused");
    PasskeyFailure::AuthenticationFailed
}
