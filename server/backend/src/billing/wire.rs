//! What Polar sends, as far as we read it. Unknown keys are nobody's business, and a key that we can do without may
//! be missing or null: keys come and go without a new version of the API.

use serde::{Deserialize, Deserializer};
use serde_json::{Value, value::RawValue};

use super::instant::Micros;

/// The outside of every webhook.
#[derive(Deserialize)]
pub struct Envelope<'a> {
    /// What happened.
    #[serde(rename = "type")]
    pub kind: String,
    /// When the picture in `data` was taken, by Polar's clock.
    pub timestamp: Micros,
    /// The version of the API.
    #[serde(default)]
    pub api_version: Option<String>,
    /// The object as a whole.
    #[serde(borrow)]
    pub data: &'a RawValue,
}

/// A key that may be missing or null.
fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// `subscription.*`
#[derive(Deserialize)]
pub struct Subscription {
    pub id: String,
    pub created_at: Micros,
    #[serde(default)]
    pub modified_at: Option<Micros>,
    #[serde(default, deserialize_with = "or_default")]
    pub amount: i64,
    #[serde(default, deserialize_with = "or_default")]
    pub currency: String,
    #[serde(default, deserialize_with = "or_default")]
    pub recurring_interval: String,
    #[serde(default)]
    pub recurring_interval_count: Option<i64>,
    pub status: String,
    #[serde(default)]
    pub current_period_start: Option<Micros>,
    #[serde(default)]
    pub current_period_end: Option<Micros>,
    #[serde(default)]
    pub trial_start: Option<Micros>,
    #[serde(default)]
    pub trial_end: Option<Micros>,
    #[serde(default, deserialize_with = "or_default")]
    pub cancel_at_period_end: bool,
    #[serde(default)]
    pub canceled_at: Option<Micros>,
    #[serde(default)]
    pub started_at: Option<Micros>,
    #[serde(default)]
    pub ends_at: Option<Micros>,
    #[serde(default)]
    pub ended_at: Option<Micros>,
    #[serde(default)]
    pub past_due_at: Option<Micros>,
    #[serde(default, deserialize_with = "or_default")]
    pub pause_at_period_end: bool,
    #[serde(default)]
    pub paused_at: Option<Micros>,
    #[serde(default)]
    pub resumes_at: Option<Micros>,
    pub customer_id: String,
    pub product_id: String,
    #[serde(default)]
    pub discount_id: Option<String>,
    #[serde(default)]
    pub checkout_id: Option<String>,
    #[serde(default)]
    pub seats: Option<i64>,
    #[serde(default)]
    pub units: Option<i64>,
    #[serde(default)]
    pub customer_cancellation_reason: Option<String>,
    #[serde(default)]
    pub customer_cancellation_comment: Option<String>,
    #[serde(default)]
    pub metadata: Value,
    #[serde(default)]
    pub custom_field_data: Value,
    #[serde(default)]
    pub customer: Option<EmbeddedCustomer>,
    #[serde(default)]
    pub pending_update: Option<PendingUpdate>,
}

/// A change for the next period.
#[derive(Deserialize)]
pub struct PendingUpdate {
    #[serde(default)]
    pub applies_at: Option<Micros>,
    #[serde(default)]
    pub product_id: Option<String>,
}

/// A customer inside another object.
#[derive(Deserialize)]
pub struct EmbeddedCustomer {
    #[serde(default)]
    pub external_id: Option<String>,
}

/// `order.*`
#[derive(Deserialize)]
pub struct Order {
    pub id: String,
    pub created_at: Micros,
    #[serde(default)]
    pub modified_at: Option<Micros>,
    pub status: String,
    #[serde(default, deserialize_with = "or_default")]
    pub paid: bool,
    #[serde(default, deserialize_with = "or_default")]
    pub subtotal_amount: i64,
    #[serde(default, deserialize_with = "or_default")]
    pub discount_amount: i64,
    #[serde(default, deserialize_with = "or_default")]
    pub net_amount: i64,
    #[serde(default, deserialize_with = "or_default")]
    pub tax_amount: i64,
    #[serde(default, deserialize_with = "or_default")]
    pub total_amount: i64,
    #[serde(default, deserialize_with = "or_default")]
    pub refunded_amount: i64,
    #[serde(default, deserialize_with = "or_default")]
    pub refunded_tax_amount: i64,
    #[serde(default, deserialize_with = "or_default")]
    pub currency: String,
    #[serde(default, deserialize_with = "or_default")]
    pub billing_reason: String,
    #[serde(default)]
    pub invoice_number: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub is_invoice_generated: bool,
    pub customer_id: String,
    #[serde(default)]
    pub product_id: Option<String>,
    #[serde(default)]
    pub subscription_id: Option<String>,
    #[serde(default)]
    pub checkout_id: Option<String>,
    #[serde(default)]
    pub next_payment_attempt_at: Option<Micros>,
    #[serde(default)]
    pub description: Option<String>,
    #[serde(default)]
    pub customer: Option<EmbeddedCustomer>,
}

