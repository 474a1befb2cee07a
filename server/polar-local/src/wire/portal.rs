//! What a customer sees of their own: no customer, no metadata.

use crate::{
    catalog::{self, ORGANIZATION, Product},
    json::{Json, object},
    model::{Customer, Grant, Order, Subscription},
    moment::Moment,
    usage::Meter,
};

/// A subscription.
pub fn portal_subscription(s: &Subscription, meter: Option<&Meter>) -> Json {
    let product = catalog::find(s.product);
    let mut json = super::subscription::base(s).without(&["price_id"]);
    let meters = meter.map(|m| {
        let mut json = super::subscription::subscription_meter(s, m, false);
        json.set("meter", short_meter());
        json
    });
    json.set("product", product.map(product_json));
    json.set("prices", product.map(Product::prices));
    json.set("meters", Json::List(meters.into_iter().collect()));
    json.set("pending_update", super::subscription::pending(s));
    json
}

/// An order.
pub fn portal_order(o: &Order, c: &Customer, sub: Option<&Subscription>) -> Json {
    let private = [
        "metadata",
        "custom_field_data",
        "platform_fee_amount",
        "platform_fee_currency",
        "customer",
        "user_id",
        "user",
        "product_price",
        "product_price_id",
        "discount",
    ];
    let mut json = super::order(o, c, sub).without(&private);
    json.set("product", catalog::find(o.product).map(product_json));
    json
}

/// A benefit grant.
pub fn portal_grant(g: &Grant, c: &Customer) -> Json {
    let private = ["customer", "member", "previous_properties", "user_id"];
    let mut json = super::grant(g, c).without(&private);
    let benefit = catalog::benefit(g.benefit).map(|benefit| {
        // Polar hides the metadata too, but SDK 0.47 insists on it.
        let hidden = ["visibility", "visibility_configurable"];
        let mut json = benefit.json.clone().without(&hidden);
        json.set("organization", public_organization());
        json
    });
    json.set("customer", portal_customer(c));
    json.set("benefit", benefit);
    json
}

fn portal_customer(c: &Customer) -> Json {
    object! {
        "created_at": c.created_at,
        "modified_at": c.modified_at,
        "id": c.id,
        "email": &c.email,
        "email_verified": false,
        "name": c.name.as_deref(),
        "billing_name": c.name.as_deref(),
        "billing_address": c.billing_address.as_ref().map(super::address),
        "tax_id": Json::Null,
        "oauth_accounts": Json::empty(),
        "default_payment_method_id": c.card.map(|card| card.id),
        "type": "individual",
    }
}

fn product_json(product: &Product) -> Json {
    let mut json = product.public_json();
    json.set("organization", organization());
    json
}

fn public_organization() -> Json {
    object! {
        "created_at": Moment::parse("2026-01-12T08:00:00.000001Z"),
        "modified_at": Json::Null,
        "id": ORGANIZATION,
        "name": "Coffer",
        "slug": "coffer",
        "avatar_url": Json::Null,
        "proration_behavior": "prorate",
        "allow_customer_updates": true,
    }
}

fn organization() -> Json {
    let mut json = public_organization();
    let settings = object! {
        "usage": object! { "show": true },
        "subscription": object! {
            "update_seats": true, "update_units": true, "update_plan": true, "pause": true,
        },
        "customer": object! { "allow_email_change": false },
    };
    json.set("customer_portal_settings", settings);
    json
}

fn short_meter() -> Json {
    let keep = ["filter", "aggregation", "organization_id", "archived_at", "metadata"];
    catalog::meter().clone().without(&keep)
}

/// A meter.
pub fn portal_meter(m: &Meter, c: &Customer) -> Json {
    let mut json = super::customer_meter(c, m, true).without(&["customer"]);
    json.set("meter", short_meter());
    json
}
