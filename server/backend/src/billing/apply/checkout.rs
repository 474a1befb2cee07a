//! One row for each checkout. The ones we began have their owner from then on.

use super::{
    Applied, Snapshot,
    owner::{self, Clues},
};
use crate::{Backend, Result, Timestamp, billing::wire::Checkout, db::SystemTx, execute};

/// Writes the snapshot unless the row is newer.
pub async fn apply(
    tx: &mut SystemTx,
    backend: &Backend,
    snapshot: &Snapshot<Checkout>,
) -> Result<Applied> {
    let data = &snapshot.data;
    let clues = Clues {
        external_id: data.external_customer_id.as_deref(),
        customer: data.customer_id.as_deref().unwrap_or_default(),
        checkout: Some(&data.id),
    };
    let owner = owner::find(tx, backend, clues).await?;
    let rows = execute!(
        tx,
        r#"
        insert into "polar_checkout" (
            "id", "userId", "status", "productId", "subscriptionId", "totalAmount", "currency", "expiresAt",
            "createdAt", "polarVersion", "polarEventAt")
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        on conflict ("id") do update set
            "userId" = coalesce("polar_checkout"."userId", excluded."userId"),
            "status" = excluded."status",
            "productId" = excluded."productId",
            "subscriptionId" = excluded."subscriptionId",
            "totalAmount" = excluded."totalAmount",
            "currency" = excluded."currency",
            "expiresAt" = excluded."expiresAt",
            "polarVersion" = excluded."polarVersion",
            "polarEventAt" = excluded."polarEventAt"
        where ("polar_checkout"."polarVersion", "polar_checkout"."polarEventAt")
            < (excluded."polarVersion", excluded."polarEventAt")
        "#,
        &data.id,
        owner.as_ref(),
        &data.status,
        data.product_id.as_deref(),
        data.subscription_id.as_deref(),
        data.total_amount,
        data.currency.as_deref(),
        data.expires_at.map(Timestamp::from),
        Timestamp::from(data.created_at),
        snapshot.version.0,
        snapshot.event_at.0,
    )?;
    Ok(Applied::newer(rows))
}
