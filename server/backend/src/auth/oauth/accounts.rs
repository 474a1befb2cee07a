//! The rows of people and of their accounts at providers.

use domain::UserId;
use secrecy::ExposeSecret;

use super::{Identity, Provider, tokens::Tokens};
use crate::{
    Backend, OnConflict, Result, Timestamp,
    auth::UserView,
    billing::customers,
    db::SystemTx,
    execute, fetch_all,
    vault::{Field, Purpose},
};

/// The account of one subject.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
pub(super) struct Account {
    pub(super) id: String,
    pub(super) user_id: String,
    pub(super) scope: Option<String>,
    /// Who vouched for it; unknown in rows that Better Auth wrote.
    pub(super) issuer: Option<String>,
}

/// The accounts of one subject. There should be one at most, but nothing in an adopted database says so.
pub(super) async fn of_subject(
    tx: &mut SystemTx,
    provider: &Provider,
    subject: &str,
) -> Result<Vec<Account>> {
    let rows = fetch_all!(
        tx,
        r#"
        select a."id", a."userId", a."scope", i."issuer"
        from "account" a
        left join "account_issuer" i on i."accountId" = a."id"
        where a."providerId" = $1 and a."accountId" = $2
        limit 2
        "#,
        provider.id(),
        subject,
    )?;
    Ok(rows)
}

/// One at a time for one subject: nothing in the table keeps two sign-ins from making two accounts.
pub(super) async fn lock(tx: &mut SystemTx, provider: &Provider, subject: &str) -> Result<()> {
    execute!(
        tx,
        sqlite: "select $1",
        postgres: "select pg_advisory_xact_lock(hashtextextended($1, 20261121))",
        format!("{}\u{1f}{subject}", provider.id()),
    )?;
    Ok(())
}

/// Tokens as their columns hold them.
#[derive(Clone, Default)]
pub(super) struct Columns {
    pub(super) access: Option<String>,
    pub(super) refresh: Option<String>,
    pub(super) id: Option<String>,
    pub(super) access_expires_at: Option<Timestamp>,
    pub(super) refresh_expires_at: Option<Timestamp>,
}

/// The columns of tokens: as they are in Better Auth's profile; sealed, and without the ID token, which nothing
/// needs again, in the hardened one. To be called before the transaction of the row.
pub(super) async fn columns(
    backend: &Backend,
    row: &str,
    user: &UserId,
    tokens: &Tokens,
) -> Result<Columns> {
    let mut columns = Columns {
        access: Some(tokens.access.expose_secret().to_owned()).filter(|token| !token.is_empty()),
        refresh: tokens.refresh.as_ref().map(|token| token.expose_secret().to_owned()),
        id: tokens.id.as_ref().map(|token| token.expose_secret().to_owned()),
        access_expires_at: tokens.access_expires_at.map(Into::into),
        refresh_expires_at: tokens.refresh_expires_at.map(Into::into),
    };
    if backend.is_hardened() {
        columns.access = seal(backend, "accessToken", row, user, columns.access).await?;
        columns.refresh = seal(backend, "refreshToken", row, user, columns.refresh).await?;
        columns.id = None;
    }
    Ok(columns)
}

async fn seal(
    backend: &Backend,
    column: &'static str,
    row: &str,
    user: &UserId,
    token: Option<String>,
) -> Result<Option<String>> {
    let Some(token) = token else { return Ok(None) };
    let field = Field { table: "account", column, row, user };
    backend.vault.encrypt(Purpose::OAuthToken, &field, &token).await.map(Some)
}

/// A new account of a person.
pub(super) struct NewAccount<'a> {
    pub(super) id: &'a str,
    pub(super) user: &'a UserId,
    pub(super) provider: &'a Provider,
    pub(super) subject: &'a str,
    pub(super) columns: &'a Columns,
    /// What was granted.
    pub(super) scopes: Option<&'a [String]>,
}

/// Writes an account.
pub(super) async fn insert(
    tx: &mut SystemTx,
    backend: &Backend,
    new: &NewAccount<'_>,
) -> Result<()> {
    let (now, columns) = (Timestamp::from(backend.clock.now()), new.columns.clone());
    execute!(
        tx,
        r#"
        insert into "account" ("id", "accountId", "providerId", "userId", "accessToken", "refreshToken", "idToken",
                               "accessTokenExpiresAt", "refreshTokenExpiresAt", "scope", "createdAt", "updatedAt")
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)
        "#,
        new.id,
        new.subject,
        new.provider.id(),
        new.user,
        columns.access,
        columns.refresh,
        columns.id,
        columns.access_expires_at,
        columns.refresh_expires_at,
        new.scopes.map(|scopes| scopes.join(",")),
        now,
    )?;
    note_issuer(tx, backend, new.id, new.provider).await
}

