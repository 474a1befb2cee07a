//! The server functions of proving an address.

use backend::auth::{
    AuthFailure,
    email::{self, ConfirmRequest, Confirmed},
};
use domain::{Code, FieldError, redirect::next_or};
use leptos::prelude::*;
use leptos_axum::redirect;

use super::{
    api::{client, let_in, refuse},
    forgotten::typed_address,
    mailed::{Letter, Mailed, check_pause},
    verify::{CHANGED, HALF_CHANGED, SPENT},
};
use crate::{
    AppError, flash,
    flash::Flash,
    routes,
    server::{Caller, CookieChange, SignInCookies, backend, own_row},
};

/// `POST /verify-email`: does what a mailed link is for. Opening the link alone does nothing, since programs that look
/// through mail do that too.
#[server(prefix = "", endpoint = "verify-email")]
pub async fn verify_email(
    #[server(default)] token: String,
    #[server(default)] password: String,
    #[server(default)] next: String,
) -> Result<(), AppError> {
    let request = ConfirmRequest {
        token,
        caller: use_context::<Caller>().and_then(|caller| caller.0),
        password: (!password.is_empty()).then(|| password.into()),
        client: client(),
    };
    match email::confirm(&backend(), &request).await {
        Ok(Confirmed::Address) => {
            flash::set(&Flash::done("Your address is confirmed."));
            redirect(&next_or(&next, routes::DASHBOARD));
        }
        Ok(Confirmed::SignedIn(outcome)) => {
            flash::set(&Flash::done("Your address is confirmed."));
            let_in(&outcome, &next);
        }
        Ok(Confirmed::HalfChanged) => redirect(HALF_CHANGED),
        Ok(Confirmed::Changed(Some(login))) => {
            SignInCookies::set(CookieChange::Start(&login));
            flash::set(&Flash::done("Your address is changed. Sign in with it from now on."));
            redirect(routes::PROFILE);
        }
        Ok(Confirmed::Changed(None)) => redirect(CHANGED),
        Err(AuthFailure::TokenInvalid | AuthFailure::TokenExpired | AuthFailure::UserUnknown) => {
            redirect(SPENT);
        }
        Err(AuthFailure::CredentialsWrong) => {
            return Err(AppError::Invalid(vec![FieldError::new("password", Code::PasswordWrong)]));
        }
        Err(AuthFailure::UserOther) => {
            return Err(AppError::message(
                403,
                "This link belongs to another account. Sign out, then open it again.",
            ));
        }
        Err(other) => return Err(refuse(other)),
    }
    Ok(())
}

/// `POST /verify-email/resend`: mails the link again; to strangers the answer is the same for every address.
#[server(prefix = "", endpoint = "verify-email/resend")]
pub async fn resend_verification(
    #[server(default)] email: String,
    #[server(default)] next: String,
    #[server(default)] page: String,
) -> Result<(), AppError> {
    let own = own_row().ok();
    let email = match &own {
        Some(own) => own.email.clone(),
        None => typed_address(&email)?,
    };
    check_pause(&email, Letter::Verification)?;
    let callback = domain::redirect::safe_next(&next).unwrap_or_default();
    let sent =
        email::send_verification(&backend(), &email, &callback, own.as_ref(), &client()).await;
    match sent {
        Err(AuthFailure::EmailAlreadyVerified) => {
            flash::set(&Flash::note("Your address is confirmed already."));
        }
        sent => {
            sent.map_err(refuse)?;
            Mailed::now(email, Letter::Verification).keep();
            flash::set(&Flash::done("We've sent the link again."));
        }
    }
    redirect(&next_or(&page, routes::VERIFY_EMAIL));
    Ok(())
}
