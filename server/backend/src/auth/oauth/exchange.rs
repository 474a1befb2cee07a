//! The conversation between us and the provider: where people are sent, codes and refresh tokens for tokens.

use std::fmt;

use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet,
    EndpointSet, ExtraTokenFields, HttpRequest, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    RefreshToken, RequestTokenError, Scope, StandardRevocableToken, StandardTokenResponse,
    TokenResponse as _, TokenUrl,
    basic::{
        BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
        BasicTokenType,
    },
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use url::Url;

use super::{Provider, tokens::Tokens};
use crate::{Error, Result, outgoing::OutgoingError};

/// What providers put beside the tokens of RFC 6749.
#[derive(Clone, Serialize, Deserialize)]
struct Extra {
    id_token: Option<String>,
    refresh_token_expires_in: Option<i64>,
}

impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Extra").finish_non_exhaustive()
    }
}

impl ExtraTokenFields for Extra {}

type TokenResponse = StandardTokenResponse<Extra, BasicTokenType>;

type Client = oauth2::Client<
    BasicErrorResponse,
    TokenResponse,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// What an authorization address carries besides what it always does.
pub(super) struct Ask<'a> {
    pub(super) state: &'a str,
    pub(super) verifier: &'a str,
    pub(super) nonce: Option<&'a str>,
    pub(super) scopes: &'a [String],
    pub(super) login_hint: Option<&'a str>,
    pub(super) parameters: &'a [(String, String)],
}

/// Why there are no tokens.
#[derive(Debug, thiserror::Error)]
pub(super) enum ExchangeError {
    /// The provider said no.
    #[error("the provider refuses: {0}")]
    Refused(String),
    /// It did not answer, or in no way that can be read.
    #[error(transparent)]
    Other(#[from] Error),
}

/// The address at which people agree: code, PKCE S256, state (RFC 6749 4.1.1, RFC 7636).
pub(super) async fn authorization_url(
    provider: &Provider,
    redirect: &Url,
    ask: &Ask<'_>,
) -> Result<Url> {
    let client = client(provider, redirect).await?;
    let verifier = PkceCodeVerifier::new(ask.verifier.to_owned());
    let state = CsrfToken::new(ask.state.to_owned());
    let mut scopes: Vec<&str> = provider.kind().scopes().to_vec();
    for scope in ask.scopes {
        if !scopes.contains(&&**scope) {
            scopes.push(scope);
        }
    }
    let mut request = client
        .authorize_url(move || state)
        .add_scopes(scopes.into_iter().map(|scope| Scope::new(scope.to_owned())))
        .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
    for (name, value) in provider.kind().parameters() {
        request = request.add_extra_param(*name, *value);
    }
    if let Some(nonce) = ask.nonce.filter(|_| provider.kind().has_id_tokens()) {
        request = request.add_extra_param("nonce", nonce);
    }
    if let Some(hint) = ask.login_hint {
        request = request.add_extra_param("login_hint", hint);
    }
    for (name, value) in ask.parameters {
        request = request.add_extra_param(name.as_str(), value.as_str());
    }
    Ok(request.url().0)
}

/// A code for tokens (RFC 6749 4.1.3).
pub(super) async fn code(
    provider: &Provider,
    redirect: &Url,
    code: &str,
    verifier: &str,
) -> Result<Tokens, ExchangeError> {
    let client = client(provider, redirect).await?;
    let outgoing = provider.outgoing().clone();
    let send = move |request: HttpRequest| {
        let outgoing = outgoing.clone();
        async move { outgoing.send(request).await }
    };
    let answer = client
        .exchange_code(AuthorizationCode::new(code.to_owned()))
        .set_pkce_verifier(PkceCodeVerifier::new(verifier.to_owned()))
        .request_async(&send)
        .await;
    Ok(tokens(answer.map_err(failure)?, provider.clock().now()))
}

/// A refresh token for tokens (RFC 6749 6).
pub(super) async fn refresh(
    provider: &Provider,
    redirect: &Url,
    token: &SecretString,
) -> Result<Tokens, ExchangeError> {
    let client = client(provider, redirect).await?;
    let outgoing = provider.outgoing().clone();
    let send = move |request: HttpRequest| {
        let outgoing = outgoing.clone();
        async move { outgoing.send(request).await }
    };
    let token = RefreshToken::new(token.expose_secret().to_owned());
    let answer = client.exchange_refresh_token(&token).request_async(&send).await;
    Ok(tokens(answer.map_err(failure)?, provider.clock().now()))
}

async fn client(provider: &Provider, redirect: &Url) -> Result<Client> {
    let endpoints = provider.endpoints().await?;
    let settings = provider.settings();
    let secret = ClientSecret::new(settings.client_secret.expose_secret().to_owned());
    Ok(oauth2::Client::new(ClientId::new(settings.client_id.clone()))
        .set_client_secret(secret)
        .set_auth_type(AuthType::RequestBody)
        .set_auth_uri(AuthUrl::from_url(endpoints.authorization))
        .set_token_uri(TokenUrl::from_url(endpoints.token))
        .set_redirect_uri(RedirectUrl::from_url(redirect.clone())))
}

fn tokens(answer: TokenResponse, now: OffsetDateTime) -> Tokens {
    let extra = answer.extra_fields();
    let scopes =
        answer.scopes().map(|scopes| scopes.iter().map(|scope| scope.to_string()).collect());
    Tokens {
        access: answer.access_token().secret().clone().into(),
        refresh: answer.refresh_token().map(|token| token.secret().clone().into()),
        id: extra.id_token.clone().map(Into::into),
        access_expires_at: answer.expires_in().map(|life| now + life),
        refresh_expires_at: extra
            .refresh_token_expires_in
            .map(|seconds| now + Duration::seconds(seconds)),
        scopes,
    }
}

/// The reason without anything that was sent.
fn failure(error: RequestTokenError<OutgoingError, BasicErrorResponse>) -> ExchangeError {
    let unusable =
        |reason: &str| Error::Upstream { service: "oauth", reason: reason.to_owned() }.into();
    match error {
        RequestTokenError::ServerResponse(answer) => {
            ExchangeError::Refused(answer.error().as_ref().to_owned())
        }
        RequestTokenError::Request(error) => error.of("oauth").into(),
        RequestTokenError::Parse(..) => unusable("the answer holds no tokens"),
        RequestTokenError::Other(_) => unusable("the answer is none"),
    }
}
