//! How often something may be done. Counted in this process, or in Redis or Valkey for all processes together;
//! when that store is away, each process counts alone. See `docs/adr/0007-limits.md`.

mod address;
mod charges;
mod memory;
mod rule;
mod shared;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

use crate::{Clock, Timestamp};
pub use address::Address;
pub use charges::Charges;
use memory::Memory;
pub use rule::{Rule, Shape, Wait};
pub use shared::ping;
use shared::{PATIENCE, Shared, Step};

/// What stands for an address or an account in the counts: a keyed hash, so that a dump names nobody.
type Key = [u8; 16];

/// The limits of one process. Cheap to clone.
#[derive(Clone)]
pub struct Limits(Option<Arc<Inner>>);

struct Inner {
    clock: Clock,
    keys: [u8; 32],
    memory: Memory,
    shared: Option<Shared>,
}

/// The address of a shared store could not be read.
#[derive(Debug, thiserror::Error)]
#[error("REDIS_URL is not the address of a Redis or Valkey server")]
pub struct StoreUrlError;

impl Limits {
    /// Allows everything (`AUTH_RATE_LIMIT=off`).
    pub fn off() -> Self {
        Self(None)
    }

    /// Counts in this process. `secret` keys what stands for people in the counts.
    pub fn in_process(clock: Clock, secret: &SecretString) -> Self {
        Self::new(clock, secret, None)
    }

    /// Counts in the store at `url`, together with every process that has the same secret.
    pub fn shared(
        clock: Clock,
        secret: &SecretString,
        url: &SecretString,
    ) -> Result<Self, StoreUrlError> {
        let shared = Shared::new(url, PATIENCE).map_err(|_| StoreUrlError)?;
        Ok(Self::new(clock, secret, Some(shared)))
    }

    fn new(clock: Clock, secret: &SecretString, shared: Option<Shared>) -> Self {
        let mut keys = [0; 32];
        Hkdf::<Sha256>::new(None, secret.expose_secret().as_bytes())
            .expand(b"coffer:limits:v1", &mut keys)
            .expect("32 bytes are within what HKDF can give");
        Self(Some(Arc::new(Inner { clock, keys, memory: Memory::default(), shared })))
    }

    /// Whether anything is limited at all.
    pub fn are_on(&self) -> bool {
        self.0.is_some()
    }

    /// Decides about one more of `key` and counts it, in one step.
    ///
    /// # Errors
    /// How long to wait, when there were too many.
    pub async fn take(&self, rule: Rule, key: &str) -> Result<(), Wait> {
        let Some(inner) = &self.0 else { return Ok(()) };
        let taken = inner.take(rule, inner.key(rule, key)).await;
        if taken.is_err() {
            metrics::counter!("coffer_throttled_total", "limiter" => rule.name).increment(1);
        }
        taken
    }

    /// Takes back one that [`Limits::take`] counted.
    pub async fn give_back(&self, rule: Rule, key: &str) {
        let Some(inner) = &self.0 else { return };
        let key = inner.key(rule, key);
        inner.memory.give_back(rule, key);
        if let Some(shared) = &inner.shared {
            // Away: it comes back with time, as every count does.
            let _ = shared.run(Step::GiveBack, rule, key, inner.now()).await;
        }
    }
}

impl Inner {
    async fn take(&self, rule: Rule, key: Key) -> Result<(), Wait> {
        let now = self.now();
        if let Some(shared) = &self.shared
            && let Some(decided) = shared.run(Step::Take, rule, key, now).await
        {
            return decided;
        }
        self.memory.take(rule, key, now)
    }

    fn now(&self) -> i64 {
        Timestamp::from(self.clock.now()).unix_ms()
    }

    fn key(&self, rule: Rule, text: &str) -> Key {
        let mac =
            Hmac::<Sha256>::new_from_slice(&self.keys).expect("HMAC takes keys of any length");
        let mac = mac.chain_update(rule.name).chain_update([0]).chain_update(text);
        let mut key = Key::default();
        key.copy_from_slice(&mac.finalize().into_bytes()[..16]);
        key
    }
}
