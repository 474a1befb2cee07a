//! Why a passkey was not added or not accepted, in Better Auth's words.

use crate::Error;

/// A refusal of a passkey.
#[derive(Debug, thiserror::Error)]
pub enum PasskeyFailure {
    /// No ceremony was begun here, it took too long, it was another one, or it has ended already.
    #[error("there is no ceremony to end")]
    ChallengeNotFound,
    /// The ceremony was begun by somebody else.
    #[error("the ceremony belongs to somebody else")]
    NotAllowed,
    /// The browser's answer makes no credential, or one that is known.
    #[error("the new credential cannot be used")]
    RegistrationFailed,
    /// Nobody's passkey, or somebody else's.
    #[error("there is no such passkey")]
    NotFound,
    /// The browser's answer proves nothing.
    #[error("the passkey was not proven")]
    AuthenticationFailed,
    /// Names are 1 to 60 characters.
    #[error("the name is not valid")]
    NameInvalid,
    /// Not about what was sent.
    #[error(transparent)]
    Other(#[from] Error),
}

impl From<sqlx::Error> for PasskeyFailure {
    fn from(error: sqlx::Error) -> Self {
        Self::Other(error.into())
    }
}

impl PasskeyFailure {
    /// Better Auth's code and message; none for failures on our side.
    pub fn code_and_message(&self) -> Option<(&'static str, &'static str)> {
        Some(match self {
            Self::ChallengeNotFound => ("CHALLENGE_NOT_FOUND", "Challenge not found"),
            Self::NotAllowed => (
                "YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY",
                "You are not allowed to register this passkey",
            ),
            Self::RegistrationFailed => {
                ("FAILED_TO_VERIFY_REGISTRATION", "Failed to verify registration")
            }
            Self::NotFound => ("PASSKEY_NOT_FOUND", "Passkey not found"),
            Self::AuthenticationFailed => ("AUTHENTICATION_FAILED", "Authentication failed"),
            Self::NameInvalid => ("VALIDATION_ERROR", "[body.name] Invalid input"),
            Self::Other(_) => return None,
        })
    }
}
