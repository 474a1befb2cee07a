//! Why somebody could not sign up or in, in Better Auth's words and in those of our forms.

use domain::{Code, FieldError};

use crate::{Error, limits::Wait};

/// A refused sign-up or sign-in.
#[derive(Debug, thiserror::Error)]
pub enum AuthFailure {
    /// The address is not one.
    #[error("the address is not valid")]
    EmailInvalid,
    /// The name has characters that no name has, or too many.
    #[error("the name is not valid")]
    NameInvalid(Code),
    /// The picture's address is not an https URL of at most 2,048 characters.
    #[error("the picture's address is not valid")]
    ImageInvalid,
    /// Fewer than this many UTF-16 units.
    #[error("the password is too short")]
    PasswordTooShort(usize),
    /// More than 128 UTF-16 units.
    #[error("the password is too long")]
    PasswordTooLong,
    /// The password contains U+0000.
    #[error("the password has a character that cannot be accepted")]
    PasswordCharacters,
    /// The password is on lists of common ones, or made of the person's own name or address.
    #[error("the password is easily guessed")]
    PasswordGuessable(Code),
    /// Somebody has an account with this address.
    #[error("the address is taken")]
    EmailTaken,
    /// Unknown address, no password, wrong password: never told apart.
    #[error("the address and the password do not match")]
    CredentialsWrong,
    /// The password was right; the address has to be proven first.
    #[error("the address is not verified")]
    EmailNotVerified,
    /// The password of somebody who is signed in is another one.
    #[error("the password is wrong")]
    PasswordWrong,
    /// The link was opened where nobody is signed in: the password must be given too.
    #[error("the password is needed")]
    PasswordNeeded,
    /// The person comes in by a provider and has no password.
    #[error("there is no password")]
    CredentialMissing,
    /// The person has a password; it can only be changed.
    #[error("there is a password")]
    PasswordAlreadySet,
    /// A mailed token that is unknown, spent, changed, or for something else.
    #[error("the token is not valid")]
    TokenInvalid,
    /// A mailed token whose time is over.
    #[error("the token has expired")]
    TokenExpired,
    /// The person of a token is gone.
    #[error("the person is unknown")]
    UserUnknown,
    /// The link belongs to somebody else than the one who is signed in.
    #[error("the link is somebody else's")]
    UserOther,
    /// The new address is the old one.
    #[error("the address is the same")]
    EmailSame,
    /// Not the caller's own address.
    #[error("the address is another one")]
    EmailMismatch,
    /// There is nothing left to prove.
    #[error("the address is verified")]
    EmailAlreadyVerified,
    /// `AUTH_CHANGE_EMAIL=off`.
    #[error("addresses cannot be changed here")]
    ChangeEmailOff,
    /// `AUTH_DELETE_USER=off`.
    #[error("accounts cannot be deleted here")]
    DeletionOff,
    /// The last way in stays.
    #[error("it is the last way in")]
    LastAccount,
    /// Not one of the caller's accounts.
    #[error("the account is unknown")]
    AccountUnknown,
    /// Signed in too long ago for what was asked.
    #[error("the sign-in was too long ago")]
    NotFresh,
    /// Too many tries like this one.
    #[error("too many tries")]
    TooManyAttempts(Wait),
    /// Not about what was typed.
    #[error(transparent)]
    Other(#[from] Error),
}

impl From<Wait> for AuthFailure {
    fn from(wait: Wait) -> Self {
        Self::TooManyAttempts(wait)
    }
}

impl From<sqlx::Error> for AuthFailure {
    fn from(error: sqlx::Error) -> Self {
        Self::Other(error.into())
    }
}

impl AuthFailure {
    /// Better Auth's code; none for failures that are not about what was typed.
    pub fn code(&self) -> Option<&'static str> {
        Some(match self {
            Self::EmailInvalid => "INVALID_EMAIL",
            Self::NameInvalid(_) | Self::ImageInvalid | Self::PasswordCharacters => {
                "VALIDATION_ERROR"
            }
            Self::PasswordTooShort(_) => "PASSWORD_TOO_SHORT",
            Self::PasswordTooLong => "PASSWORD_TOO_LONG",
            Self::PasswordGuessable(_) => "PASSWORD_COMPROMISED",
            Self::EmailTaken => "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL",
            Self::CredentialsWrong => "INVALID_EMAIL_OR_PASSWORD",
            Self::EmailNotVerified => "EMAIL_NOT_VERIFIED",
            Self::PasswordWrong => "INVALID_PASSWORD",
            Self::PasswordNeeded => "PASSWORD_REQUIRED",
            Self::CredentialMissing => "CREDENTIAL_ACCOUNT_NOT_FOUND",
            Self::PasswordAlreadySet => "PASSWORD_ALREADY_SET",
            Self::TokenInvalid => "INVALID_TOKEN",
            Self::TokenExpired => "TOKEN_EXPIRED",
            Self::UserUnknown => "USER_NOT_FOUND",
            Self::UserOther => "INVALID_USER",
            Self::EmailMismatch => "EMAIL_MISMATCH",
            Self::EmailAlreadyVerified => "EMAIL_ALREADY_VERIFIED",
            Self::ChangeEmailOff => "CHANGE_EMAIL_DISABLED",
            Self::LastAccount => "FAILED_TO_UNLINK_LAST_ACCOUNT",
            Self::AccountUnknown => "ACCOUNT_NOT_FOUND",
            Self::NotFresh => "SESSION_NOT_FRESH",
            Self::EmailSame | Self::DeletionOff | Self::TooManyAttempts(_) | Self::Other(_) => {
                return None;
            }
        })
    }

