//! The rules for new passwords. Better Auth has only the two lengths.

use domain::{Code, Email};

use super::{Password, breached};
use crate::{AuthProfile, AuthSettings, Backend, auth::AuthFailure};

/// Most UTF-16 units of a password.
pub(in crate::auth) const PASSWORD_MAX: usize = 128;

/// Whether somebody with this name and address may take this password.
pub(in crate::auth) async fn check_new(
    backend: &Backend,
    password: &Password,
    name: &str,
    email: &str,
) -> Result<(), AuthFailure> {
    let AuthSettings { password_min, profile, .. } = backend.settings.auth;
    let length = password.utf16_len();
    if length < password_min {
        return Err(AuthFailure::PasswordTooShort(password_min));
    }
    if length > PASSWORD_MAX {
        return Err(AuthFailure::PasswordTooLong);
    }
    if password.has_nul() {
        return Err(AuthFailure::PasswordCharacters);
    }
    if profile == AuthProfile::Hardened {
        check_guessable(backend, password, name, email).await?;
    }
    match breached::breach(backend, password).await {
        Some(code) => Err(AuthFailure::PasswordGuessable(code)),
        None => Ok(()),
    }
}

/// Whether it would be among the first guesses.
async fn check_guessable(
    backend: &Backend,
    password: &Password,
    name: &str,
    email: &str,
) -> Result<(), AuthFailure> {
    let AuthSettings { password_min, .. } = backend.settings.auth;
    // An address of an adopted account may be older than our grammar.
    if let Ok(email) = Email::parse(email) {
        match domain::password::check(password.expose(), &email, name, password_min) {
            Err(Code::PasswordPersonal) => {
                return Err(AuthFailure::PasswordGuessable(Code::PasswordPersonal));
            }
            Err(_) => return Err(AuthFailure::PasswordCharacters),
            Ok(()) => {}
        }
    }
    let about = vec![name.to_owned(), email.to_owned()];
    match backend.passwords.weakness(password, about).await? {
        Some(code) => Err(AuthFailure::PasswordGuessable(code)),
        None => Ok(()),
    }
}
