//! `POST /change-email`, `/send-verification-email`, `GET` and `POST /verify-email`.

use app::routes;
use axum::{
    Json,
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use backend::auth::{
    AuthFailure, Password, SignIn,
    email::{self, ConfirmRequest, Confirmed, Verified},
};
use serde_json::json;

use super::{
    Auth,
    body::{Body, Schema},
    client::Client,
    cookies::{Jar, append},
    error::AuthError,
    guard::{Guard, Guarded, guarded, optional},
    json::UserJson,
    query::Query,
    redirect::{found, with_parameter},
    schema::Fields,
    two_factor,
    user::renewed,
};

/// The address that is wanted.
pub(super) struct ChangeEmail {
    new_email: String,
    callback: String,
}

impl Schema for ChangeEmail {
    fn read(fields: &mut Fields<'_>) -> Self {
        let new_email = fields.email("newEmail");
        let callback = fields.optional_string("callbackURL").unwrap_or_default();
        Self { new_email, callback }
    }
}

/// Asks for another address.
#[tracing::instrument(name = "auth.routes.change_email", skip_all)]
pub(super) async fn change(
    State(auth): State<Auth>,
    Client(client): Client,
    headers: HeaderMap,
    Body(form): Body<ChangeEmail>,
) -> Result<Response, AuthError> {
    guarded(&auth, &headers, Guard::StepUp, async |who| {
        let ChangeEmail { new_email, callback } = &form;
        let asked =
            email::change_email(&auth.backend, &who.user, new_email, callback, &client).await;
        asked.map_err(|failure| auth.refuse(failure))?;
        Ok(Json(json!({ "status": true })).into_response())
    })
    .await
}

/// The address to prove.
pub(super) struct SendVerification {
    email: String,
    callback: String,
}

impl Schema for SendVerification {
    fn read(fields: &mut Fields<'_>) -> Self {
        let email = fields.email("email");
        let callback = fields.optional_string("callbackURL").unwrap_or_default();
        Self { email, callback }
    }
}

/// Mails the link again.
#[tracing::instrument(name = "auth.routes.send_verification_email", skip_all)]
pub(super) async fn send_verification(
    State(auth): State<Auth>,
    Client(client): Client,
    headers: HeaderMap,
    Body(form): Body<SendVerification>,
) -> Result<Response, AuthError> {
    let who = optional(&auth, &headers).await?;
    let caller = who.as_ref().map(|who| &who.user);
    let SendVerification { email, callback } = &form;
    let sent = email::send_verification(&auth.backend, email, callback, caller, &client).await;
    sent.map_err(|failure| auth.refuse(failure))?;
    Ok(Json(json!({ "status": true })).into_response())
}

/// Opens a mailed link. The hardened profile shows a page with a button instead: opening alone, which programs
/// that look through mail do too, changes nothing.
#[tracing::instrument(name = "auth.routes.verify_email", skip_all)]
pub(super) async fn open(
    State(auth): State<Auth>,
    Client(client): Client,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, AuthError> {
    let query = Query::read(query.as_deref());
    auth.check_callback(&query)?;
    let token = query.required("token")?;
    let callback = query.text("callbackURL").filter(|url| !url.is_empty());
    if auth.backend.is_hardened() {
        let page = with_parameter(routes::VERIFY_EMAIL, "token", &token);
        return Ok(found(&match callback {
            Some(next) => with_parameter(&page, "next", &next),
            None => page,
        }));
    }
    let who = optional(&auth, &headers).await?;
    let caller = who.as_ref().map(|who| &who.caller);
    match email::verify(&auth.backend, &token, caller, &client).await {
        Ok(done) => Ok(opened(&auth, &headers, who, &done, callback.as_deref())),
        Err(AuthFailure::Other(error)) => Err(auth.refuse(error.into())),
        Err(failure) => refused(&failure, callback.as_deref()),
    }
}

fn opened(
    auth: &Auth,
    headers: &HeaderMap,
    who: Option<Guarded>,
    done: &Verified,
    callback: Option<&str>,
) -> Response {
    let mut response = if let Some(callback) = callback {
        found(callback)
    } else {
        let user = done.user.as_ref().map(UserJson::from);
        Json(json!({ "status": true, "user": user })).into_response()
    };
    if let (Some(user), Some(who)) = (&done.user, who) {
        let who = Guarded { user: user.clone(), ..who };
        append(&mut response, renewed(auth, headers, &who));
    }
    response
}

fn refused(failure: &AuthFailure, callback: Option<&str>) -> Result<Response, AuthError> {
    let code = failure.code().unwrap_or("INVALID_TOKEN");
    match callback {
        Some(callback) => Ok(found(&with_parameter(callback, "error", code))),
        None => Err(AuthError::new(StatusCode::UNAUTHORIZED, code, failure.message())),
    }
}

/// The button of a mailed link's page, for programs.
pub(super) struct Confirm {
    token: String,
    password: Option<Password>,
}

impl Schema for Confirm {
    fn read(fields: &mut Fields<'_>) -> Self {
        let token = fields.filled_string("token");
        let password = fields.optional_string("password").map(Password::from);
        Self { token, password }
    }
}

/// Does what a mailed link is for. Ours; the hardened profile's page does the same. Who owes a second factor after the
/// password is answered as at a sign-in.
#[tracing::instrument(name = "auth.routes.confirm_email", skip_all)]
pub(super) async fn confirm(
    State(auth): State<Auth>,
    Client(client): Client,
    headers: HeaderMap,
    Body(form): Body<Confirm>,
) -> Result<Response, AuthError> {
    if !auth.backend.is_hardened() {
        return Ok(StatusCode::NOT_FOUND.into_response());
    }
    let who = optional(&auth, &headers).await?;
    let request = ConfirmRequest {
        token: form.token,
        caller: who.map(|who| who.caller),
        password: form.password,
        client,
    };
    let done = email::confirm(&auth.backend, &request).await;
    let (jar, now) = (Jar::read(&headers), auth.backend.clock.now());
    let login = match done.map_err(|failure| auth.refuse(failure))? {
        Confirmed::SignedIn(SignIn::SecondFactor(challenge)) => {
            return Ok(two_factor::challenged(&auth, &jar, &challenge));
        }
        Confirmed::SignedIn(SignIn::Done(login)) | Confirmed::Changed(Some(login)) => Some(login),
        Confirmed::Address | Confirmed::HalfChanged | Confirmed::Changed(None) => None,
    };
    let mut response = Json(json!({ "status": true })).into_response();
    if let Some(login) = login {
        append(&mut response, auth.cookies.signed_in(&jar, now, &login));
    }
    Ok(response)
}
