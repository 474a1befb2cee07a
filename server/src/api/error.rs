//! Refusals of the use cases as answers of the API.

use std::{borrow::Cow, error::Error as _, fmt::Write as _};

use axum::http::{HeaderValue, StatusCode, header};
use backend::Error;
use domain::FieldError;

use crate::http::Failure;

/// The code of an answer with `fields`.
const INVALID: &str = "VALIDATION_FAILED";

/// What the API answers to an error of a use case. Failures of ours are logged here, and not shown.
pub(crate) fn reject(error: Error) -> Failure {
    let outage = error.is_outage();
    match error {
        Error::Invalid(fields) => invalid(&fields),
        Error::NotFound(what) => not_found(what),
        Error::AlreadyExists(what) => conflict(format!("This {what} already exists.")),
        Error::Forbidden(_) => Failure::of(StatusCode::FORBIDDEN),
        Error::PlanRequired { limit, plan } => {
            Failure::new(StatusCode::FORBIDDEN, "PLAN_REQUIRED", limit.refusal(plan))
        }
        Error::Expired(what) => {
            Failure::new(StatusCode::GONE, "GONE", format!("This {what} has expired."))
        }
        Error::KeyReused => Failure::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "IDEMPOTENCY_KEY_REUSED",
            "This Idempotency-Key came with another request before.",
        ),
        Error::KeyInUse => again_soon(Failure::new(
            StatusCode::CONFLICT,
            "IDEMPOTENCY_KEY_IN_USE",
            "The first request with this Idempotency-Key is still running.",
        )),
        Error::Busy => again_soon(Failure::of(StatusCode::SERVICE_UNAVAILABLE)),
        Error::Bank { problem, bank } => {
            let status = StatusCode::from_u16(app::server::bank_status(problem));
            let status = status.unwrap_or(StatusCode::BAD_GATEWAY);
            Failure::new(status, "BANK", problem.sentence(&bank))
        }
        ours => {
            log(&ours);
            if outage {
                again_soon(Failure::of(StatusCode::SERVICE_UNAVAILABLE))
            } else {
                Failure::of(StatusCode::INTERNAL_SERVER_ERROR)
            }
        }
    }
}

/// Fields that break rules: 422 with all of them.
pub(crate) fn invalid(fields: &[FieldError]) -> Failure {
    let failure = Failure::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        INVALID,
        "Some fields don't fit. See what is wrong with each.",
    );
    fields
        .iter()
        .fold(failure, |failure, error| failure.field(&error.field, &error.code, &error.message))
}

/// The same for what is not there and for what is somebody else's.
pub(super) fn not_found(what: &str) -> Failure {
    Failure::new(StatusCode::NOT_FOUND, "NOT_FOUND", format!("There is no such {what}."))
}

fn conflict(message: impl Into<Cow<'static, str>>) -> Failure {
    Failure::new(StatusCode::CONFLICT, "CONFLICT", message)
}

fn again_soon(failure: Failure) -> Failure {
    failure.header(header::RETRY_AFTER, HeaderValue::from_static("1"))
}

/// One line with every cause, for us.
fn log(error: &Error) {
    let mut causes = String::new();
    let mut source = error.source();
    while let Some(cause) = source {
        // Writing into a String cannot fail.
        let _ = write!(causes, ": {cause}");
        source = cause.source();
    }
    tracing::error!(causes, "a use case failed: {error}");
}

#[cfg(test)]
mod tests {
    use domain::{
        Code,
        connection::BankProblem,
        plan::{Limit, Plan},
        provider::TroubleKind,
    };

    use super::*;

    fn bank(problem: BankProblem) -> Error {
        Error::Bank { problem, bank: "First Harbor".to_owned() }
    }

    #[test]
    fn every_refusal_has_its_status_and_its_code() {
        let retry =
            |failure: &Failure| failure.headers.iter().any(|(name, _)| name == header::RETRY_AFTER);
        for (error, status, code, again) in [
            (Error::field("page", Code::PageRange), 422, INVALID, false),
            (Error::NotFound("account"), 404, "NOT_FOUND", false),
            (Error::AlreadyExists("account"), 409, "CONFLICT", false),
            (Error::Forbidden("this"), 403, "FORBIDDEN", false),
            (
                Error::PlanRequired { limit: Limit::Accounts, plan: Plan::Free },
                403,
                "PLAN_REQUIRED",
                false,
            ),
            (Error::Expired("import"), 410, "GONE", false),
            (Error::KeyReused, 422, "IDEMPOTENCY_KEY_REUSED", false),
            (Error::KeyInUse, 409, "IDEMPOTENCY_KEY_IN_USE", true),
            (Error::Busy, 503, "BUSY", true),
            (bank(BankProblem::BadAnswer), 502, "BANK", false),
            (bank(BankProblem::Trouble(TroubleKind::NeedsLogin)), 409, "BANK", false),
            (Error::Corrupt("field"), 500, "INTERNAL", false),
        ] {
            let failure = reject(error);
            assert_eq!(
                (failure.status.as_u16(), &*failure.code, retry(&failure)),
                (status, code, again)
            );
        }
    }

    #[test]
    fn words_of_ours_stay_with_us() {
        let failure =
            reject(Error::Upstream { service: "import", reason: "secret host".to_owned() });

        assert!(!failure.message.contains("secret") && !failure.message.contains("import"));
    }
}
