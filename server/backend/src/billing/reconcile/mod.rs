//! Repairs what webhooks lost: asks Polar about subscriptions that are suspicious, and writes what it answers. Each
//! question is a job of its own, a second apart, so that nothing is asked more than sixty times a minute.

mod compare;
mod drift;
mod endpoint;
mod lists;
mod suspicion;

use time::OffsetDateTime;

use super::client::{PolarClient, PolarError};
use crate::{
    Backend, Error, Result, Timestamp,
    db::SystemTx,
    execute,
    jobs::{self, Job, Options},
};
pub(super) use compare::{order as compare_order, subscription as compare_subscription};
pub(crate) use drift::sweep;
pub use drift::{Drift, drift};
pub(crate) use endpoint::check as check_webhooks;
pub(crate) use lists::{orders, subscriptions};
pub(crate) use suspicion::suspicious;

/// Tries of one question; then the next look asks anew.
const MAX_ATTEMPTS: i64 = 5;

/// Lets a job ask Polar about one subscription, soon and once at a time.
pub(crate) async fn enqueue_subscription(
    tx: &mut SystemTx,
    backend: &Backend,
    subscription: &str,
) -> Result<()> {
    enqueue_at(tx, backend, subscription, backend.clock.now()).await
}

/// The same for later. One that waits already is enough.
async fn enqueue_at(
    tx: &mut SystemTx,
    backend: &Backend,
    subscription: &str,
    at: OffsetDateTime,
) -> Result<()> {
    let job = Job::ReconcileSubscription { subscription: subscription.to_owned() };
    enqueue_once(tx, backend, &job, format!("reconcile:{subscription}"), at).await
}

/// A job of which none waits yet. One that runs may have asked already, before what is to be seen.
async fn enqueue_once(
    tx: &mut SystemTx,
    backend: &Backend,
    job: &Job,
    key: String,
    at: OffsetDateTime,
) -> Result<()> {
    // One that was to wait for longer comes sooner.
    let waiting = execute!(
        tx,
        r#"
        update "job" set "runAt" = case when "runAt" > $2 then $2 else "runAt" end
        where "key" = $1 and "state" = 'pending'
        "#,
        &key,
        Timestamp::from(at),
    )?;
    if waiting > 0 {
        return Ok(());
    }
    let options = Options { key: Some(key), run_at: Some(at), max_attempts: Some(MAX_ATTEMPTS) };
    jobs::enqueue(tx, backend, job, options).await?;
    Ok(())
}

/// What a process that starts has to know of Polar: what is sold, whether webhooks come, and what was missed.
pub async fn enqueue_all(backend: &Backend) -> Result<()> {
    if backend.settings.billing.is_none() {
        return Ok(());
    }
    let now = backend.clock.now();
    let mut tx = backend.db.system().write().await?;
    for (job, key) in [
        (Job::SyncProducts, "sync-products"),
        (Job::CheckWebhooks, "check-webhooks"),
        (Job::Reconcile, "reconcile"),
    ] {
        enqueue_once(&mut tx, backend, &job, key.to_owned(), now).await?;
    }
    compare_all(&mut tx, backend).await?;
    tx.commit().await?;
    Ok(())
}

/// Compares all subscriptions and the orders of the last days, from their first pages on. A daily comparison that is
/// under way has passed some of them already.
async fn compare_all(tx: &mut SystemTx, backend: &Backend) -> Result<()> {
    let now = backend.clock.now();
    for (job, key) in [
        (Job::ReconcileSubscriptions { page: 1 }, "reconcile-subscriptions-anew"),
        (Job::ReconcileOrders { page: 1 }, "reconcile-orders-anew"),
    ] {
        enqueue_once(tx, backend, &job, key.to_owned(), now).await?;
    }
    Ok(())
}

/// Polar answers again after it was left alone: what it told meanwhile may never come. Whoever got the answer goes on
/// in any case.
pub(super) async fn after_outage(backend: &Backend) {
    let enqueued = async {
        let mut tx = backend.db.system().write().await?;
        compare_all(&mut tx, backend).await?;
        tx.commit().await?;
        Ok::<(), Error>(())
    };
    match enqueued.await {
        Ok(()) => tracing::info!("Polar is back, and everything is compared"),
        Err(error) => {
            let error = crate::error::chain(&error);
            tracing::error!(error, "Polar is back, and nothing could be compared");
        }
    }
}

/// Asks Polar how one subscription stands, and writes it down. One that Polar does not have stays as it is: a row
/// of ours is no reason to end anything.
#[tracing::instrument(name = "billing.reconcile", skip_all, fields(subscription.id = %id))]
pub(crate) async fn one(backend: &Backend, id: &str) -> Result<SystemTx> {
    let Some(client) = PolarClient::of(backend) else {
        return Ok(backend.db.system().write().await?);
    };
    let answer = match client.subscription(id).await {
        Ok(answer) => Some(answer),
        Err(PolarError::NotFound) => None,
        Err(error) => return Err(error.into()),
    };
    let mut tx = backend.db.system().write().await?;
    if let Some(answer) = answer {
        compare::subscription(&mut tx, backend, &answer.snapshot()).await?;
    } else {
        tracing::warn!("Polar does not have this subscription");
        confirm(&mut tx, backend, id).await?;
    }
    Ok(tx)
}

/// Notes that Polar was asked.
async fn confirm(tx: &mut SystemTx, backend: &Backend, id: &str) -> Result<()> {
    let now = Timestamp::from(backend.clock.now());
    execute!(tx, r#"update "subscription" set "confirmedAt" = $2 where "id" = $1"#, id, now)?;
    Ok(())
}

#[cfg(test)]
mod tests;
