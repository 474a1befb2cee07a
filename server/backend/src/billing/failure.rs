//! Why somebody could not buy or change what they have, in words for programs and for people.

use domain::wait;

use super::client::PolarError;
use crate::{Error, limits::Wait};

/// A refused act of billing.
#[derive(Debug, thiserror::Error)]
pub enum BillingFailure {
    /// Nothing is sold here.
    #[error("billing is switched off")]
    Off,
    /// There is a subscription that money is collected for: it can be changed, and no second one bought.
    #[error("there is a subscription already")]
    AlreadySubscribed,
    /// Nothing is sold under this name.
    #[error("nothing is sold under this name")]
    ProductUnknown,
    /// There is nothing that could be changed in this way.
    #[error("there is no such subscription")]
    NoSubscription,
    /// The plan ends with its period: it has to go on before it can be changed.
    #[error("the subscription ends")]
    Ending,
    /// The card was declined; nothing changed.
    #[error("the payment failed")]
    PaymentFailed,
    /// Another change is not finished.
    #[error("the subscription is being changed")]
    Locked,
    /// The invoice has no address to be made out to.
    #[error("the invoice has no billing details")]
    BillingDetailsMissing,
    /// The checkout could not begin.
    #[error("the checkout did not start")]
    NotCharged,
    /// Polar is out of reach.
    #[error("billing is out of reach")]
    Unavailable,
    /// Too often.
    #[error("too many tries")]
    TooManyTries(Wait),
    /// It does not exist, or is somebody else's.
    #[error("not found")]
    NotFound,
    /// Not about what was asked.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl BillingFailure {
    /// The word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Off => "BILLING_OFF",
            Self::AlreadySubscribed => "ALREADY_SUBSCRIBED",
            Self::ProductUnknown => "PRODUCT_UNKNOWN",
            Self::NoSubscription => "NO_SUBSCRIPTION",
            Self::Ending => "SUBSCRIPTION_ENDING",
            Self::PaymentFailed => "PAYMENT_FAILED",
            Self::Locked => "SUBSCRIPTION_LOCKED",
            Self::BillingDetailsMissing => "BILLING_DETAILS_MISSING",
            Self::NotCharged => "NOT_CHARGED",
            Self::Unavailable => "BILLING_UNAVAILABLE",
            Self::TooManyTries(_) => "TOO_MANY_REQUESTS",
            Self::NotFound => "NOT_FOUND",
            Self::Failed(_) => "INTERNAL_SERVER_ERROR",
        }
    }

    /// The status of an answer over HTTP.
    pub fn status(&self) -> u16 {
        match self {
            Self::ProductUnknown => 400,
            Self::PaymentFailed => 402,
            Self::Off | Self::NoSubscription | Self::NotFound => 404,
            Self::AlreadySubscribed | Self::Ending | Self::Locked => 409,
            Self::BillingDetailsMissing => 422,
            Self::TooManyTries(_) => 429,
            Self::NotCharged | Self::Unavailable => 503,
            Self::Failed(error) if error.is_outage() => 503,
            Self::Failed(_) => 500,
        }
    }

    /// What a person reads.
    pub fn sentence(&self) -> String {
        match self {
            Self::Off => "Nothing is for sale here: everybody has everything.",
            Self::AlreadySubscribed => "You have a plan already. You can change it instead.",
            Self::ProductUnknown => "This isn't for sale. Nothing was changed.",
            Self::NoSubscription => "There's no plan here that could be changed.",
            Self::Ending => "Your plan is ending. Keep it first, then change it.",
            Self::PaymentFailed => {
                "Your card was declined, and nothing was changed. Update your card and try again."
            }
            Self::Locked => {
                "Another change of your plan isn't finished yet. Wait a minute and try again."
            }
            Self::BillingDetailsMissing => {
                "Your billing address is missing. Add it in the customer portal, then ask again."
            }
            Self::NotCharged => "Checkout didn't start. You haven't been charged.",
            Self::Unavailable => "Billing can't be reached right now. Nothing was changed.",
            Self::TooManyTries(wait) => return wait::too_many_tries(wait.seconds()),
            Self::NotFound => "We can't find that.",
            Self::Failed(_) => "That didn't work. Try again in a moment.",
        }
        .to_owned()
    }
}

impl BillingFailure {
    /// What a person reads, with whom to write to where only waiting is left.
    pub fn sentence_with(&self, support: Option<&str>) -> String {
        let sentence = self.sentence();
        match (self, support) {
            (Self::Unavailable, Some(address)) => {
                format!("{sentence} Write to {address} if it can't wait.")
            }
            _ => sentence,
        }
    }
}

impl From<sqlx::Error> for BillingFailure {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<Wait> for BillingFailure {
    fn from(wait: Wait) -> Self {
        Self::TooManyTries(wait)
    }
}

impl From<PolarError> for BillingFailure {
    fn from(error: PolarError) -> Self {
        match error {
            PolarError::PaymentFailed => Self::PaymentFailed,
            PolarError::SubscriptionLocked => Self::Locked,
            PolarError::AlreadyActiveSubscription => Self::AlreadySubscribed,
            PolarError::AlreadyCanceled => Self::NoSubscription,
            PolarError::NotFound => Self::NotFound,
            PolarError::BillingDetailsMissing => Self::BillingDetailsMissing,
            PolarError::Validation(_) | PolarError::Refused(..) => Self::Failed(error.into()),
            // Whether Polar is down or does not take our token: the person can only come back later.
            _ => Self::Unavailable,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_not_charged_is_told_so() {
        assert_eq!(
            BillingFailure::NotCharged.sentence(),
            "Checkout didn't start. You haven't been charged."
        );
        let down = BillingFailure::from(PolarError::Broken(502));
        assert_eq!((down.code(), down.status()), ("BILLING_UNAVAILABLE", 503));
        assert_eq!(down.sentence(), "Billing can't be reached right now. Nothing was changed.");
    }

    #[test]
    fn who_can_only_wait_learns_whom_to_write_to() {
        let down = BillingFailure::Unavailable;
        assert_eq!(
            down.sentence_with(Some("help@bank.example")),
            "Billing can't be reached right now. Nothing was changed. Write to help@bank.example if it can't wait."
        );
        assert_eq!(down.sentence_with(None), down.sentence());
        let declined = BillingFailure::PaymentFailed;
        assert_eq!(declined.sentence_with(Some("help@bank.example")), declined.sentence());
    }

    #[test]
    fn a_wait_is_told_in_words() {
        let wait = Wait(std::time::Duration::from_secs(12));

        let failure = BillingFailure::from(wait);

        assert_eq!(failure.status(), 429);
        assert_eq!(failure.sentence(), "Too many tries. Wait 12 seconds and try again.");
    }
}
