//! The runner of one process: wakes when a job arrives, looks around regularly, and drains when told to stop.

use std::{sync::Arc, time::Duration};

use tokio::{
    task::JoinSet,
    time::{MissedTickBehavior, interval, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{Handler, Product, SCHEDULES, queue, run, run::Outcome, schedule};
use crate::{Backend, Result, error::chain};

/// The times of a runner. Leases compare with the backend's clock; the others are real time.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// For how long a job belongs to a runner that does not renew.
    pub lease: Duration,
    /// How often a lease is renewed while its job runs.
    pub renew: Duration,
    /// How often a runner looks for jobs that nobody announced: retries, other processes, schedules.
    pub poll: Duration,
    /// How long running jobs may take after the stop signal.
    pub drain: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            lease: Duration::from_mins(1),
            renew: Duration::from_secs(20),
            poll: Duration::from_secs(1),
            drain: Duration::from_secs(25),
        }
    }
}

/// Runs jobs until it is told to stop.
pub struct Worker<H = Product> {
    backend: Backend,
    handler: Arc<H>,
    concurrency: usize,
    pace: Pace,
    interrupt: CancellationToken,
    running: JoinSet<Outcome>,
}

impl Worker {
    /// Runs the product's jobs, at most `concurrency` at a time, until `shutdown`; then finishes what runs, or
    /// returns it to the queue when that takes too long. Each job takes a connection of the pool for its
    /// transaction.
    pub async fn run(backend: Backend, shutdown: CancellationToken, concurrency: usize) {
        Self::new(backend, Product, concurrency, Pace::default()).work(shutdown).await;
    }
}

impl<H: Handler> Worker<H> {
    /// A runner with a handler and times of the caller's own.
    pub fn new(backend: Backend, handler: H, concurrency: usize, pace: Pace) -> Self {
        Self {
            backend,
            handler: Arc::new(handler),
            concurrency: concurrency.max(1),
            pace,
            interrupt: CancellationToken::new(),
            running: JoinSet::new(),
        }
    }

    /// See [`Worker::run`].
    pub async fn work(mut self, shutdown: CancellationToken) {
        let mut tick = interval(self.pace.poll);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        warn(schedule::install(&self.backend, SCHEDULES).await);
        while !shutdown.is_cancelled() {
            warn(self.start_jobs(&shutdown).await);
            tokio::select! {
                () = shutdown.cancelled() => {}
                Some(_) = self.running.join_next() => {}
                () = self.backend.jobs.arrival(), if self.has_room() => {}
                _ = tick.tick() => {
                    warn(schedule::fire_due(&self.backend, SCHEDULES).await.map(drop));
                    warn(queue::measure(&self.backend).await);
                }
            }
        }
        self.drain().await;
    }

    fn has_room(&self) -> bool {
        self.running.len() < self.concurrency
    }

    /// Starts due jobs until there are none or all hands are busy.
    async fn start_jobs(&mut self, shutdown: &CancellationToken) -> Result<()> {
        while self.has_room() && !shutdown.is_cancelled() {
            let Some(claim) = queue::claim(&self.backend, self.pace.lease).await? else { break };
            let (backend, handler) = (self.backend.clone(), self.handler.clone());
            let (pace, interrupt) = (self.pace, self.interrupt.clone());
            self.running.spawn(async move {
                run::run(&backend, &*handler, &claim, pace, &interrupt).await
            });
        }
        Ok(())
    }

    async fn drain(mut self) {
        let finish = async { while self.running.join_next().await.is_some() {} };
        if timeout(self.pace.drain, finish).await.is_err() {
            tracing::warn!(
                jobs = self.running.len(),
                "jobs took too long to finish and go back to the queue"
            );
            self.interrupt.cancel();
            while self.running.join_next().await.is_some() {}
        }
    }
}

/// A runner outlives an outage of the database: it looks again at the next tick.
fn warn(result: Result<()>) {
    if let Err(error) = result {
        tracing::warn!(error = chain(&error), "the queue could not be read");
    }
}
