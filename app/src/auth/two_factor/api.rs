//! The server functions of the second step. Their addresses are below the page's own path.

use backend::auth::two_factor::{
    self, Answer, CodeFor, FactorCode, FactorFailure, Passed, PendingChallenge,
};
use domain::{Code, FieldError};
use leptos::prelude::*;
use leptos_axum::redirect;

use super::{super::api::too_many, path_to};
use crate::{
    AppError, flash,
    flash::Flash,
    routes,
    server::{CookieChange, OwedFactor, SignInCookies, backend, reject},
};

/// With this many recovery codes left it is time to make new ones.
const FEW_CODES: usize = 2;

/// What is owed; none when nobody has given a password here, or too long ago.
pub(super) async fn owed() -> Result<Option<PendingChallenge>, AppError> {
    let Some(token) = cookie().challenge else { return Ok(None) };
    match two_factor::pending(&backend(), &token).await {
        Ok(pending) => Ok(Some(pending)),
        Err(FactorFailure::ChallengeOver) => Ok(None),
        Err(failure) => Err(refuse(failure, "")),
    }
}

/// `POST /two-factor`: ends the sign-in with a code and goes to `next` or the dashboard.
#[server(prefix = "", endpoint = "two-factor")]
pub async fn answer_challenge(
    #[server(default)] code: String,
    #[server(default)] method: String,
    #[server(default)]
    #[server(rename = "trustDevice")]
    trust_device: String,
    #[server(default)] next: String,
) -> Result<(), AppError> {
    let OwedFactor { challenge, remember } = cookie();
    let Some(token) = challenge else { return over(&next) };
    let code = code.trim().to_owned();
    if code.is_empty() {
        return Err(wrong(Code::CodeRequired));
    }
    let code = match &*method {
        "email" => FactorCode::Otp(digits(&code).into()),
        "recovery" => FactorCode::Backup(code.into()),
        _ => FactorCode::Totp(digits(&code).into()),
    };
    let answer =
        Answer { code, trust_device: !trust_device.is_empty(), without_session: false, remember };
    let client = use_context().unwrap_or_default();
    match two_factor::answer(&backend(), &token, &answer, &client).await {
        Ok(passed) => {
            finish(&passed);
            redirect(&domain::redirect::next_or(&next, routes::DASHBOARD));
            Ok(())
        }
        Err(FactorFailure::ChallengeOver | FactorFailure::TooManyAttempts) => over(&next),
        Err(failure) => Err(refuse(failure, &method)),
    }
}

/// `POST /two-factor/send`: mails a code, then asks for it.
#[server(prefix = "", endpoint = "two-factor/send")]
pub async fn send_code(#[server(default)] next: String) -> Result<(), AppError> {
    let Some(token) = cookie().challenge else { return over(&next) };
    match two_factor::send_code(&backend(), CodeFor::Challenge(&token)).await {
        Ok(()) => {}
        Err(FactorFailure::ChallengeOver) => return over(&next),
        Err(failure) => return Err(refuse(failure, "email")),
    }
    flash::set(&Flash::note("We've mailed you a code. It works for 3 minutes."));
    let next = domain::redirect::safe_next(&next);
    redirect(&with_method(&path_to(next.as_deref()), "email"));
    Ok(())
}

/// The same page for another kind of code.
pub(super) fn with_method(path: &str, method: &str) -> String {
    let joint = if path.contains('?') { '&' } else { '?' };
    format!("{path}{joint}method={method}")
}

fn cookie() -> OwedFactor {
    use_context().unwrap_or_default()
}

/// Sets the cookies, and says how many recovery codes are left after one was used.
fn finish(passed: &Passed) {
    if let Some(login) = &passed.login {
        SignInCookies::set(CookieChange::Answered(login));
    }
    let Some(left) = passed.backup_codes_left else { return };
    let text = match left {
        0 => "Recovery code used. That was the last one.".to_owned(),
        1 => "Recovery code used. 1 is left.".to_owned(),
        left => format!("Recovery code used. {left} are left."),
    };
    let note = Flash::note(text);
    let few = left <= FEW_CODES;
    flash::set(&if few { note.with_link("Make new codes", routes::SECURITY) } else { note });
}

/// Nothing to answer any more: back to the password.
#[expect(clippy::unnecessary_wraps, reason = "it ends a server function")]
fn over(next: &str) -> Result<(), AppError> {
    SignInCookies::set(CookieChange::ChallengeOver);
    flash::set(&Flash::failed("That took too long, or too many tries. Sign in once more."));
    let next = domain::redirect::safe_next(next);
    redirect(&super::with_next(routes::SIGN_IN, next.as_deref()));
    Ok(())
}

/// Apps show codes in two groups.
pub(crate) fn digits(code: &str) -> String {
    code.chars().filter(|c| !c.is_whitespace() && *c != '-').collect()
}

fn wrong(code: Code) -> AppError {
    AppError::Invalid(vec![FieldError::new("code", code)])
}

/// What a person learns about a refused code.
pub(crate) fn refuse(failure: FactorFailure, method: &str) -> AppError {
    match failure {
        FactorFailure::CodeWrong if method == "email" => wrong(Code::MailedCodeWrong),
        FactorFailure::CodeWrong => wrong(Code::AppCodeWrong),
        FactorFailure::BackupCodeWrong => wrong(Code::RecoveryCodeWrong),
        FactorFailure::OtpExpired | FactorFailure::OtpSpent => wrong(Code::MailedCodeExpired),
        FactorFailure::Locked => AppError::message(429, domain::wait::too_many_codes(15 * 60)),
        FactorFailure::TooManyCodes(wait) => too_many(wait, domain::wait::too_many_codes),
        FactorFailure::Other(error) => reject(error),
        _ => AppError::message(422, "That way isn't set up for your account. Choose another one."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wrong_code_is_named_at_its_field() {
        for (failure, method, code) in [
            (FactorFailure::CodeWrong, "app", "app_code_wrong"),
            (FactorFailure::CodeWrong, "email", "mailed_code_wrong"),
            (FactorFailure::BackupCodeWrong, "recovery", "recovery_code_wrong"),
            (FactorFailure::OtpExpired, "email", "mailed_code_expired"),
        ] {
            let error = refuse(failure, method);

            assert_eq!((&*error.fields()[0].field, &*error.fields()[0].code), ("code", code));
        }
        assert_eq!(refuse(FactorFailure::Locked, "app").status(), 429);
    }

    #[test]
    fn the_kind_of_code_survives_in_the_address() {
        assert_eq!(with_method("/two-factor", "email"), "/two-factor?method=email");
        assert_eq!(
            with_method("/two-factor?next=%2Faccounts", "recovery"),
            "/two-factor?next=%2Faccounts&method=recovery"
        );
    }

    #[test]
    fn a_code_may_be_typed_in_groups() {
        assert_eq!(digits("123 456"), "123456");
        assert_eq!(digits(" 123-456\u{a0}"), "123456");
    }
}
