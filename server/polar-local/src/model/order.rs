//! An order, its lines and its refunds.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Address, Row, words};
use crate::{json::Json, moment::Moment};

/// An order.
#[derive(Clone, Serialize, Deserialize)]
pub struct Order {
    pub id: Uuid,
    pub created_at: Moment,
    pub modified_at: Option<Moment>,
    pub status: OrderStatus,
    pub tax: i64,
    pub applied_balance: i64,
    pub refunded: i64,
    pub refunded_tax: i64,
    pub reason: Reason,
    pub billing_name: Option<String>,
    pub billing_address: Option<Address>,
    pub invoice_number: String,
    pub invoice_made: bool,
    /// When an invoice that was asked for is ready.
    pub invoice_due: Option<Moment>,
    pub receipt_number: Option<String>,
    pub seats: Option<i64>,
    pub customer: Uuid,
    pub product: Uuid,
    pub subscription: Option<Uuid>,
    pub checkout: Option<Uuid>,
    pub next_attempt: Option<Moment>,
    /// When its first charge failed; retries are counted from here.
    pub failed_at: Option<Moment>,
    pub retries: usize,
    pub metadata: Json,
    pub items: Vec<Item>,
}

/// A line of an order.
#[derive(Clone, Serialize, Deserialize)]
pub struct Item {
    pub id: Uuid,
    pub created_at: Moment,
    pub label: String,
    pub amount: i64,
    pub tax: i64,
    pub proration: bool,
    pub price: Option<Uuid>,
    pub period: Option<(Moment, Moment)>,
}

/// Where an order is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OrderStatus {
    Pending,
    Paid,
    PartiallyRefunded,
    Refunded,
    Void,
}

words!(OrderStatus {
    Pending = "pending",
    Paid = "paid",
    PartiallyRefunded = "partially_refunded",
    Refunded = "refunded",
    Void = "void",
});

/// Why an order was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reason {
    Purchase,
    Create,
    Cycle,
    Update,
}

words!(Reason {
    Purchase = "purchase",
    Create = "subscription_create",
    Cycle = "subscription_cycle",
    Update = "subscription_update",
});

/// Money given back.
#[derive(Clone, Serialize, Deserialize)]
pub struct Refund {
    pub id: Uuid,
    pub created_at: Moment,
    pub modified_at: Option<Moment>,
    pub status: RefundStatus,
    pub reason: String,
    pub amount: i64,
    pub tax: i64,
    pub order: Uuid,
    pub subscription: Option<Uuid>,
    pub customer: Uuid,
    pub revoke_benefits: bool,
    pub metadata: Json,
    /// When a pending one succeeds.
    pub due: Option<Moment>,
}

/// Where a refund is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RefundStatus {
    Pending,
    Succeeded,
}

words!(RefundStatus { Pending = "pending", Succeeded = "succeeded" });

impl Order {
    /// Before tax.
    pub fn net(&self) -> i64 {
        self.items.iter().map(|item| item.amount).sum()
    }

    /// With tax.
    pub fn total(&self) -> i64 {
        self.net() + self.tax
    }

    /// What a card has to pay.
    pub fn due(&self) -> i64 {
        (self.total() + self.applied_balance).max(0)
    }

    /// It was paid, whatever came back since.
    pub const fn is_paid(&self) -> bool {
        !matches!(self.status, OrderStatus::Pending | OrderStatus::Void)
    }

    /// What can still be given back, before tax.
    pub fn refundable(&self) -> i64 {
        (self.net() + self.applied_balance - self.refunded).max(0)
    }

    /// The tax that can still be given back.
    pub fn refundable_tax(&self) -> i64 {
        (self.tax - self.refunded_tax).max(0)
    }
}

impl Row for Order {
    fn id(&self) -> Uuid {
        self.id
    }
}

impl Row for Refund {
    fn id(&self) -> Uuid {
        self.id
    }
}
