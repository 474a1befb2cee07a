//! Repairs what webhooks lost: asks Polar about subscriptions that are suspicious, and writes what it answers.

use crate::{
    Backend, Result,
    db::Tx,
    jobs::{self, Job, Options},
};

/// Lets a job ask Polar about one subscription, soon and once at a time.
pub(crate) async fn enqueue_subscription(
    tx: &mut impl Tx,
    backend: &Backend,
    subscription: &str,
) -> Result<()> {
    let job = Job::ReconcileSubscription { subscription: subscription.to_owned() };
    let key = Some(format!("reconcile:{subscription}"));
    jobs::enqueue(tx, backend, &job, Options { key, ..Options::default() }).await?;
    Ok(())
}
