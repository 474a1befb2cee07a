//! Runs one leased job: keeps the lease while it works, and writes down how it went.

use std::panic::AssertUnwindSafe;

use futures::FutureExt as _;
use tokio_util::sync::CancellationToken;

use super::{Job, Product, queue, queue::Claim, worker::Pace};
use crate::{Backend, Error, Result, db::SystemTx, error::chain};

/// Does the work of jobs.
pub trait Handler: Send + Sync + 'static {
    /// Does the work and returns the open transaction that holds its effect; the queue adds the done mark and
    /// commits. Work that calls other services does so first and opens the transaction afterwards. `id` is the
    /// same in every try.
    fn perform(
        &self,
        backend: &Backend,
        id: &str,
        job: Job,
    ) -> impl Future<Output = Result<SystemTx>> + Send;
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The effect and the done mark are committed.
    Done,
    /// It waits for its next try, or is dead.
    Failed,
    /// The lease expired first, so this run has no effect.
    Lost,
    /// The process stops; somebody else starts over.
    GivenBack,
}

/// Runs everything that is due now and returns how many runs that took. What fails waits for its time.
pub async fn run_due(backend: &Backend) -> Result<usize> {
    run_due_with(backend, &Product).await
}

/// [`run_due`] with a handler of the caller's own.
pub async fn run_due_with(backend: &Backend, handler: &impl Handler) -> Result<usize> {
    let (pace, stop) = (Pace::default(), CancellationToken::new());
    let mut runs = 0;
    while let Some(claim) = queue::claim(backend, pace.lease).await? {
        run(backend, handler, &claim, pace, &stop).await;
        runs += 1;
    }
    Ok(runs)
}

/// One run of one job. Nothing that happens in it, a panic included, reaches the caller.
#[tracing::instrument(name = "jobs.run", skip_all, fields(job.id = %claim.id, job.kind = %claim.kind, job.attempt = claim.attempts))]
pub(super) async fn run(
    backend: &Backend,
    handler: &impl Handler,
    claim: &Claim,
    pace: Pace,
    stop: &CancellationToken,
) -> Outcome {
    let work = AssertUnwindSafe(attempt(backend, handler, claim)).catch_unwind();
    let ended = tokio::select! {
        // On SQLite a renewal waits for the transaction of the work itself: look at the work first.
        biased;
        ended = work => ended,
        () = keep_lease(backend, claim, pace) => return lost(),
        () = stop.cancelled() => return give_back(backend, claim).await,
    };
    match ended {
        Ok(Ok(true)) => Outcome::Done,
        Ok(Ok(false)) => lost(),
        Ok(Err(error)) => failed(backend, claim, chain(&error)).await,
        Err(_panic) => {
            metrics::counter!("coffer_panics_total").increment(1);
            failed(backend, claim, "the handler panicked".to_owned()).await
        }
    }
}

/// True: effect and done mark are committed. False: the job was somebody else's, and the effect is undone.
async fn attempt(backend: &Backend, handler: &impl Handler, claim: &Claim) -> Result<bool> {
    // A newer release may have enqueued a kind that this one does not know: it fails, and waits for that release.
    let job = read(backend, claim)?;
    let mut tx = handler.perform(backend, &claim.id, job).await?;
    if !queue::finish(&mut tx, claim).await? {
        return Ok(false);
    }
    tx.commit().await?;
    Ok(true)
}

/// The job as it was enqueued. One of an older release lies open.
fn read(backend: &Backend, claim: &Claim) -> Result<Job> {
    let unreadable = |_| Error::Corrupt("job");
    if claim.payload.starts_with('{') {
        return serde_json::from_str(&claim.payload).map_err(unreadable);
    }
    let payload = backend.vault.open_waiting(&claim.id, &claim.payload)?;
    serde_json::from_str(&payload).map_err(unreadable)
}

/// Returns when the job is no longer ours. While the database is out of reach the lease simply runs on.
async fn keep_lease(backend: &Backend, claim: &Claim, pace: Pace) {
    loop {
        tokio::time::sleep(pace.renew).await;
        match queue::renew(backend, claim, pace.lease).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => tracing::warn!(error = chain(&error), "a lease could not be renewed"),
        }
    }
}

fn lost() -> Outcome {
    tracing::warn!("the lease expired before the job was done");
    Outcome::Lost
}

async fn give_back(backend: &Backend, claim: &Claim) -> Outcome {
    if let Err(error) = queue::give_back(backend, claim).await {
        tracing::warn!(error = chain(&error), "a lease could not be returned and will expire");
    }
    Outcome::GivenBack
}

async fn failed(backend: &Backend, claim: &Claim, reason: String) -> Outcome {
    tracing::warn!(error = reason, "a job failed");
    if let Err(error) = queue::fail(backend, claim, &reason).await {
        tracing::warn!(
            error = chain(&error),
            "a failure could not be written down; the lease will expire"
        );
    }
    Outcome::Failed
}
