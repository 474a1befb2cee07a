//! ID tokens that an application got from the provider itself: mobile apps sign in without a browser.

use secrecy::SecretString;
use time::{Duration, OffsetDateTime};

use super::{
    Identity, Provider,
    finish::Refusal,
    id_token::{self, IdTokenError},
    identity,
    link::{self, LinkError},
    sign_in::{self, Arrival, SignInError},
    tokens::Tokens,
};
use crate::{
    Backend, Error, Result,
    auth::{
        Client, SignIn, SignedIn,
        verification::{self, New, Purpose},
    },
};

const NONCE_LENGTH: usize = 32;
/// How long a nonce waits for its token.
const NONCE_LIFE: Duration = Duration::minutes(10);

/// What an application posts.
#[derive(Clone)]
pub struct PostedToken {
    /// The provider's id.
    pub provider: String,
    /// The ID token.
    pub token: SecretString,
    /// The nonce in it.
    pub nonce: Option<String>,
    /// The access token that came with it.
    pub access: Option<SecretString>,
    /// The refresh token that came with it.
    pub refresh: Option<SecretString>,
    /// When the access token ends.
    pub expires_at: Option<OffsetDateTime>,
    /// What was granted.
    pub scopes: Option<Vec<String>>,
}

/// Why a posted token does not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum NativeError {
    /// The provider is not configured.
    #[error("the provider is not configured")]
    ProviderNotFound,
    /// The provider has no ID tokens, or nobody may post them here.
    #[error("ID tokens are not taken")]
    NotSupported,
    /// The token proves nothing.
    #[error("the token is refused")]
    InvalidToken,
    /// It has no address.
    #[error("the token has no address")]
    EmailNotFound,
    /// The rules of signing in say no.
    #[error("{0:?}")]
    Refused(Refusal),
    /// The rules of connecting say no.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// Not about the token.
    #[error(transparent)]
    Other(#[from] Error),
}

/// A nonce for one ID token. The hardened profile takes no token without one.
///
/// # Errors
/// [`NativeError::ProviderNotFound`], [`NativeError::NotSupported`].
#[tracing::instrument(name = "oauth.issue_nonce", skip_all)]
pub async fn issue_nonce(backend: &Backend, provider: &str) -> Result<String, NativeError> {
    let provider = provider_for(backend, provider)?;
    let nonce = backend.random.url_safe(NONCE_LENGTH);
    let mut tx = backend.db.system().write().await.map_err(Error::from)?;
    let new = New {
        purpose: Purpose::IdTokenNonce,
        token: &nonce,
        value: provider.id(),
        user: None,
        life: NONCE_LIFE,
    };
    verification::put(&mut tx, backend, new).await?;
    tx.commit().await.map_err(Error::from)?;
    Ok(nonce)
}

/// Starts a session for whom an ID token names.
#[tracing::instrument(name = "oauth.sign_in_with_token", skip_all, fields(provider = %posted.provider))]
pub async fn sign_in_with_token(
    backend: &Backend,
    posted: &PostedToken,
    client: &Client,
    replaces: Option<&SignedIn>,
    request_sign_up: bool,
) -> Result<SignIn, NativeError> {
    let (provider, identity) = proven(backend, posted).await?;
    if identity.email.is_none() {
        return Err(NativeError::EmailNotFound);
    }
    let tokens = Tokens { refresh: None, id: None, scopes: None, ..tokens(posted) };
    let arrival = Arrival {
        provider,
        identity: &identity,
        tokens: &tokens,
        client,
        replaces,
        request_sign_up,
    };
    let arrived = sign_in::sign_in(backend, &arrival).await.map_err(|error| match error {
        SignInError::Refused(refusal) => NativeError::Refused(refusal),
        SignInError::Failed(error) => error.into(),
    })?;
    Ok(arrived.outcome)
}

/// Connects the account that an ID token names to the caller.
#[tracing::instrument(name = "oauth.link_with_token", skip_all, fields(user.id = %caller.user()))]
pub async fn link_with_token(
    backend: &Backend,
    caller: &SignedIn,
    email: &str,
    posted: &PostedToken,
) -> Result<(), NativeError> {
    let (provider, identity) = proven(backend, posted).await?;
    if identity.email.is_none() {
        return Err(NativeError::EmailNotFound);
    }
    link::connect(backend, provider, &identity, &tokens(posted), caller.user(), email).await?;
    Ok(())
}

fn provider_for<'a>(backend: &'a Backend, id: &str) -> Result<&'a Provider, NativeError> {
    let provider = backend.providers.get(id).ok_or(NativeError::ProviderNotFound)?;
    let allowed = backend.settings.oauth.id_tokens && provider.kind().has_id_tokens();
    if allowed { Ok(provider) } else { Err(NativeError::NotSupported) }
}

/// Whom a posted token names, if everything about it holds.
async fn proven<'a>(
    backend: &'a Backend,
    posted: &PostedToken,
) -> Result<(&'a Provider, Identity), NativeError> {
    use secrecy::ExposeSecret;

    let provider = provider_for(backend, &posted.provider)?;
    if backend.is_hardened() {
        spend_nonce(backend, provider, posted.nonce.as_deref()).await?;
    }
    let token = posted.token.expose_secret();
    let claims = match id_token::verify(provider, token, posted.nonce.as_deref()).await {
        Ok(claims) => claims,
        Err(IdTokenError::Refused(why)) => {
            tracing::info!(provider = provider.id(), why, "a posted ID token was refused");
            return Err(NativeError::InvalidToken);
        }
        Err(IdTokenError::Other(error)) => {
            tracing::warn!(provider = provider.id(), "a posted ID token: {error}");
            return Err(NativeError::InvalidToken);
        }
    };
    let identity = identity::Identity::from_claims(provider.kind(), claims);
    Ok((provider, identity.ok_or(NativeError::InvalidToken)?))
}

/// The nonce must be one of ours, for this provider, and not used before.
async fn spend_nonce(
    backend: &Backend,
    provider: &Provider,
    nonce: Option<&str>,
) -> Result<(), NativeError> {
    let nonce = nonce.filter(|nonce| !nonce.is_empty()).ok_or(NativeError::InvalidToken)?;
    let mut tx = backend.db.system().write().await.map_err(Error::from)?;
    let issued = verification::take(&mut tx, backend, Purpose::IdTokenNonce, nonce).await?;
    tx.commit().await.map_err(Error::from)?;
    let ours = issued.as_deref() == Some(provider.id());
    if ours { Ok(()) } else { Err(NativeError::InvalidToken) }
}

fn tokens(posted: &PostedToken) -> Tokens {
    Tokens {
        access: posted.access.clone().unwrap_or_else(|| String::new().into()),
        refresh: posted.refresh.clone(),
        id: Some(posted.token.clone()),
        access_expires_at: posted.expires_at,
        refresh_expires_at: None,
        scopes: posted.scopes.clone(),
    }
}
