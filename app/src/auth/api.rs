//! The server functions of auth. Their addresses are the pages' own paths, so the forms work without script.

use backend::auth::{self, AuthFailure, Client, SignIn as SignedIn, SignInRequest, SignUpRequest};
use backend::limits::Wait;
use domain::{Code, Email, FieldError};
use http::header::RETRY_AFTER;
use leptos::prelude::*;
use leptos_axum::redirect;

use super::{
    mailed::{Letter, Mailed},
    two_factor,
};
use crate::{
    AppError, flash,
    flash::Flash,
    routes,
    server::{
        Caller, CookieChange, PASSWORD_WAY, SignInCookies, backend, reject, set_header, signed_in,
    },
};

/// `POST /sign-in`: starts a session and goes to `next` or the dashboard.
#[server(prefix = "", endpoint = "sign-in")]
pub async fn sign_in(
    #[server(default)] email: String,
    #[server(default)] password: String,
    #[server(default)]
    #[server(rename = "rememberMe")]
    remember_me: String,
    #[server(default)] next: String,
) -> Result<(), AppError> {
    complete(&[
        ("email", &email, Code::EmailRequired),
        ("password", &password, Code::PasswordRequired),
    ])?;
    let request = SignInRequest {
        email: email.trim().to_owned(),
        password: password.into(),
        remember: !remember_me.is_empty(),
        client: client(),
        replaces: use_context::<Caller>().and_then(|caller| caller.0),
    };
    let outcome = match auth::sign_in(&backend(), &request).await {
        Err(AuthFailure::EmailNotVerified) => {
            Mailed::now(request.email, Letter::Verification).keep();
            redirect(&verify_page(&next));
            return Ok(());
        }
        Err(AuthFailure::TooManyAttempts(wait)) => {
            return Err(too_many(wait, domain::wait::too_many_passwords));
        }
        outcome => outcome.map_err(refuse)?,
    };
    let_in(&outcome, &next);
    Ok(())
}

/// `POST /confirm`: a new session in place of one that is no longer fresh, and back to `next`.
#[server(prefix = "", endpoint = "confirm")]
pub async fn confirm(
    #[server(default)]
    #[server(rename = "currentPassword")]
    current_password: String,
    #[server(default)] next: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    complete(&[("currentPassword", &current_password, Code::PasswordRequired)])?;
    let done = auth::reauthenticate(&backend, &caller, current_password.into(), client()).await;
    let_in(&done.map_err(refuse)?, &next);
    Ok(())
}

/// The page that waits for the link to be opened, and then leads to `next`.
fn verify_page(next: &str) -> String {
    routes::with_next(routes::VERIFY_EMAIL, domain::redirect::safe_next(next).as_deref())
}

/// The cookies of somebody whose password was right, and the page they wanted.
pub(super) fn let_in(outcome: &SignedIn, next: &str) {
    SignInCookies::set(CookieChange::CameBy(PASSWORD_WAY));
    match outcome {
        SignedIn::Done(login) => {
            SignInCookies::set(CookieChange::Start(login));
            redirect(&domain::redirect::next_or(next, routes::DASHBOARD));
        }
        SignedIn::SecondFactor(challenge) => {
            SignInCookies::set(CookieChange::Challenge(challenge));
            let next = domain::redirect::safe_next(next);
            redirect(&two_factor::path_to(next.as_deref()));
        }
    }
}

/// `POST /sign-up`: makes an account, and starts a session unless the address has to be confirmed first.
#[server(prefix = "", endpoint = "sign-up")]
pub async fn sign_up(
    #[server(default)] name: String,
    #[server(default)] email: String,
    #[server(default)] password: String,
    #[server(default)] next: String,
) -> Result<(), AppError> {
    let backend = backend();
    let email = email.trim().to_owned();
    check_new(&name, &email, &password, backend.settings.auth.password_min)?;
    let request = SignUpRequest {
        name,
        email,
        password: password.into(),
        image: None,
        callback: domain::redirect::safe_next(&next).unwrap_or_default(),
        remember: true,
        client: client(),
    };
    let outcome = auth::sign_up(&backend, &request).await.map_err(refuse)?;

    Mailed::now(request.email, Letter::Verification).keep();
    let Some(login) = &outcome.login else {
        redirect(&verify_page(&next));
        return Ok(());
    };
    SignInCookies::set(CookieChange::CameBy(PASSWORD_WAY));
    SignInCookies::set(CookieChange::Start(login));
    redirect(&domain::redirect::next_or(&next, routes::DASHBOARD));
    Ok(())
}

