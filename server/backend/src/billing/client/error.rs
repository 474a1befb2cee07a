//! Why Polar did not do what it was asked. Names of errors and of fields, never what was sent: the message of a
//! refused field may repeat somebody's address.

use std::time::Duration;

use http::StatusCode;
use serde::Deserialize;

use crate::{
    Error,
    outgoing::{Hope, OutgoingError},
};

/// A call that did not work.
#[derive(Debug, thiserror::Error)]
pub enum PolarError {
    /// 401: `POLAR_ACCESS_TOKEN` is wrong, expired or revoked, or of the other Polar.
    #[error("the token is wrong, or of another Polar")]
    WrongToken,
    /// 403: the token may not do this.
    #[error("the token has no scope for this")]
    MissingScope,
    /// 404 without a name: nothing exists in this version of the API.
    #[error("this version of the API is not supported")]
    UnsupportedVersion,
    /// There is no such object.
    #[error("there is no such thing")]
    NotFound,
    /// 422: the names of the fields.
    #[error("refused because of {}", .0.join(", "))]
    Validation(Vec<String>),
    /// 402: the card was declined, and nothing changed.
    #[error("the payment failed")]
    PaymentFailed,
    /// 403: there is a subscription that money is collected for.
    #[error("there is a subscription already")]
    AlreadyActiveSubscription,
    /// 403: it has ended, or will at the end of the period.
    #[error("the subscription is canceled already")]
    AlreadyCanceled,
    /// 409: another change of it is not finished.
    #[error("the subscription is being changed")]
    SubscriptionLocked,
    /// 403: the organization cannot take money yet.
    #[error("the organization cannot take payments")]
    PaymentNotReady,
    /// 422: an invoice needs an address.
    #[error("the invoice has no billing details")]
    BillingDetailsMissing,
    /// 429, or our own budget: worth another try after this time.
    #[error("too many calls")]
    RateLimited(Duration),
    /// 5xx.
    #[error("status {0}")]
    Broken(u16),
    /// No answer.
    #[error("no answer")]
    Unreachable(#[from] OutgoingError),
    /// An answer without what we need of it.
    #[error("the answer cannot be read")]
    Unreadable,
    /// The request could not be made: a token with a line break, for example.
    #[error("the request cannot be made")]
    Unsendable,
    /// Anything else: the status and Polar's name for it.
    #[error("status {0}: {1}")]
    Refused(u16, String),
}

/// The body of an error, in any of its shapes.
#[derive(Deserialize, Default)]
struct Body {
    #[serde(default)]
    error: Option<String>,
    #[serde(default)]
    detail: serde_json::Value,
}

impl PolarError {
    /// What an answer other than success, 429 and 5xx means.
    pub(super) fn read(status: StatusCode, body: &[u8]) -> Self {
        let body: Body = serde_json::from_slice(body).unwrap_or_default();
        let name = body.error.as_deref().unwrap_or_default();
        match (status.as_u16(), name) {
            (401, _) => Self::WrongToken,
            (402, _) => Self::PaymentFailed,
            (403, "insufficient_scope") => Self::MissingScope,
            (403, "AlreadyActiveSubscription" | "AlreadyActiveSubscriptionError") => {
                Self::AlreadyActiveSubscription
            }
            (403, "AlreadyCanceledSubscription" | "InactiveSubscription") => Self::AlreadyCanceled,
            (403, "PaymentNotReady") => Self::PaymentNotReady,
            (404, "") => Self::UnsupportedVersion,
            (404, _) => Self::NotFound,
            (409, "SubscriptionLocked") => Self::SubscriptionLocked,
            (422, "MissingInvoiceBillingDetails") => Self::BillingDetailsMissing,
            (422, _) => Self::Validation(fields(&body.detail)),
            (status, name) => Self::Refused(status, plain(name)),
        }
    }

    /// A word for the metrics.
    pub(super) fn word(&self) -> &'static str {
        match self {
            Self::WrongToken => "wrong_token",
            Self::MissingScope => "missing_scope",
            Self::UnsupportedVersion => "unsupported_version",
            Self::NotFound => "not_found",
            Self::Validation(_) | Self::BillingDetailsMissing => "validation",
            Self::PaymentFailed => "payment_failed",
            Self::AlreadyActiveSubscription | Self::AlreadyCanceled | Self::SubscriptionLocked => {
                "conflict"
            }
            Self::PaymentNotReady => "payment_not_ready",
            Self::RateLimited(_) => "rate_limited",
            Self::Broken(_) => "broken",
            Self::Unreachable(_) => "unreachable",
            Self::Unreadable => "unreadable",
            Self::Unsendable | Self::Refused(..) => "refused",
        }
    }

    /// Whether only an operator can mend it.
    pub fn is_ours(&self) -> bool {
        matches!(
            self,
            Self::WrongToken
                | Self::MissingScope
                | Self::UnsupportedVersion
                | Self::PaymentNotReady
                | Self::Unreadable
                | Self::Unsendable
                // A redirect or an unknown method is a mistake of ours; a conflict is one of its moment.
                | Self::Refused(..=402 | 404..=408 | 410.., _)
        )
    }

    /// Whether the same call may work later.
    pub fn is_outage(&self) -> bool {
        matches!(self, Self::RateLimited(_) | Self::Broken(_) | Self::Unreachable(_))
    }

    /// Whether the same call may work in a moment.
    pub(super) fn hope(&self) -> Hope {
        match self {
            Self::RateLimited(asked) => Hope::After(*asked),
            Self::Unreachable(error) if error.is_passing() => Hope::Soon,
            Self::Broken(_) => Hope::Soon,
            _ => Hope::None,
        }
    }

    /// Whether Polar may have done what it was asked all the same.
    pub(in crate::billing) fn is_unsure(&self) -> bool {
        matches!(self, Self::Broken(_) | Self::Unreachable(_) | Self::Unreadable)
    }
}

impl From<PolarError> for Error {
    fn from(error: PolarError) -> Self {
        Self::Upstream { service: "polar", reason: crate::error::chain(&error) }
    }
}

/// The places that a validation error names: `body.email`.
fn fields(detail: &serde_json::Value) -> Vec<String> {
    let place = |problem: &serde_json::Value| {
        let parts = problem["loc"].as_array()?.iter().map(|part| match part.as_str() {
            Some(name) => plain(name),
            None => plain(&part.to_string()),
        });
        Some(parts.collect::<Vec<_>>().join("."))
    };
    detail.as_array().into_iter().flatten().filter_map(place).collect()
}

/// A name, and nothing that somebody typed.
fn plain(name: &str) -> String {
    let known = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    name.chars().filter(known).take(64).collect()
}
