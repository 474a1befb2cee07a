//! What the browser may learn when something did not work. Library text never gets in here.

use domain::{
    FieldError,
    plan::{Limit, Plan},
};
use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};

/// The failure of a server function, as a page or a script sees it.
///
/// There is no `From` for other errors on purpose: each failure is translated by hand
/// ([`crate::server::reject`]), so that no database or library text travels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "error", content = "detail", rename_all = "camelCase")]
pub enum AppError {
    /// What was typed breaks the rules: one entry a problem.
    #[error("{}", invalid_summary(.0.len()))]
    Invalid(Vec<FieldError>),
    /// A sentence made for the person, with the status it is answered with.
    #[error("{message}")]
    Message {
        /// HTTP status of the answer.
        status: u16,
        /// The sentence.
        message: String,
    },
    /// There is no session, or it has ended.
    #[error("You've been signed out. Sign in to go on.")]
    SignedOut,
    /// The sign-in was too long ago for what was asked: `/confirm` asks again.
    #[error("Confirm that it's you first.")]
    NotFresh,
    /// The thing does not exist, or belongs to somebody else.
    #[error("We can't find that.")]
    NotFound,
    /// The caller is known and may not do this.
    #[error("You don't have access to this.")]
    Forbidden,
    /// The plan is used up: a larger one allows more.
    #[error("{message}")]
    PlanRequired {
        /// What is used up, and what would help.
        message: String,
        /// What is used up.
        limit: Limit,
        /// The smallest plan that helps.
        plan: Option<Plan>,
    },
    /// Too much to do at once; worth another try in a second.
    #[error("We're busy right now. Your data is safe. Try again in a moment.")]
    Busy,
    /// A failure on our side; the reference finds it in the log.
    #[error("Something went wrong on our side. Your data is safe. Reference: {reference}")]
    Internal {
        /// The request's id.
        reference: String,
    },
}

impl AppError {
    /// A sentence for the person with the status it is answered with.
    pub fn message(status: u16, message: impl Into<String>) -> Self {
        Self::Message { status, message: message.into() }
    }

    /// `plan` has no room for more of `limit`.
    pub fn plan_required(limit: Limit, plan: Plan) -> Self {
        Self::PlanRequired { message: limit.refusal(plan), limit, plan: plan.next_for(limit) }
    }

    /// The HTTP status of this failure.
    pub fn status(&self) -> u16 {
        match self {
            Self::Invalid(_) => 422,
            Self::Message { status, .. } => *status,
            Self::SignedOut => 401,
            Self::NotFound => 404,
            Self::Forbidden | Self::NotFresh | Self::PlanRequired { .. } => 403,
            Self::Busy => 503,
            Self::Internal { .. } => 500,
        }
    }

    /// The problems of single fields; empty for every other failure.
    pub fn fields(&self) -> &[FieldError] {
        match self {
            Self::Invalid(fields) => fields,
            _ => &[],
        }
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    /// The framework's own failures: a body that does not fit the arguments is the sender's, the rest is ours.
    fn from_server_fn_error(value: ServerFnErrorErr) -> Self {
        match value {
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Deserialization(_) => {
                Self::message(400, "We couldn't read that form. Reload the page and try again.")
            }
            _ => Self::Internal { reference: reference() },
        }
    }
}

/// The heading over several problems: "Check 2 fields".
pub fn invalid_summary(problems: usize) -> String {
    match problems {
        1 => "Check 1 field".to_owned(),
        n => format!("Check {n} fields"),
    }
}

#[cfg(feature = "ssr")]
fn reference() -> String {
    crate::server::reference()
}

#[cfg(not(feature = "ssr"))]
fn reference() -> String {
    String::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_has_the_status_of_its_kind() {
        let cases = [
            (AppError::Invalid(Vec::new()), 422),
            (AppError::message(429, "Too many tries."), 429),
            (AppError::SignedOut, 401),
            (AppError::NotFound, 404),
            (AppError::Forbidden, 403),
            (AppError::NotFresh, 403),
            (AppError::plan_required(Limit::Accounts, Plan::Free), 403),
            (AppError::Busy, 503),
            (AppError::Internal { reference: "r1".into() }, 500),
        ];

        for (error, status) in cases {
            assert_eq!(error.status(), status, "{error:?}");
        }
    }

    #[test]
    fn the_frameworks_own_words_never_travel() {
        let secret = "invalid type: string \"hunter2\", expected i64 at line 1";
        let kinds: [fn(String) -> ServerFnErrorErr; 5] = [
            ServerFnErrorErr::Args,
            ServerFnErrorErr::MissingArg,
            ServerFnErrorErr::Deserialization,
            ServerFnErrorErr::ServerError,
            ServerFnErrorErr::Response,
        ];

        for kind in kinds {
            let error = AppError::from_server_fn_error(kind(secret.to_owned()));

            let sent = String::from_utf8(error.ser().to_vec()).unwrap();
            assert!(!sent.contains("hunter2"), "{sent}");
        }
    }

    #[test]
    fn a_failure_survives_the_way_to_the_browser_and_back() {
        let error = AppError::message(409, "This bank account already exists.");

        assert_eq!(AppError::de(error.ser()), error);
        let full = AppError::plan_required(Limit::Accounts, Plan::Free);
        assert_eq!(AppError::de(full.clone().ser()), full);
    }
}
