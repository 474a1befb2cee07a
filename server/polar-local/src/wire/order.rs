//! Orders and refunds.

use super::{
    customer::{customer, legacy_user},
    subscription::base,
};
use crate::{
    catalog::{self, ORGANIZATION, Product},
    json::{Json, object},
    model::{Customer, Item, Order, Refund, Subscription},
};

/// An order.
pub fn order(o: &Order, c: &Customer, sub: Option<&Subscription>) -> Json {
    let product = catalog::find(o.product);
    let (net, total) = (o.net(), o.total());
    let embedded = sub.map(|sub| {
        let mut json = base(sub);
        json.set("metadata", &sub.metadata);
        json.set("user_id", sub.customer);
        json
    });
    object! {
        "id": o.id,
        "created_at": o.created_at,
        "modified_at": o.modified_at,
        "status": o.status,
        "paid": o.is_paid(),
        "subtotal_amount": net,
        "discount_amount": 0,
        "net_amount": net,
        "tax_amount": o.tax,
        "total_amount": total,
        "applied_balance_amount": o.applied_balance,
        "due_amount": o.due(),
        "refunded_amount": o.refunded,
        "refunded_tax_amount": o.refunded_tax,
        "currency": "usd",
        "billing_reason": o.reason,
        "billing_name": o.billing_name.as_deref(),
        "billing_address": o.billing_address.as_ref().map(super::address),
        "invoice_number": &o.invoice_number,
        "is_invoice_generated": o.invoice_made,
        "receipt_number": o.receipt_number.as_deref(),
        "seats": o.seats,
        "units": Json::Null,
        "customer_id": o.customer,
        "product_id": o.product,
        "product_price_id": o.items.first().and_then(|item| item.price),
        "discount_id": Json::Null,
        "subscription_id": o.subscription,
        "checkout_id": o.checkout,
        "next_payment_attempt_at": o.next_attempt,
        "metadata": &o.metadata,
        "custom_field_data": Json::empty(),
        "platform_fee_amount": if net > 0 { (total * 4 + 50) / 100 + 40 } else { 0 },
        "platform_fee_currency": (net > 0).then_some("usd"),
        "customer": customer(c),
        "user_id": o.customer,
        "user": legacy_user(c),
        "product": product.map(Product::order_json),
        "product_price": product.map(Product::first_price),
        "discount": Json::Null,
        "subscription": embedded,
        "items": o.items.iter().map(item).collect::<Vec<_>>(),
        "description": product.map(|product| product.name.as_str()),
        "amount": net,
        "from_balance_amount": o.applied_balance,
        "refundable_amount": o.refundable(),
        "refundable_tax_amount": o.refundable_tax(),
    }
}

pub(super) fn item(i: &Item) -> Json {
    object! {
        "created_at": i.created_at,
        "modified_at": Json::Null,
        "id": i.id,
        "label": &i.label,
        "amount": i.amount,
        "tax_amount": i.tax,
        "proration": i.proration,
        "product_price_id": i.price,
        "start_timestamp": i.period.map(|(start, _)| start),
        "end_timestamp": i.period.map(|(_, end)| end),
    }
}

/// A refund.
pub fn refund(r: &Refund) -> Json {
    object! {
        "created_at": r.created_at,
        "modified_at": r.modified_at,
        "id": r.id,
        "metadata": &r.metadata,
        "status": r.status,
        "reason": &r.reason,
        "amount": r.amount,
        "tax_amount": r.tax,
        "currency": "usd",
        "organization_id": ORGANIZATION,
        "order_id": r.order,
        "subscription_id": r.subscription,
        "customer_id": r.customer,
        "revoke_benefits": r.revoke_benefits,
        "dispute": Json::Null,
    }
}
