//! Plans and payments. Polar sells; its webhooks fill our tables; our tables answer who may use what.

mod allowance;
mod apply;
mod checkout;
mod client;
pub(crate) mod customers;
mod effects;
mod entitlement;
mod failure;
mod gift;
mod inbox;
mod instant;
mod letters;
mod manage;
mod orders;
mod pages;
mod person;
mod products;
pub(crate) mod reconcile;
mod settings;
mod signature;
#[cfg(feature = "testing")]
pub mod testing;
mod usage;
mod wire;

pub use allowance::{PlanUse, plan_required, plan_use};
pub(crate) use allowance::{admit, history_start};
pub use checkout::{Wish, check_again, checkout_progress, start_checkout};
pub use client::PolarError;
pub(crate) use entitlement::late_payment;
pub use entitlement::{
    entitlement, get_subscription_details, get_user_subscription_status, has_access_to_product,
    is_user_subscribed, user_with_subscription,
};
pub use failure::BillingFailure;
pub(crate) use gift::give;
pub use gift::give_plan;
pub use inbox::{Delivery, Received, Refused, count_rejected, list as deliveries, receive, replay};
pub(crate) use inbox::{apply_stored, replay_in, sweep};
pub use manage::{
    CANCEL_REASONS, Invoice, When, cancel, change_plan, customer_id, invoice, keep_plan,
    open_portal, resume,
};
pub use orders::{
    BenefitRow, BillingType, MeterRow, OrderRow, SubscriptionRow, benefits, meters, order_rows,
    orders, subscriptions,
};
pub(crate) use products::sync_products_later;
pub use products::{ProductProblem, catalogue, sync_products};
pub use reconcile::{Drift, drift, enqueue_all};
pub use settings::{API_VERSION, BillingSettings, PolarServer};
pub use signature::{Forged, Headers};
pub(crate) use usage::send_usage;
pub use usage::{USAGE_EVENTS, UsageCount, record_usage, usage};

#[cfg(test)]
mod given;
#[cfg(test)]
pub(crate) mod tests;
