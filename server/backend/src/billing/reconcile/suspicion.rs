//! Which subscriptions Polar should be asked about.

use time::Duration;

use super::enqueue_at;
use crate::{Backend, Result, Timestamp, db::SystemTx, fetch_all};

/// A date may be over for this long before its webhook is missed.
const SLACK: Duration = Duration::minutes(10);
/// How often Polar is asked of a subscription whose date is over and that it still calls live.
const AGAIN: Duration = Duration::hours(1);
/// Nothing goes unasked for longer.
const LONGEST: Duration = Duration::hours(24);
/// Between two questions: sixty a minute.
const STEP: Duration = Duration::SECOND;
/// Questions of one look: as many as there is time for before the next.
const MOST: i64 = 900;

/// Lets a job ask about each subscription that can still change and whose period, trial, pause or end should have
/// brought news, or that nobody has confirmed for a day.
#[tracing::instrument(name = "billing.suspicious", skip_all)]
pub(crate) async fn suspicious(backend: &Backend) -> Result<SystemTx> {
    let mut tx = backend.db.system().write().await?;
    if backend.settings.billing.is_none() {
        return Ok(tx);
    }
    let now = backend.clock.now();
    let found: Vec<(String,)> = fetch_all!(
        tx,
        r#"
        select "id" from "subscription"
        where "status" not in ('canceled', 'unpaid', 'incomplete', 'incomplete_expired')
          and ("confirmedAt" is null or "confirmedAt" <= $1
               or ("status" <> 'paused' and "currentPeriodEnd" <= $2
                   and ("confirmedAt" <= "currentPeriodEnd" or "confirmedAt" <= $3))
               or ("endsAt" <= $2 and ("confirmedAt" <= "endsAt" or "confirmedAt" <= $3))
               or ("status" = 'trialing' and "trialEnd" <= $2
                   and ("confirmedAt" <= "trialEnd" or "confirmedAt" <= $3))
               or ("status" = 'paused' and "resumesAt" <= $2
                   and ("confirmedAt" <= "resumesAt" or "confirmedAt" <= $3)))
          and not exists (
              select 1 from "job" j where j."key" = 'reconcile:' || "subscription"."id" and j."state" = 'pending')
        order by coalesce("confirmedAt", "createdAt"), "id"
        limit $4
        "#,
        Timestamp::from(now - LONGEST),
        Timestamp::from(now - SLACK),
        Timestamp::from(now - AGAIN),
        MOST,
    )?;
    let mut at = now;
    for (id,) in &found {
        enqueue_at(&mut tx, backend, id, at).await?;
        at += STEP;
    }
    if !found.is_empty() {
        tracing::info!(subscriptions = found.len(), "Polar is asked about subscriptions");
    }
    Ok(tx)
}
