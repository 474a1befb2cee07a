//! One row for each payment, asked for or made.

use domain::UserId;

use super::{
    Applied, Snapshot,
    owner::{self, Clues},
};
use crate::{
    Backend, Result, Timestamp,
    billing::{effects, wire::Order},
    db::SystemTx,
    execute,
};

/// Writes the snapshot unless the row is newer. `told_paid`: the event says that it became paid, whatever the row says
/// by now; the receipt hangs on that and on nothing else.
pub async fn apply(
    tx: &mut SystemTx,
    backend: &Backend,
    snapshot: &Snapshot<Order>,
    told_paid: bool,
) -> Result<Applied> {
    let data = &snapshot.data;
    let external_id = data.customer.as_ref().and_then(|customer| customer.external_id.as_deref());
    let clues =
        Clues { external_id, customer: &data.customer_id, checkout: data.checkout_id.as_deref() };
    let owner = owner::find(tx, backend, clues).await?;
    let applied = Applied::newer(upsert(tx, snapshot, owner.as_ref()).await?);
    match &owner {
        Some(owner) if told_paid || data.status == "paid" => {
            effects::of_paid_order(tx, backend, owner, data).await?;
        }
        Some(_) => {}
        None => owner::miss("order", &data.id),
    }
    Ok(applied)
}

async fn upsert(
    tx: &mut SystemTx,
    snapshot: &Snapshot<Order>,
    owner: Option<&UserId>,
) -> Result<u64> {
    let data = &snapshot.data;
    Ok(execute!(
        tx,
        r#"
        insert into "polar_order" (
            "id", "userId", "customerId", "subscriptionId", "productId", "checkoutId", "status", "paid",
            "billingReason", "currency", "subtotalAmount", "discountAmount", "netAmount", "taxAmount", "totalAmount",
            "refundedAmount", "refundedTaxAmount", "invoiceNumber", "isInvoiceGenerated", "description",
            "nextPaymentAttemptAt", "createdAt", "polarVersion", "polarEventAt")
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
                $23, $24)
        on conflict ("id") do update set
            "userId" = coalesce(excluded."userId", "polar_order"."userId"),
            "customerId" = excluded."customerId",
            "subscriptionId" = excluded."subscriptionId",
            "productId" = excluded."productId",
            "checkoutId" = excluded."checkoutId",
            "status" = excluded."status",
            "paid" = excluded."paid",
            "billingReason" = excluded."billingReason",
            "currency" = excluded."currency",
            "subtotalAmount" = excluded."subtotalAmount",
            "discountAmount" = excluded."discountAmount",
            "netAmount" = excluded."netAmount",
            "taxAmount" = excluded."taxAmount",
            "totalAmount" = excluded."totalAmount",
            "refundedAmount" = excluded."refundedAmount",
            "refundedTaxAmount" = excluded."refundedTaxAmount",
            "invoiceNumber" = excluded."invoiceNumber",
            "isInvoiceGenerated" = excluded."isInvoiceGenerated",
            "description" = excluded."description",
            "nextPaymentAttemptAt" = excluded."nextPaymentAttemptAt",
            "createdAt" = excluded."createdAt",
            "polarVersion" = excluded."polarVersion",
            "polarEventAt" = excluded."polarEventAt"
        where ("polar_order"."polarVersion", "polar_order"."polarEventAt")
            < (excluded."polarVersion", excluded."polarEventAt")
        "#,
        &data.id,
        owner,
        &data.customer_id,
        data.subscription_id.as_deref(),
        data.product_id.as_deref(),
        data.checkout_id.as_deref(),
        &data.status,
        data.paid,
        &data.billing_reason,
        &data.currency,
        data.subtotal_amount,
        data.discount_amount,
        data.net_amount,
        data.tax_amount,
        data.total_amount,
        data.refunded_amount,
        data.refunded_tax_amount,
        data.invoice_number.as_deref(),
        data.is_invoice_generated,
        data.description.as_deref(),
        data.next_payment_attempt_at.map(Timestamp::from),
        Timestamp::from(data.created_at),
        snapshot.version.0,
        snapshot.event_at.0,
    )?)
}
