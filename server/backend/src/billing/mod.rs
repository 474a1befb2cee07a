//! Plans and payments. Polar sells; its webhooks fill our tables; our tables answer who may use what.

mod allowance;
mod apply;
mod effects;
mod entitlement;
mod gift;
mod inbox;
mod instant;
mod letters;
mod reconcile;
mod settings;
mod signature;
#[cfg(feature = "testing")]
pub mod testing;
mod wire;

pub use allowance::{PlanUse, plan_use};
pub(crate) use allowance::{admit, history_start};
pub use entitlement::{
    entitlement, get_subscription_details, get_user_subscription_status, grace,
    has_access_to_product, is_user_subscribed, user_with_subscription,
};
pub(crate) use gift::give;
pub use gift::give_plan;
pub use inbox::{Delivery, Received, Refused, count_rejected, list as deliveries, receive, replay};
pub(crate) use inbox::{apply_stored, sweep};
pub use settings::{API_VERSION, BillingSettings, PolarServer};
pub use signature::{Forged, Headers};

#[cfg(test)]
pub(crate) mod tests;
