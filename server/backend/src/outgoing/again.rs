//! Another try of a request: how often, and after how long.

use std::time::Duration;

use http::{HeaderMap, header};
use tokio::time::Instant;

use crate::Random;

/// Tries of a request that does no harm when it comes twice.
pub(crate) const TRIES: u32 = 3;
/// The first wait between two tries; doubled for the next, with up to the same again at random.
const FIRST_WAIT: Duration = Duration::from_millis(200);
/// The longest wait that the other side may ask for; whoever is told to wait longer hears of it.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// With less time than this, another try is none.
const LEAST: Duration = Duration::from_secs(1);

/// Whether the same request may work when it is sent once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hope {
    /// It will end the same.
    None,
    /// After a moment.
    Soon,
    /// Not before this time, as the other side asked.
    After(Duration),
}

/// The tries of one request.
pub(crate) struct Tries<'r> {
    random: &'r Random,
    most: u32,
    /// When all of them are over, where somebody waits for them.
    until: Option<Instant>,
    tried: u32,
}

impl<'r> Tries<'r> {
    /// As many as usual, however long each takes.
    pub(crate) fn new(random: &'r Random) -> Self {
        Self { random, most: TRIES, until: None, tried: 0 }
    }

    /// At most so many, and all of them within one time.
    pub(crate) fn within(random: &'r Random, most: u32, time: Duration) -> Self {
        Self { random, most, until: Some(Instant::now() + time), tried: 0 }
    }

    /// What is left of the time.
    pub(crate) fn left(&self) -> Duration {
        self.until.map_or(Duration::MAX, |until| until.saturating_duration_since(Instant::now()))
    }

    /// Waits for the moment of the next try; false when there is none.
    pub(crate) async fn again(&mut self, hope: Hope) -> bool {
        self.tried += 1;
        if self.tried >= self.most || hope == Hope::None {
            return false;
        }
        let wait = wait_after(hope, self.tried, self.random.below(1_000));
        let wait = wait.filter(|wait| *wait + LEAST <= self.left());
        if let Some(wait) = wait {
            tokio::time::sleep(wait).await;
        }
        wait.is_some()
    }
}

/// How long to wait before the next try after the `tried`-th; none when that is too long, or there is no hope. `jitter`
/// in thousandths.
fn wait_after(hope: Hope, tried: u32, jitter: u64) -> Option<Duration> {
    let usual = FIRST_WAIT * 2_u32.pow(tried - 1);
    let more = Duration::from_millis(u64::try_from(usual.as_millis()).ok()? * jitter / 1_000);
    match hope {
        Hope::None => None,
        Hope::Soon => Some(usual + more),
        Hope::After(asked) if asked > LONGEST_WAIT => None,
        Hope::After(asked) => Some(usual.max(asked) + more),
    }
}

/// The seconds of `Retry-After` (RFC 9110 10.2.3); none where it is missing or a date.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn waits_grow_and_respect_what_was_asked_for() {
        let after = |seconds| Hope::After(Duration::from_secs(seconds));
        let ms = |hope, tried, jitter| wait_after(hope, tried, jitter).map(|wait| wait.as_millis());

        assert_eq!(ms(Hope::Soon, 1, 0), Some(200));
        assert_eq!(ms(Hope::Soon, 2, 500), Some(600));
        assert_eq!(ms(after(2), 1, 0), Some(2_000));
        assert_eq!(ms(after(0), 1, 0), Some(200));
        assert_eq!(ms(after(6), 1, 0), None);
        assert_eq!(ms(Hope::None, 1, 0), None);
    }

    #[tokio::test(start_paused = true)]
    async fn tries_end_by_their_number_and_by_their_time() {
        let random = Random::seeded(1);
        let second = Duration::from_secs(1);

        let mut three = Tries::within(&random, 3, second * 10);
        assert!(three.again(Hope::Soon).await && three.again(Hope::Soon).await);
        assert!(!three.again(Hope::Soon).await, "three were made");
        assert!(!Tries::within(&random, 1, second * 10).again(Hope::Soon).await);
        assert!(!Tries::within(&random, 3, second * 10).again(Hope::None).await);

        let mut late = Tries::within(&random, 3, second * 6);
        tokio::time::advance(second * 4).await;
        assert_eq!(late.left(), second * 2);
        assert!(!late.again(Hope::After(second * 2)).await, "nothing would be left");
        assert!(late.again(Hope::Soon).await);
        tokio::time::advance(second * 2).await;
        assert_eq!(late.left(), Duration::ZERO);
        assert!(!late.again(Hope::Soon).await);
    }

    #[test]
    fn the_other_side_says_how_many_seconds() {
        let asked = |text: &'static str| {
            let header = (header::RETRY_AFTER, HeaderValue::from_static(text));
            retry_after(&HeaderMap::from_iter([header]))
        };

        assert_eq!(asked("60"), Some(Duration::from_mins(1)));
        assert_eq!(asked(" 0 "), Some(Duration::ZERO));
        assert_eq!(asked("Mon, 04 May 2026 12:00:00 GMT"), None);
        assert_eq!(asked("-1"), None);
        assert_eq!(retry_after(&HeaderMap::new()), None);
    }
}
