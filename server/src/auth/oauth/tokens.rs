//! `POST /get-access-token`, `POST /refresh-token` and `GET /account-info`: what is kept of an account, for its
//! owner.

use axum::{
    Json,
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use backend::auth::oauth::{self, Selection, StoredTokens, TokenError};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};

use crate::auth::{
    Auth,
    body::{Body, Schema},
    error::AuthError,
    guard::{Guard, guarded},
    json::iso,
    query::Query,
    schema::Fields,
};

/// Which account: `{accountId}` with the row's id, `{useAccountCookie: true}`, or the older
/// `{providerId, accountId?}`. A `userId` stands for nobody here.
pub(in crate::auth) struct Which(Selection);

impl Schema for Which {
    fn read(fields: &mut Fields<'_>) -> Self {
        if fields.value("providerId").is_some() {
            let provider = fields.string("providerId");
            let account = fields.optional_string("accountId");
            return Self(Selection::Provider { provider, account });
        }
        let by_cookie = fields.value("useAccountCookie") == Some(&Value::Bool(true));
        let id = if by_cookie { "useAccountCookie" } else { "accountId" };
        let user = fields.value("userId").is_none_or(Value::is_string);
        let row = fields.value("accountId").and_then(Value::as_str);
        if !user || (!by_cookie && row.is_none()) {
            fields.whole("Invalid input");
        } else if let Some(name) = fields.stranger(&[id, "userId"]) {
            fields.whole(&format!("Unrecognized key: \"{name}\""));
        }
        Self(match row {
            Some(row) if !by_cookie => Selection::Row(row.to_owned()),
            _ => Selection::Cookie,
        })
    }
}

/// The access token of an account, renewed when it is about to end.
#[tracing::instrument(name = "auth.routes.get_access_token", skip_all)]
pub(in crate::auth) async fn get_access_token(
    State(auth): State<Auth>,
    headers: HeaderMap,
    Body(Which(which)): Body<Which>,
) -> Result<Response, AuthError> {
    guarded(&auth, &headers, Guard::Authoritative, async |who| {
        let tokens = oauth::access_token(&auth.backend, &who.caller, &which).await;
        let tokens = tokens.map_err(|error| match error {
            TokenError::RefreshFailed | TokenError::RefreshTokenNotFound => {
                bad("FAILED_TO_GET_ACCESS_TOKEN", "Failed to get a valid access token")
            }
            error => auth.refuse_tokens(error),
        })?;
        let mut body = Map::new();
        put(&mut body, "accessToken", tokens.access.as_ref());
        if let Some(at) = tokens.access_expires_at {
            body.insert("accessTokenExpiresAt".to_owned(), iso(at).into());
        }
        let scope = tokens.scope.as_deref().unwrap_or_default();
        let scopes: Vec<&str> = scope.split(',').filter(|scope| !scope.is_empty()).collect();
        body.insert("scopes".to_owned(), json!(scopes));
        put(&mut body, "idToken", tokens.id.as_ref());
        Ok(Json(body).into_response())
    })
    .await
}

/// Renews the tokens of an account.
#[tracing::instrument(name = "auth.routes.refresh_token", skip_all)]
pub(in crate::auth) async fn refresh_token(
    State(auth): State<Auth>,
    headers: HeaderMap,
    Body(Which(which)): Body<Which>,
) -> Result<Response, AuthError> {
    guarded(&auth, &headers, Guard::Authoritative, async |who| {
        let tokens = oauth::refresh(&auth.backend, &who.caller, &which).await;
        let tokens = tokens.map_err(|error| auth.refuse_tokens(error))?;
        Ok(Json(renewed(&tokens)).into_response())
    })
    .await
}

