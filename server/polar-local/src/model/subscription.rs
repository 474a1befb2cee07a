//! A subscription and what it grants.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Item, Row, words};
use crate::{
    json::Json,
    moment::{Interval, Moment},
};

/// A subscription.
#[derive(Clone, Serialize, Deserialize)]
pub struct Subscription {
    pub id: Uuid,
    pub created_at: Moment,
    pub modified_at: Option<Moment>,
    pub amount: i64,
    pub interval: Interval,
    pub status: Status,
    pub period_start: Moment,
    pub period_end: Moment,
    pub trial_start: Option<Moment>,
    pub trial_end: Option<Moment>,
    pub cancel_at_period_end: bool,
    pub canceled_at: Option<Moment>,
    pub started_at: Moment,
    pub ends_at: Option<Moment>,
    pub ended_at: Option<Moment>,
    pub past_due_at: Option<Moment>,
    pub pause_at_period_end: bool,
    pub paused_at: Option<Moment>,
    pub resumes_at: Option<Moment>,
    pub customer: Uuid,
    pub product: Uuid,
    pub checkout: Option<Uuid>,
    pub seats: Option<i64>,
    pub cancellation_reason: Option<String>,
    pub cancellation_comment: Option<String>,
    pub metadata: Json,
    pub custom_field_data: Json,
    pub pending: Option<PendingUpdate>,
    /// What the next order charges on top: differences of plan changes.
    pub carried: Vec<Item>,
    /// When the period of its meters began, and their id.
    pub meter: Option<Uuid>,
}

/// A change for the next period.
#[derive(Clone, Serialize, Deserialize)]
pub struct PendingUpdate {
    pub id: Uuid,
    pub created_at: Moment,
    pub applies_at: Moment,
    pub product: Option<Uuid>,
    pub seats: Option<i64>,
}

/// Where a subscription is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    Trialing,
    Active,
    PastDue,
    Paused,
    Canceled,
}

words!(Status {
    Trialing = "trialing",
    Active = "active",
    PastDue = "past_due",
    Paused = "paused",
    Canceled = "canceled",
});

/// A benefit that a subscription or an order gives.
#[derive(Clone, Serialize, Deserialize)]
pub struct Grant {
    pub id: Uuid,
    pub created_at: Moment,
    pub modified_at: Option<Moment>,
    pub granted_at: Option<Moment>,
    pub revoked_at: Option<Moment>,
    pub subscription: Option<Uuid>,
    pub order: Option<Uuid>,
    pub customer: Uuid,
    pub benefit: Uuid,
    pub properties: Json,
    pub previous_properties: Json,
}

impl Subscription {
    /// Trial or normal.
    pub const fn is_active(&self) -> bool {
        matches!(self.status, Status::Trialing | Status::Active)
    }

    /// Its periods go on.
    pub const fn is_billable(&self) -> bool {
        self.is_active() || matches!(self.status, Status::PastDue)
    }
}

impl Row for Subscription {
    fn id(&self) -> Uuid {
        self.id
    }
}

impl Row for Grant {
    fn id(&self) -> Uuid {
        self.id
    }
}
