//! One row for each benefit that somebody was granted. A grant that was taken away can be given again under its id.

use super::{
    Applied, Snapshot,
    owner::{self, Clues},
};
use crate::{Backend, Result, billing::wire::Grant, db::SystemTx, execute};

/// Writes the snapshot unless the row is newer.
pub async fn apply(
    tx: &mut SystemTx,
    backend: &Backend,
    snapshot: &Snapshot<Grant>,
) -> Result<Applied> {
    let data = &snapshot.data;
    let external_id = data.customer.as_ref().and_then(|customer| customer.external_id.as_deref());
    let clues = Clues { external_id, customer: &data.customer_id, checkout: None };
    let owner = owner::find(tx, backend, clues).await?;
    let rows = execute!(
        tx,
        r#"
        insert into "polar_grant" (
            "id", "userId", "customerId", "benefitId", "subscriptionId", "orderId", "isGranted", "isRevoked",
            "polarVersion", "polarEventAt")
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        on conflict ("id") do update set
            "userId" = coalesce(excluded."userId", "polar_grant"."userId"),
            "isGranted" = excluded."isGranted",
            "isRevoked" = excluded."isRevoked",
            "polarVersion" = excluded."polarVersion",
            "polarEventAt" = excluded."polarEventAt"
        where ("polar_grant"."polarVersion", "polar_grant"."polarEventAt")
            < (excluded."polarVersion", excluded."polarEventAt")
        "#,
        &data.id,
        owner.as_ref(),
        &data.customer_id,
        &data.benefit_id,
        data.subscription_id.as_deref(),
        data.order_id.as_deref(),
        data.is_granted,
        data.is_revoked,
        snapshot.version.0,
        snapshot.event_at.0,
    )?;
    if owner.is_none() {
        owner::miss("benefit_grant", &data.id);
    }
    Ok(Applied::newer(rows))
}