    /// Better Auth's message of [`AuthFailure::code`].
    pub fn message(&self) -> &'static str {
        match self {
            Self::EmailInvalid => "Invalid email",
            Self::NameInvalid(_) => "[body.name] Invalid input",
            Self::ImageInvalid => "[body.image] Invalid input",
            Self::PasswordCharacters => "[body.password] Invalid input",
            Self::PasswordTooShort(_) => "Password too short",
            Self::PasswordTooLong => "Password too long",
            Self::PasswordGuessable(_) => {
                "The password you entered has been compromised. Please choose a different password."
            }
            Self::EmailTaken => "User already exists. Use another email.",
            Self::CredentialsWrong => "Invalid email or password",
            Self::EmailNotVerified => "Email not verified",
            Self::PasswordWrong => "Invalid password",
            Self::PasswordNeeded => "Password is required",
            Self::CredentialMissing => "Credential account not found",
            Self::PasswordAlreadySet => "User already has a password set",
            Self::TokenInvalid => "Invalid token",
            Self::TokenExpired => "Token expired",
            Self::UserUnknown => "User not found",
            Self::UserOther => "Invalid user",
            Self::EmailSame => "Email is the same",
            Self::EmailMismatch => "Email mismatch",
            Self::EmailAlreadyVerified => "Email is already verified",
            Self::ChangeEmailOff => "Change email is disabled",
            Self::LastAccount => "You can't unlink your last account",
            Self::AccountUnknown => "Account not found",
            Self::NotFresh => "Session is not fresh",
            Self::TooManyAttempts(_) => "Too many requests. Please try again later.",
            Self::DeletionOff | Self::Other(_) => "",
        }
    }

    /// The same as the problem of one form field; none where the failure belongs to the whole form.
    pub fn field(&self) -> Option<FieldError> {
        let (field, code) = match self {
            Self::EmailInvalid => ("email", Code::EmailInvalid),
            Self::NameInvalid(code) => ("name", *code),
            Self::PasswordTooShort(least) => {
                ("password", Code::PasswordTooShort(u32::try_from(*least).unwrap_or(u32::MAX)))
            }
            Self::PasswordTooLong => ("password", Code::PasswordTooLong),
            Self::PasswordCharacters => ("password", Code::PasswordCharacters),
            Self::PasswordGuessable(code) => ("password", *code),
            Self::ImageInvalid => ("image", Code::ImageInvalid),
            Self::PasswordWrong => ("currentPassword", Code::PasswordWrong),
            Self::PasswordNeeded => ("password", Code::PasswordRequired),
            Self::EmailSame => ("newEmail", Code::EmailSame),
            Self::EmailMismatch => ("email", Code::EmailOther),
            _ => return None,
        };
        Some(FieldError::new(field, code))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_speaks_to_programs_and_to_people() {
        let failure = AuthFailure::PasswordTooShort(12);

        assert_eq!(failure.code(), Some("PASSWORD_TOO_SHORT"));
        assert_eq!(failure.message(), "Password too short");
        let field = failure.field().unwrap();
        assert_eq!((&*field.field, &*field.message), ("password", "Use at least 12 characters."));
    }

    #[test]
    fn what_belongs_to_no_field_and_what_is_ours_is_left_to_the_caller() {
        assert!(AuthFailure::CredentialsWrong.field().is_none());
        assert_eq!(AuthFailure::from(Error::Busy).code(), None);
    }
}
