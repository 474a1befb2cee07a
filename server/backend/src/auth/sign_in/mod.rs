//! Signing in with an address and a password.

use domain::{Email, UserId, activity::Action};

use super::{
    AuthFailure, Client, Login, Method, Password, SignedIn, UserView, credential, email, login,
    passwords::{Match, rules::PASSWORD_MAX},
    sessions,
    sign_up::parse_email,
    throttle,
    two_factor::Challenge,
    users,
};
use crate::{
    Backend, Error, Result,
    audit::{self, Event},
    fetch_all,
};

/// Who wants to come in, and from where.
#[derive(Clone)]
pub struct SignInRequest {
    /// Their address.
    pub email: String,
    /// What they say their password is.
    pub password: Password,
    /// Whether the session outlives the browser.
    pub remember: bool,
    /// Where the request comes from.
    pub client: Client,
    /// The session this browser still has. The hardened profile ends it; the new one never takes it over.
    pub replaces: Option<SignedIn>,
}

/// What a right password leads to.
#[derive(Clone, Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "one lives for a moment, and almost always as the larger"
)]
pub enum SignIn {
    /// A session.
    Done(Login),
    /// A challenge: there is no session before it is answered.
    SecondFactor(Challenge),
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Row {
    #[sqlx(flatten)]
    user: users::Row,
    account_id: Option<String>,
    password: Option<String>,
}

/// Starts a session for whoever knows the password. Unknown addresses, people without a password and wrong
/// passwords are one failure after the same work.
#[tracing::instrument(name = "auth.sign_in", skip_all)]
pub async fn sign_in(backend: &Backend, request: &SignInRequest) -> Result<SignIn, AuthFailure> {
    let checked =
        check_password(backend, &request.email, &request.password, &request.client).await?;
    let user = checked.user.clone();
    // Only whoever knows the password learns this.
    if backend.settings.auth.require_email_verification && !user.email_verified {
        mail_link_again(backend, &user).await?;
        return Err(AuthFailure::EmailNotVerified);
    }
    let new_hash = if checked.is_old { hash_anew(backend, &request.password).await? } else { None };

    let mut tx = backend.db.system().write().await?;
    if let Some(new_hash) = new_hash {
        credential::replace(&mut tx, backend, &checked.account_id, &checked.hash, &new_hash)
            .await?;
    }
    if let Some(old) = &request.replaces
        && backend.is_hardened()
    {
        sessions::replace(&mut tx, old).await?;
    }
    let (client, remember) = (&request.client, request.remember);
    let outcome = login::finish(&mut tx, backend, user, client, remember, Method::Password).await?;
    tx.commit().await?;
    Ok(outcome)
}

/// Somebody whose password was right.
pub(super) struct Checked {
    pub(super) user: UserView,
    account_id: String,
    hash: String,
    /// Whether the hash is to be replaced by one as they are made today.
    is_old: bool,
}

/// Whether somebody has this address and this password. Unknown addresses, people without a password and wrong
/// passwords are one failure after the same work, and cost the client a try.
pub(super) async fn check_password(
    backend: &Backend,
    email: &str,
    password: &Password,
    client: &Client,
) -> Result<Checked, AuthFailure> {
    let email = parse_email(email)?;
    if password.utf16_len() > PASSWORD_MAX {
        return Err(AuthFailure::PasswordTooLong);
    }
    let charges = throttle::sign_in(backend, &email, client).await?;
    let outcome = compare(backend, &email, password).await;
    if !matches!(outcome, Err(AuthFailure::CredentialsWrong)) {
        charges.give_back().await;
    }
    outcome
}

async fn compare(
    backend: &Backend,
    email: &Email,
    password: &Password,
) -> Result<Checked, AuthFailure> {
    let Some((user, account_id, hash)) = find(backend, email.as_str()).await? else {
        backend.passwords.verify_dummy(password).await?;
        note_refusal(backend, None).await?;
        return Err(AuthFailure::CredentialsWrong);
    };
    let is_old = match backend.passwords.verify(password, &hash).await? {
        Match::Wrong => {
            note_refusal(backend, Some(&user.id)).await?;
            return Err(AuthFailure::CredentialsWrong);
        }
        Match::Right => false,
        Match::RightButOld => true,
    };
    Ok(Checked { user, account_id, hash, is_old })
}

/// An unknown address leaves a row as well: the two cost the same.
async fn note_refusal(backend: &Backend, user: Option<&UserId>) -> Result<()> {
    let mut tx = backend.db.system().write().await?;
    audit::record(&mut tx, backend, Event::new(Action::SignIn, user).refused()).await?;
    tx.commit().await?;
    Ok(())
}

/// A link that was lost can be had again by trying to sign in.
async fn mail_link_again(backend: &Backend, user: &UserView) -> Result<()> {
    if !throttle::may_mail(backend, &user.email).await {
        return Ok(());
    }
    let mut tx = backend.db.system().write().await?;
    email::mail_verification(&mut tx, backend, user, "").await?;
    tx.commit().await?;
    Ok(())
}

/// The person with this address and their password. More than one candidate counts as none.
async fn find(backend: &Backend, email: &str) -> Result<Option<(UserView, String, String)>> {
    let mut tx = backend.db.system().read().await?;
    let mut rows: Vec<Row> = fetch_all!(
        tx,
        r#"
        select u."id", u."name", u."email", u."emailVerified", u."image", u."twoFactorEnabled", u."createdAt",
               u."updatedAt", a."id" as "accountId", a."password"
        from "user" u
        left join "account" a
            on a."userId" = u."id" and a."providerId" = 'credential' and a."accountId" = u."id"
        where lower(u."email") = $1
        limit 2
        "#,
        email,
    )?;
    let (Some(row), true) = (rows.pop(), rows.is_empty()) else { return Ok(None) };
    let (Some(account_id), Some(hash)) = (row.account_id, row.password) else { return Ok(None) };
    Ok(Some((row.user.into(), account_id, hash)))
}

/// The password as it is hashed today; none when the pool is busy, because the next sign-in can do it too.
async fn hash_anew(backend: &Backend, password: &Password) -> Result<Option<String>> {
    match backend.passwords.hash(&backend.random, password).await {
        Ok(hash) => Ok(Some(hash)),
        Err(Error::Busy) => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests;
