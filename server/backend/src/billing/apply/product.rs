//! The catalogue. A product that is archived stays: somebody may have it.

use super::{Applied, Snapshot};
use crate::{Backend, Result, Timestamp, billing::wire::Product, db::SystemTx, execute};

/// Writes the snapshot unless the row is newer.
pub async fn apply(
    tx: &mut SystemTx,
    backend: &Backend,
    snapshot: &Snapshot<Product>,
) -> Result<Applied> {
    let data = &snapshot.data;
    let rows = execute!(
        tx,
        r#"
        insert into "polar_product" (
            "id", "name", "description", "recurringInterval", "recurringIntervalCount", "trialInterval",
            "trialIntervalCount", "isArchived", "prices", "seenAt", "polarVersion", "polarEventAt")
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        on conflict ("id") do update set
            "name" = excluded."name",
            "description" = excluded."description",
            "recurringInterval" = excluded."recurringInterval",
            "recurringIntervalCount" = excluded."recurringIntervalCount",
            "trialInterval" = excluded."trialInterval",
            "trialIntervalCount" = excluded."trialIntervalCount",
            "isArchived" = excluded."isArchived",
            "prices" = excluded."prices",
            "seenAt" = excluded."seenAt",
            "polarVersion" = excluded."polarVersion",
            "polarEventAt" = excluded."polarEventAt"
        where ("polar_product"."polarVersion", "polar_product"."polarEventAt")
            < (excluded."polarVersion", excluded."polarEventAt")
        "#,
        &data.id,
        &data.name,
        data.description.as_deref(),
        data.recurring_interval.as_deref(),
        data.recurring_interval_count,
        data.trial_interval.as_deref(),
        data.trial_interval_count,
        data.is_archived,
        serde_json::Value::from(data.prices.clone()).to_string(),
        Timestamp::from(backend.clock.now()),
        snapshot.version.0,
        snapshot.event_at.0,
    )?;
    Ok(Applied::newer(rows))
}