/// Notes who vouched for an account, unless that is known. A database shared with Better Auth stays as that
/// writes it.
pub(super) async fn note_issuer(
    tx: &mut SystemTx,
    backend: &Backend,
    account: &str,
    provider: &Provider,
) -> Result<()> {
    if !backend.is_hardened() {
        return Ok(());
    }
    execute!(
        tx,
        r#"
        insert into "account_issuer" ("accountId", "issuer")
        values ($1, $2)
        on conflict ("accountId") do nothing
        "#,
        account,
        provider.kind().issuer(),
    )?;
    Ok(())
}

/// Takes over the tokens that came; what did not come stays. `scope` is changed only where it is given.
pub(super) async fn update(
    tx: &mut SystemTx,
    backend: &Backend,
    account: &str,
    columns: &Columns,
    scope: Option<String>,
) -> Result<()> {
    let columns = columns.clone();
    execute!(
        tx,
        r#"
        update "account"
        set "accessToken" = coalesce($1, "accessToken"),
            "refreshToken" = coalesce($2, "refreshToken"),
            "idToken" = coalesce($3, "idToken"),
            "accessTokenExpiresAt" = coalesce($4, "accessTokenExpiresAt"),
            "refreshTokenExpiresAt" = coalesce($5, "refreshTokenExpiresAt"),
            "scope" = coalesce($6, "scope"),
            "updatedAt" = $7
        where "id" = $8
        "#,
        columns.access,
        columns.refresh,
        columns.id,
        columns.access_expires_at,
        columns.refresh_expires_at,
        scope,
        Timestamp::from(backend.clock.now()),
        account,
    )?;
    Ok(())
}

/// A person as the provider describes them.
pub(super) fn new_user(backend: &Backend, identity: &Identity, email: String) -> UserView {
    let hardened = backend.is_hardened();
    let now = backend.clock.now();
    UserView {
        id: UserId::new(backend.random.alphanumeric(32)),
        name: name(identity, hardened),
        email,
        email_verified: identity.email_verified,
        image: image(identity, hardened),
        two_factor_enabled: false,
        created_at: now,
        updated_at: now,
    }
}

/// The name they have there; empty where it has characters that no name has.
pub(super) fn name(identity: &Identity, hardened: bool) -> String {
    let name = identity.name.clone().unwrap_or_default();
    if hardened {
        domain::text::person_name(&name).unwrap_or_default()
    } else {
        name.replace('\0', "")
    }
}

/// The picture they have there. The hardened profile takes https alone.
pub(super) fn image(identity: &Identity, hardened: bool) -> Option<String> {
    let image = identity.image.clone()?;
    crate::auth::sign_up::is_image(&image, hardened).then_some(image)
}

/// Writes a person. [`crate::Error::AlreadyExists`] when somebody has the address.
pub(super) async fn insert_user(
    tx: &mut SystemTx,
    backend: &Backend,
    user: &UserView,
) -> Result<()> {
    execute!(
        tx,
        r#"
        insert into "user" ("id", "name", "email", "emailVerified", "image", "createdAt", "updatedAt")
        values ($1, $2, $3, $4, $5, $6, $6)
        "#,
        &user.id,
        &user.name,
        &user.email,
        user.email_verified,
        user.image.as_deref(),
        Timestamp::from(user.created_at),
    )
    .on_conflict("user")?;
    customers::signed_up(tx, backend, &user.id).await
}

/// The provider has said that the person's address is theirs.
pub(super) async fn verify_email(
    tx: &mut SystemTx,
    backend: &Backend,
    user: &mut UserView,
) -> Result<()> {
    let now = backend.clock.now();
    execute!(
        tx,
        r#"update "user" set "emailVerified" = true, "updatedAt" = $1 where "id" = $2"#,
        Timestamp::from(now),
        &user.id,
    )?;
    (user.email_verified, user.updated_at) = (true, now);
    customers::proven(tx, backend, &user.id).await
}
