//! Adding a passkey.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use domain::activity::Action;
use serde_json::Value;
use uuid::Uuid;

use super::{
    CeremonyToken, Passkey, PasskeyFailure,
    ceremony::{self, Kind},
    manage::clean_name,
    rows, webauthn,
};
use crate::{
    Backend, Error, SignedIn,
    audit::{self, Event},
    auth::{two_factor::letters, users},
    mail,
};

/// Ends the ceremony that added a passkey, and tells the person by mail.
#[tracing::instrument(name = "passkeys.register", skip_all, fields(user.id = %caller.user()))]
pub async fn register(
    backend: &Backend,
    caller: &SignedIn,
    token: &CeremonyToken,
    answer: &Value,
    name: Option<&str>,
) -> Result<Passkey, PasskeyFailure> {
    let name = name.map(str::trim).filter(|name| !name.is_empty()).map(clean_name).transpose()?;
    let begun = ceremony::spend(backend, token, Kind::Registration).await?;
    if !begun.belongs_to(caller.user()) {
        return Err(PasskeyFailure::NotAllowed);
    }
    let (origin, rp_id) = (ceremony::origin(backend), ceremony::rp_id(backend));
    let made = webauthn::verify_registration(answer, ceremony::expected(&begun, &origin, &rp_id));
    let made = match made {
        Ok(made) if made.user_verified => made,
        Ok(_) => return Err(refused("the person was not verified")),
        Err(refusal) => return Err(refused(&refusal.to_string())),
    };
    let passkey = Passkey {
        id: backend.random.alphanumeric(32),
        name,
        public_key: STANDARD.encode(&made.public_key),
        user_id: caller.user().clone(),
        credential_id: URL_SAFE_NO_PAD.encode(&made.id),
        counter: made.counter.into(),
        device_type: if made.backup_eligible { "multiDevice" } else { "singleDevice" }.to_owned(),
        backed_up: made.backed_up,
        transports: Some(made.transports.join(",")),
        created_at: Some(backend.clock.now()),
        aaguid: Some(Uuid::from_bytes(made.aaguid).to_string()),
        last_used_at: None,
    };
    let mut tx = backend.db.system().write().await?;
    let user = users::by_id(&mut tx, caller.user()).await?.ok_or(Error::NotFound("user"))?;
    match rows::insert(&mut tx, &passkey).await {
        Err(Error::AlreadyExists(_)) => return Err(refused("the credential is known")),
        inserted => inserted?,
    }
    audit::record(&mut tx, backend, Event::by(Action::PasskeyAdded, caller)).await?;
    mail::post(&mut tx, backend, &user.email, &letters::passkey_added(backend)).await?;
    tx.commit().await?;
    Ok(passkey)
}

fn refused(reason: &str) -> PasskeyFailure {
    tracing::info!(reason, "a new passkey was refused");
    PasskeyFailure::RegistrationFailed
}
