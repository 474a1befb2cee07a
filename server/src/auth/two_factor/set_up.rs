//! `POST /two-factor/enable`, `/disable`, `/get-totp-uri`, `/generate-backup-codes`.

use axum::{
    Json,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use backend::auth::{
    Login,
    two_factor::{self, FactorCode},
};
use serde_json::{Value, json};

use super::{
    forms::{Enable, Proof},
    refused,
};
use crate::auth::{
    Auth,
    body::Body,
    client::Client,
    cookies::{Jar, append},
    error::AuthError,
    guard::{Guard, guarded},
};

/// Begins with an authenticator app, or switches mailed codes on.
#[tracing::instrument(name = "auth.routes.two_factor.enable", skip_all)]
pub(in crate::auth) async fn enable(
    State(auth): State<Auth>,
    Client(client): Client,
    headers: HeaderMap,
    Body(form): Body<Enable>,
) -> Result<Response, AuthError> {
    guarded(&auth, &headers, Guard::Sensitive, async |who| {
        let (backend, password) = (&auth.backend, Some(&form.password));
        if form.by_mail {
            let login = two_factor::enable_otp(backend, &who.caller, password, &client).await;
            let login = login.map_err(|failure| refused(&auth, failure))?;
            return Ok(replaced(&auth, &headers, json!({ "method": "otp" }), &login));
        }
        let issuer = form.issuer.as_deref();
        let set_up = two_factor::begin_totp(backend, &who.caller, password, issuer).await;
        let set_up = set_up.map_err(|failure| refused(&auth, failure))?;
        let body = json!({
            "method": "totp",
            "totpURI": set_up.uri,
            "backupCodes": set_up.backup_codes,
        });
        Ok(Json(body).into_response())
    })
    .await
}

/// Switches the second factor off. The hardened profile wants a code: in the body, or given to this session within
/// the last quarter of an hour.
#[tracing::instrument(name = "auth.routes.two_factor.disable", skip_all)]
pub(in crate::auth) async fn disable(
    State(auth): State<Auth>,
    Client(client): Client,
    headers: HeaderMap,
    Body(form): Body<Proof>,
) -> Result<Response, AuthError> {
    guarded(&auth, &headers, Guard::Sensitive, async |who| {
        let (backend, password) = (&auth.backend, Some(&form.password));
        let code = form.code.map(FactorCode::of_app_or_backup);
        let login =
            two_factor::disable(backend, &who.caller, password, code.as_ref(), &client).await;
        let login = login.map_err(|failure| refused(&auth, failure))?;
        let mut response = replaced(&auth, &headers, json!({ "status": true }), &login);
        let trust = auth.cookies.forget_trust(&Jar::read(&headers));
        append(&mut response, trust.into_iter().collect());
        Ok(response)
    })
    .await
}

/// The address for another authenticator app.
#[tracing::instrument(name = "auth.routes.two_factor.get_totp_uri", skip_all)]
pub(in crate::auth) async fn get_totp_uri(
    State(auth): State<Auth>,
    headers: HeaderMap,
    Body(form): Body<Proof>,
) -> Result<Response, AuthError> {
    guarded(&auth, &headers, Guard::Session, async |who| {
        let uri = two_factor::totp_uri(&auth.backend, &who.caller, Some(&form.password)).await;
        let uri = uri.map_err(|failure| refused(&auth, failure))?;
        Ok(Json(json!({ "totpURI": uri })).into_response())
    })
    .await
}

/// Ten new backup codes.
#[tracing::instrument(name = "auth.routes.two_factor.generate_backup_codes", skip_all)]
pub(in crate::auth) async fn generate_backup_codes(
    State(auth): State<Auth>,
    headers: HeaderMap,
    Body(form): Body<Proof>,
) -> Result<Response, AuthError> {
    guarded(&auth, &headers, Guard::Session, async |who| {
        let password = Some(&form.password);
        let codes = two_factor::new_backup_codes(&auth.backend, &who.caller, password).await;
        let codes = codes.map_err(|failure| refused(&auth, failure))?;
        Ok(Json(json!({ "status": true, "backupCodes": codes })).into_response())
    })
    .await
}

/// An answer with the session that took the place of the caller's.
fn replaced(auth: &Auth, headers: &HeaderMap, body: Value, login: &Login) -> Response {
    let mut response = Json(body).into_response();
    let now = auth.backend.clock.now();
    append(&mut response, auth.cookies.start(&Jar::read(headers), now, &login.into()));
    response
}
