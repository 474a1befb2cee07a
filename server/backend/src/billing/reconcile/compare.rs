//! Where an answer of Polar's differs from our row, before the row becomes like the answer.

use time::OffsetDateTime;

use super::{confirm, drift::Found};
use crate::{
    Backend, Result, Timestamp,
    billing::{
        apply::{self, Applied, Snapshot},
        instant::{Micros, rfc3339},
        wire,
    },
    db::SystemTx,
    fetch_optional,
};

/// What of a subscription decides who may use what, and what is paid.
#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Subscription {
    status: String,
    product_id: String,
    customer_id: String,
    amount: i64,
    current_period_end: Option<Timestamp>,
    cancel_at_period_end: bool,
    ends_at: Option<Timestamp>,
    pause_at_period_end: bool,
    pending_product_id: Option<String>,
}

/// What of an order is money.
#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Order {
    status: String,
    paid: bool,
    total_amount: i64,
    refunded_amount: i64,
    refunded_tax_amount: i64,
}

/// A field, what we had and what Polar has.
type Field = (&'static str, Option<String>, Option<String>);

fn field(name: &'static str, ours: impl ToString, theirs: impl ToString) -> Field {
    (name, Some(ours.to_string()), Some(theirs.to_string()))
}

fn at(name: &'static str, ours: Option<Timestamp>, theirs: Option<Micros>) -> Field {
    // Our rows hold milliseconds.
    let words = |at: Timestamp| rfc3339(OffsetDateTime::from(at));
    (name, ours.map(words), theirs.map(Timestamp::from).map(words))
}

/// Writes what Polar said of a subscription, and notes where we had it otherwise.
pub async fn subscription(
    tx: &mut SystemTx,
    backend: &Backend,
    snapshot: &Snapshot<wire::Subscription>,
) -> Result<()> {
    let theirs = &snapshot.data;
    let ours: Option<Subscription> = fetch_optional!(
        tx,
        r#"
        select "status", "productId", "customerId", cast("amount" as bigint) as "amount", "currentPeriodEnd",
               "cancelAtPeriodEnd", "endsAt", "pauseAtPeriodEnd", "pendingProductId"
        from "subscription" where "id" = $1
        "#,
        &theirs.id,
    )?;
    let pending = theirs.pending_update.as_ref().and_then(|pending| pending.product_id.clone());
    let fields = match ours {
        None => vec![("row", None, Some(theirs.status.clone()))],
        Some(ours) => vec![
            field("status", ours.status, &theirs.status),
            field("productId", ours.product_id, &theirs.product_id),
            field("customerId", ours.customer_id, &theirs.customer_id),
            field("amount", ours.amount, theirs.amount),
            at("currentPeriodEnd", ours.current_period_end, theirs.current_period_end),
            field("cancelAtPeriodEnd", ours.cancel_at_period_end, theirs.cancel_at_period_end),
            at("endsAt", ours.ends_at, theirs.ends_at),
            field("pauseAtPeriodEnd", ours.pause_at_period_end, theirs.pause_at_period_end),
            ("pendingProductId", ours.pending_product_id, pending),
        ],
    };
    let applied = apply::write_subscription(tx, backend, snapshot).await?;
    confirm(tx, backend, &theirs.id).await?;
    note(tx, backend, "subscription", &theirs.id, fields, applied).await
}

/// The same of an order.
pub async fn order(
    tx: &mut SystemTx,
    backend: &Backend,
    snapshot: &Snapshot<wire::Order>,
) -> Result<()> {
    let theirs = &snapshot.data;
    let ours: Option<Order> = fetch_optional!(
        tx,
        r#"
        select "status", "paid", "totalAmount", "refundedAmount", "refundedTaxAmount"
        from "polar_order" where "id" = $1
        "#,
        &theirs.id,
    )?;
    let fields = match ours {
        None => vec![("row", None, Some(theirs.status.clone()))],
        Some(ours) => vec![
            field("status", ours.status, &theirs.status),
            field("paid", ours.paid, theirs.paid),
            field("totalAmount", ours.total_amount, theirs.total_amount),
            field("refundedAmount", ours.refunded_amount, theirs.refunded_amount),
            field("refundedTaxAmount", ours.refunded_tax_amount, theirs.refunded_tax_amount),
        ],
    };
    let applied = apply::apply_order(tx, backend, snapshot, false).await?;
    note(tx, backend, "order", &theirs.id, fields, applied).await
}

async fn note(
    tx: &mut SystemTx,
    backend: &Backend,
    kind: &'static str,
    object: &str,
    fields: Vec<Field>,
    applied: Applied,
) -> Result<()> {
    for (field, ours, theirs) in fields.into_iter().filter(|(_, ours, theirs)| ours != theirs) {
        // An answer that is older than our row repairs nothing; a webhook passed it on the way.
        let repaired = applied == Applied::Written;
        Found { kind, object, field, ours, theirs, repaired }.record(tx, backend).await?;
    }
    Ok(())
}
