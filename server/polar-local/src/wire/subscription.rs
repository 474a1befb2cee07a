//! Subscriptions, grants, meters and a customer's state.

use super::customer::{customer, legacy_user};
use crate::{
    catalog::{self, Product},
    json::{Json, object},
    model::{Customer, Grant, Subscription},
    moment::Moment,
    usage::Meter,
};

/// What an order embeds.
pub(super) fn base(s: &Subscription) -> Json {
    let price = catalog::find(s.product).map(|product| product.price_id);
    object! {
        "created_at": s.created_at,
        "modified_at": s.modified_at,
        "id": s.id,
        "amount": s.amount,
        "currency": "usd",
        "recurring_interval": s.interval,
        "recurring_interval_count": 1,
        "status": s.status,
        "current_period_start": s.period_start,
        "current_period_end": s.period_end,
        "current_meter_period_start": Json::Null,
        "current_meter_period_end": Json::Null,
        "trial_start": s.trial_start,
        "trial_end": s.trial_end,
        "cancel_at_period_end": s.cancel_at_period_end,
        "canceled_at": s.canceled_at,
        "started_at": s.started_at,
        "ends_at": s.ends_at,
        "ended_at": s.ended_at,
        "past_due_at": s.past_due_at,
        "pause_at_period_end": s.pause_at_period_end,
        "paused_at": s.paused_at,
        "resumes_at": s.resumes_at,
        "customer_id": s.customer,
        "product_id": s.product,
        "discount_id": Json::Null,
        "checkout_id": s.checkout,
        "seats": s.seats,
        "units": Json::Null,
        "customer_cancellation_reason": s.cancellation_reason.as_deref(),
        "customer_cancellation_comment": s.cancellation_comment.as_deref(),
        "price_id": price,
    }
}

/// A subscription.
pub fn subscription(s: &Subscription, c: &Customer, meter: Option<&Meter>) -> Json {
    let product = catalog::find(s.product);
    let mut json = base(s);
    json.set("metadata", &s.metadata);
    json.set("custom_field_data", &s.custom_field_data);
    json.set("customer", customer(c));
    json.set("user_id", s.customer);
    json.set("user", legacy_user(c));
    json.set("product", product.map(Product::json));
    json.set("discount", Json::Null);
    json.set("price", product.map(Product::first_price));
    json.set("prices", product.map(Product::prices));
    json.set(
        "meters",
        Json::List(meter.map(|m| subscription_meter(s, m, true)).into_iter().collect()),
    );
    json.set("pending_update", pending(s));
    json
}

/// The change for the next period, or null.
pub(super) fn pending(s: &Subscription) -> Json {
    s.pending.as_ref().map_or(Json::Null, |pending| {
        object! {
            "created_at": pending.created_at,
            "modified_at": Json::Null,
            "id": pending.id,
            "applies_at": pending.applies_at,
            "product_id": pending.product,
            "seats": pending.seats,
            "units": Json::Null,
        }
    })
}

pub(super) fn subscription_meter(s: &Subscription, m: &Meter, whole: bool) -> Json {
    let mut json = object! {
        "created_at": s.created_at,
        "modified_at": m.modified_at,
        "id": s.meter,
        "consumed_units": m.consumed,
        "credited_units": m.credited,
        "amount": m.amount(),
        "meter_id": catalog::meter_id(),
    };
    if whole {
        json.set("meter", catalog::meter());
    }
    json
}

/// A benefit grant.
pub fn grant(g: &Grant, c: &Customer) -> Json {
    object! {
        "created_at": g.created_at,
        "modified_at": g.modified_at,
        "id": g.id,
        "granted_at": g.granted_at,
        "is_granted": g.granted_at.is_some(),
        "revoked_at": g.revoked_at,
        "is_revoked": g.revoked_at.is_some(),
        "subscription_id": g.subscription,
        "order_id": g.order,
        "customer_id": g.customer,
        "member_id": Json::Null,
        "benefit_id": g.benefit,
        "error": Json::Null,
        "customer": customer(c),
        "member": Json::Null,
        "benefit": catalog::benefit(g.benefit).map(|benefit| &benefit.json),
        "properties": &g.properties,
        "previous_properties": &g.previous_properties,
        "user_id": g.customer,
    }
}

/// What a customer has now: trials and paid subscriptions only, and benefits that are granted.
pub fn state(
    c: &Customer,
    subscriptions: &[(&Subscription, Option<Meter>)],
    grants: &[&Grant],
    meter: Option<&Meter>,
) -> Json {
    let mut json = customer(c);
    let active: Vec<Json> = subscriptions.iter().map(|(s, m)| active(s, m.as_ref())).collect();
    let granted: Vec<Json> = grants.iter().map(|g| granted(g)).collect();
    let meters: Vec<Json> = meter.map(|m| customer_meter(c, m, false)).into_iter().collect();
    json.set("active_subscriptions", active);
    json.set("granted_benefits", granted);
    json.set("active_meters", meters);
    json
}

fn active(s: &Subscription, m: Option<&Meter>) -> Json {
    let meters: Vec<Json> = m.map(|m| subscription_meter(s, m, false)).into_iter().collect();
    object! {
        "id": s.id,
        "created_at": s.created_at,
        "modified_at": s.modified_at,
        "custom_field_data": &s.custom_field_data,
        "metadata": &s.metadata,
        "status": s.status,
        "amount": s.amount,
        "currency": "usd",
        "recurring_interval": s.interval,
        "current_period_start": s.period_start,
        "current_period_end": s.period_end,
        "trial_start": s.trial_start,
        "trial_end": s.trial_end,
        "cancel_at_period_end": s.cancel_at_period_end,
        "canceled_at": s.canceled_at,
        "started_at": s.started_at,
        "ends_at": s.ends_at,
        "product_id": s.product,
        "discount_id": Json::Null,
        "price_id": catalog::find(s.product).map(|product| product.price_id),
        "seats": s.seats,
        "units": Json::Null,
        "meters": meters,
    }
}

fn granted(g: &Grant) -> Json {
    let benefit = catalog::benefit(g.benefit);
    object! {
        "id": g.id,
        "created_at": g.created_at,
        "modified_at": g.modified_at,
        "granted_at": g.granted_at,
        "benefit_id": g.benefit,
        "benefit_type": benefit.map(|benefit| benefit.kind.as_str()),
        "benefit_metadata": benefit.and_then(|benefit| benefit.json.get("metadata")),
        "properties": &g.properties,
    }
}

/// A customer's meter: in the state without, in the list with the customer and the meter.
pub fn customer_meter(c: &Customer, m: &Meter, whole: bool) -> Json {
    let id = m.id;
    let times = object! {
        "id": id,
        "created_at": m.created_at,
        "modified_at": m.modified_at,
    };
    let mut json = times;
    if whole {
        json.set("customer_id", c.id);
    }
    json.set("meter_id", catalog::meter_id());
    json.set("consumed_units", m.consumed);
    json.set("credited_units", m.credited);
    json.set("balance", m.credited - m.consumed);
    if whole {
        json.set("customer", customer(c));
        json.set("meter", catalog::meter());
    }
    json
}

/// The credit that a grant gave, in its properties.
pub fn credit_properties(units: i64, at: Moment) -> Json {
    object! {
        "last_credited_meter_id": catalog::meter_id(),
        "last_credited_units": units,
        "last_credited_at": at,
    }
}
