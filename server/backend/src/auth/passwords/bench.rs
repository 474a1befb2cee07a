//! What a password costs on this machine.

use std::{
    thread,
    time::{Duration, Instant},
};

use super::hash::{self, Cost, HashParams};

/// Hashes of each measurement; the median counts.
const SAMPLES: usize = 9;

/// How long this machine takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// One password of ours, with nothing else at work.
    pub argon2id: Duration,
    /// One password of Better Auth's.
    pub scrypt: Duration,
    /// One password of ours, with all threads at work.
    pub loaded: Duration,
}

/// Measures for some seconds; `threads` are those of the pool.
pub fn bench(threads: usize) -> Timing {
    let all = thread::scope(|scope| {
        let spawned: Vec<_> =
            (0..threads.max(1)).map(|_| scope.spawn(|| median(HashParams::RECOMMENDED))).collect();
        let times = spawned.into_iter().filter_map(|thread| thread.join().ok());
        times.max().unwrap_or_default()
    });
    Timing {
        argon2id: median(HashParams::RECOMMENDED),
        scrypt: median(HashParams::BETTER_AUTH),
        loaded: all,
    }
}

fn median(params: HashParams) -> Duration {
    let mut times: Vec<Duration> = (0..SAMPLES)
        .map(|_| {
            let start = Instant::now();
            hash::waste(params, "correct horse battery staple", Cost::of_new(params));
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    times.get(SAMPLES / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_takes_some_time() {
        let timing = bench(2);

        for time in [timing.argon2id, timing.scrypt, timing.loaded] {
            assert!(time > Duration::from_micros(100), "{timing:?}");
        }
    }
}
