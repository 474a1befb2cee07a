//! Setting a second factor up, and taking it away.

use domain::activity::Action;

use super::{
    FactorCode, FactorFailure, backup_codes, confirm, letters,
    rows::{self},
    secret, totp, trust,
};
use crate::{
    AuthProfile, Backend, Result, SignedIn,
    audit::{self, Event},
    auth::{
        Client, Login, Password,
        member::Member,
        verification::{self, Purpose},
    },
    mail,
};

/// The name of this site in authenticator apps.
const ISSUER: &str = "Coffer";

/// What an authenticator app needs, and what the person writes down. Shown once.
#[derive(Clone)]
pub struct TotpSetup {
    /// `otpauth://totp/…`: for the app, or as a picture by [`super::qr_code`].
    pub uri: String,
    /// Ten codes, each good once.
    pub backup_codes: Vec<String>,
}

/// Begins to set an authenticator app up. Nothing is asked of sign-ins until [`super::confirm`] has seen a code.
#[tracing::instrument(name = "two_factor.begin_totp", skip_all, fields(user.id = %caller.user()))]
pub async fn begin_totp(
    backend: &Backend,
    caller: &SignedIn,
    password: Option<&Password>,
    issuer: Option<&str>,
) -> Result<TotpSetup, FactorFailure> {
    let member = proven(backend, caller, password).await?;
    let id = backend.random.alphanumeric(32);
    let secret = secret::generate(backend, &id, caller.user()).await?;
    let codes = backup_codes::generate(backend, caller.user());
    let mut tx = backend.db.system().write().await?;
    if !rows::begin(&mut tx, caller.user(), &id, &secret.stored, &codes.stored).await? {
        return Err(FactorFailure::TotpAlreadyEnabled);
    }
    tx.commit().await?;
    let issuer = issuer.filter(|issuer| !issuer.is_empty()).unwrap_or(ISSUER);
    let uri = totp::uri(issuer, &member.user.email, &secret.key);
    Ok(TotpSetup { uri, backup_codes: codes.shown })
}

/// Switches on a second factor of mailed codes alone.
#[tracing::instrument(name = "two_factor.enable_otp", skip_all, fields(user.id = %caller.user()))]
pub async fn enable_otp(
    backend: &Backend,
    caller: &SignedIn,
    password: Option<&Password>,
    client: &Client,
) -> Result<Login, FactorFailure> {
    let member = proven(backend, caller, password).await?;
    let id = backend.random.alphanumeric(32);
    let secret = secret::generate(backend, &id, caller.user()).await?;
    let mut tx = backend.db.system().write().await?;
    // Better Auth has no row here, and so nothing that counts wrong answers to all codes.
    if backend.is_hardened() {
        let none = backup_codes::none();
        if rows::find(&mut tx, caller.user()).await?.is_none() {
            rows::begin(&mut tx, caller.user(), &id, &secret.stored, &none).await?;
        }
    }
    let login = confirm::switch(&mut tx, backend, caller, &member, client, true).await?;
    tx.commit().await?;
    Ok(login)
}

/// The address for another authenticator app. Once the factor is on, the hardened profile wants it proven first.
#[tracing::instrument(name = "two_factor.totp_uri", skip_all, fields(user.id = %caller.user()))]
pub async fn totp_uri(
    backend: &Backend,
    caller: &SignedIn,
    password: Option<&Password>,
) -> Result<String, FactorFailure> {
    let member = Member::load(backend, caller).await?;
    let mut tx = backend.db.system().read().await?;
    let row = rows::find(&mut tx, caller.user()).await?.ok_or(FactorFailure::TotpNotEnabled)?;
    drop(tx);
    prove(backend, &member, password).await?;
    if row.verified {
        factor_proven(backend, &member)?;
    }
    let key = secret::open(backend, &row.id, caller.user(), &row.secret).await?;
    Ok(totp::uri(ISSUER, &member.user.email, &key))
}

/// Ten new backup codes; the old ones are void.
#[tracing::instrument(name = "two_factor.new_backup_codes", skip_all, fields(user.id = %caller.user()))]
pub async fn new_backup_codes(
    backend: &Backend,
    caller: &SignedIn,
    password: Option<&Password>,
) -> Result<Vec<String>, FactorFailure> {
    let member = Member::load(backend, caller).await?;
    if !member.user.two_factor_enabled {
        return Err(FactorFailure::NotEnabled);
    }
    prove(backend, &member, password).await?;
    factor_proven(backend, &member)?;
    let codes = backup_codes::generate(backend, caller.user());
    let mut tx = backend.db.system().write().await?;
    let row = rows::find(&mut tx, caller.user()).await?.ok_or(FactorFailure::NotEnabled)?;
    rows::set_backup_codes(&mut tx, &row.id, &codes.stored).await?;
    audit::record(&mut tx, backend, Event::by(Action::BackupCodesMade, caller)).await?;
    mail::post(&mut tx, backend, &member.user.email, &letters::new_codes(backend)).await?;
    tx.commit().await?;
    Ok(codes.shown)
}

/// Switches the second factor off: its codes, open challenges and trusted browsers go with it. The hardened
/// profile wants a code besides the password, now or within the last quarter of an hour of this session.
#[tracing::instrument(name = "two_factor.disable", skip_all, fields(user.id = %caller.user()))]
pub async fn disable(
    backend: &Backend,
    caller: &SignedIn,
    password: Option<&Password>,
    code: Option<&FactorCode>,
    client: &Client,
) -> Result<Login, FactorFailure> {
    let member = proven(backend, caller, password).await?;
    if member.user.two_factor_enabled {
        match code {
            Some(code) => drop(confirm::confirm(backend, caller, code, client).await?),
            None => factor_proven(backend, &member)?,
        }
    }
    let mut tx = backend.db.system().write().await?;
    rows::delete(&mut tx, caller.user()).await?;
    match backend.settings.auth.profile {
        AuthProfile::Hardened => {
            verification::void(&mut tx, Purpose::TwoFactor, caller.user()).await?;
            trust::forget_all(&mut tx, caller.user()).await?;
        }
        AuthProfile::BetterAuth => trust::forget(&mut tx, backend, caller.user(), client).await?,
    }
    let login = confirm::switch(&mut tx, backend, caller, &member, client, false).await?;
    tx.commit().await?;
    Ok(login)
}

async fn proven(
    backend: &Backend,
    caller: &SignedIn,
    password: Option<&Password>,
) -> Result<Member, FactorFailure> {
    let member = Member::load(backend, caller).await?;
    prove(backend, &member, password).await?;
    Ok(member)
}

async fn prove(
    backend: &Backend,
    member: &Member,
    password: Option<&Password>,
) -> Result<(), FactorFailure> {
    if member.proves(backend, password).await? { Ok(()) } else { Err(FactorFailure::PasswordWrong) }
}

/// Whether this session may weaken the factor.
fn factor_proven(backend: &Backend, member: &Member) -> Result<(), FactorFailure> {
    let free = !backend.is_hardened();
    if free || member.proved_factor(backend) { Ok(()) } else { Err(FactorFailure::NotFresh) }
}