fn renewed(tokens: &StoredTokens) -> Map<String, Value> {
    let mut body = Map::new();
    put(&mut body, "accessToken", tokens.access.as_ref());
    put(&mut body, "refreshToken", tokens.refresh.as_ref());
    if let Some(at) = tokens.access_expires_at {
        body.insert("accessTokenExpiresAt".to_owned(), iso(at).into());
    }
    body.insert("refreshTokenExpiresAt".to_owned(), tokens.refresh_expires_at.map(iso).into());
    body.insert("scope".to_owned(), tokens.scope.clone().into());
    put(&mut body, "idToken", tokens.id.as_ref());
    body.insert("providerId".to_owned(), tokens.provider.clone().into());
    body.insert("accountId".to_owned(), tokens.row.clone().into());
    body
}

fn put(body: &mut Map<String, Value>, name: &str, token: Option<&SecretString>) {
    if let Some(token) = token {
        body.insert(name.to_owned(), token.expose_secret().into());
    }
}

/// What the provider says of an account.
#[tracing::instrument(name = "auth.routes.account_info", skip_all)]
pub(in crate::auth) async fn account_info(
    State(auth): State<Auth>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, AuthError> {
    let which = selection(&Query::read(query.as_deref()))?;
    guarded(&auth, &headers, Guard::Authoritative, async |who| {
        let info = oauth::account_info(&auth.backend, &who.caller, &which).await;
        let info = info.map_err(|error| match error {
            TokenError::ProviderNotSupported(_) => bad(
                "PROVIDER_NOT_CONFIGURED",
                "Account is not associated with a configured social provider.",
            ),
            TokenError::RefreshFailed | TokenError::RefreshTokenNotFound => {
                bad("FAILED_TO_GET_ACCESS_TOKEN", "Failed to get a valid access token")
            }
            error => auth.refuse_tokens(error),
        })?;
        let identity = &info.identity;
        let mut user = Map::new();
        if let Some(name) = &identity.name {
            user.insert("name".to_owned(), name.clone().into());
        }
        user.insert("email".to_owned(), identity.email.clone().into());
        if let Some(image) = &identity.image {
            user.insert("image".to_owned(), image.clone().into());
        }
        user.insert("emailVerified".to_owned(), identity.email_verified.into());
        let account =
            json!({ "id": info.row, "providerId": info.provider, "accountId": info.subject });
        let body = json!({ "user": user, "data": info.claims(), "account": account });
        Ok(Json(body).into_response())
    })
    .await
}

fn selection(query: &Query) -> Result<Selection, AuthError> {
    if let Some(provider) = query.text("providerId") {
        return Ok(Selection::Provider { provider, account: query.text("accountId") });
    }
    if query.text("useAccountCookie").is_some_and(|value| !value.is_empty()) {
        return Ok(Selection::Cookie);
    }
    let row = query.text("accountId");
    row.map(Selection::Row)
        .ok_or_else(|| AuthError::validation(&["[query] Invalid input".to_owned()]))
}

impl Auth {
    fn refuse_tokens(&self, error: TokenError) -> AuthError {
        match error {
            TokenError::AccountNotFound => bad("ACCOUNT_NOT_FOUND", "Account not found"),
            TokenError::ProviderNotSupported(id) => AuthError::new(
                StatusCode::BAD_REQUEST,
                "PROVIDER_NOT_SUPPORTED",
                format!("Provider {id} is not supported."),
            ),
            TokenError::RefreshTokenNotFound => {
                bad("REFRESH_TOKEN_NOT_FOUND", "Refresh token not found")
            }
            TokenError::RefreshFailed => {
                bad("FAILED_TO_REFRESH_ACCESS_TOKEN", "Failed to refresh access token")
            }
            TokenError::AccessTokenNotFound => {
                bad("ACCESS_TOKEN_NOT_FOUND", "Access token not found")
            }
            TokenError::NoUserInfo => AuthError::new(
                StatusCode::UNAUTHORIZED,
                "FAILED_TO_GET_USER_INFO",
                "Failed to get user info",
            ),
            TokenError::Other(error) => {
                self.fail(&error, "INTERNAL_SERVER_ERROR", "Internal Server Error")
            }
        }
    }
}

fn bad(code: &'static str, message: &'static str) -> AuthError {
    AuthError::new(StatusCode::BAD_REQUEST, code, message)
}
