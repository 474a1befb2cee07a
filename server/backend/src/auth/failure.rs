//! Why somebody could not sign up or in, in Better Auth's words and in those of our forms.

use domain::{Code, FieldError};

use crate::Error;

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
    /// Not about what was typed.
    #[error(transparent)]
    Other(#[from] Error),
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
            Self::Other(_) => return None,
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
            Self::Other(_) => "",
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
            Self::ImageInvalid
            | Self::EmailTaken
            | Self::CredentialsWrong
            | Self::EmailNotVerified
            | Self::Other(_) => return None,
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
