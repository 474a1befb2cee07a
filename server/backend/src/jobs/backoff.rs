//! How long a failed job waits: exponential, with full jitter, so that many that failed together do not come
//! back together.

use std::time::Duration;

use crate::Random;

const FIRST: Duration = Duration::from_secs(5);
const LONGEST: Duration = Duration::from_hours(4);

/// The longest wait after `attempts` tries.
fn ceiling(attempts: i64) -> Duration {
    let doublings = u32::try_from(attempts.saturating_sub(1)).unwrap_or(0).min(31);
    FIRST.saturating_mul(1 << doublings).min(LONGEST)
}

/// A wait after `attempts` tries: anything from a millisecond up to the ceiling, each equally likely.
pub(super) fn delay(random: &Random, attempts: i64) -> Duration {
    let ceiling = u64::try_from(ceiling(attempts).as_millis()).unwrap_or(u64::MAX);
    Duration::from_millis(1 + random.below(ceiling))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_wait_is_never_nothing_and_never_above_its_ceiling(attempts in any::<i64>(), seed in any::<u64>()) {
            let wait = delay(&Random::seeded(seed), attempts);

            prop_assert!(wait > Duration::ZERO);
            prop_assert!(wait <= ceiling(attempts));
        }

        #[test]
        fn ceilings_double_until_they_reach_the_longest(attempts in 1_i64..100) {
            let (this, next) = (ceiling(attempts), ceiling(attempts + 1));

            prop_assert!(this >= FIRST);
            prop_assert_eq!(next, (this * 2).min(LONGEST));
        }
    }

    #[test]
    fn waits_spread_over_the_whole_range() {
        let random = Random::seeded(1);
        let waits: Vec<Duration> = (0..1_000).map(|_| delay(&random, 6)).collect();
        let quarter = ceiling(6) / 4;

        for part in 0..4 {
            let inside =
                |wait: &&Duration| **wait > quarter * part && **wait <= quarter * (part + 1);
            let share = waits.iter().filter(inside).count();
            assert!((150..350).contains(&share), "{share} of 1000 in quarter {part}");
        }
    }

    #[test]
    fn the_default_number_of_tries_outlasts_a_night() {
        let longest: Duration = (1..super::super::DEFAULT_MAX_ATTEMPTS).map(ceiling).sum();

        assert!(longest / 2 > Duration::from_hours(12), "{longest:?}");
    }
}
