//! The server functions of a forgotten password.

use backend::auth::{self, AuthFailure};
use domain::{Code, Email, FieldError};
use leptos::prelude::*;
use leptos_axum::redirect;

use super::{
    api::{client, complete, refuse},
    forgot::sent_page,
    mailed::{Letter, Mailed, check_pause},
};
use crate::{
    AppError, flash,
    flash::Flash,
    routes,
    server::{backend, reject},
};

/// `POST /forgot-password`: mails a link, and answers alike whether the address has an account or not.
#[server(prefix = "", endpoint = "forgot-password")]
pub async fn forgot_password(#[server(default)] email: String) -> Result<(), AppError> {
    let email = typed_address(&email)?;
    check_pause(&email, Letter::Reset)?;
    let asked = auth::request_reset(&backend(), &email, routes::RESET_PASSWORD, &client()).await;
    asked.map_err(refuse)?;

    Mailed::now(email, Letter::Reset).keep();
    redirect(&sent_page());
    Ok(())
}

/// `POST /reset-password`: a new password for the holder of a mailed link, who then signs in with it.
#[server(prefix = "", endpoint = "reset-password")]
pub async fn reset_password(
    #[server(default)] token: String,
    #[server(default)] password: String,
) -> Result<(), AppError> {
    complete(&[("password", &password, Code::PasswordRequired)])?;
    match auth::reset_password(&backend(), &token, &password.into()).await {
        Err(AuthFailure::TokenInvalid | AuthFailure::UserUnknown) => {
            let link = auth::check_reset(&backend(), &token).await.map_err(reject)?;
            let reason = link.reason().map_or_else(String::new, |why| format!("&reason={why}"));
            redirect(&format!("{}?error=INVALID_TOKEN{reason}", routes::RESET_PASSWORD));
            return Ok(());
        }
        done => done.map_err(refuse)?,
    }

    flash::set(&Flash::done("Your new password is saved. Sign in with it."));
    redirect(routes::SIGN_IN);
    Ok(())
}

/// An address that somebody typed, or what is wrong with it.
pub(super) fn typed_address(email: &str) -> Result<String, AppError> {
    let email = email.trim();
    let parsed = if email.is_empty() { Err(Code::EmailRequired) } else { Email::parse(email) };
    match parsed {
        Ok(email) => Ok(email.as_str().to_owned()),
        Err(code) => Err(AppError::Invalid(vec![FieldError::new("email", code)])),
    }
}
