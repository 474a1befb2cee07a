//! Why a second factor was not accepted or changed, in Better Auth's words.

use crate::{Error, limits::Wait};

/// A refusal of the second factor.
#[derive(Debug, thiserror::Error)]
pub enum FactorFailure {
    /// No challenge, one that is over, or one that was answered already.
    #[error("there is no challenge to answer")]
    ChallengeOver,
    /// Too many wrong answers to one challenge: it is over.
    #[error("too many wrong answers")]
    TooManyAttempts,
    /// Too many wrong answers to one mailed code; another one can be asked for.
    #[error("too many wrong answers to the mailed code")]
    OtpSpent,
    /// Ten wrong answers in a row, whatever the challenge: a quarter of an hour of rest.
    #[error("the second factor is locked")]
    Locked,
    /// Too many wrong answers in an hour, whatever the challenge (hardened profile).
    #[error("too many wrong answers in an hour")]
    TooManyCodes(Wait),
    /// Not the code, or one that was used.
    #[error("the code is wrong")]
    CodeWrong,
    /// Not one of the backup codes that are left.
    #[error("the backup code is wrong")]
    BackupCodeWrong,
    /// No mailed code is waiting.
    #[error("the mailed code has expired")]
    OtpExpired,
    /// No authenticator app is set up.
    #[error("no authenticator app is set up")]
    TotpNotEnabled,
    /// An authenticator app is in use already.
    #[error("an authenticator app is in use")]
    TotpAlreadyEnabled,
    /// There is no second factor.
    #[error("there is no second factor")]
    NotEnabled,
    /// There are no backup codes.
    #[error("there are no backup codes")]
    NoBackupCodes,
    /// Not the password; or there is none.
    #[error("the password is wrong")]
    PasswordWrong,
    /// The hardened profile wants a newer sign-in, or a newer proof of the factor, for this.
    #[error("the last proof is too old")]
    NotFresh,
    /// Not about what was typed.
    #[error(transparent)]
    Other(#[from] Error),
}

impl From<sqlx::Error> for FactorFailure {
    fn from(error: sqlx::Error) -> Self {
        Self::Other(error.into())
    }
}

impl From<Wait> for FactorFailure {
    fn from(wait: Wait) -> Self {
        Self::TooManyCodes(wait)
    }
}

impl FactorFailure {
    /// Whether a code was compared and was another one.
    pub(super) fn is_wrong_code(&self) -> bool {
        matches!(self, Self::CodeWrong | Self::BackupCodeWrong)
    }

    /// Better Auth's code and message; none for failures on our side.
    pub fn code_and_message(&self) -> Option<(&'static str, &'static str)> {
        Some(match self {
            Self::ChallengeOver => ("INVALID_TWO_FACTOR_COOKIE", "Invalid two factor cookie"),
            Self::TooManyAttempts | Self::OtpSpent => (
                "TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE",
                "Too many attempts. Please request a new code.",
            ),
            Self::Locked => (
                "ACCOUNT_TEMPORARILY_LOCKED",
                "Too many failed verification attempts. Your account is temporarily locked. Please try again later.",
            ),
            Self::CodeWrong => ("INVALID_CODE", "Invalid code"),
            Self::BackupCodeWrong => ("INVALID_BACKUP_CODE", "Invalid backup code"),
            Self::OtpExpired => ("OTP_HAS_EXPIRED", "OTP has expired"),
            Self::TotpNotEnabled => ("TOTP_NOT_ENABLED", "TOTP not enabled"),
            Self::TotpAlreadyEnabled => ("TOTP_ALREADY_ENABLED", "TOTP is already enabled"),
            Self::NotEnabled => ("TWO_FACTOR_NOT_ENABLED", "Two factor isn't enabled"),
            Self::NoBackupCodes => ("BACKUP_CODES_NOT_ENABLED", "Backup codes aren't enabled"),
            Self::PasswordWrong => ("INVALID_PASSWORD", "Invalid password"),
            Self::NotFresh => ("SESSION_NOT_FRESH", "Session is not fresh"),
            Self::TooManyCodes(_) | Self::Other(_) => return None,
        })
    }
}
