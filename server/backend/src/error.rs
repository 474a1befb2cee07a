//! What can go wrong in a use case. Library text stays in here: `server` and `app` show their own words.

use domain::{
    FieldError,
    connection::BankProblem,
    plan::{Limit, Plan},
};
use sqlx::error::{DatabaseError, ErrorKind};

/// The result of a use case.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a use case did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The thing does not exist, or belongs to somebody else: the two are never told apart.
    #[error("{0} not found")]
    NotFound(&'static str),
    /// A unique rule of the product would be broken.
    #[error("{0} already exists")]
    AlreadyExists(&'static str),
    /// The caller is known and may not do this.
    #[error("{0} is not allowed")]
    Forbidden(&'static str),
    /// The caller's plan is used up: a larger one allows more.
    #[error("the plan {} allows no more {}", .plan.code(), .limit.code())]
    PlanRequired {
        /// What is used up.
        limit: Limit,
        /// The plan that allows no more of it.
        plan: Plan,
    },
    /// What was typed breaks the rules; one entry a problem, with the field's name.
    #[error("{} fields are not valid", .0.len())]
    Invalid(Vec<FieldError>),
    /// The thing was valid once.
    #[error("{0} has expired")]
    Expired(&'static str),
    /// A bounded queue is full: worth another try in a second.
    #[error("busy")]
    Busy,
    /// The same `Idempotency-Key` came with another request.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// The request with the same `Idempotency-Key` is still being answered.
    #[error("the first request with this idempotency key is still running")]
    KeyInUse,
    /// Something that is stored cannot be read: a changed ciphertext, an unknown key, a value outside its set.
    #[error("stored {0} cannot be read")]
    Corrupt(&'static str),
    /// A bank, or the provider before it, did not do what it was asked. What to do follows from the problem alone.
    #[error("the bank did not answer as asked: {problem}")]
    Bank {
        /// What is wrong.
        problem: BankProblem,
        /// The bank's name, or the provider's where it is not known.
        bank: String,
    },
    /// Somebody else's server failed.
    #[error("{service} failed: {reason}")]
    Upstream {
        /// Which service, in one word.
        service: &'static str,
        /// For the log, never for a person.
        reason: String,
    },
    /// Not the caller's fault. Logged at the edge, never shown.
    #[error("database")]
    Database(#[from] sqlx::Error),
}

impl Error {
    /// One field that breaks one rule.
    pub fn field(name: &str, code: domain::Code) -> Self {
        Self::Invalid(vec![FieldError::new(name, code)])
    }

    /// Whether the database could not be reached or has no time for us, so that the same request may work
    /// soon: connection errors, a full pool, a server that is shutting down or standing by (SQLSTATE 08,
    /// 57P01 to 57P03, 25006).
    pub fn is_outage(&self) -> bool {
        let Self::Database(error) = self else { return false };
        match error {
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => true,
            sqlx::Error::Database(error) => error.code().is_some_and(|code| {
                code.starts_with("08") || ["57P01", "57P02", "57P03", "25006"].contains(&&*code)
            }),
            _ => false,
        }
    }
}

/// An error with all its causes, on one line, for the log.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

/// `….on_conflict("budget")?`: the statement says which rule it can break.
pub trait OnConflict<T> {
    /// Turns a unique violation into [`Error::AlreadyExists`].
    fn on_conflict(self, what: &'static str) -> Result<T>;
}

impl<T> OnConflict<T> for std::result::Result<T, sqlx::Error> {
    fn on_conflict(self, what: &'static str) -> Result<T> {
        self.map_err(|error| match error.as_database_error().map(DatabaseError::kind) {
            Some(ErrorKind::UniqueViolation) => Error::AlreadyExists(what),
            _ => Error::Database(error),
        })
    }
}
