//! The same as plain rows, for programs that know Polar's words.

use domain::{billing::MeterView, page::PageRequest};

use crate::{
    Backend, Result, SignedIn, Timestamp,
    billing::{products, wire},
    db::UserTx,
    fetch_all, fetch_one, fetch_optional,
};

/// Something that comes with a plan or a purchase.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
pub struct BenefitRow {
    /// Polar's id of the grant.
    pub id: String,
    /// What was granted.
    pub benefit_id: String,
    /// Through which subscription.
    pub subscription_id: Option<String>,
    /// Through which order.
    pub order_id: Option<String>,
    /// Polar has handed it over.
    pub is_granted: bool,
}

/// A subscription, of any status.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
#[expect(missing_docs, reason = "Polar's words; the server's reference explains them")]
pub struct SubscriptionRow {
    pub id: String,
    pub created_at: Timestamp,
    pub modified_at: Option<Timestamp>,
    pub status: String,
    pub amount: i64,
    pub currency: String,
    pub recurring_interval: String,
    pub recurring_interval_count: i64,
    pub current_period_start: Timestamp,
    pub current_period_end: Option<Timestamp>,
    pub trial_start: Option<Timestamp>,
    pub trial_end: Option<Timestamp>,
    pub cancel_at_period_end: bool,
    pub canceled_at: Option<Timestamp>,
    pub started_at: Option<Timestamp>,
    pub ends_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    pub past_due_at: Option<Timestamp>,
    pub pause_at_period_end: bool,
    pub paused_at: Option<Timestamp>,
    pub resumes_at: Option<Timestamp>,
    pub customer_id: String,
    pub product_id: String,
    pub product_name: Option<String>,
    pub discount_id: Option<String>,
    pub checkout_id: Option<String>,
    pub seats: Option<i64>,
    pub units: Option<i64>,
    pub pending_product_id: Option<String>,
    pub pending_applies_at: Option<Timestamp>,
}

/// An order, of any status.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
#[expect(missing_docs, reason = "Polar's words; the server's reference explains them")]
pub struct OrderRow {
    pub id: String,
    pub created_at: Timestamp,
    pub status: String,
    pub paid: bool,
    pub billing_reason: String,
    pub currency: String,
    pub subtotal_amount: i64,
    pub discount_amount: i64,
    pub net_amount: i64,
    pub tax_amount: i64,
    pub total_amount: i64,
    pub refunded_amount: i64,
    pub refunded_tax_amount: i64,
    pub invoice_number: Option<String>,
    pub is_invoice_generated: bool,
    pub description: Option<String>,
    pub customer_id: String,
    pub product_id: Option<String>,
    pub product_name: Option<String>,
    pub subscription_id: Option<String>,
    pub checkout_id: Option<String>,
}

/// Which orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BillingType {
    /// Those of a subscription.
    Recurring,
    /// Those of something bought once.
    OneTime,
}

impl BillingType {
    /// Reads Polar's word.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "recurring" => Some(Self::Recurring),
            "one_time" => Some(Self::OneTime),
            _ => None,
        }
    }
}

/// How much of something metered was used, by Polar's count.
#[derive(Clone, Debug, PartialEq)]
pub struct MeterRow {
    /// Polar's id of the meter.
    pub meter_id: String,
    /// Used.
    pub consumed_units: f64,
    /// Given.
    pub credited_units: f64,
    /// Left; below zero is possible, as nobody is stopped.
    pub balance: f64,
}

/// One page of what the caller was granted and has, and how much there is.
#[tracing::instrument(name = "billing.benefits", skip_all, fields(user.id = %caller.user()))]
pub async fn benefits(
    backend: &Backend,
    caller: &SignedIn,
    page: PageRequest,
) -> Result<(Vec<BenefitRow>, i64)> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let (total,): (i64,) = fetch_one!(
        tx,
        r#"select count(*) from "polar_grant" where "userId" = $1 and not "isRevoked""#,
        caller.user(),
    )?;
    let rows = fetch_all!(
        tx,
        r#"
        select "id", "benefitId", "subscriptionId", "orderId", "isGranted"
        from "polar_grant"
        where "userId" = $1 and not "isRevoked"
        order by "polarVersion" desc, "id"
        limit $2 offset $3
        "#,
        caller.user(),
        page.limit(),
        page.offset(),
    )?;
    Ok((rows, total))
}

