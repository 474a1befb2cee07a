//! `POST /request-password-reset` and its older name `/forget-password`, `GET /reset-password/{token}`,
//! `POST /reset-password`.

use axum::{
    Json,
    extract::{Path, RawQuery, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use backend::auth::{self, AuthFailure, Password, ResetLink};
use serde_json::json;

use super::{
    Auth,
    body::{Body, Schema},
    client::Client,
    error::AuthError,
    query::Query,
    redirect::{found, with_parameter},
    schema::Fields,
};

/// Whose password is forgotten, and where the link leads.
pub(super) struct Forgot {
    email: String,
    redirect_to: String,
}

impl Schema for Forgot {
    fn read(fields: &mut Fields<'_>) -> Self {
        let email = fields.email("email");
        let redirect_to = fields.optional_string("redirectTo").unwrap_or_default();
        Self { email, redirect_to }
    }
}

/// Mails a link. The answer is the same for every address.
#[tracing::instrument(name = "auth.routes.request_password_reset", skip_all)]
pub(super) async fn request(
    State(auth): State<Auth>,
    Client(client): Client,
    Body(form): Body<Forgot>,
) -> Result<Response, AuthError> {
    let asked = auth::request_reset(&auth.backend, &form.email, &form.redirect_to, &client).await;
    asked.map_err(|failure| auth.refuse(failure))?;
    let message = "If this email exists in our system, check your email for the reset link";
    Ok(Json(json!({ "status": true, "message": message })).into_response())
}

/// Opens a mailed link: on to the page that asks for the new password. The token is not spent.
#[tracing::instrument(name = "auth.routes.open_reset", skip_all)]
pub(super) async fn open(
    State(auth): State<Auth>,
    Path(token): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, AuthError> {
    let query = Query::read(query.as_deref());
    auth.check_callback(&query)?;
    let callback = query.required("callbackURL")?;
    let base = &auth.backend.settings.app_url;
    if callback.is_empty() {
        let error = base.join("/api/auth/error").map_or_else(|_| String::new(), String::from);
        return Ok(found(&with_parameter(&error, "error", "INVALID_TOKEN")));
    }
    let target = base.join(&callback).map_or(callback, String::from);
    let link = auth::check_reset(&auth.backend, &token).await;
    let link = link.map_err(|error| auth.refuse(error.into()))?;
    if link == ResetLink::Works {
        return Ok(found(&with_parameter(&target, "token", &token)));
    }
    let target = with_parameter(&target, "error", "INVALID_TOKEN");
    Ok(found(&match link.reason() {
        Some(reason) => with_parameter(&target, "reason", reason),
        None => target,
    }))
}

/// The new password and the token of a link.
pub(super) struct Reset {
    new: Password,
    token: Option<String>,
}

impl Schema for Reset {
    fn read(fields: &mut Fields<'_>) -> Self {
        let new = fields.string("newPassword").into();
        Self { new, token: fields.optional_string("token") }
    }
}

/// Sets a new password.
#[tracing::instrument(name = "auth.routes.reset_password", skip_all)]
pub(super) async fn reset(
    State(auth): State<Auth>,
    RawQuery(query): RawQuery,
    Body(form): Body<Reset>,
) -> Result<Response, AuthError> {
    let given = |token: &String| !token.is_empty();
    let asked = Query::read(query.as_deref()).text("token");
    let Some(token) = form.token.filter(given).or(asked.filter(given)) else {
        let message = AuthFailure::TokenInvalid.message();
        return Err(AuthError::new(StatusCode::BAD_REQUEST, "INVALID_TOKEN", message));
    };
    let done = auth::reset_password(&auth.backend, &token, &form.new).await;
    done.map_err(|failure| auth.refuse(failure))?;
    Ok(Json(json!({ "status": true })).into_response())
}
