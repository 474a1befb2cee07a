//! A host that fails again and again is left alone for a while: waiting for it would hold up everybody.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use time::{Duration, OffsetDateTime};

use crate::Clock;

/// Failures in a row after which a host is left alone.
const FAILURES: u32 = 5;
/// For this long; then one request may try.
const REST: Duration = Duration::seconds(30);

#[derive(Default)]
struct Circuit {
    failures: u32,
    closed_until: Option<OffsetDateTime>,
}

/// One circuit for each host. Hosts are few: they stand in the configuration.
pub(super) struct Circuits {
    clock: Clock,
    hosts: Mutex<HashMap<String, Circuit>>,
}

impl Circuits {
    pub(super) fn new(clock: &Clock) -> Self {
        Self { clock: clock.clone(), hosts: Mutex::default() }
    }

    /// Whether `host` may be asked now. After a rest one caller may; the others wait for what becomes of it.
    pub(super) fn may_try(&self, host: &str) -> bool {
        let now = self.clock.now();
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(circuit) = hosts.get_mut(host) else { return true };
        match circuit.closed_until {
            Some(until) if until > now => false,
            Some(_) => {
                circuit.closed_until = Some(now + REST);
                true
            }
            None => true,
        }
    }

    /// Notes how a request ended. True for the first that worked after the host was left alone.
    pub(super) fn note(&self, host: &str, works: bool) -> bool {
        let now = self.clock.now();
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if works {
            return hosts.remove(host).is_some_and(|circuit| circuit.closed_until.is_some());
        }
        let circuit = hosts.entry(host.to_owned()).or_default();
        circuit.failures += 1;
        if circuit.failures >= FAILURES {
            if circuit.closed_until.is_none() {
                tracing::warn!(host, "a host is left alone after several failures");
            }
            circuit.closed_until = Some(now + REST);
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn after_five_failures_a_host_rests_and_then_one_may_try() {
        let clock = Clock::frozen(datetime!(2026-05-04 12:00 UTC));
        let circuits = Circuits::new(&clock);

        for _ in 0..4 {
            circuits.note("a", false);
        }
        assert!(circuits.may_try("a"));
        circuits.note("a", false);
        assert!(!circuits.may_try("a"));
        assert!(circuits.may_try("b"));

        clock.advance(std::time::Duration::from_secs(31));
        assert!(circuits.may_try("a"));
        assert!(!circuits.may_try("a"));
        assert!(!circuits.note("b", true), "it was never left alone");
        assert!(circuits.note("a", true), "it is back");
        assert!(!circuits.note("a", true), "that is told once");
        assert!(circuits.may_try("a"));
    }

    #[test]
    fn an_answer_ends_the_row_of_failures() {
        let circuits = Circuits::new(&Clock::frozen(datetime!(2026-05-04 12:00 UTC)));
        for _ in 0..3 {
            for _ in 0..4 {
                circuits.note("a", false);
            }
            circuits.note("a", true);
        }
        assert!(circuits.may_try("a"));
    }
}
