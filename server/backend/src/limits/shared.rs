//! Counts that many processes share, in Redis or Valkey.

use std::{
    sync::{
        LazyLock,
        atomic::{AtomicI64, AtomicU32, Ordering},
    },
    time::Duration,
};

use redis::{
    Client, RedisError, Script,
    aio::{ConnectionManager, ConnectionManagerConfig},
};
use secrecy::{ExposeSecret, SecretString};
use tokio::time::timeout;

use super::{
    Key,
    rule::{Rule, Wait},
};

/// A limit is no reason to wait: without an answer by then, the process decides alone.
pub(super) const PATIENCE: Duration = Duration::from_millis(50);
/// A connection may take longer; requests do not wait for it.
const CONNECT: Duration = Duration::from_secs(2);
/// Failures in a row after which nobody asks for a while.
const FAILURES: u32 = 5;
/// How long nobody asks, in milliseconds.
const OPEN_MS: i64 = 10_000;

static SCRIPT: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("script.lua")));

pub(super) struct Shared {
    connection: ConnectionManager,
    patience: Duration,
    breaker: Breaker,
}

/// Which half of the step is asked for.
#[derive(Clone, Copy)]
pub(super) enum Step {
    Take,
    GiveBack,
}

impl Shared {
    /// Connects when first asked. Needs a runtime.
    pub(super) fn new(url: &SecretString, patience: Duration) -> Result<Self, RedisError> {
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(1)
            .set_connection_timeout(Some(CONNECT))
            .set_response_timeout(Some(patience));
        let client = Client::open(url.expose_secret())?;
        let connection = ConnectionManager::new_lazy_with_config(client, config)?;
        Ok(Self { connection, patience, breaker: Breaker::default() })
    }

    /// One step; nothing when the store does not answer.
    pub(super) async fn run(
        &self,
        step: Step,
        rule: Rule,
        key: Key,
        now: i64,
    ) -> Option<Result<(), Wait>> {
        if !self.breaker.may_ask(now) {
            return None;
        }
        let asked = timeout(self.patience, self.ask(step, rule, key, now)).await;
        match asked {
            Ok(Ok(wait)) => {
                self.breaker.answered();
                let wait = u64::try_from(wait).unwrap_or(0);
                Some(if wait == 0 { Ok(()) } else { Err(Wait(Duration::from_millis(wait))) })
            }
            Ok(Err(error)) => self.failed(now, &error.to_string()),
            Err(_) => self.failed(now, "no answer in time"),
        }
    }

    async fn ask(&self, step: Step, rule: Rule, key: Key, now: i64) -> Result<i64, RedisError> {
        let (shape, max, per, longest) = rule.numbers();
        let step = match step {
            Step::Take => "take",
            Step::GiveBack => "give",
        };
        let mut connection = self.connection.clone();
        SCRIPT
            .key(format!("coffer:limit:{}:{}", rule.name, hex::encode(key)))
            .arg(shape)
            .arg(now)
            .arg(max)
            .arg(per)
            .arg(longest)
            .arg(step)
            .invoke_async(&mut connection)
            .await
    }

    fn failed<T>(&self, now: i64, reason: &str) -> Option<T> {
        metrics::counter!("coffer_limit_store_failures_total").increment(1);
        if self.breaker.failed(now) {
            tracing::warn!(reason, "the shared store of limits is away: this process counts alone");
        }
        None
    }
}

/// Asks the server for a sign of life.
///
/// # Errors
/// One sentence without the password.
pub async fn ping(url: &SecretString) -> Result<(), String> {
    let ask = async {
        let client = Client::open(url.expose_secret())?;
        let config = redis::AsyncConnectionConfig::new().set_connection_timeout(Some(CONNECT));
        let mut connection = client.get_multiplexed_async_connection_with_config(&config).await?;
        redis::cmd("PING").query_async::<()>(&mut connection).await
    };
    match timeout(2 * CONNECT, ask).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(format!("{:?}", error.kind())),
        Err(_) => Err("no answer".to_owned()),
    }
}

/// After some failures in a row nobody asks for a while; then one failure is enough.
#[derive(Default)]
struct Breaker {
    failures: AtomicU32,
    open_until: AtomicI64,
}

impl Breaker {
    fn may_ask(&self, now: i64) -> bool {
        self.open_until.load(Ordering::Relaxed) <= now
    }

    fn answered(&self) {
        self.failures.store(0, Ordering::Relaxed);
    }

    /// Whether this failure opened the circuit.
    fn failed(&self, now: i64) -> bool {
        let failures = self.failures.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        let opens = failures >= FAILURES;
        if opens {
            self.open_until.store(now + OPEN_MS, Ordering::Relaxed);
        }
        opens
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_failures_in_a_row_close_the_way_for_ten_seconds() {
        let breaker = Breaker::default();
        for _ in 0..4 {
            assert!(!breaker.failed(0));
        }
        breaker.answered();
        for _ in 0..4 {
            assert!(!breaker.failed(0));
            assert!(breaker.may_ask(0));
        }

        assert!(breaker.failed(0));

        assert!(!breaker.may_ask(9_999));
        assert!(breaker.may_ask(10_000));
        assert!(breaker.failed(10_000), "one failure is enough now");
        assert!(!breaker.may_ask(19_999));
    }

    #[tokio::test]
    async fn an_encrypted_store_can_be_named() {
        let new = |url: &str| Shared::new(&SecretString::from(url), PATIENCE);
        assert!(new("rediss://:secret@127.0.0.1:1/0").is_ok());
        assert!(new("postgres://x").is_err());
    }
}
