//! The `credential` account: a person's password, as it is stored and replaced.

use domain::UserId;

use super::{
    AuthFailure, Password, UserView,
    passwords::{Match, rules::PASSWORD_MAX},
};
use crate::{Backend, Result, Timestamp, db::SystemTx, execute, fetch_optional};

/// A stored password and where it stands.
pub(super) struct Credential {
    pub(super) account_id: String,
    /// None where the account has no password yet.
    pub(super) hash: Option<String>,
}

/// The person's password, if they have such an account.
pub(super) async fn find(tx: &mut SystemTx, user: &UserId) -> Result<Option<Credential>> {
    let row: Option<(String, Option<String>)> = fetch_optional!(
        tx,
        r#"
        select "id", "password"
        from "account"
        where "userId" = $1 and "providerId" = 'credential' and "accountId" = $1
        "#,
        user,
    )?;
    Ok(row.map(|(account_id, hash)| Credential { account_id, hash }))
}

/// Whether somebody who is signed in knows their password.
///
/// # Errors
/// [`AuthFailure::CredentialMissing`], [`AuthFailure::PasswordWrong`].
pub(super) async fn prove(
    backend: &Backend,
    user: &UserId,
    password: &Password,
) -> Result<Credential, AuthFailure> {
    let mut tx = backend.db.system().read().await?;
    let credential = find(&mut tx, user).await?;
    drop(tx);
    let credential = credential.ok_or(AuthFailure::CredentialMissing)?;
    let Some(hash) = &credential.hash else { return Err(AuthFailure::CredentialMissing) };
    if password.utf16_len() > PASSWORD_MAX {
        return Err(AuthFailure::PasswordWrong);
    }
    match backend.passwords.verify(password, hash).await? {
        Match::Wrong => Err(AuthFailure::PasswordWrong),
        Match::Right | Match::RightButOld => Ok(credential),
    }
}

/// Replaces the hash that was just checked; false when somebody set another one meanwhile.
pub(super) async fn replace(
    tx: &mut SystemTx,
    backend: &Backend,
    account_id: &str,
    checked: &str,
    new_hash: &str,
) -> Result<bool> {
    let changed = execute!(
        tx,
        r#"
        update "account"
        set "password" = $1, "updatedAt" = $2
        where "id" = $3 and "password" = $4
        "#,
        new_hash,
        Timestamp::from(backend.clock.now()),
        account_id,
        checked,
    )?;
    Ok(changed == 1)
}

/// Sets a password whatever it was, and makes the account where there was none.
pub(super) async fn set(
    tx: &mut SystemTx,
    backend: &Backend,
    user: &UserView,
    new_hash: &str,
) -> Result<()> {
    let now = Timestamp::from(backend.clock.now());
    let changed = execute!(
        tx,
        r#"
        update "account"
        set "password" = $1, "updatedAt" = $2
        where "userId" = $3 and "providerId" = 'credential' and "accountId" = $3
        "#,
        new_hash,
        now,
        &user.id,
    )?;
    if changed == 0 {
        insert(tx, backend, &user.id, new_hash).await?;
    }
    Ok(())
}

/// Makes the account.
pub(super) async fn insert(
    tx: &mut SystemTx,
    backend: &Backend,
    user: &UserId,
    hash: &str,
) -> Result<()> {
    execute!(
        tx,
        r#"
        insert into "account" ("id", "accountId", "providerId", "userId", "password", "createdAt", "updatedAt")
        values ($1, $2, 'credential', $2, $3, $4, $4)
        "#,
        backend.random.alphanumeric(32),
        user,
        hash,
        Timestamp::from(backend.clock.now()),
    )?;
    Ok(())
}
