//! Why a provider did not do what it was asked.

use domain::{connection::BankProblem, provider};
use secrecy::SecretString;

/// What kind of trouble: what to do follows from it alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TroubleKind {
    /// The person must sign in at the bank again.
    NeedsLogin,
    /// The person did not share what is needed.
    NeedsConsent,
    /// The person shared no checking or savings account.
    NoneShared,
    /// Still being fetched: later.
    NotReady,
    /// The bank does not answer: later, by itself.
    InstitutionDown,
    /// Too many requests: after so many seconds.
    RateLimited(u32),
    /// The pages changed while they were read: from the start.
    Changed,
    /// We asked wrongly.
    BadRequest,
    /// The connection has ended.
    Gone,
}

impl TroubleKind {
    /// The word in the database, in logs and metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NeedsLogin => "needs_login",
            Self::NeedsConsent => "needs_consent",
            Self::NoneShared => "none_shared",
            Self::NotReady => "not_ready",
            Self::InstitutionDown => "institution_down",
            Self::RateLimited(_) => "rate_limited",
            Self::Changed => "changed",
            Self::BadRequest => "bad_request",
            Self::Gone => "gone",
        }
    }
}

impl From<TroubleKind> for BankProblem {
    fn from(kind: TroubleKind) -> Self {
        Self::Trouble(match kind {
            TroubleKind::NeedsLogin => provider::TroubleKind::NeedsLogin,
            TroubleKind::NeedsConsent => provider::TroubleKind::NeedsConsent,
            TroubleKind::NotReady => provider::TroubleKind::NotReady,
            TroubleKind::InstitutionDown => provider::TroubleKind::InstitutionDown,
            TroubleKind::RateLimited(_) => provider::TroubleKind::RateLimited,
            TroubleKind::BadRequest => provider::TroubleKind::BadRequest,
            TroubleKind::Gone => provider::TroubleKind::Gone,
            TroubleKind::NoneShared => return Self::NoneShared,
            TroubleKind::Changed => return Self::Changed,
        })
    }
}

/// Why a provider did not do what it was asked. Its own words are never shown.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{code} ({request_id})")]
pub struct Trouble {
    /// What to do.
    pub kind: TroubleKind,
    /// The provider's code, for the log.
    pub code: String,
    /// The provider's id of the request, for the log.
    pub request_id: String,
}

/// A link that came to nothing.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{trouble}")]
pub struct FailedLink {
    /// Why.
    pub trouble: Trouble,
    /// The token of access that was given all the same: nobody has it, and it is billed for until it is ended.
    pub stray: Option<SecretString>,
}

impl From<Trouble> for FailedLink {
    fn from(trouble: Trouble) -> Self {
        Self { trouble, stray: None }
    }
}
