//! A forgotten password: a link by mail, and a new one.

use domain::{UserId, activity::Action};
use time::Duration;

use super::{
    AuthFailure, Client, Password, UserView, credential, devices, links, mails,
    passwords::rules::check_new,
    planted, sessions, throttle, two_factor, users,
    verification::{self, New, Purpose},
};
use crate::{
    Backend, Result,
    audit::{self, Event},
    billing::customers,
    db::SystemTx,
    mail,
};

const LIFE: Duration = Duration::hours(1);
const TOKEN_LENGTH: usize = 24;

/// Mails a link to whoever has this address. Nobody learns whether somebody has, nor that a mailbox has had enough.
///
/// # Errors
/// [`AuthFailure::TooManyAttempts`].
#[tracing::instrument(name = "auth.request_reset", skip_all)]
pub async fn request_reset(
    backend: &Backend,
    email: &str,
    redirect_to: &str,
    client: &Client,
) -> Result<(), AuthFailure> {
    let may_mail = throttle::mail(backend, email, client).await?;
    let mut tx = backend.db.system().write().await?;
    let user = users::by_email(&mut tx, email).await?;
    let event = Event::new(Action::ResetAsked, user.as_ref().map(|user| &user.id));
    audit::record(&mut tx, backend, event.unproven()).await?;
    match user.filter(|_| may_mail) {
        Some(user) => mail_link(&mut tx, backend, &user, redirect_to).await?,
        None => mail::post_nothing(&mut tx, backend).await?,
    }
    tx.commit().await?;
    Ok(())
}

async fn mail_link(
    tx: &mut SystemTx,
    backend: &Backend,
    user: &UserView,
    redirect_to: &str,
) -> Result<()> {
    if backend.is_hardened() {
        verification::void(tx, Purpose::ResetPassword, &user.id).await?;
    }
    let token = backend.random.alphanumeric(TOKEN_LENGTH);
    let new = New {
        purpose: Purpose::ResetPassword,
        token: &token,
        value: user.id.as_str(),
        user: Some(&user.id),
        life: LIFE,
    };
    verification::put(tx, backend, new).await?;
    let letter = mails::reset(links::reset_password(backend, &token, redirect_to));
    mail::post(tx, backend, &user.email, &letter).await
}

/// What a mailed link is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResetLink {
    /// It sets a new password.
    Works,
    /// It has set one (hardened profile).
    Used,
    /// It is older than an hour (hardened profile).
    Expired,
    /// Nothing is known of it.
    Unknown,
}

impl ResetLink {
    /// Why it does not work, in one word for addresses, where that is known.
    pub fn reason(self) -> Option<&'static str> {
        match self {
            Self::Used => Some("used"),
            Self::Expired => Some("expired"),
            Self::Works | Self::Unknown => None,
        }
    }
}

/// Looks at a link. It stays as it is.
#[tracing::instrument(name = "auth.check_reset", skip_all)]
pub async fn check_reset(backend: &Backend, token: &str) -> Result<ResetLink> {
    let mut tx = backend.db.system().read().await?;
    let tx = &mut tx;
    if verification::peek(tx, backend, Purpose::ResetPassword, token).await?.is_some() {
        return Ok(ResetLink::Works);
    }
    if !backend.is_hardened() {
        return Ok(ResetLink::Unknown);
    }
    Ok(if verification::peek(tx, backend, Purpose::ResetUsed, token).await?.is_some() {
        ResetLink::Used
    } else if verification::is_over(tx, backend, Purpose::ResetPassword, token).await? {
        ResetLink::Expired
    } else {
        ResetLink::Unknown
    })
}

/// Sets a new password with the token of a link, which is spent by it. A password that is refused does not
/// spend it. The hardened profile ends every session, and takes the reading of the mail as the proof of the
/// address: whatever was set before somebody proved it is removed.
///
/// # Errors
/// What is wrong with the password; [`AuthFailure::TokenInvalid`]; [`AuthFailure::UserUnknown`].
#[tracing::instrument(name = "auth.reset_password", skip_all)]
pub async fn reset_password(
    backend: &Backend,
    token: &str,
    password: &Password,
) -> Result<(), AuthFailure> {
    let mut tx = backend.db.system().read().await?;
    let owner = verification::peek(&mut tx, backend, Purpose::ResetPassword, token).await?;
    let user = match &owner {
        Some(id) => users::by_id(&mut tx, &UserId::new(id.clone())).await?,
        None => None,
    };
    drop(tx);
    let (name, email) = user.as_ref().map_or(("", ""), |user| (&*user.name, &*user.email));
    check_new(backend, password, name, email).await?;
    if owner.is_none() {
        return Err(AuthFailure::TokenInvalid);
    }
    let user = user.ok_or(AuthFailure::UserUnknown)?;
    let hash = backend.passwords.hash(&backend.random, password).await?;

    let mut tx = backend.db.system().write().await?;
    let spent = verification::take_row(&mut tx, backend, Purpose::ResetPassword, token).await?;
    let spent = spent.filter(|spent| spent.value == user.id.as_str());
    let left = spent.ok_or(AuthFailure::TokenInvalid)?.left;
    if backend.is_hardened() {
        secure(&mut tx, backend, &user).await?;
        mark_used(&mut tx, backend, &user, token, left).await?;
    }
    credential::set(&mut tx, backend, &user, &hash).await?;
    audit::record(&mut tx, backend, Event::new(Action::PasswordReset, Some(&user.id))).await?;
    devices::forget(&mut tx, &user.id).await?;
    tx.commit().await?;
    Ok(())
}

/// The page of a link that was used can say so.
async fn mark_used(
    tx: &mut SystemTx,
    backend: &Backend,
    user: &UserView,
    token: &str,
    life: Duration,
) -> Result<()> {
    let new = New { purpose: Purpose::ResetUsed, token, value: "", user: Some(&user.id), life };
    verification::put(tx, backend, new).await
}

async fn secure(tx: &mut SystemTx, backend: &Backend, user: &UserView) -> Result<()> {
    if user.email_verified {
        sessions::end_all(tx, &user.id).await?;
        two_factor::forget_devices(tx, &user.id).await?;
        verification::void(tx, Purpose::ResetPassword, &user.id).await?;
    } else {
        planted::remove(tx, backend, &user.id).await?;
        customers::proven(tx, backend, &user.id).await?;
    }
    let letter = mails::password_changed(backend.clock.now());
    mail::post(tx, backend, &user.email, &letter).await
}
