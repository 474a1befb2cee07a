//! Metered use: counting what was sent to `/v1/events/ingest`.

use uuid::Uuid;

use crate::{
    catalog,
    model::{Customer, Subscription, World},
    moment::Moment,
};

/// The event that the only meter counts.
pub const COUNTED: &str = "api_call";

/// Two units cost a cent.
const UNITS_A_CENT: i64 = 2;

/// How much was used.
pub struct Meter {
    pub id: Option<Uuid>,
    pub created_at: Moment,
    pub modified_at: Option<Moment>,
    pub consumed: i64,
    pub credited: i64,
}

impl Meter {
    /// What the use beyond the credit costs, in cents.
    pub fn amount(&self) -> i64 {
        ((self.consumed - self.credited).max(0) + UNITS_A_CENT - 1) / UNITS_A_CENT
    }
}

/// The meter of a subscription in its current period; `None` if its product is not metered.
pub fn of_subscription(world: &World, sub: &Subscription) -> Option<Meter> {
    let credited =
        catalog::find(sub.product)?.benefits.iter().find_map(|benefit| benefit.credit)?;
    let used = counted(world, sub.customer, sub.period_start);
    Some(Meter {
        id: sub.meter,
        created_at: sub.created_at,
        modified_at: used.last().copied(),
        consumed: i64::try_from(used.len()).unwrap_or(i64::MAX),
        credited,
    })
}

/// The meter of a customer; `None` if nothing was used and no subscription is metered.
pub fn of_customer(world: &World, customer: &Customer) -> Option<Meter> {
    let metered = world
        .subscriptions
        .iter()
        .filter(|sub| sub.customer == customer.id && sub.is_active())
        .find_map(|sub| of_subscription(world, sub));
    if metered.is_some() {
        return metered;
    }
    let used = counted(world, customer.id, Moment::default());
    Some(Meter {
        id: Some(customer.id),
        created_at: *used.first()?,
        modified_at: used.last().copied(),
        consumed: i64::try_from(used.len()).unwrap_or(i64::MAX),
        credited: 0,
    })
}

fn counted(world: &World, customer: Uuid, since: Moment) -> Vec<Moment> {
    let known = world.customers.find(customer);
    let external = known.as_ref().and_then(|known| known.external_id.as_deref());
    world
        .usage
        .iter()
        .filter(|event| event.name == COUNTED && event.at >= since)
        .filter(|event| {
            event.customer == Some(customer)
                || (external.is_some() && event.external_customer_id.as_deref() == external)
        })
        .map(|event| event.at)
        .collect()
}
