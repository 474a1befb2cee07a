//! Leaving without dropping anybody: first not ready, then no new connections, then gone.

use std::{io, time::Duration};

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Tells every part of the program how far it is on its way out. Clones share their state.
#[derive(Clone, Debug, Default)]
pub struct Shutdown {
    leaving: CancellationToken,
    closing: CancellationToken,
}

impl Shutdown {
    /// From here on the process reports not ready.
    pub fn leave(&self) {
        self.leaving.cancel();
    }

    /// From here on it takes no new connections and ends.
    pub fn close(&self) {
        self.leaving.cancel();
        self.closing.cancel();
    }

    /// Whether the process reports not ready.
    pub fn is_leaving(&self) -> bool {
        self.leaving.is_cancelled()
    }

    /// Waits for [`Shutdown::close`].
    pub async fn closing(&self) {
        self.closing.cancelled().await;
    }
}

/// SIGTERM and SIGINT of this process.
pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    /// Takes both signals over. From here on they no longer end the process by themselves.
    pub fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Waits for either.
    pub async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }

    /// At the first signal leaves, waits `drain` so that load balancers notice, and closes.
    /// Returns at the second signal: whoever sends it does not want to wait.
    pub async fn drive(mut self, shutdown: Shutdown, drain: Duration) {
        self.next().await;
        tracing::info!(drain_seconds = drain.as_secs(), "leaving");
        shutdown.leave();
        let second = self.next();
        tokio::pin!(second);
        tokio::select! {
            () = tokio::time::sleep(drain) => {}
            () = &mut second => return,
        }
        shutdown.close();
        second.await;
    }
}
