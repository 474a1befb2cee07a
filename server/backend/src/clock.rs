//! The only place that asks the machine for the time.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use time::OffsetDateTime;

/// The current time, in UTC, cut to milliseconds. Clones share their offset, so a test or the
/// development tools move every part of one process at once.
#[derive(Clone, Debug)]
pub struct Clock {
    frozen_at: Option<OffsetDateTime>,
    offset_ms: Arc<AtomicI64>,
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self { frozen_at: None, offset_ms: Arc::default() }
    }

    /// A clock that stands still until [`Clock::advance`] moves it.
    pub fn frozen(at: OffsetDateTime) -> Self {
        Self { frozen_at: Some(at), offset_ms: Arc::default() }
    }

    /// Now, in UTC, in whole milliseconds: the precision of everything stored or sent.
    pub fn now(&self) -> OffsetDateTime {
        #[expect(clippy::disallowed_methods, reason = "this is the clock")]
        let base = self.frozen_at.unwrap_or_else(OffsetDateTime::now_utc);
        let moved = base + time::Duration::milliseconds(self.offset_ms.load(Ordering::Relaxed));
        moved.replace_millisecond(moved.millisecond()).unwrap_or(moved)
    }

    /// Today's date in UTC.
    pub fn today(&self) -> time::Date {
        self.now().date()
    }

    /// Moves this clock and all its clones forward.
    pub fn advance(&self, by: Duration) {
        let ms = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.offset_ms.fetch_add(ms, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn a_frozen_clock_moves_only_when_told_and_takes_its_clones_along() {
        let clock = Clock::frozen(datetime!(2026-05-04 12:00:00.123456 UTC));
        let other = clock.clone();

        clock.advance(Duration::from_secs(90));

        assert_eq!(other.now(), datetime!(2026-05-04 12:01:30.123 UTC));
    }
}
