//! Signing in with an address and a password.

use domain::UserId;

use super::{
    AuthFailure, Client, Login, Method, Password, SignedIn, UserView, login,
    passwords::Match,
    sessions,
    sign_up::{PASSWORD_MAX, parse_email},
};
use crate::{AuthProfile, Backend, Error, Result, Timestamp, db::SystemTx, execute, fetch_all};

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
pub enum SignIn {
    /// A session.
    Done(Login),
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Row {
    id: String,
    name: String,
    email: String,
    email_verified: bool,
    image: Option<String>,
    two_factor_enabled: bool,
    created_at: Timestamp,
    updated_at: Timestamp,
    account_id: Option<String>,
    password: Option<String>,
}

/// A stored password and where it stands.
struct Credential {
    account_id: String,
    hash: String,
}

/// Starts a session for whoever knows the password. Unknown addresses, people without a password and wrong
/// passwords are one failure after the same work.
#[tracing::instrument(name = "auth.sign_in", skip_all)]
pub async fn sign_in(backend: &Backend, request: &SignInRequest) -> Result<SignIn, AuthFailure> {
    let email = parse_email(&request.email)?;
    if request.password.utf16_len() > PASSWORD_MAX {
        return Err(AuthFailure::PasswordTooLong);
    }
    let Some((user, credential)) = find(backend, email.as_str()).await? else {
        backend.passwords.verify_dummy(&request.password).await?;
        return Err(AuthFailure::CredentialsWrong);
    };
    let found = backend.passwords.verify(&request.password, &credential.hash).await?;
    if found == Match::Wrong {
        return Err(AuthFailure::CredentialsWrong);
    }
    // Only whoever knows the password learns this.
    if backend.settings.auth.require_email_verification && !user.email_verified {
        return Err(AuthFailure::EmailNotVerified);
    }
    let new_hash = match found {
        Match::RightButOld => hash_anew(backend, &request.password).await?,
        Match::Right | Match::Wrong => None,
    };

    let mut tx = backend.db.system().write().await?;
    if let Some(new_hash) = new_hash {
        replace_hash(&mut tx, backend, &credential, &new_hash).await?;
    }
    if let Some(old) = &request.replaces
        && backend.settings.auth.profile == AuthProfile::Hardened
    {
        sessions::replace(&mut tx, old).await?;
    }
    let (client, remember) = (&request.client, request.remember);
    let login = login::complete(&mut tx, backend, user, client, remember, Method::Password).await?;
    tx.commit().await?;
    Ok(SignIn::Done(login))
}

/// The person with this address and their password. More than one candidate counts as none.
async fn find(backend: &Backend, email: &str) -> Result<Option<(UserView, Credential)>> {
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
    let user = UserView {
        id: UserId::new(row.id),
        name: row.name,
        email: row.email,
        email_verified: row.email_verified,
        image: row.image,
        two_factor_enabled: row.two_factor_enabled,
        created_at: row.created_at.into(),
        updated_at: row.updated_at.into(),
    };
    Ok(Some((user, Credential { account_id, hash })))
}

/// The password as it is hashed today; none when the pool is busy, because the next sign-in can do it too.
async fn hash_anew(backend: &Backend, password: &Password) -> Result<Option<String>> {
    match backend.passwords.hash(&backend.random, password).await {
        Ok(hash) => Ok(Some(hash)),
        Err(Error::Busy) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Replaces the hash that was just checked; not one that somebody set meanwhile.
async fn replace_hash(
    tx: &mut SystemTx,
    backend: &Backend,
    checked: &Credential,
    new_hash: &str,
) -> Result<()> {
    execute!(
        tx,
        r#"
        update "account"
        set "password" = $1, "updatedAt" = $2
        where "id" = $3 and "password" = $4
        "#,
        new_hash,
        Timestamp::from(backend.clock.now()),
        &checked.account_id,
        &checked.hash,
    )?;
    Ok(())
}

#[cfg(test)]
mod tests;
