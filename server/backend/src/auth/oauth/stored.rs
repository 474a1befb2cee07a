//! Tokens that are kept: handing them to their owner, renewing them, asking the provider who it is.

use domain::UserId;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};
use time::{Duration, OffsetDateTime};

use super::{
    Identity, Provider,
    accounts::{self, Columns},
    exchange::{self, ExchangeError},
    id_token, identity,
    start::redirect_url,
    tokens::Tokens,
};
use crate::{
    Backend, Error, Result, Timestamp,
    auth::SignedIn,
    fetch_all,
    vault::{Field, Purpose},
};

/// A token that ends this soon is renewed first.
const SOON: Duration = Duration::seconds(5);

/// Which account is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// The row with this id.
    Row(String),
    /// The form before Better Auth 1.7: the provider, and the row or the id there if there are several.
    Provider {
        /// The provider.
        provider: String,
        /// The row's id, or the id there.
        account: Option<String>,
    },
    /// The one in the account cookie, which is never set where there is a database.
    Cookie,
}

/// Why there are no tokens.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The caller has no such account.
    #[error("the account is not there")]
    AccountNotFound,
    /// The account's provider is not configured.
    #[error("{0} is not configured")]
    ProviderNotSupported(String),
    /// There is no refresh token.
    #[error("there is no refresh token")]
    RefreshTokenNotFound,
    /// There is no access token.
    #[error("there is no access token")]
    AccessTokenNotFound,
    /// The provider does not renew.
    #[error("the provider does not renew")]
    RefreshFailed,
    /// The provider does not say who it is.
    #[error("the provider does not say who it is")]
    NoUserInfo,
    /// Not about the account.
    #[error(transparent)]
    Other(#[from] Error),
}

impl From<sqlx::Error> for TokenError {
    fn from(error: sqlx::Error) -> Self {
        Self::Other(error.into())
    }
}

/// The tokens of an account, for its owner.
#[derive(Clone, Debug)]
pub struct StoredTokens {
    /// The row's id.
    pub row: String,
    /// The provider.
    pub provider: String,
    /// The id there.
    pub subject: String,
    /// Opens the provider's doors.
    pub access: Option<SecretString>,
    /// Renews the others.
    pub refresh: Option<SecretString>,
    /// Says who it is.
    pub id: Option<SecretString>,
    /// When the access token ends.
    pub access_expires_at: Option<OffsetDateTime>,
    /// When the refresh token ends.
    pub refresh_expires_at: Option<OffsetDateTime>,
    /// What was granted, as the column has it.
    pub scope: Option<String>,
}

/// An account as its provider describes it.
#[derive(Clone, Debug)]
pub struct AccountInfo {
    /// The row's id.
    pub row: String,
    /// The provider.
    pub provider: String,
    /// The id there.
    pub subject: String,
    /// The person.
    pub identity: Identity,
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Row {
    id: String,
    account_id: String,
    provider_id: String,
    access_token: Option<String>,
    refresh_token: Option<String>,
    id_token: Option<String>,
    access_token_expires_at: Option<Timestamp>,
    refresh_token_expires_at: Option<Timestamp>,
    scope: Option<String>,
}

impl Selection {
    fn names(&self, row: &Row) -> bool {
        match self {
            Self::Row(id) => row.id == *id,
            Self::Provider { provider, account } => {
                let same = |account: &String| row.id == *account || row.account_id == *account;
                row.provider_id == *provider && account.as_ref().is_none_or(same)
            }
            Self::Cookie => false,
        }
    }
}

/// The access token of one of the caller's accounts, renewed first when it is about to end.
#[tracing::instrument(name = "oauth.access_token", skip_all, fields(user.id = %caller.user()))]
pub async fn access_token(
    backend: &Backend,
    caller: &SignedIn,
    selection: &Selection,
) -> Result<StoredTokens, TokenError> {
    let tokens = load(backend, caller, selection).await?;
    let provider = provider_of(backend, &tokens)?;
    if !ends_soon(backend, &tokens) || tokens.refresh.is_none() {
        return Ok(tokens);
    }
    let _turn = provider.turn(&tokens.row).await;
    // Whoever was here before may have done it: many providers take a refresh token once.
    let tokens = load(backend, caller, &Selection::Row(tokens.row)).await?;
    if !ends_soon(backend, &tokens) {
        return Ok(tokens);
    }
    renew(backend, caller, provider, tokens).await
}

/// Renews the tokens of one of the caller's accounts.
#[tracing::instrument(name = "oauth.refresh", skip_all, fields(user.id = %caller.user()))]
pub async fn refresh(
    backend: &Backend,
    caller: &SignedIn,
    selection: &Selection,
) -> Result<StoredTokens, TokenError> {
    let tokens = load(backend, caller, selection).await?;
    let provider = provider_of(backend, &tokens)?;
    let _turn = provider.turn(&tokens.row).await;
    let tokens = load(backend, caller, &Selection::Row(tokens.row)).await?;
    renew(backend, caller, provider, tokens).await
}

/// What the provider says of one of the caller's accounts.
#[tracing::instrument(name = "oauth.account_info", skip_all, fields(user.id = %caller.user()))]
pub async fn account_info(
    backend: &Backend,
    caller: &SignedIn,
    selection: &Selection,
) -> Result<AccountInfo, TokenError> {
    let found = load(backend, caller, selection).await?;
    let provider = provider_of(backend, &found)?;
    let tokens = access_token(backend, caller, &Selection::Row(found.row)).await?;
    let access = tokens.access.as_ref().ok_or(TokenError::AccessTokenNotFound)?;
    let told = tokens.id.as_ref().and_then(|token| id_token::read_stored(token.expose_secret()));
    let identity = match told {
        Some(claims) => Identity::from_claims(provider.kind(), claims),
        None => identity::of_access_token(provider, access).await?,
    };
    let identity = identity.ok_or(TokenError::NoUserInfo)?;
    let StoredTokens { row, provider, subject, .. } = tokens;
    Ok(AccountInfo { row, provider, subject, identity })
}

fn ends_soon(backend: &Backend, tokens: &StoredTokens) -> bool {
    tokens.access_expires_at.is_some_and(|end| end <= backend.clock.now() + SOON)
}

fn provider_of<'a>(
    backend: &'a Backend,
    tokens: &StoredTokens,
) -> Result<&'a Provider, TokenError> {
    let provider = backend.providers.get(&tokens.provider);
    provider.ok_or_else(|| TokenError::ProviderNotSupported(tokens.provider.clone()))
}

