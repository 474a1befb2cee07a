//! The server functions of the second step's settings.

#![expect(clippy::unused_async, reason = "server functions are async")]

use backend::{
    Backend, SignedIn,
    auth::{
        Password,
        two_factor::{self, CodeFor, FactorCode, FactorFailure, FactorStatus},
    },
};
use domain::{Code, FieldError};
use leptos::prelude::*;
use leptos_axum::redirect;

use super::{
    super::super::{
        client,
        connections::{WayIn, list_ways_in},
    },
    waiting::{Waiting, use_waiting},
};
use crate::{
    AppError,
    auth::{digits, refuse_factor},
    flash,
    flash::Flash,
    routes,
    server::{CookieChange, SignInCookies, fresh, reject, signed_in},
};

/// Where the form that begins posts to.
pub(super) const BEGIN: &str = "/settings/security/second-step/begin";
/// Where the form that makes new codes, or turns the second step off, posts to.
pub(super) const CHANGE: &str = "/settings/security/second-step/change";
/// Where the form that asks for a mailed code posts to.
pub(super) const MAIL: &str = "/settings/security/second-step/mail";
/// Where the form of saved codes posts to.
pub(super) const SAVED: &str = "/settings/security/second-step/saved";

/// `POST /settings/security/second-step/begin`: makes a secret. Sign-ins ask for nothing until a code was seen.
#[server(prefix = "", endpoint = "settings/security/second-step/begin")]
pub async fn begin_second_step(
    #[server(default)]
    #[server(rename = "currentPassword")]
    current_password: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let password = proof(current_password).await?;
    let setup = two_factor::begin_totp(&backend, &caller, password.as_ref(), None).await;
    Waiting::secret(setup.map_err(|failure| refuse(failure, true))?).keep();
    redirect(routes::SECOND_STEP);
    Ok(())
}

/// `POST /settings/security/second-step`: turns the second step on with the first code of the app.
#[server(prefix = "", endpoint = "settings/security/second-step")]
pub async fn turn_on_second_step(#[server(default)] code: String) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let Some(waiting) = use_waiting().filter(|waiting| waiting.uri.is_some()) else {
        flash::set(&Flash::failed("That took too long. Begin again."));
        redirect(routes::SECURITY);
        return Ok(());
    };
    let code = digits(&code);
    if code.is_empty() {
        return Err(at_code(Code::CodeRequired));
    }
    let code = FactorCode::Totp(code.into());
    let passed = two_factor::confirm(&backend, &caller, &code, &client()).await;
    let passed = passed.map_err(|failure| refuse(failure, true))?;

    if let Some(login) = &passed.login {
        SignInCookies::set(CookieChange::Start(login));
    }
    Waiting { uri: None, ..waiting }.keep();
    flash::set(&Flash::done("The second step is on."));
    redirect(routes::SECOND_STEP);
    Ok(())
}

/// `POST /settings/security/second-step/saved`: the codes are taken down and not shown again.
#[server(prefix = "", endpoint = "settings/security/second-step/saved")]
pub async fn keep_recovery_codes() -> Result<(), AppError> {
    signed_in()?;
    Waiting::forget();
    redirect(routes::SECURITY);
    Ok(())
}

/// `POST /settings/security/second-step/mail`: mails a code to somebody whose codes come that way.
#[server(prefix = "", endpoint = "settings/security/second-step/mail")]
pub async fn mail_second_step_code() -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let sent = two_factor::send_code(&backend, CodeFor::Session(&caller)).await;
    sent.map_err(|failure| refuse(failure, false))?;
    flash::set(&Flash::note("We've mailed you a code. It works for 3 minutes."));
    redirect(routes::SECURITY);
    Ok(())
}

/// `POST /settings/security/second-step/change`: `act` is `codes` for new recovery codes, or `off`.
#[server(prefix = "", endpoint = "settings/security/second-step/change")]
pub async fn change_second_step(
    #[server(default)] act: String,
    #[server(default)]
    #[server(rename = "currentPassword")]
    current_password: String,
    #[server(default)] code: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let status = two_factor::status(&backend, &caller).await.map_err(reject)?;
    if !status.enabled {
        return Err(AppError::message(409, "The second step is off already."));
    }
    let password = proof(current_password).await?;
    let code = code_of(&status, &code);
    if code.is_none() && !status.recently_proved {
        return Err(at_code(Code::CodeRequired));
    }
    let change = Change { backend, caller, password, code };
    let done = match &*act {
        "codes" => change.new_codes().await,
        "off" => change.turn_off().await,
        _ => return Err(AppError::Invalid(vec![FieldError::new("act", Code::OptionUnknown)])),
    };
    done.map_err(|failure| refuse(failure, status.totp))
}

