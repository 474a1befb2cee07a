//! The end of an account, and of everything in it.

use domain::{UserId, activity::Action};
use time::Duration;

use super::{
    AuthFailure, Password, SignedIn, UserView, credential, links, mails,
    verification::{self, New, Purpose},
};
use crate::{
    Backend, Result,
    audit::{self, Event},
    billing::customers,
    connections,
    db::SystemTx,
    execute,
    jobs::Job,
    mail,
};

const TOKEN_LENGTH: usize = 32;
const TOKEN_ALPHABET: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// How long a mailed link works that deletes an account. Better Auth gives it a day.
pub fn deletion_life(backend: &Backend) -> Duration {
    if backend.is_hardened() { Duration::hours(1) } else { Duration::hours(24) }
}

/// Somebody wants their account to go.
#[derive(Clone, Default)]
pub struct DeletionRequest {
    /// Their password, if they gave it.
    pub password: Option<Password>,
    /// The token of a mailed link, if they have one.
    pub token: Option<String>,
    /// The page after the mailed link.
    pub callback: String,
}

/// How far a request for deletion got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// A link was mailed.
    LinkSent,
    /// The account is gone.
    Done,
}

/// Deletes with a token, or mails the link that has one.
///
/// # Errors
/// [`AuthFailure::DeletionOff`], [`AuthFailure::PasswordWrong`], [`AuthFailure::CredentialMissing`],
/// [`AuthFailure::TokenInvalid`].
#[tracing::instrument(name = "auth.request_deletion", skip_all, fields(user.id = %user.id))]
pub async fn request_deletion(
    backend: &Backend,
    user: &UserView,
    request: &DeletionRequest,
) -> Result<Deletion, AuthFailure> {
    if !backend.settings.auth.delete_user {
        return Err(AuthFailure::DeletionOff);
    }
    if let Some(password) = &request.password {
        credential::prove(backend, &user.id, password).await?;
    }
    if let Some(token) = &request.token {
        delete_with_token(backend, user, token).await?;
        return Ok(Deletion::Done);
    }
    let token = backend.random.text(TOKEN_ALPHABET, TOKEN_LENGTH);
    let life = deletion_life(backend);
    let mut tx = backend.db.system().write().await?;
    let new = New {
        purpose: Purpose::DeleteAccount,
        token: &token,
        value: user.id.as_str(),
        user: Some(&user.id),
        life,
    };
    verification::put(&mut tx, backend, new).await?;
    let link = links::delete_account(backend, &token, &request.callback);
    mail::post(&mut tx, backend, &user.email, &mails::confirm_deletion(link, life)).await?;
    tx.commit().await?;
    Ok(Deletion::LinkSent)
}

/// Deletes the account of a mailed link, in the session of the same person. Somebody else's session spends the
/// token all the same.
///
/// # Errors
/// [`AuthFailure::DeletionOff`], [`AuthFailure::TokenInvalid`].
#[tracing::instrument(name = "auth.delete_with_token", skip_all, fields(user.id = %user.id))]
pub async fn delete_with_token(
    backend: &Backend,
    user: &UserView,
    token: &str,
) -> Result<(), AuthFailure> {
    if !backend.settings.auth.delete_user {
        return Err(AuthFailure::DeletionOff);
    }
    let items = connections::items(backend, &user.id).await?;
    let mut tx = backend.db.system().write().await?;
    let owner = verification::take(&mut tx, backend, Purpose::DeleteAccount, token).await?;
    let own = owner.as_deref() == Some(user.id.as_str());
    if own {
        erase(&mut tx, backend, user, &items).await?;
    }
    tx.commit().await?;
    if own { Ok(()) } else { Err(AuthFailure::TokenInvalid) }
}

/// Deletes the caller's account at once. The page that calls it has asked for a new sign-in and for the address.
///
/// # Errors
/// [`AuthFailure::DeletionOff`], [`AuthFailure::NotFresh`], [`AuthFailure::EmailMismatch`].
#[tracing::instrument(name = "auth.delete_account", skip_all, fields(user.id = %caller.user()))]
pub async fn delete_account(
    backend: &Backend,
    caller: &SignedIn,
    typed_email: &str,
) -> Result<(), AuthFailure> {
    if !backend.settings.auth.delete_user {
        return Err(AuthFailure::DeletionOff);
    }
    if !caller.is_fresh(backend) {
        return Err(AuthFailure::NotFresh);
    }
    let items = connections::items(backend, caller.user()).await?;
    let mut tx = backend.db.system().write().await?;
    let user =
        super::users::by_id(&mut tx, caller.user()).await?.ok_or(AuthFailure::UserUnknown)?;
    if !user.email.eq_ignore_ascii_case(typed_email.trim()) {
        return Err(AuthFailure::EmailMismatch);
    }
    erase(&mut tx, backend, &user, &items).await?;
    tx.commit().await?;
    Ok(())
}

/// The person's row; what hangs on it goes with it. The farewell is queued in the same transaction.
async fn erase(tx: &mut SystemTx, backend: &Backend, user: &UserView, items: &[Job]) -> Result<()> {
    mail::post(tx, backend, &user.email, &mails::deleted()).await?;
    audit::record(tx, backend, Event::new(Action::AccountDeleted, Some(&user.id))).await?;
    customers::erased(tx, backend, &user.id).await?;
    connections::farewell(tx, backend, items).await?;
    delete_rows(tx, &user.id).await
}

async fn delete_rows(tx: &mut SystemTx, user: &UserId) -> Result<()> {
    execute!(tx, r#"delete from "user" where "id" = $1"#, user)?;
    Ok(())
}
