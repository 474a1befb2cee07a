//! The same expectations of both stores.

use std::{env, time::Duration};

use proptest::{prelude::*, test_runner::Config};
use secrecy::SecretString;
use time::macros::datetime;

use super::*;
use crate::Random;

const THREE: Rule = Rule::window("three", 3, Duration::from_secs(10));
const FIVE: Rule = Rule::rate("five", 5, Duration::from_secs(50));
const SLOW: Rule = Rule {
    name: "slow",
    shape: Shape::Slowdown {
        max: 2,
        per: Duration::from_hours(1),
        longest: Duration::from_secs(8),
    },
};

fn redis() -> SecretString {
    #[expect(clippy::disallowed_methods, reason = "tests are told their server by the environment")]
    let url = env::var("TEST_REDIS_URL").expect(
        "TEST_REDIS_URL names a Redis server for tests: run `make test`, or \
         `export TEST_REDIS_URL=$(scripts/redis url)` after `scripts/redis start`",
    );
    url.into()
}

fn clock() -> Clock {
    Clock::frozen(datetime!(2026-05-04 12:00 UTC))
}

/// A secret of its own keeps the counts of one test apart from those of others.
fn secret() -> SecretString {
    Random::system().alphanumeric(32).into()
}

/// Writes a test that runs on each store.
macro_rules! both_stores {
    ($(async fn $name:ident($limits:ident: Limits, $clock:ident: Clock) $body:block)*) => {$(
        mod $name {
            use super::*;

            async fn check($limits: Limits, $clock: Clock) $body

            #[tokio::test]
            async fn in_process() {
                let clock = clock();
                check(Limits::in_process(clock.clone(), &secret()), clock).await;
            }

            #[tokio::test]
            async fn shared() {
                let clock = clock();
                let limits = patient(&clock, &secret()).await;
                check(limits, clock).await;
            }
        }
    )*};
}

/// Limits in the shared store that wait for it however busy this machine is: one that counted in the process
/// by accident would prove nothing.
async fn patient(clock: &Clock, secret: &SecretString) -> Limits {
    let shared = Shared::new(&redis(), Duration::from_secs(30)).unwrap();
    let limits = Limits::new(clock.clone(), secret, Some(shared));
    limits.is_shared().await;
    limits
}

impl Limits {
    /// Waits for the connection.
    async fn is_shared(&self) {
        let inner = self.0.as_ref().expect("limits that are on");
        let shared = inner.shared.as_ref().expect("a shared store");
        while shared.run(Step::GiveBack, THREE, Key::default(), inner.now()).await.is_none() {
            tokio::task::yield_now().await;
        }
    }

    async fn times(&self, rule: Rule, key: &str, times: usize) -> Vec<u64> {
        let mut answers = Vec::new();
        for _ in 0..times {
            answers.push(self.take(rule, key).await.map_or_else(Wait::seconds, |()| 0));
        }
        answers
    }
}

fn seconds(clock: &Clock, seconds: u64) {
    clock.advance(Duration::from_secs(seconds));
}

both_stores! {
    async fn a_window_starts_anew_after_the_last_allowed_request(limits: Limits, clock: Clock) {
        assert_eq!(limits.times(THREE, "a", 2).await, [0, 0]);
        seconds(&clock, 9);
        assert_eq!(limits.times(THREE, "a", 3).await, [0, 10, 10], "the third moved its end");
        clock.advance(Duration::from_millis(9_001));
        assert_eq!(limits.times(THREE, "a", 1).await, [1], "rounded up; refusals move nothing");
        clock.advance(Duration::from_millis(999));
        assert_eq!(limits.times(THREE, "a", 4).await, [0, 0, 0, 10]);
        assert_eq!(limits.times(THREE, "b", 1).await, [0], "another key");
    }

    async fn a_rate_comes_back_bit_by_bit(limits: Limits, clock: Clock) {
        assert_eq!(limits.times(FIVE, "a", 6).await, [0, 0, 0, 0, 0, 10]);
        seconds(&clock, 10);
        assert_eq!(limits.times(FIVE, "a", 2).await, [0, 10]);
        seconds(&clock, 50);
        assert_eq!(limits.times(FIVE, "a", 6).await, [0, 0, 0, 0, 0, 10]);
    }

    async fn a_slowdown_delays_and_never_locks_out(limits: Limits, clock: Clock) {
        assert_eq!(limits.times(SLOW, "a", 3).await, [0, 0, 1]);
        for wait in [1, 2, 4, 8, 8, 8] {
            assert_eq!(limits.times(SLOW, "a", 1).await, [wait]);
            seconds(&clock, wait);
            assert_eq!(limits.times(SLOW, "a", 1).await, [0]);
        }
        clock.advance(Duration::from_hours(6));
        assert_eq!(limits.times(SLOW, "a", 3).await, [0, 0, 1]);
    }

    async fn what_is_given_back_can_be_taken_again_and_no_more(limits: Limits, _clock: Clock) {
        for rule in [THREE, FIVE, SLOW] {
            let (_, max, ..) = rule.numbers();
            let max = usize::try_from(max).unwrap();
            assert_eq!(limits.times(rule, "a", max).await, vec![0; max]);
            limits.give_back(rule, "a").await;
            let answers = limits.times(rule, "a", 2).await;
            assert_eq!((answers[0], answers[1] > 0), (0, true), "{}", rule.name);
        }
    }

    async fn all_of_an_attempt_is_taken_or_nothing(limits: Limits, _clock: Clock) {
        limits.times(FIVE, "full", 5).await;
        let mut charges = limits.charges();

        charges.take(THREE, "a").await.unwrap();
        assert!(charges.take(FIVE, "full").await.is_err());

        assert_eq!(limits.times(THREE, "a", 4).await, [0, 0, 0, 10]);
    }

    async fn a_dropped_attempt_stays_taken_and_a_good_one_does_not(limits: Limits, _clock: Clock) {
        for _ in 0..3 {
            let mut charges = limits.charges();
            charges.take(THREE, "a").await.unwrap();
            drop(charges);
            let mut charges = limits.charges();
            charges.take(FIVE, "a").await.unwrap();
            charges.give_back().await;
        }

        assert_eq!(limits.times(THREE, "a", 1).await, [10]);
        assert_eq!(limits.times(FIVE, "a", 5).await, [0; 5]);
    }

    async fn an_address_of_ipv6_counts_for_its_household_and_its_site(limits: Limits, _clock: Clock) {
        let mut passed = 0;
        for home in 0..40 {
            let address = Address::parse(&format!("2001:db8:1:{home:x}::1"));
            let mut charges = limits.charges();
            passed += u32::from(charges.take_of(THREE, &address).await.is_ok());
            drop(charges);
        }
        assert_eq!(passed, 30, "ten times one household");

        let other = Address::parse("2001:db8:2::1");
        for _ in 0..3 {
            let mut charges = limits.charges();
            charges.take_of(THREE, &other).await.unwrap();
            drop(charges);
        }
        assert!(limits.charges().take_of(THREE, &other).await.is_err());
    }

    async fn many_at_once_are_counted_one_by_one(limits: Limits, _clock: Clock) {
        let tries = (0..60).map(|_| limits.take(FIVE, "a"));

        let allowed = futures::future::join_all(tries).await.iter().filter(|one| one.is_ok()).count();

        assert_eq!(allowed, 5);
    }
}

