//! Changing an address: the old one agrees, the new one proves itself, and the old one may take it back.

use domain::activity::Action;
use time::Duration;

use super::super::{
    AuthFailure, Client, Login, Method, SignedIn, UserView, links, login, mails, sessions, sign_up,
    throttle, users,
    verification::{self, New, Purpose},
};
use super::{
    mail_verification,
    token::{self, Proof},
    undo::Undo,
    verify::{Verified, owner},
};
use crate::{
    Backend, OnConflict, Result, Timestamp,
    audit::{self, Event},
    billing::customers,
    db::SystemTx,
    execute, mail,
};

const CONFIRMATION: &str = "change-email-confirmation";
const VERIFICATION: &str = "change-email-verification";
/// How long the old address can take a change back.
const UNDO_LIFE: Duration = Duration::days(7);

/// Asks for another address. Nothing changes before the new one is proven. An address that somebody else has is
/// answered alike.
///
/// # Errors
/// [`AuthFailure::ChangeEmailOff`], [`AuthFailure::EmailInvalid`], [`AuthFailure::EmailSame`].
#[tracing::instrument(name = "auth.change_email", skip_all, fields(user.id = %user.id))]
pub async fn change_email(
    backend: &Backend,
    user: &UserView,
    new_email: &str,
    callback: &str,
    client: &Client,
) -> Result<(), AuthFailure> {
    if !backend.settings.auth.change_email {
        return Err(AuthFailure::ChangeEmailOff);
    }
    let new_email = sign_up::parse_email(new_email)?;
    let new_email = new_email.as_str();
    if new_email == user.email.to_ascii_lowercase() {
        return Err(AuthFailure::EmailSame);
    }
    let may_mail = throttle::mail(backend, new_email, client).await?;
    let mut tx = backend.db.system().write().await?;
    audit::record(&mut tx, backend, Event::new(Action::EmailChangeAsked, Some(&user.id))).await?;
    if !may_mail || users::by_email(&mut tx, new_email).await?.is_some() {
        mail::post_nothing(&mut tx, backend).await?;
    } else if user.email_verified {
        let proof = Proof::change(user, new_email, CONFIRMATION);
        let token = token::issue(&mut tx, backend, user, &proof).await?;
        let link = links::verify_email(backend, &token, callback);
        mail::post(&mut tx, backend, &user.email, &mails::confirm_change(new_email, link)).await?;
    } else {
        ask_new_address(&mut tx, backend, user, new_email, callback).await?;
    }
    tx.commit().await?;
    Ok(())
}

async fn ask_new_address(
    tx: &mut SystemTx,
    backend: &Backend,
    user: &UserView,
    new_email: &str,
    callback: &str,
) -> Result<()> {
    let token =
        token::issue(tx, backend, user, &Proof::change(user, new_email, VERIFICATION)).await?;
    let link = links::verify_email(backend, &token, callback);
    mail::post(tx, backend, new_email, &mails::verify_new(link)).await
}

/// Whether the link went to the old address, whose owner agrees first.
pub(super) fn needs_agreement(proof: &Proof) -> bool {
    proof.request_type.as_deref() == Some(CONFIRMATION)
}

/// The step that a link stands for.
pub(super) async fn step(
    tx: &mut SystemTx,
    backend: &Backend,
    proof: &Proof,
    new_email: &str,
    caller: Option<&SignedIn>,
    client: &Client,
) -> Result<Verified, AuthFailure> {
    // A link works until the address has changed.
    let user = owner(tx, proof, AuthFailure::TokenInvalid).await?;
    if caller.is_some_and(|caller| *caller.user() != user.id) {
        return Err(AuthFailure::UserOther);
    }
    match proof.request_type.as_deref() {
        Some(CONFIRMATION) => {
            ask_new_address(tx, backend, &user, new_email, "").await?;
            Ok(Verified::default())
        }
        Some(VERIFICATION) => replace(tx, backend, user, new_email, caller, client).await,
        _ => {
            let user = UserView { email_verified: false, ..user };
            let done = replace(tx, backend, user, new_email, caller, client).await?;
            if let Some(user) = &done.user {
                mail_verification(tx, backend, user, "").await?;
            }
            Ok(done)
        }
    }
}

/// Writes the new address. The hardened profile also ends every session, voids every mailed link, and gives the
/// old address a week to take it back.
async fn replace(
    tx: &mut SystemTx,
    backend: &Backend,
    old: UserView,
    new_email: &str,
    caller: Option<&SignedIn>,
    client: &Client,
) -> Result<Verified, AuthFailure> {
    let hardened = backend.is_hardened();
    let now = backend.clock.now();
    let user = UserView {
        email: new_email.to_owned(),
        email_verified: old.email_verified || hardened,
        updated_at: now,
        ..old.clone()
    };
    write(tx, &user).await?;
    customers::changed(tx, backend, &user.id).await?;
    audit::record(tx, backend, Event::new(Action::EmailChanged, Some(&user.id))).await?;
    if !hardened {
        return Ok(Verified { user: Some(user), login: None });
    }
    verification::void_all(tx, &user.id).await?;
    let undo = offer_undo(tx, backend, &old, new_email).await?;
    mail::post(tx, backend, &old.email, &mails::changed_from(Some(undo))).await?;
    mail::post(tx, backend, &user.email, &mails::changed_to()).await?;
    let remember = match caller {
        Some(caller) => sessions::is_remembered(tx, caller).await?,
        None => None,
    };
    sessions::end_all(tx, &user.id).await?;
    let login: Option<Login> = match remember {
        Some(remember) => Some(
            login::complete(tx, backend, user.clone(), client, remember, Method::NewAddress)
                .await?,
        ),
        None => None,
    };
    Ok(Verified { user: Some(user), login })
}

/// Taken meanwhile: the link is as good as spent.
async fn write(tx: &mut SystemTx, user: &UserView) -> Result<(), AuthFailure> {
    let changed = execute!(
        tx,
        r#"
        update "user"
        set "email" = $1, "emailVerified" = $2, "updatedAt" = $3
        where "id" = $4
        "#,
        &user.email,
        user.email_verified,
        Timestamp::from(user.updated_at),
        &user.id,
    )
    .on_conflict("user");
    match changed {
        Ok(_) => Ok(()),
        Err(crate::Error::AlreadyExists(_)) => Err(AuthFailure::TokenInvalid),
        Err(error) => Err(error.into()),
    }
}

/// The link with which the old address takes the change back.
async fn offer_undo(
    tx: &mut SystemTx,
    backend: &Backend,
    old: &UserView,
    new_email: &str,
) -> Result<String> {
    let token = backend.random.alphanumeric(32);
    let value = Undo { from: new_email.to_owned(), to: old.email.clone() }.to_value()?;
    let new = New {
        purpose: Purpose::UndoEmailChange,
        token: &token,
        value: &value,
        user: Some(&old.id),
        life: UNDO_LIFE,
    };
    verification::put(tx, backend, new).await?;
    Ok(links::token_page(backend, "/undo-email-change", &token, ""))
}
