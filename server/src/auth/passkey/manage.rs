//! `GET /passkey/list-user-passkeys`, `POST /passkey/update-passkey`, `/passkey/delete-passkey`.

use axum::{
    Json,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use backend::{AuthProfile, auth::passkeys};
use serde_json::json;

use super::{
    PasskeyJson,
    forms::{Named, Renamed},
    refused,
};
use crate::auth::{
    Auth,
    body::Body,
    error::AuthError,
    guard::{Guard, guarded},
};

/// The caller's passkeys.
#[tracing::instrument(name = "auth.routes.passkey.list", skip_all)]
pub(in crate::auth) async fn list(
    State(auth): State<Auth>,
    headers: HeaderMap,
) -> Result<Response, AuthError> {
    guarded(&auth, &headers, Guard::Session, async |who| {
        let passkeys = passkeys::passkeys(&auth.backend, &who.caller).await;
        let passkeys = passkeys.map_err(|error| auth.refuse(error.into()))?;
        let items: Vec<PasskeyJson<'_>> = passkeys.iter().map(PasskeyJson::from).collect();
        Ok(Json(items).into_response())
    })
    .await
}

/// Gives a passkey another name.
#[tracing::instrument(name = "auth.routes.passkey.update", skip_all)]
pub(in crate::auth) async fn update(
    State(auth): State<Auth>,
    headers: HeaderMap,
    Body(form): Body<Renamed>,
) -> Result<Response, AuthError> {
    guarded(&auth, &headers, Guard::Session, async |who| {
        let passkey = passkeys::rename(&auth.backend, &who.caller, &form.id, &form.name).await;
        let passkey = passkey.map_err(|failure| refused(&auth, failure))?;
        Ok(Json(json!({ "passkey": PasskeyJson::from(&passkey) })).into_response())
    })
    .await
}

/// Removes a passkey. The hardened profile wants a recent sign-in for it.
#[tracing::instrument(name = "auth.routes.passkey.delete", skip_all)]
pub(in crate::auth) async fn delete(
    State(auth): State<Auth>,
    headers: HeaderMap,
    Body(form): Body<Named>,
) -> Result<Response, AuthError> {
    let guard = match auth.backend.settings.auth.profile {
        AuthProfile::Hardened => Guard::StepUp,
        AuthProfile::BetterAuth => Guard::Session,
    };
    guarded(&auth, &headers, guard, async |who| {
        let removed = passkeys::remove(&auth.backend, &who.caller, &form.id).await;
        removed.map_err(|failure| refused(&auth, failure))?;
        Ok(Json(json!({ "status": true })).into_response())
    })
    .await
}