/// `refund.*`
#[derive(Deserialize)]
pub struct Refund {
    pub id: String,
    pub created_at: Micros,
    #[serde(default)]
    pub modified_at: Option<Micros>,
    pub status: String,
    #[serde(default, deserialize_with = "or_default")]
    pub reason: String,
    pub amount: i64,
    #[serde(default, deserialize_with = "or_default")]
    pub tax_amount: i64,
    #[serde(default, deserialize_with = "or_default")]
    pub currency: String,
    pub order_id: String,
    pub customer_id: String,
}

/// `benefit_grant.*`
#[derive(Deserialize)]
pub struct Grant {
    pub id: String,
    pub created_at: Micros,
    #[serde(default)]
    pub modified_at: Option<Micros>,
    pub is_granted: bool,
    #[serde(default, deserialize_with = "or_default")]
    pub is_revoked: bool,
    #[serde(default)]
    pub subscription_id: Option<String>,
    #[serde(default)]
    pub order_id: Option<String>,
    pub customer_id: String,
    pub benefit_id: String,
    #[serde(default)]
    pub customer: Option<EmbeddedCustomer>,
}

/// `checkout.*`
#[derive(Deserialize)]
pub struct Checkout {
    pub id: String,
    pub created_at: Micros,
    #[serde(default)]
    pub modified_at: Option<Micros>,
    pub status: String,
    #[serde(default)]
    pub expires_at: Option<Micros>,
    #[serde(default)]
    pub total_amount: Option<i64>,
    #[serde(default)]
    pub currency: Option<String>,
    #[serde(default)]
    pub product_id: Option<String>,
    #[serde(default)]
    pub subscription_id: Option<String>,
    #[serde(default)]
    pub customer_id: Option<String>,
    #[serde(default)]
    pub external_customer_id: Option<String>,
}

/// `customer.*`; the state has more.
#[derive(Deserialize)]
pub struct Customer {
    pub id: String,
    pub created_at: Micros,
    #[serde(default)]
    pub modified_at: Option<Micros>,
    #[serde(default)]
    pub external_id: Option<String>,
    #[serde(default)]
    pub deleted_at: Option<Micros>,
}

/// `customer.state_changed`
#[derive(Deserialize)]
pub struct CustomerState {
    #[serde(flatten)]
    pub customer: Customer,
    #[serde(default)]
    pub active_subscriptions: Vec<StateSubscription>,
    #[serde(default)]
    pub granted_benefits: Vec<StateBenefit>,
    #[serde(default)]
    pub active_meters: Vec<StateMeter>,
}

/// A subscription that Polar counts as active, inside a state.
#[derive(Deserialize)]
pub struct StateSubscription {
    pub id: String,
}

/// A benefit inside a state.
#[derive(Deserialize)]
pub struct StateBenefit {
    pub benefit_id: String,
}

/// A meter inside a state.
#[derive(Deserialize, serde::Serialize)]
pub struct StateMeter {
    pub meter_id: String,
    #[serde(default)]
    pub consumed_units: f64,
    #[serde(default)]
    pub credited_units: f64,
    #[serde(default)]
    pub balance: f64,
}

/// `product.*`
#[derive(Deserialize)]
pub struct Product {
    pub id: String,
    pub created_at: Micros,
    #[serde(default)]
    pub modified_at: Option<Micros>,
    pub name: String,
    #[serde(default)]
    pub description: Option<String>,
    #[serde(default)]
    pub recurring_interval: Option<String>,
    #[serde(default)]
    pub recurring_interval_count: Option<i64>,
    #[serde(default)]
    pub trial_interval: Option<String>,
    #[serde(default)]
    pub trial_interval_count: Option<i64>,
    #[serde(default, deserialize_with = "or_default")]
    pub is_archived: bool,
    #[serde(default, deserialize_with = "or_default")]
    pub prices: Vec<Value>,
}

/// A place that Polar sends webhooks to. Its secret is not read.
#[derive(Deserialize)]
pub struct Endpoint {
    pub id: String,
    pub url: String,
    /// Missing in answers from before endpoints could be switched off.
    #[serde(default)]
    pub enabled: Option<bool>,
}

/// An attempt to deliver that failed.
#[derive(Deserialize)]
pub struct FailedDelivery {
    pub webhook_event: DeliveredEvent,
}

/// What was to be delivered.
#[derive(Deserialize)]
pub struct DeliveredEvent {
    /// The `webhook-id` of every attempt.
    pub id: String,
    /// A later attempt worked (true), all failed (false), or there will be another (null).
    #[serde(default)]
    pub succeeded: Option<bool>,
    /// Polar has dropped the body.
    #[serde(default, deserialize_with = "or_default")]
    pub is_archived: bool,
}

/// Reads one object. Text with U+0000 in it loses that character: Postgres keeps none.
pub fn read<T: for<'de> Deserialize<'de>>(text: &str) -> Result<T, serde_json::Error> {
    if !text.contains("\\u0000") {
        return serde_json::from_str(text);
    }
    let mut value: Value = serde_json::from_str(text)?;
    strip_nul(&mut value);
    serde_json::from_value(value)
}

fn strip_nul(value: &mut Value) {
    match value {
        Value::String(text) => text.retain(|c| c != '\0'),
        Value::Array(items) => items.iter_mut().for_each(strip_nul),
        Value::Object(members) => {
            let old = std::mem::take(members);
            members.extend(old.into_iter().map(|(mut key, mut value)| {
                key.retain(|c| c != '\0');
                strip_nul(&mut value);
                (key, value)
            }));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
