//! Everything, as the state file holds it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Checkout, Customer, Grant, Order, Refund, Session, Subscription, Table};
use crate::{delivery::Outbox, faults::Fault, json::Json, moment::Moment};

/// Everything that happened.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct World {
    pub clock: Clock,
    /// How many ids were drawn.
    pub drawn: u64,
    /// How many invoices were numbered.
    pub invoices: u64,
    pub customers: Table<Customer>,
    pub sessions: Table<Session>,
    pub checkouts: Table<Checkout>,
    pub subscriptions: Table<Subscription>,
    pub orders: Table<Order>,
    pub refunds: Table<Refund>,
    pub grants: Table<Grant>,
    pub usage: Vec<Usage>,
    /// Customers whose state changed, and when that is told.
    pub states_due: Vec<(Uuid, Moment)>,
    pub outbox: Outbox,
    pub faults: Vec<Fault>,
}

/// The stand-in's own time.
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Clock {
    /// How far it is ahead of the real one, in microseconds.
    pub ahead: i64,
    /// The last instant that was printed; none is printed twice.
    pub last: Moment,
}

/// One metered event.
#[derive(Clone, Serialize, Deserialize)]
pub struct Usage {
    pub external_id: Option<String>,
    pub name: String,
    pub customer: Option<Uuid>,
    pub external_customer_id: Option<String>,
    pub at: Moment,
    pub metadata: Json,
}
