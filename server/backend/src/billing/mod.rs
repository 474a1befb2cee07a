//! Plans and payments. Polar sells; its webhooks fill our tables; our tables answer who may use what.

mod apply;
mod effects;
mod entitlement;
mod inbox;
mod instant;
mod letters;
mod pending;
mod reconcile;
mod settings;
mod signature;
#[cfg(feature = "testing")]
pub mod testing;
mod wire;

pub(crate) use entitlement::of as entitlement_of;
pub use entitlement::{
    entitlement, get_subscription_details, get_user_subscription_status, grace,
    has_access_to_product, is_user_subscribed, user_with_subscription,
};
pub use inbox::{Delivery, Received, Refused, count_rejected, list as deliveries, receive, replay};
pub(crate) use inbox::{apply_stored, replay_in, sweep};
pub use pending::{
    BillingFailure, Drift, Invoice, PlanUse, When, cancel, catalogue, change_plan, check_again,
    checkout_progress, drift, invoice, keep_plan, open_portal, orders, plan_use, resume,
    start_checkout,
};
pub use settings::{API_VERSION, BillingSettings, PolarServer};
pub use signature::{Forged, Headers};

#[cfg(test)]
mod tests;
