//! `/two-factor/…`: the routes of Better Auth's two-factor plugin.

mod forms;
mod set_up;
mod verify;

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use backend::auth::{
    AuthFailure,
    two_factor::{Challenge, FactorFailure, FactorMethod},
};
use serde_json::json;

use super::{
    Auth,
    cookies::{Jar, append},
    error::AuthError,
};

pub(super) use set_up::{disable, enable, generate_backup_codes, get_totp_uri};
pub(super) use verify::{send_otp, verify_backup_code, verify_otp, verify_totp};

/// The answer to a right password of somebody who owes a second factor.
pub(super) fn challenged(auth: &Auth, jar: &Jar, challenge: &Challenge) -> Response {
    let methods: Vec<&str> = challenge
        .methods
        .iter()
        .map(|method| match method {
            FactorMethod::Totp => "totp",
            FactorMethod::Otp => "otp",
        })
        .collect();
    let body = json!({ "twoFactorRedirect": true, "twoFactorMethods": methods });
    let mut response = Json(body).into_response();
    append(&mut response, auth.cookies.owe(jar, challenge));
    response
}

/// A refusal in Better Auth's words.
fn refused(auth: &Auth, failure: FactorFailure) -> AuthError {
    let status = match &failure {
        FactorFailure::ChallengeOver
        | FactorFailure::CodeWrong
        | FactorFailure::BackupCodeWrong => StatusCode::UNAUTHORIZED,
        FactorFailure::Locked => StatusCode::TOO_MANY_REQUESTS,
        FactorFailure::NotFresh => StatusCode::FORBIDDEN,
        _ => StatusCode::BAD_REQUEST,
    };
    match (failure.code_and_message(), failure) {
        (Some((code, message)), _) => AuthError::new(status, code, message),
        (None, FactorFailure::TooManyCodes(wait)) => {
            auth.refuse(AuthFailure::TooManyAttempts(wait))
        }
        (None, FactorFailure::Other(error)) => auth.refuse(error.into()),
        (None, _) => AuthError::new(status, "BAD_REQUEST", "Bad Request"),
    }
}
