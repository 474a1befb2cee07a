//! `POST /delete-user` and `GET /delete-user/callback`.

use axum::{
    Json,
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use backend::auth::{self, AuthFailure, Deletion, DeletionRequest, Password};
use serde_json::json;

use super::{
    Auth,
    body::{Body, Schema},
    cookies::{Jar, append},
    error::AuthError,
    guard::{Guard, guarded, optional},
    query::Query,
    redirect::{found, with_parameter},
    schema::Fields,
};

/// What proves that somebody means it.
pub(super) struct DeleteUser(DeletionRequest);

impl Schema for DeleteUser {
    fn read(fields: &mut Fields<'_>) -> Self {
        Self(DeletionRequest {
            callback: fields.optional_string("callbackURL").unwrap_or_default(),
            password: fields.optional_string("password").map(Password::from),
            token: fields.optional_string("token"),
        })
    }
}

/// Deletes with a token, or mails a link.
#[tracing::instrument(name = "auth.routes.delete_user", skip_all)]
pub(super) async fn delete(
    State(auth): State<Auth>,
    headers: HeaderMap,
    Body(DeleteUser(request)): Body<DeleteUser>,
) -> Result<Response, AuthError> {
    let guard = if request.password.is_some() { Guard::Sensitive } else { Guard::StepUp };
    guarded(&auth, &headers, guard, async |who| {
        match auth::request_deletion(&auth.backend, &who.user, &request).await {
            Ok(Deletion::LinkSent) => {
                let body = json!({ "success": true, "message": "Verification email sent" });
                Ok(Json(body).into_response())
            }
            Ok(Deletion::Done) => Ok(gone(&auth, &headers, None)),
            Err(failure) => refuse(&auth, failure),
        }
    })
    .await
}

/// Opens a mailed link, in the session of the same person. The hardened profile shows a page with a button.
#[tracing::instrument(name = "auth.routes.delete_user_callback", skip_all)]
pub(super) async fn open(
    State(auth): State<Auth>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, AuthError> {
    let query = Query::read(query.as_deref());
    auth.check_callback(&query)?;
    let token = query.required("token")?;
    if auth.backend.is_hardened() {
        return Ok(found(&with_parameter("/delete-account", "token", &token)));
    }
    if !auth.backend.settings.auth.delete_user {
        return Ok(StatusCode::NOT_FOUND.into_response());
    }
    let Some(who) = optional(&auth, &headers).await? else {
        let message = "Failed to get user info";
        return Err(AuthError::new(StatusCode::NOT_FOUND, "FAILED_TO_GET_USER_INFO", message));
    };
    match auth::delete_with_token(&auth.backend, &who.user, &token).await {
        Ok(()) => {
            let callback = query.text("callbackURL").filter(|url| !url.is_empty());
            Ok(gone(&auth, &headers, callback.as_deref()))
        }
        Err(failure) => refuse(&auth, failure),
    }
}

fn gone(auth: &Auth, headers: &HeaderMap, callback: Option<&str>) -> Response {
    let mut response = match callback {
        Some(callback) => found(callback),
        None => Json(json!({ "success": true, "message": "User deleted" })).into_response(),
    };
    append(&mut response, auth.cookies.clear(&Jar::read(headers)));
    response
}

fn refuse(auth: &Auth, failure: AuthFailure) -> Result<Response, AuthError> {
    match failure {
        AuthFailure::DeletionOff => Ok(StatusCode::NOT_FOUND.into_response()),
        AuthFailure::TokenInvalid => {
            let message = failure.message();
            Err(AuthError::new(StatusCode::NOT_FOUND, "INVALID_TOKEN", message))
        }
        failure => Err(auth.refuse(failure)),
    }
}
