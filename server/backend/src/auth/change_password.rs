//! Changing, checking and first setting the password of somebody who is signed in.

use domain::activity::Action;

use super::{
    AuthFailure, Client, Login, Method, Password, SignedIn, UserView, credential, login, mails,
    passwords::rules::{PASSWORD_MAX, check_new},
    sessions, users,
    verification::{self, Purpose},
};
use crate::{
    Backend, Error,
    audit::{self, Event},
    db::SystemTx,
    mail,
};

/// Somebody wants another password.
#[derive(Clone)]
pub struct ChangePassword {
    /// What they say it is.
    pub current: Password,
    /// What it is to be.
    pub new: Password,
    /// Whether every other session ends. Not said: yes in the hardened profile, no in Better Auth's.
    pub revoke_others: Option<bool>,
    /// Whether the session that asks outlives the browser.
    pub remember: bool,
    /// Where the request comes from.
    pub client: Client,
}

/// Replaces the password. Where other sessions end, the caller's is replaced too: that new one is answered.
///
/// # Errors
/// In this order: the lengths of the new password, [`AuthFailure::CredentialMissing`],
/// [`AuthFailure::PasswordWrong`], and then what makes the new password easy to guess.
#[tracing::instrument(name = "auth.change_password", skip_all, fields(user.id = %user.id))]
pub async fn change_password(
    backend: &Backend,
    user: &UserView,
    change: &ChangePassword,
) -> Result<Option<Login>, AuthFailure> {
    check_length(backend, &change.new)?;
    if change.current.utf16_len() > PASSWORD_MAX {
        return Err(AuthFailure::PasswordTooLong);
    }
    let credential = credential::prove(backend, &user.id, &change.current).await?;
    check_new(backend, &change.new, &user.name, &user.email).await?;
    let hash = backend.passwords.hash(&backend.random, &change.new).await?;
    let checked = credential.hash.unwrap_or_default();

    let mut tx = backend.db.system().write().await?;
    if !credential::replace(&mut tx, backend, &credential.account_id, &checked, &hash).await? {
        return Err(AuthFailure::PasswordWrong);
    }
    audit::record(&mut tx, backend, Event::new(Action::PasswordChanged, Some(&user.id))).await?;
    let hardened = backend.is_hardened();
    if hardened {
        announce(&mut tx, backend, user).await?;
    }
    let login = if change.revoke_others.unwrap_or(hardened) {
        sessions::end_all(&mut tx, &user.id).await?;
        let (client, remember) = (&change.client, change.remember);
        let user = user.clone();
        Some(login::complete(&mut tx, backend, user, client, remember, Method::NewPassword).await?)
    } else {
        None
    };
    tx.commit().await?;
    Ok(login)
}

fn check_length(backend: &Backend, password: &Password) -> Result<(), AuthFailure> {
    let least = backend.settings.auth.password_min;
    match password.utf16_len() {
        length if length < least => Err(AuthFailure::PasswordTooShort(least)),
        length if length > PASSWORD_MAX => Err(AuthFailure::PasswordTooLong),
        _ => Ok(()),
    }
}

/// Whoever reads the mail learns of it, and no mailed reset link works any more.
async fn announce(tx: &mut SystemTx, backend: &Backend, user: &UserView) -> Result<(), Error> {
    verification::void(tx, Purpose::ResetPassword, &user.id).await?;
    let letter = mails::password_changed(backend.clock.now());
    mail::post(tx, backend, &user.email, &letter).await
}

/// Whether it is the caller's password.
///
/// # Errors
/// [`AuthFailure::CredentialMissing`], [`AuthFailure::PasswordWrong`].
#[tracing::instrument(name = "auth.verify_password", skip_all, fields(user.id = %caller.user()))]
pub async fn verify_password(
    backend: &Backend,
    caller: &SignedIn,
    password: &Password,
) -> Result<(), AuthFailure> {
    credential::prove(backend, caller.user(), password).await.map(drop)
}

/// Gives somebody who came in by a provider a password of their own.
///
/// # Errors
/// [`AuthFailure::PasswordAlreadySet`], and what is wrong with the password.
#[tracing::instrument(name = "auth.set_password", skip_all, fields(user.id = %caller.user()))]
pub async fn set_password(
    backend: &Backend,
    caller: &SignedIn,
    password: &Password,
) -> Result<(), AuthFailure> {
    let mut tx = backend.db.system().read().await?;
    let user = users::by_id(&mut tx, caller.user()).await?.ok_or(AuthFailure::UserUnknown)?;
    drop(tx);
    check_new(backend, password, &user.name, &user.email).await?;
    let hash = backend.passwords.hash(&backend.random, password).await?;
    let mut tx = backend.db.system().write().await?;
    let there = credential::find(&mut tx, caller.user()).await?;
    if there.is_some_and(|credential| credential.hash.is_some()) {
        return Err(AuthFailure::PasswordAlreadySet);
    }
    credential::set(&mut tx, backend, &user, &hash).await?;
    audit::record(&mut tx, backend, Event::by(Action::PasswordChanged, caller)).await?;
    announce(&mut tx, backend, &user).await?;
    tx.commit().await?;
    Ok(())
}