/// One page of the caller's subscriptions, the newest first: all of them, or those that Polar calls active or not.
#[tracing::instrument(name = "billing.subscriptions", skip_all, fields(user.id = %caller.user()))]
pub async fn subscriptions(
    backend: &Backend,
    caller: &SignedIn,
    active: Option<bool>,
    page: PageRequest,
) -> Result<(Vec<SubscriptionRow>, i64)> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let (total,): (i64,) = fetch_one!(
        tx,
        r#"
        select count(*) from "subscription"
        where "userId" = $1 and coalesce($2, "status" in ('active', 'trialing')) = ("status" in ('active', 'trialing'))
        "#,
        caller.user(),
        active,
    )?;
    let rows = fetch_all!(
        tx,
        r#"
        select s."id", s."createdAt", s."modifiedAt", s."status", cast(s."amount" as bigint) as "amount",
               s."currency", s."recurringInterval", s."recurringIntervalCount", s."currentPeriodStart", s."currentPeriodEnd", s."trialStart", s."trialEnd",
               s."cancelAtPeriodEnd", s."canceledAt", s."startedAt", s."endsAt", s."endedAt", s."pastDueAt",
               s."pauseAtPeriodEnd", s."pausedAt", s."resumesAt", s."customerId", s."productId",
               p."name" as "productName", s."discountId", s."checkoutId", s."seats", s."units",
               s."pendingProductId", s."pendingAppliesAt"
        from "subscription" s
        left join "polar_product" p on p."id" = s."productId"
        where s."userId" = $1
          and coalesce($2, s."status" in ('active', 'trialing')) = (s."status" in ('active', 'trialing'))
        order by s."createdAt" desc, s."id" desc
        limit $3 offset $4
        "#,
        caller.user(),
        active,
        page.limit(),
        page.offset(),
    )?;
    Ok((rows, total))
}

/// One page of the caller's orders with all their amounts, the newest first.
#[tracing::instrument(name = "billing.order_rows", skip_all, fields(user.id = %caller.user()))]
pub async fn order_rows(
    backend: &Backend,
    caller: &SignedIn,
    of: Option<BillingType>,
    page: PageRequest,
) -> Result<(Vec<OrderRow>, i64)> {
    let recurring = of.map(|of| of == BillingType::Recurring);
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let (total,): (i64,) = fetch_one!(
        tx,
        r#"
        select count(*) from "polar_order"
        where "userId" = $1
          and coalesce($2, "subscriptionId" is not null) = ("subscriptionId" is not null)
        "#,
        caller.user(),
        recurring,
    )?;
    let rows = fetch_all!(
        tx,
        r#"
        select o."id", o."createdAt", o."status", o."paid", o."billingReason", o."currency", o."subtotalAmount",
               o."discountAmount", o."netAmount", o."taxAmount", o."totalAmount", o."refundedAmount",
               o."refundedTaxAmount", o."invoiceNumber", o."isInvoiceGenerated", o."description", o."customerId",
               o."productId", p."name" as "productName", o."subscriptionId", o."checkoutId"
        from "polar_order" o
        left join "polar_product" p on p."id" = o."productId"
        where o."userId" = $1
          and coalesce($2, o."subscriptionId" is not null) = (o."subscriptionId" is not null)
        order by o."createdAt" desc, o."id" desc
        limit $3 offset $4
        "#,
        caller.user(),
        recurring,
        page.limit(),
        page.offset(),
    )?;
    Ok((rows, total))
}

/// The caller's meters, as Polar last told of them.
#[tracing::instrument(name = "billing.meters", skip_all, fields(user.id = %caller.user()))]
pub async fn meters(backend: &Backend, caller: &SignedIn) -> Result<Vec<MeterRow>> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let row = |meter: wire::StateMeter| MeterRow {
        meter_id: meter.meter_id,
        consumed_units: meter.consumed_units,
        credited_units: meter.credited_units,
        balance: meter.balance,
    };
    Ok(told(&mut tx).await?.into_iter().map(row).collect())
}

/// The same for a page, with the names that the catalogue has for them.
pub(in crate::billing) async fn told_meters(tx: &mut UserTx) -> Result<Vec<MeterView>> {
    let told = told(tx).await?;
    if told.is_empty() {
        return Ok(Vec::new());
    }
    let names = products::meter_names(tx).await?;
    let view = |meter: wire::StateMeter| MeterView {
        name: names.get(&meter.meter_id).cloned(),
        used: meter.consumed_units.to_string(),
        left: meter.balance.to_string(),
        id: meter.meter_id,
    };
    Ok(told.into_iter().map(view).collect())
}

async fn told(tx: &mut UserTx) -> Result<Vec<wire::StateMeter>> {
    let user = tx.user().clone();
    let told: Option<(String,)> = fetch_optional!(
        tx,
        r#"select "meters" from "polar_customer" where "userId" = $1 order by "stateAt" desc limit 1"#,
        user,
    )?;
    let told = told.map(|(text,)| serde_json::from_str(&text)).transpose();
    Ok(told.map_err(|_| crate::Error::Corrupt("meters"))?.unwrap_or_default())
}
