//! Opens a mailed link about an address.

use domain::{UserId, activity::Action};

use super::super::{
    AuthFailure, Client, Login, Password, SignIn, SignInRequest, SignedIn, UserView, sign_in, users,
};
use super::{
    change,
    token::{self, Proof},
};
use crate::{
    Backend, Result, Timestamp,
    audit::{self, Event},
    billing::customers,
    db::SystemTx,
    execute,
};

/// What a link did.
#[derive(Clone, Debug, Default)]
pub struct Verified {
    /// The person, when their address was changed.
    pub user: Option<UserView>,
    /// Their new session, when the change took the place of the one they had.
    pub login: Option<Login>,
}

/// Does what the link of `token` is for.
///
/// # Errors
/// [`AuthFailure::TokenInvalid`], [`AuthFailure::TokenExpired`], [`AuthFailure::UserUnknown`], and
/// [`AuthFailure::UserOther`] for a change of address that is opened in somebody else's session.
#[tracing::instrument(name = "auth.verify_email", skip_all)]
pub async fn verify(
    backend: &Backend,
    token: &str,
    caller: Option<&SignedIn>,
    client: &Client,
) -> Result<Verified, AuthFailure> {
    let mut tx = backend.db.system().write().await?;
    let proof = token::redeem(&mut tx, backend, token).await?;
    let done = if let Some(new_email) = &proof.update_to {
        change::step(&mut tx, backend, &proof, new_email, caller, client).await?
    } else {
        let user = owner(&mut tx, &proof, AuthFailure::UserUnknown).await?;
        mark_verified(&mut tx, backend, &user).await?;
        Verified::default()
    };
    tx.commit().await?;
    Ok(done)
}

/// The person a proof is about: by their address, and by their id where the proof has it.
pub(super) async fn owner(
    tx: &mut SystemTx,
    proof: &Proof,
    unknown: AuthFailure,
) -> Result<UserView, AuthFailure> {
    let user = users::by_email(tx, &proof.email).await?.ok_or(unknown)?;
    let same = proof.user_id.as_deref().is_none_or(|id| id == user.id.as_str());
    if same { Ok(user) } else { Err(AuthFailure::TokenInvalid) }
}

async fn mark_verified(tx: &mut SystemTx, backend: &Backend, user: &UserView) -> Result<()> {
    if user.email_verified {
        return Ok(());
    }
    execute!(
        tx,
        r#"update "user" set "emailVerified" = true, "updatedAt" = $1 where "id" = $2"#,
        Timestamp::from(backend.clock.now()),
        &user.id,
    )?;
    customers::proven(tx, backend, &user.id).await?;
    audit::record(tx, backend, Event::new(Action::EmailVerified, Some(&user.id))).await
}

/// A mailed link as its page shows it, before anything happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The address of the account when the link was made.
    pub email: String,
    /// What it does.
    pub does: Does,
    /// Whether the account is the one that is signed in in this browser.
    pub own: bool,
}

/// What the button on a mailed link's page does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Does {
    /// Proves the address.
    Prove,
    /// Agrees, from the old address, to this new one.
    Agree(String),
    /// Makes this the address of the account.
    Change(String),
}

/// Looks at a link without spending it.
///
/// # Errors
/// [`AuthFailure::TokenInvalid`], [`AuthFailure::TokenExpired`].
#[tracing::instrument(name = "auth.look_at_link", skip_all)]
pub async fn look(
    backend: &Backend,
    token: &str,
    caller: Option<&SignedIn>,
) -> Result<Link, AuthFailure> {
    let proof = token::look(backend, token).await?;
    let own = caller.is_some_and(|caller| is_of(&proof, caller.user()));
    let does = match &proof.update_to {
        None => Does::Prove,
        Some(new_email) if change::needs_agreement(&proof) => Does::Agree(new_email.clone()),
        Some(new_email) => Does::Change(new_email.clone()),
    };
    Ok(Link { email: proof.email, does, own })
}

/// Somebody pressed the button of a mailed link's page.
#[derive(Clone)]
pub struct ConfirmRequest {
    /// The token of the link.
    pub token: String,
    /// Who is signed in in this browser.
    pub caller: Option<SignedIn>,
    /// Proof that whoever reads the mail also made the account; needed where nobody is signed in.
    pub password: Option<Password>,
    /// Where the request comes from.
    pub client: Client,
}

/// What the button did.
#[derive(Clone, Debug)]
pub enum Confirmed {
    /// The address is proven; the browser goes on as it was.
    Address,
    /// The address is proven and the password right: whoever gave it is let in, or asked for their second factor.
    SignedIn(SignIn),
    /// One step of a change of address is done; the next link is on its way to the new one.
    HalfChanged,
    /// The address is the new one.
    Changed(Option<Login>),
}

/// Proves an address from a page. An account that somebody else made with this address stays unproven until its
/// password is given too: reading the mail alone says nothing about who chose the password.
///
/// # Errors
/// As [`verify`]; [`AuthFailure::PasswordNeeded`] and [`AuthFailure::CredentialsWrong`] leave the link usable.
#[tracing::instrument(name = "auth.confirm_email", skip_all)]
pub async fn confirm(
    backend: &Backend,
    request: &ConfirmRequest,
) -> Result<Confirmed, AuthFailure> {
    let caller = request.caller.as_ref();
    let proof = token::look(backend, &request.token).await?;
    if proof.update_to.is_some() {
        let done = verify(backend, &request.token, caller, &request.client).await?;
        return Ok(match done.user {
            Some(_) => Confirmed::Changed(done.login),
            None => Confirmed::HalfChanged,
        });
    }
    let own = caller.is_some_and(|caller| is_of(&proof, caller.user()));
    if own {
        verify(backend, &request.token, caller, &request.client).await?;
        return Ok(Confirmed::Address);
    }
    let password = request.password.clone().ok_or(AuthFailure::PasswordNeeded)?;
    sign_in::check_password(backend, &proof.email, &password, &request.client).await?;
    verify(backend, &request.token, caller, &request.client).await?;
    let request = SignInRequest {
        email: proof.email,
        password,
        remember: true,
        client: request.client.clone(),
        replaces: request.caller.clone(),
    };
    Ok(Confirmed::SignedIn(sign_in(backend, &request).await?))
}

fn is_of(proof: &Proof, user: &UserId) -> bool {
    proof.user_id.as_deref() == Some(user.as_str())
}
