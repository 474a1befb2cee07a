//! Errors as the API writes them.

use crate::json::{Json, object};

/// A status and a body.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    pub status: u16,
    pub body: Json,
}

impl Refusal {
    /// `{"error", "detail"}`.
    pub fn new(status: u16, error: &str, detail: &str) -> Self {
        Self { status, body: object! { "error": error, "detail": detail } }
    }

    /// No such object.
    pub fn not_found() -> Self {
        Self::new(404, "ResourceNotFound", "Not found")
    }

    /// No such version of the API: the answer to everything.
    pub fn no_version() -> Self {
        Self { status: 404, body: object! { "detail": "Not Found" } }
    }

    /// No token.
    pub fn no_token() -> Self {
        Self::new(401, "Unauthorized", "Unauthorized")
    }

    /// A wrong token.
    pub fn bad_token() -> Self {
        let text = "The access token provided is expired, revoked, malformed, or invalid for other reasons.";
        Self { status: 401, body: object! { "error": "invalid_token", "error_description": text } }
    }

    /// The card was refused.
    pub fn payment_failed() -> Self {
        Self::new(402, "PaymentFailed", "Payment failed with reason: card_error.")
    }

    /// It is canceled already, now or at the end of the period.
    pub fn already_canceled() -> Self {
        let text = "This subscription is already canceled or will be at the end of the period.";
        Self::new(403, "AlreadyCanceledSubscription", text)
    }

    /// Neither a trial nor paid.
    pub fn inactive() -> Self {
        Self::new(403, "InactiveSubscription", "This subscription is not active.")
    }

    /// A payment is under way.
    pub fn locked() -> Self {
        Self::new(409, "SubscriptionLocked", "This subscription is pending an update.")
    }

    /// A value that Polar's own rules refuse.
    pub fn value(field: &str, message: &str, input: impl Into<Json>) -> Self {
        let at = ["body", field];
        Self::list("PolarRequestValidationError", "value_error", &at, message, input.into())
    }

    /// A value that is not of the type it should be.
    pub fn shape(kind: &str, at: &[&str], message: &str, input: impl Into<Json>) -> Self {
        Self::list("RequestValidationError", kind, at, message, input.into())
    }

    /// A field that is missing.
    pub fn missing(at: &[&str], input: &Json) -> Self {
        Self::shape("missing", at, "Field required", input)
    }

    fn list(error: &str, kind: &str, at: &[&str], message: &str, input: Json) -> Self {
        let detail = object! {
            "type": kind,
            "loc": at.to_vec(),
            "msg": message,
            "input": input,
        };
        Self { status: 422, body: object! { "error": error, "detail": vec![detail] } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_written_as_polar_writes_them() {
        let pairs = [
            (Refusal::no_token(), include_str!("../fixtures/errors/401.no-token.json")),
            (Refusal::bad_token(), include_str!("../fixtures/errors/401.bad-token.json")),
            (Refusal::payment_failed(), include_str!("../fixtures/errors/402.payment-failed.json")),
            (
                Refusal::already_canceled(),
                include_str!("../fixtures/errors/403.already-canceled.json"),
            ),
            (Refusal::not_found(), include_str!("../fixtures/errors/404.not-found.json")),
            (
                Refusal::no_version(),
                include_str!("../fixtures/errors/404.unknown-api-version.json"),
            ),
            (Refusal::locked(), include_str!("../fixtures/errors/409.subscription-locked.json")),
        ];

        for (refusal, file) in pairs {
            let file: Json = serde_json::from_str(file).unwrap();
            assert_eq!(refusal.body, file);
        }
    }
}