async fn load(
    backend: &Backend,
    caller: &SignedIn,
    selection: &Selection,
) -> Result<StoredTokens, TokenError> {
    let mut tx = backend.db.system().read().await?;
    let rows: Vec<Row> = fetch_all!(
        tx,
        r#"
        select "id", "accountId", "providerId", "accessToken", "refreshToken", "idToken", "accessTokenExpiresAt",
               "refreshTokenExpiresAt", "scope"
        from "account"
        where "userId" = $1
        order by "createdAt", "id"
        "#,
        caller.user(),
    )?;
    drop(tx);
    let row = rows.into_iter().find(|row| selection.names(row));
    let row = row.ok_or(TokenError::AccountNotFound)?;
    Ok(opened(backend, caller.user(), row).await?)
}

/// The row with its tokens in clear. Tokens that a Better Auth application wrote are in clear already.
async fn opened(backend: &Backend, user: &UserId, row: Row) -> Result<StoredTokens> {
    let access = open(backend, "accessToken", &row.id, user, row.access_token).await?;
    let refresh = open(backend, "refreshToken", &row.id, user, row.refresh_token).await?;
    Ok(StoredTokens {
        row: row.id,
        provider: row.provider_id,
        subject: row.account_id,
        access,
        refresh,
        id: row.id_token.map(Into::into),
        access_expires_at: row.access_token_expires_at.map(Into::into),
        refresh_expires_at: row.refresh_token_expires_at.map(Into::into),
        scope: row.scope,
    })
}

async fn open(
    backend: &Backend,
    column: &'static str,
    row: &str,
    user: &UserId,
    stored: Option<String>,
) -> Result<Option<SecretString>> {
    let Some(stored) = stored else { return Ok(None) };
    // An adopted row is in clear until the provider sends new tokens.
    let sealed = stored.starts_with("cfr1.");
    if !backend.is_hardened() || !sealed {
        return Ok(Some(stored.into()));
    }
    let field = Field { table: "account", column, row, user };
    let plain = backend.vault.decrypt(Purpose::OAuthToken, &field, &stored).await?;
    Ok(Some(plain.as_str().into()))
}

async fn renew(
    backend: &Backend,
    caller: &SignedIn,
    provider: &Provider,
    old: StoredTokens,
) -> Result<StoredTokens, TokenError> {
    let token = old.refresh.clone().ok_or(TokenError::RefreshTokenNotFound)?;
    let fresh = exchange::refresh(provider, &redirect_url(backend, provider), &token).await;
    let fresh = fresh.map_err(|error: ExchangeError| {
        tracing::warn!(provider = provider.id(), "tokens were not renewed: {error}");
        TokenError::RefreshFailed
    })?;
    let columns = accounts::columns(backend, &old.row, caller.user(), &fresh).await?;
    write(backend, caller, &old.row, &columns).await?;
    let Tokens { access, refresh, id, access_expires_at, refresh_expires_at, .. } = fresh;
    let better_auth = !backend.is_hardened();
    Ok(StoredTokens {
        access: Some(access),
        refresh: refresh.or(old.refresh),
        id: id.filter(|_| better_auth).or(old.id),
        access_expires_at: access_expires_at.or(old.access_expires_at),
        refresh_expires_at: refresh_expires_at.or(old.refresh_expires_at),
        ..StoredTokens { access: None, refresh: None, id: None, ..old }
    })
}

/// Only a row that is still the caller's.
async fn write(backend: &Backend, caller: &SignedIn, row: &str, columns: &Columns) -> Result<()> {
    let mut tx = backend.db.system().write().await?;
    let owner: Option<(String,)> = crate::fetch_optional!(
        tx,
        r#"select "id" from "account" where "id" = $1 and "userId" = $2"#,
        row,
        caller.user(),
    )?;
    if owner.is_none() {
        return Err(Error::NotFound("account"));
    }
    accounts::update(&mut tx, backend, row, columns, None).await?;
    tx.commit().await?;
    Ok(())
}

impl AccountInfo {
    /// Everything the provider said.
    pub fn claims(&self) -> &Map<String, Value> {
        &self.identity.claims
    }
}
