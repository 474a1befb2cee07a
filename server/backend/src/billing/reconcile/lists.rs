//! Once a day everything is compared: all subscriptions, and the orders of the last days. A page is a job, and
//! enqueues the next.

use time::Duration;

use super::compare;
use crate::{
    Backend, Result,
    billing::client::{Find, PolarClient},
    db::SystemTx,
    jobs::{self, Job, Options},
};

/// Orders are compared for as long as their payment may take and somebody may look at them.
const ORDERS_SINCE: Duration = Duration::days(3);
/// Between two pages.
const STEP: Duration = Duration::SECOND;

/// Compares one page of all subscriptions.
#[tracing::instrument(name = "billing.reconcile_subscriptions", skip_all, fields(page))]
pub(crate) async fn subscriptions(backend: &Backend, page: i64) -> Result<SystemTx> {
    let Some(client) = PolarClient::of(backend) else {
        return Ok(backend.db.system().write().await?);
    };
    let found = client.subscriptions(&Find { page, ..Find::default() }).await?;
    let mut tx = backend.db.system().write().await?;
    for answer in found.items {
        compare::subscription(&mut tx, backend, &answer.snapshot()).await?;
    }
    if page < found.pages {
        let next = Job::ReconcileSubscriptions { page: page + 1 };
        go_on(&mut tx, backend, &next, "reconcile-subscriptions").await?;
    }
    Ok(tx)
}

/// Compares one page of the orders of the last days.
#[tracing::instrument(name = "billing.reconcile_orders", skip_all, fields(page))]
pub(crate) async fn orders(backend: &Backend, page: i64) -> Result<SystemTx> {
    let Some(client) = PolarClient::of(backend) else {
        return Ok(backend.db.system().write().await?);
    };
    let created_after = Some(backend.clock.now() - ORDERS_SINCE);
    let found = client.orders(&Find { created_after, page, ..Find::default() }).await?;
    let mut tx = backend.db.system().write().await?;
    for answer in found.items {
        compare::order(&mut tx, backend, &answer.snapshot()).await?;
    }
    if page < found.pages {
        let next = Job::ReconcileOrders { page: page + 1 };
        go_on(&mut tx, backend, &next, "reconcile-orders").await?;
    }
    Ok(tx)
}

async fn go_on(tx: &mut SystemTx, backend: &Backend, next: &Job, key: &str) -> Result<()> {
    let options = Options {
        key: Some(key.to_owned()),
        run_at: Some(backend.clock.now() + STEP),
        ..Options::default()
    };
    jobs::enqueue(tx, backend, next, options).await?;
    Ok(())
}
