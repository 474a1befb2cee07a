//! What the tables say, in the shape of the fixtures' `expected.json`.

#![expect(clippy::unwrap_used, reason = "for tests alone")]

use serde_json::{Value, json};
use sqlx::types::Json;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::{Timestamp, billing::instant::Micros, db::SystemTx, fetch_all};

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Subscription {
    id: String,
    created_at: Timestamp,
    modified_at: Option<Timestamp>,
    amount: i64,
    currency: String,
    recurring_interval: String,
    recurring_interval_count: i64,
    status: String,
    current_period_start: Timestamp,
    current_period_end: Option<Timestamp>,
    trial_start: Option<Timestamp>,
    trial_end: Option<Timestamp>,
    cancel_at_period_end: bool,
    canceled_at: Option<Timestamp>,
    started_at: Option<Timestamp>,
    ends_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
    past_due_at: Option<Timestamp>,
    pause_at_period_end: bool,
    paused_at: Option<Timestamp>,
    resumes_at: Option<Timestamp>,
    customer_id: String,
    product_id: String,
    discount_id: Option<String>,
    checkout_id: Option<String>,
    seats: Option<i64>,
    units: Option<i64>,
    customer_cancellation_reason: Option<String>,
    customer_cancellation_comment: Option<String>,
    metadata: Json<Value>,
    custom_field_data: Json<Value>,
    user_external_id: Option<String>,
    pending_product_id: Option<String>,
    polar_event_at: i64,
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Order {
    id: String,
    status: String,
    paid: bool,
    billing_reason: String,
    total_amount: i64,
    refunded_amount: i64,
    refunded_tax_amount: i64,
    subscription_id: Option<String>,
    product_id: Option<String>,
}

fn iso(at: Timestamp) -> String {
    OffsetDateTime::from(at).format(&Rfc3339).unwrap()
}

/// An instant of the fixtures as our columns keep it: whole milliseconds.
fn cut(value: &Value) -> Value {
    match value.as_str().and_then(Micros::parse) {
        Some(at) => json!(iso(Timestamp::from(at))),
        None => value.clone(),
    }
}

/// `expected.json`'s subscription with its instants cut; `last_event_timestamp` stays exact.
pub fn expected_subscription(expected: &Value) -> Value {
    let members = expected.as_object().unwrap().iter().map(|(key, value)| {
        let value = match &**key {
            "last_event_timestamp" => json!(Micros::parse(value.as_str().unwrap()).unwrap().0),
            _ => cut(value),
        };
        (key.clone(), value)
    });
    Value::Object(members.collect())
}

pub async fn subscriptions(tx: &mut SystemTx) -> Vec<Value> {
    let rows: Vec<Subscription> = fetch_all!(
        tx,
        r#"
        select "id", "createdAt", "modifiedAt", "amount", "currency", "recurringInterval", "recurringIntervalCount",
               "status", "currentPeriodStart", "currentPeriodEnd", "trialStart", "trialEnd", "cancelAtPeriodEnd",
               "canceledAt", "startedAt", "endsAt", "endedAt", "pastDueAt", "pauseAtPeriodEnd", "pausedAt",
               "resumesAt", "customerId", "productId", "discountId", "checkoutId", "seats", "units",
               "customerCancellationReason", "customerCancellationComment", "metadata", "customFieldData",
               "userExternalId", "pendingProductId", "polarEventAt"
        from "subscription" order by "id"
        "#,
    )
    .unwrap();
    rows.into_iter().map(Subscription::json).collect()
}

impl Subscription {
    fn json(self) -> Value {
        let at = |at: Option<Timestamp>| at.map(iso);
        json!({
            "id": self.id,
            "created_at": iso(self.created_at),
            "modified_at": at(self.modified_at),
            "amount": self.amount,
            "currency": self.currency,
            "recurring_interval": self.recurring_interval,
            "recurring_interval_count": self.recurring_interval_count,
            "status": self.status,
            "current_period_start": iso(self.current_period_start),
            "current_period_end": at(self.current_period_end),
            "trial_start": at(self.trial_start),
            "trial_end": at(self.trial_end),
            "cancel_at_period_end": self.cancel_at_period_end,
            "canceled_at": at(self.canceled_at),
            "started_at": at(self.started_at),
            "ends_at": at(self.ends_at),
            "ended_at": at(self.ended_at),
            "past_due_at": at(self.past_due_at),
            "pause_at_period_end": self.pause_at_period_end,
            "paused_at": at(self.paused_at),
            "resumes_at": at(self.resumes_at),
            "customer_id": self.customer_id,
            "product_id": self.product_id,
            "discount_id": self.discount_id,
            "checkout_id": self.checkout_id,
            "seats": self.seats,
            "units": self.units,
            "customer_cancellation_reason": self.customer_cancellation_reason,
            "customer_cancellation_comment": self.customer_cancellation_comment,
            "metadata": self.metadata.0,
            "custom_field_data": self.custom_field_data.0,
            "user_external_id": self.user_external_id,
            "pending_product_id": self.pending_product_id,
            "last_event_timestamp": self.polar_event_at,
        })
    }
}

pub async fn orders(tx: &mut SystemTx) -> Vec<Value> {
    let rows: Vec<Order> = fetch_all!(
        tx,
        r#"
        select "id", "status", "paid", "billingReason", "totalAmount", "refundedAmount", "refundedTaxAmount",
               "subscriptionId", "productId"
        from "polar_order"
        "#,
    )
    .unwrap();
    sorted(rows.into_iter().map(|row| {
        json!({
            "id": row.id,
            "status": row.status,
            "paid": row.paid,
            "billing_reason": row.billing_reason,
            "total_amount": row.total_amount,
            "refunded_amount": row.refunded_amount,
            "refunded_tax_amount": row.refunded_tax_amount,
            "subscription_id": row.subscription_id,
            "product_id": row.product_id,
        })
    }))
}

pub async fn refunds(tx: &mut SystemTx) -> Vec<Value> {
    let rows: Vec<(String, String, i64, i64, String)> = fetch_all!(
        tx,
        r#"select "id", "status", "amount", "taxAmount", "orderId" from "polar_refund""#
    )
    .unwrap();
    sorted(rows.into_iter().map(|(id, status, amount, tax_amount, order_id)| {
        json!({
            "id": id,
            "status": status,
            "amount": amount,
            "tax_amount": tax_amount,
            "order_id": order_id,
        })
    }))
}

pub async fn grants(tx: &mut SystemTx) -> Vec<Value> {
    let rows: Vec<(String, String, bool, bool)> =
        fetch_all!(tx, r#"select "id", "benefitId", "isGranted", "isRevoked" from "polar_grant""#)
            .unwrap();
    sorted(rows.into_iter().map(|(id, benefit_id, is_granted, is_revoked)| {
        json!({
            "id": id,
            "benefit_id": benefit_id,
            "is_granted": is_granted,
            "is_revoked": is_revoked,
        })
    }))
}

/// The state Polar last told: when, and of what.
pub async fn states(tx: &mut SystemTx) -> Vec<(i64, Value, Value)> {
    let rows: Vec<(i64, String, String)> = fetch_all!(
        tx,
        r#"select "stateAt", "activeSubscriptions", "grantedBenefits" from "polar_customer" order by "id""#,
    )
    .unwrap();
    let parse = |text: String| serde_json::from_str(&text).unwrap();
    rows.into_iter().map(|(at, active, granted)| (at, parse(active), parse(granted))).collect()
}

/// Business ids an effect was claimed for.
pub async fn effects(tx: &mut SystemTx, kind: &str) -> Vec<String> {
    let rows: Vec<(String,)> = fetch_all!(
        tx,
        r#"select "businessId" from "polar_effect" where "kind" = $1 order by "businessId""#,
        kind,
    )
    .unwrap();
    rows.into_iter().map(|(id,)| id).collect()
}

pub fn sorted(values: impl IntoIterator<Item = Value>) -> Vec<Value> {
    let mut values: Vec<Value> = values.into_iter().collect();
    values.sort_by_key(Value::to_string);
    values
}
