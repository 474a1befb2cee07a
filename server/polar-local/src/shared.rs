//! What the router, the deliveries and the clock share.

use std::{
    collections::HashSet,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::Notify;
use url::Url;
use uuid::Uuid;

use crate::{delivery::Signer, engine::Engine, moment::Moment};

/// The engine behind its lock, and the settings that never change.
pub struct Shared {
    engine: Mutex<Engine>,
    pub base: Url,
    pub webhook_url: Url,
    pub signer: Signer,
    pub token: String,
    pub backoff_divisor: u32,
    pub state_file: Option<PathBuf>,
    /// Events that the application is to refuse at their next delivery.
    unwanted: Mutex<HashSet<Uuid>>,
    /// There may be something to do.
    pub wake: Notify,
    /// Something was done.
    pub progress: Notify,
}

/// A handle.
pub type Handle = Arc<Shared>;

impl Shared {
    /// Everything at its start.
    pub fn new(engine: Engine, signer: Signer, settings: &crate::Settings) -> Self {
        Self {
            engine: Mutex::new(engine),
            base: settings.base_url.clone(),
            webhook_url: settings.webhook_url.clone(),
            signer,
            token: settings.token.clone(),
            backoff_divisor: settings.backoff_divisor,
            state_file: settings.state_file.clone(),
            unwanted: Mutex::default(),
            wake: Notify::new(),
            progress: Notify::new(),
        }
    }

    /// The engine, as it is.
    pub fn lock(&self) -> MutexGuard<'_, Engine> {
        self.engine.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The engine, after everything that was due; deliveries follow.
    pub fn with<T>(&self, work: impl FnOnce(&mut Engine) -> T) -> T {
        let answer = {
            let mut engine = self.lock();
            engine.fire_due();
            work(&mut engine)
        };
        self.wake.notify_one();
        answer
    }

    /// Waits until something is true, at most so long.
    pub async fn wait_until(&self, longest: Duration, done: impl Fn(&Engine) -> bool) -> bool {
        let wait = async {
            loop {
                let mut progress = std::pin::pin!(self.progress.notified());
                progress.as_mut().enable();
                if done(&self.lock()) {
                    return;
                }
                progress.await;
            }
        };
        tokio::time::timeout(longest, wait).await.is_ok()
    }

    /// The address of a path below the base.
    pub fn url(&self, path: &str) -> String {
        crate::address::under(&self.base, path).to_string()
    }

    /// Lets the application refuse the next delivery of an event.
    pub fn let_refuse(&self, event: Uuid) {
        self.unwanted.lock().unwrap_or_else(PoisonError::into_inner).insert(event);
    }

    /// Whether the application is to refuse this delivery; asked once for each.
    pub fn is_unwanted(&self, event: Uuid) -> bool {
        self.unwanted.lock().unwrap_or_else(PoisonError::into_inner).remove(&event)
    }

    /// The real time.
    pub fn real_now(&self) -> Moment {
        self.lock().real_now()
    }
}