/// `POST /sign-out`: ends the session of this browser and leads to the sign-in page, from there to `next`. Without a
/// session there is nothing to do, and that is fine.
#[server(prefix = "", endpoint = "sign-out")]
pub async fn sign_out(#[server(default)] next: String) -> Result<(), AppError> {
    if let Some(Caller(Some(caller))) = use_context() {
        auth::sign_out(&backend(), &caller).await.map_err(reject)?;
    }
    SignInCookies::set(CookieChange::End);
    flash::set(&Flash::note("You're signed out."));
    let next = domain::redirect::safe_next(&next);
    redirect(&routes::with_next(routes::SIGN_IN, next.as_deref()));
    Ok(())
}

/// Where the request comes from.
pub(crate) fn client() -> Client {
    use_context().unwrap_or_default()
}

/// Names every field that was left empty.
pub(super) fn complete(fields: &[(&str, &str, Code)]) -> Result<(), AppError> {
    let missing: Vec<_> = fields
        .iter()
        .filter(|(_, value, _)| value.trim().is_empty())
        .map(|(name, _, code)| FieldError::new(name, *code))
        .collect();
    if missing.is_empty() { Ok(()) } else { Err(AppError::Invalid(missing)) }
}

/// Names every problem of a sign-up at once; the backend, which has the last word, stops at the first.
fn check_new(name: &str, email: &str, password: &str, least: usize) -> Result<(), AppError> {
    let name = domain::text::person_name(name).map(|_| ());
    let email =
        if email.is_empty() { Err(Code::EmailRequired) } else { Email::parse(email).map(|_| ()) };
    let password = domain::password::check_length(password, least);
    let problems: Vec<_> = [("name", name), ("email", email), ("password", password)]
        .into_iter()
        .filter_map(|(field, result)| result.err().map(|code| FieldError::new(field, code)))
        .collect();
    if problems.is_empty() { Ok(()) } else { Err(AppError::Invalid(problems)) }
}

/// When somebody who tried too often may come back, in words and in the header for programs.
pub(super) fn too_many(wait: Wait, sentence: fn(u64) -> String) -> AppError {
    set_header(RETRY_AFTER, wait.seconds().into());
    AppError::message(429, sentence(wait.seconds()))
}

/// What a person learns about a refused sign-up or sign-in. An unknown address and a wrong password are one.
pub(crate) fn refuse(failure: AuthFailure) -> AppError {
    match failure {
        AuthFailure::CredentialsWrong => {
            AppError::message(401, "That e-mail and password don't match.")
        }
        AuthFailure::EmailTaken => AppError::message(
            409,
            "This e-mail already has an account. Sign in, or use another address.",
        ),
        AuthFailure::EmailNotVerified => {
            AppError::message(403, "Confirm your e-mail first: open the link we've sent you.")
        }
        AuthFailure::NotFresh => AppError::NotFresh,
        AuthFailure::TooManyAttempts(wait) => too_many(wait, domain::wait::too_many_tries),
        AuthFailure::Other(error) => reject(error),
        other => match other.field() {
            Some(field) => AppError::Invalid(vec![field]),
            None => AppError::message(
                422,
                "We couldn't use what was sent. Reload the page and try again.",
            ),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(error: &AppError) -> Vec<(&str, &str)> {
        error.fields().iter().map(|field| (&*field.field, &*field.code)).collect()
    }

    #[test]
    fn every_problem_of_a_sign_up_is_named_at_once() {
        let error = check_new(" ", "ada@", "short", 12).unwrap_err();

        assert_eq!(
            codes(&error),
            [
                ("name", "name_required"),
                ("email", "email_invalid"),
                ("password", "password_too_short")
            ]
        );
    }

    #[test]
    fn an_empty_sign_in_names_both_fields() {
        let fields = [("email", "", Code::EmailRequired), ("password", "", Code::PasswordRequired)];

        let error = complete(&fields).unwrap_err();

        assert_eq!(codes(&error), [("email", "email_required"), ("password", "password_required")]);
    }

    #[test]
    fn a_wrong_password_and_an_unknown_address_are_one_sentence() {
        let error = refuse(AuthFailure::CredentialsWrong);

        assert_eq!(error.to_string(), "That e-mail and password don't match.");
        assert_eq!(error.status(), 401);
        assert!(error.fields().is_empty());
    }
}