/// Times and keys as they may come, on one rule; the same answers from both stores.
#[test]
fn both_stores_answer_alike() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let steps = proptest::collection::vec((0_u64..12_000, any::<bool>(), 0_u8..6), 1..40);
    let config = Config::with_cases(24);
    proptest!(config, |(steps in steps, which in 0_usize..3)| {
        let rule = [THREE, FIVE, SLOW][which];
        runtime.block_on(async {
            let (clock, secret) = (clock(), secret());
            let here = Limits::in_process(clock.clone(), &secret);
            let there = patient(&clock, &secret).await;
            for (pause, other, step) in &steps {
                clock.advance(Duration::from_millis(*pause));
                let key = if *other { "a" } else { "b" };
                if *step == 0 {
                    here.give_back(rule, key).await;
                    there.give_back(rule, key).await;
                } else {
                    assert_eq!(here.take(rule, key).await, there.take(rule, key).await);
                }
            }
        });
    });
}

#[tokio::test]
async fn processes_with_one_store_count_together_and_name_nobody_in_it() {
    let (clock, secret) = (clock(), secret());
    let (one, two) = (patient(&clock, &secret).await, patient(&clock, &secret).await);

    assert_eq!(one.times(THREE, "ann@example.com", 2).await, [0, 0]);
    assert_eq!(two.times(THREE, "ann@example.com", 2).await, [0, 10]);

    let inner = one.0.as_ref().unwrap();
    let name = hex::encode(inner.key(THREE, "ann@example.com"));
    let client = redis::Client::open(secrecy::ExposeSecret::expose_secret(&redis())).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let kept: Vec<String> =
        redis::cmd("KEYS").arg(format!("*{name}*")).query_async(&mut connection).await.unwrap();
    assert_eq!(kept, [format!("coffer:limit:three:{name}")]);
    let life: i64 = redis::cmd("PTTL").arg(&kept[0]).query_async(&mut connection).await.unwrap();
    assert!((1..=10_000).contains(&life), "{life}");
}

#[tokio::test]
async fn without_the_store_each_process_counts_alone_and_nothing_is_open() {
    // A port that was just free: nobody listens there.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let nowhere = SecretString::from(format!("redis://127.0.0.1:{port}/"));
    let limits = Limits::shared(clock(), &secret(), &nowhere).unwrap();

    assert_eq!(limits.times(THREE, "a", 5).await, [0, 0, 0, 10, 10]);
    assert!(ping(&nowhere).await.is_err());
    assert!(ping(&redis()).await.is_ok());
}

#[tokio::test]
async fn a_store_that_never_answers_costs_a_few_requests_50_ms_and_the_rest_nothing() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = silent.local_addr().unwrap();
    let url = SecretString::from(format!("redis://{address}/"));
    let limits = Limits::shared(clock(), &secret(), &url).unwrap();
    limits.times(FIVE, "warm", 5).await;

    let begun = tokio::time::Instant::now();
    assert_eq!(limits.times(THREE, "a", 50).await[..4], [0, 0, 0, 10]);

    assert!(begun.elapsed() < Duration::from_millis(50), "nobody asked it any more");
}

#[tokio::test]
async fn limits_that_are_off_allow_everything() {
    let limits = Limits::off();

    assert_eq!(limits.times(THREE, "a", 9).await, [0; 9]);
    assert!(!limits.are_on());
}
