//! The door of the pool: few hash, few wait, the rest is sent away at once.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::Instant,
};

use crate::{Error, Result};

/// Requests that may wait for a permit.
const MAX_WAITING: usize = 64;
/// How long each of them waits.
const MAX_WAIT: Duration = Duration::from_secs(2);
/// A full queue in which nothing ends for so long is stuck: one hash takes a fraction of a second.
const STUCK_MS: u64 = 5_000;

/// Permits for the blocking threads, each of which takes 19 MiB (32 MiB for scrypt) while it hashes.
pub(super) struct Gate {
    permits: Arc<Semaphore>,
    waiting: AtomicUsize,
    runs: AtomicU64,
    born: Instant,
    /// When the last piece of work ended, in milliseconds since `born`.
    last_end_ms: Arc<AtomicU64>,
}

/// A place in the queue, given back however the waiting ends.
struct Place<'a>(&'a AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Gate {
    pub(super) fn new(threads: usize) -> Self {
        Self {
            permits: Arc::new(Semaphore::new(threads.max(1))),
            waiting: AtomicUsize::new(0),
            runs: AtomicU64::new(0),
            born: Instant::now(),
            last_end_ms: Arc::default(),
        }
    }

    /// Runs one hash.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        self.runs.fetch_add(1, Ordering::Relaxed);
        self.judge(work).await
    }

    /// Runs other work on a password that takes a processor for a while.
    pub(super) async fn judge<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        let permit = self.enter().await?;
        let (born, last_end_ms) = (self.born, self.last_end_ms.clone());
        let task = tokio::task::spawn_blocking(move || {
            // Held by the thread: a request that is cancelled frees its permit only when the memory is free.
            let _permit = permit;
            let done = work();
            let now = u64::try_from(born.elapsed().as_millis()).unwrap_or(u64::MAX);
            last_end_ms.store(now, Ordering::Relaxed);
            done
        });
        match task.await {
            Ok(done) => Ok(done),
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Err(_) => Err(Error::Busy),
        }
    }

    async fn enter(&self) -> Result<OwnedSemaphorePermit> {
        if let Ok(permit) = self.permits.clone().try_acquire_owned() {
            return Ok(permit);
        }
        let place = Place(&self.waiting);
        if self.waiting.fetch_add(1, Ordering::AcqRel) >= MAX_WAITING {
            metrics::counter!("coffer_password_pool_refusals_total").increment(1);
            return Err(Error::Busy);
        }
        let permit = tokio::time::timeout(MAX_WAIT, self.permits.clone().acquire_owned()).await;
        drop(place);
        permit.ok().and_then(Result::ok).ok_or(Error::Busy)
    }

    /// Whether hashes come to an end. A full queue that moves is no reason to send people elsewhere: whoever floods
    /// the sign-in would close the whole site with it.
    pub(super) fn moves(&self) -> bool {
        let full = self.waiting.load(Ordering::Acquire) >= MAX_WAITING;
        let now = u64::try_from(self.born.elapsed().as_millis()).unwrap_or(u64::MAX);
        let still = now.saturating_sub(self.last_end_ms.load(Ordering::Relaxed));
        !full || still < STUCK_MS
    }

    /// Every permit, held until the answer is dropped.
    #[cfg(feature = "testing")]
    pub(super) async fn occupy(&self) -> Result<OwnedSemaphorePermit> {
        let all = u32::try_from(self.permits.available_permits()).unwrap_or(u32::MAX);
        self.permits.clone().acquire_many_owned(all).await.map_err(|_| Error::Busy)
    }

    /// How many wait.
    #[cfg(feature = "testing")]
    pub(super) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Acquire)
    }

    #[cfg(feature = "testing")]
    pub(super) fn runs(&self) -> u64 {
        self.runs.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// Occupies the only permit until the sender is dropped.
    fn occupy(gate: &Arc<Gate>) -> (mpsc::Sender<()>, tokio::task::JoinHandle<Result<()>>) {
        let (release, held) = mpsc::channel::<()>();
        let gate = gate.clone();
        let task =
            tokio::spawn(async move { gate.run(move || held.recv().unwrap_or_default()).await });
        (release, task)
    }

    async fn until(condition: impl Fn() -> bool) {
        while !condition() {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn the_queue_has_an_end() {
        let gate = Arc::new(Gate::new(1));
        let (release, first) = occupy(&gate);
        until(|| gate.permits.available_permits() == 0).await;
        let waiting: Vec<_> = (0..MAX_WAITING)
            .map(|_| {
                let gate = gate.clone();
                tokio::spawn(async move { gate.run(|| ()).await })
            })
            .collect();
        until(|| gate.waiting.load(Ordering::Acquire) == MAX_WAITING).await;

        let refused = gate.run(|| ()).await;

        assert!(matches!(refused, Err(Error::Busy)));
        assert_eq!(gate.waiting.load(Ordering::Acquire), MAX_WAITING);
        drop(release);
        first.await.unwrap().unwrap();
        for task in waiting {
            task.await.unwrap().unwrap();
        }
        assert_eq!(gate.waiting.load(Ordering::Acquire), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_full_queue_is_stuck_when_nothing_ends_for_five_seconds() {
        let gate = Arc::new(Gate::new(1));
        let _held = gate.enter().await.unwrap();
        let places: Vec<_> =
            (0..MAX_WAITING).map(|_| gate.waiting.fetch_add(1, Ordering::AcqRel)).collect();
        assert_eq!(places.len(), MAX_WAITING);

        assert!(gate.moves(), "full, and somebody may just have finished");
        tokio::time::advance(Duration::from_secs(5)).await;
        assert!(!gate.moves());
        gate.last_end_ms.store(4_000, Ordering::Relaxed);
        assert!(gate.moves());
    }

    #[tokio::test(start_paused = true)]
    async fn waiting_has_an_end() {
        let gate = Gate::new(1);
        let held = gate.enter().await.unwrap();

        let refused = gate.enter().await;

        assert!(matches!(refused, Err(Error::Busy)));
        assert_eq!(gate.waiting.load(Ordering::Acquire), 0);
        drop(held);
        assert!(gate.enter().await.is_ok());
    }

    #[tokio::test]
    async fn a_cancelled_request_keeps_its_permit_until_the_memory_is_free() {
        let gate = Arc::new(Gate::new(1));
        let (release, task) = occupy(&gate);
        until(|| gate.permits.available_permits() == 0).await;

        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());

        assert_eq!(gate.permits.available_permits(), 0);
        drop(release);
        until(|| gate.permits.available_permits() == 1).await;
    }
}
