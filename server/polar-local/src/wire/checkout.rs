//! Checkouts.

use url::Url;

use crate::{
    catalog::{self, ORGANIZATION, Product},
    json::{Json, object},
    model::{Checkout, CheckoutStatus, Customer},
};

/// A checkout. `customer` is the one it belongs to, if that is known.
pub fn checkout(c: &Checkout, customer: Option<&Customer>, base: &Url) -> Json {
    let Some(product) = catalog::find(c.product) else { return Json::Null };
    let amount = product.amount(c.seats);
    let is_paid = matches!(c.status, CheckoutStatus::Confirmed | CheckoutStatus::Succeeded);
    let trial = c.trial.or_else(|| {
        Some((crate::moment::Interval::Day, product.trial_days?)).filter(|_| c.allow_trial)
    });
    let url = crate::address::under(base, &format!("checkout/{}", c.client_secret));
    let address = c.address.as_ref().or_else(|| customer?.billing_address.as_ref());
    let name = c.customer_name.as_deref().or_else(|| customer?.name.as_deref());
    let email = customer.map(|known| known.email.as_str()).or(c.customer_email.as_deref());
    object! {
        "id": c.id,
        "created_at": c.created_at,
        "modified_at": c.modified_at,
        "custom_field_data": &c.custom_field_data,
        "payment_processor": "stripe",
        "status": c.status,
        "client_secret": &c.client_secret,
        "url": url.as_str(),
        "expires_at": c.expires_at,
        "success_url": &c.success_url,
        "return_url": c.return_url.as_deref(),
        "embed_origin": c.embed_origin.as_deref(),
        "amount": amount,
        "seats": c.seats,
        "min_seats": Json::Null,
        "max_seats": Json::Null,
        "units": Json::Null,
        "min_units": Json::Null,
        "max_units": Json::Null,
        "discount_amount": 0,
        "net_amount": amount,
        "tax_amount": c.tax,
        "tax_behavior": c.tax.map(|_| "exclusive"),
        "total_amount": amount + c.tax.unwrap_or(0),
        "currency": "usd",
        "allow_trial": c.allow_trial,
        "active_trial_interval": trial.map(|(interval, _)| interval),
        "active_trial_interval_count": trial.map(|(_, count)| count),
        "trial_end": c.trial_end,
        "organization_id": ORGANIZATION,
        "product_id": c.product,
        "product_price_id": product.price_id,
        "discount_id": Json::Null,
        "allow_discount_codes": c.allow_discount_codes,
        "require_billing_address": c.require_billing_address,
        "is_discount_applicable": true,
        "is_free_product_price": amount == 0,
        "is_payment_required": amount > 0 && c.trial_end.is_none(),
        "is_payment_setup_required": product.interval.is_some(),
        "is_payment_form_required": amount > 0 || product.interval.is_some(),
        "customer_id": c.customer,
        "is_business_customer": false,
        "customer_name": name,
        "customer_email": email,
        "customer_ip_address": c.customer_ip.as_deref(),
        "customer_billing_name": Json::Null,
        "customer_billing_address": address.map(super::address),
        "customer_tax_id": Json::Null,
        "locale": c.locale.as_deref(),
        "payment_method_type": is_paid.then_some("card"),
        "payment_processor_metadata": object! { "publishable_key": "pk_local" },
        "customer_billing_address_fields": object! {
            "country": true, "state": false, "city": false,
            "postal_code": false, "line1": false, "line2": false,
        },
        "billing_address_fields": object! {
            "country": "required", "state": "disabled", "city": "disabled",
            "postal_code": "disabled", "line1": "disabled", "line2": "disabled",
        },
        "trial_interval": c.trial.map(|(interval, _)| interval),
        "trial_interval_count": c.trial.map(|(_, count)| count),
        "metadata": &c.metadata,
        "external_customer_id": c.external_customer_id.as_deref(),
        "customer_external_id": c.external_customer_id.as_deref(),
        "products": offered(c).map(Product::public_json).collect::<Vec<_>>(),
        "product": product.public_json(),
        "product_price": product.first_price(),
        "prices": prices(c),
        "discount": Json::Null,
        "subscription_id": c.subscription,
        "attached_custom_fields": Vec::<Json>::new(),
        "customer_metadata": &c.customer_metadata,
        "subtotal_amount": amount,
    }
}

fn offered(c: &Checkout) -> impl Iterator<Item = &'static Product> {
    c.products.iter().filter_map(|id| catalog::find(*id))
}

fn prices(c: &Checkout) -> Json {
    let mut prices = Json::empty();
    for product in offered(c) {
        prices.set(&product.id.to_string(), product.prices());
    }
    prices
}
