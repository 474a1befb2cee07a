//! Refusals and failures as Better Auth answers them: `{message, code}`.

use std::borrow::Cow;

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use backend::{Error, auth::AuthFailure, error::chain};
use serde::Serialize;

use super::Auth;
use crate::http::X_RETRY_AFTER;

/// An answer that says no.
#[derive(Debug)]
pub(super) struct AuthError {
    status: StatusCode,
    code: Option<&'static str>,
    message: Cow<'static, str>,
    /// Worth another try after so many seconds.
    retry: Option<u64>,
}

#[derive(Serialize)]
struct Body<'a> {
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
}

impl AuthError {
    /// A refusal with its code.
    pub(super) fn new(
        status: StatusCode,
        code: &'static str,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { status, code: Some(code), message: message.into(), retry: None }
    }

    /// One of the few refusals that have no code.
    pub(super) fn without_code(status: StatusCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self { status, code: None, message: message.into(), retry: None }
    }

    /// A body or query that does not fit its schema; one part a field.
    pub(super) fn validation(problems: &[String]) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "VALIDATION_ERROR", problems.join("; "))
    }

    pub(super) fn forbidden(code: &'static str, message: &'static str) -> Self {
        Self::new(StatusCode::FORBIDDEN, code, message)
    }
}

impl Auth {
    /// The answer to a refused sign-up or sign-in.
    pub(super) fn refuse(&self, failure: AuthFailure) -> AuthError {
        let status = match &failure {
            AuthFailure::EmailTaken => StatusCode::UNPROCESSABLE_ENTITY,
            AuthFailure::CredentialsWrong => StatusCode::UNAUTHORIZED,
            AuthFailure::EmailNotVerified | AuthFailure::NotFresh => StatusCode::FORBIDDEN,
            _ => StatusCode::BAD_REQUEST,
        };
        let hardened = self.backend.is_hardened();
        match (failure.code(), failure) {
            // Better Auth finds out when its database refuses the row.
            (_, AuthFailure::NameInvalid(_) | AuthFailure::ImageInvalid) if !hardened => {
                AuthError::new(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "FAILED_TO_CREATE_USER",
                    "Failed to create user",
                )
            }
            (_, AuthFailure::TooManyAttempts(wait)) => {
                let message = AuthFailure::TooManyAttempts(wait).message();
                let many = AuthError::without_code(StatusCode::TOO_MANY_REQUESTS, message);
                AuthError { retry: Some(wait.seconds()), ..many }
            }
            (_, AuthFailure::Other(error)) => {
                self.fail(&error, "INTERNAL_SERVER_ERROR", "Internal Server Error")
            }
            (Some(code), failure) => AuthError::new(status, code, failure.message()),
            (None, failure) => AuthError::without_code(status, failure.message()),
        }
    }

    /// The answer to a failure on our side, which is logged here. Better Auth knows only 500; the hardened
    /// profile says that it is worth another try.
    pub(super) fn fail(
        &self,
        error: &Error,
        code: &'static str,
        message: &'static str,
    ) -> AuthError {
        if matches!(error, Error::Busy) {
            let message = "Too many requests at once. Try again in a second.";
            let busy = AuthError::new(StatusCode::SERVICE_UNAVAILABLE, "BUSY", message);
            return AuthError { retry: Some(1), ..busy };
        }
        log(error);
        let hardened = self.backend.is_hardened();
        if hardened && matches!(error, Error::Database(_)) {
            let unavailable = AuthError::new(StatusCode::SERVICE_UNAVAILABLE, code, message);
            return AuthError { retry: Some(1), ..unavailable };
        }
        AuthError::new(StatusCode::INTERNAL_SERVER_ERROR, code, message)
    }
}

/// One line with every cause, for us.
pub(crate) fn log(error: &Error) {
    tracing::error!(error = chain(error), "auth failed");
}

impl IntoResponse for AuthError {
    fn into_response(self) -> Response {
        let body = Body { message: &self.message, code: self.code };
        let mut response = (self.status, Json(body)).into_response();
        if let Some(seconds) = self.retry.map(HeaderValue::from) {
            let headers = response.headers_mut();
            if self.status == StatusCode::TOO_MANY_REQUESTS {
                headers.insert(X_RETRY_AFTER, seconds.clone());
            }
            headers.insert(header::RETRY_AFTER, seconds);
        }
        response
    }
}
