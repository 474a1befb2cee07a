//! A checkout.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Address, CardKind, Row, words};
use crate::{
    json::Json,
    moment::{Interval, Moment},
};

/// A page on which something is bought.
#[derive(Clone, Serialize, Deserialize)]
pub struct Checkout {
    pub id: Uuid,
    pub created_at: Moment,
    pub modified_at: Option<Moment>,
    pub status: CheckoutStatus,
    pub client_secret: String,
    pub expires_at: Moment,
    pub success_url: String,
    pub return_url: Option<String>,
    pub embed_origin: Option<String>,
    pub products: Vec<Uuid>,
    pub product: Uuid,
    pub seats: Option<i64>,
    pub customer: Option<Uuid>,
    pub external_customer_id: Option<String>,
    pub customer_name: Option<String>,
    pub customer_email: Option<String>,
    pub customer_ip: Option<String>,
    pub address: Option<Address>,
    pub tax: Option<i64>,
    pub allow_trial: bool,
    pub trial: Option<(Interval, i64)>,
    pub trial_end: Option<Moment>,
    pub allow_discount_codes: bool,
    pub require_billing_address: bool,
    pub locale: Option<String>,
    pub metadata: Json,
    pub customer_metadata: Json,
    pub custom_field_data: Json,
    /// The free subscription that becomes a paid one.
    pub subscription: Option<Uuid>,
    /// What went wrong at the last try.
    pub notice: Option<Notice>,
    /// A card that waits for its holder's approval.
    pub waiting: Option<CardKind>,
    /// The `checkout.updated` that says `succeeded`.
    pub told_by: Option<Uuid>,
    /// The session that its success page gets.
    pub session: Option<Uuid>,
}

/// Where a checkout is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CheckoutStatus {
    Open,
    Expired,
    Confirmed,
    Succeeded,
}

words!(CheckoutStatus {
    Open = "open",
    Expired = "expired",
    Confirmed = "confirmed",
    Succeeded = "succeeded",
});

/// Why a payment was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Notice {
    Declined,
    Insufficient,
    NotApproved,
    AlreadySubscribed,
}

impl Row for Checkout {
    fn id(&self) -> Uuid {
        self.id
    }
}
