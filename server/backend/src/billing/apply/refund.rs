//! One row for each refund. What an order got back stands in the order.

use super::{
    Applied, Snapshot,
    owner::{self, Clues},
};
use crate::{
    Backend, Result, Timestamp,
    billing::{effects, wire::Refund},
    db::SystemTx,
    execute,
};

/// Writes the snapshot unless the row is newer.
pub async fn apply(
    tx: &mut SystemTx,
    backend: &Backend,
    snapshot: &Snapshot<Refund>,
) -> Result<Applied> {
    let data = &snapshot.data;
    let clues = Clues { external_id: None, customer: &data.customer_id, checkout: None };
    let owner = owner::find(tx, backend, clues).await?;
    let rows = execute!(
        tx,
        r#"
        insert into "polar_refund" (
            "id", "userId", "customerId", "orderId", "status", "reason", "amount", "taxAmount", "currency",
            "createdAt", "polarVersion", "polarEventAt")
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        on conflict ("id") do update set
            "userId" = coalesce(excluded."userId", "polar_refund"."userId"),
            "status" = excluded."status",
            "reason" = excluded."reason",
            "amount" = excluded."amount",
            "taxAmount" = excluded."taxAmount",
            "polarVersion" = excluded."polarVersion",
            "polarEventAt" = excluded."polarEventAt"
        where ("polar_refund"."polarVersion", "polar_refund"."polarEventAt")
            < (excluded."polarVersion", excluded."polarEventAt")
        "#,
        &data.id,
        owner.as_ref(),
        &data.customer_id,
        &data.order_id,
        &data.status,
        &data.reason,
        data.amount,
        data.tax_amount,
        &data.currency,
        Timestamp::from(data.created_at),
        snapshot.version.0,
        snapshot.event_at.0,
    )?;
    match &owner {
        Some(owner) if data.status == "succeeded" => {
            effects::of_refund(tx, backend, owner, data).await?;
        }
        Some(_) => {}
        None => owner::miss("refund", &data.id),
    }
    Ok(Applied::newer(rows))
}