struct Change {
    backend: Backend,
    caller: SignedIn,
    password: Option<Password>,
    code: Option<FactorCode>,
}

impl Change {
    async fn new_codes(&self) -> Result<(), FactorFailure> {
        let Self { backend, caller, password, code } = self;
        if let Some(code) = code {
            two_factor::confirm(backend, caller, code, &client()).await?;
        }
        let codes = two_factor::new_backup_codes(backend, caller, password.as_ref()).await?;
        Waiting::codes(codes).keep();
        flash::set(&Flash::done("New recovery codes made. The old ones no longer work."));
        redirect(routes::SECOND_STEP);
        Ok(())
    }

    async fn turn_off(&self) -> Result<(), FactorFailure> {
        let Self { backend, caller, password, code } = self;
        let (password, code) = (password.as_ref(), code.as_ref());
        let login = two_factor::disable(backend, caller, password, code, &client()).await?;
        SignInCookies::set(CookieChange::Start(&login));
        SignInCookies::set(CookieChange::ForgetTrust);
        Waiting::forget();
        flash::set(&Flash::done("The second step is off."));
        redirect(routes::SECURITY);
        Ok(())
    }
}

/// The password that was typed. Who has none proves themselves by a fresh sign-in.
async fn proof(text: String) -> Result<Option<Password>, AppError> {
    if !list_ways_in().await?.iter().any(WayIn::is_password) {
        fresh()?;
        return Ok(None);
    }
    if text.is_empty() {
        let problem = FieldError::new("currentPassword", Code::PasswordRequired);
        return Err(AppError::Invalid(vec![problem]));
    }
    Ok(Some(text.into()))
}

/// What was typed as a code, if anything: of the app or the mail, or one of the recovery codes.
fn code_of(status: &FactorStatus, text: &str) -> Option<FactorCode> {
    let plain = digits(text);
    let six = plain.len() == 6 && plain.bytes().all(|byte| byte.is_ascii_digit());
    match (text.trim(), six, status.totp) {
        ("", ..) => None,
        (_, true, true) => Some(FactorCode::Totp(plain.into())),
        (_, true, false) => Some(FactorCode::Otp(plain.into())),
        (text, false, _) => Some(FactorCode::Backup(text.to_owned().into())),
    }
}

fn at_code(code: Code) -> AppError {
    AppError::Invalid(vec![FieldError::new("code", code)])
}

fn refuse(failure: FactorFailure, app: bool) -> AppError {
    match failure {
        FactorFailure::PasswordWrong => {
            let problem = FieldError::new("currentPassword", Code::PasswordWrong);
            AppError::Invalid(vec![problem])
        }
        FactorFailure::NotFresh => at_code(Code::CodeRequired),
        FactorFailure::TotpAlreadyEnabled => {
            AppError::message(409, "An authenticator app is in use already.")
        }
        failure => refuse_factor(failure, if app { "app" } else { "email" }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(totp: bool) -> FactorStatus {
        FactorStatus {
            enabled: true,
            totp,
            backup_codes_left: 10,
            trusted_devices: Vec::new(),
            recently_proved: false,
        }
    }

    #[test]
    fn six_digits_are_the_current_code_and_anything_else_a_recovery_code() {
        let (app, mail) = (status(true), status(false));

        assert!(code_of(&app, " ").is_none());
        assert!(matches!(code_of(&app, "123 456"), Some(FactorCode::Totp(_))));
        assert!(matches!(code_of(&mail, "123456"), Some(FactorCode::Otp(_))));
        assert!(matches!(code_of(&app, "ab3de-fgh1j"), Some(FactorCode::Backup(_))));
        assert!(matches!(code_of(&app, "12345"), Some(FactorCode::Backup(_))));
    }

    #[test]
    fn what_is_missing_or_wrong_is_named_at_its_field() {
        for (failure, field) in [
            (FactorFailure::PasswordWrong, "currentPassword"),
            (FactorFailure::NotFresh, "code"),
            (FactorFailure::CodeWrong, "code"),
            (FactorFailure::BackupCodeWrong, "code"),
        ] {
            assert_eq!(refuse(failure, true).fields()[0].field, field);
        }
        assert_eq!(refuse(FactorFailure::TotpAlreadyEnabled, true).status(), 409);
    }
}
