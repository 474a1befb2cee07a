//! Chance that repeats itself: the same seed, stream and day give the same numbers on any machine.

use domain::Date;
use sha2::{Digest, Sha256};

/// Numbers of one stream on one day (`SplitMix64`; Steele, Lea and Flood, 2014).
pub(super) struct Dice(u64);

impl Dice {
    /// The numbers of `stream` on `day`.
    pub fn new(seed: u64, stream: u64, day: Date) -> Self {
        let day = u64::from(day.to_julian_day().unsigned_abs());
        Self(mix(seed ^ mix(stream.wrapping_mul(GOLDEN) ^ day)))
    }

    /// The numbers of `stream` on no day in particular.
    pub fn timeless(seed: u64, stream: u64) -> Self {
        Self(mix(seed ^ mix(stream)))
    }

    /// A number in `0..bound`; 0 for no bound.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        mix(self.0).checked_rem(bound).unwrap_or(0)
    }

    /// An amount in `from..from + spread`.
    pub fn minor(&mut self, from: i64, spread: u32) -> i64 {
        from + i64::try_from(self.below(u64::from(spread))).unwrap_or(0)
    }

    /// `length` digits, the first of them no zero.
    pub fn digits(&mut self, length: usize) -> String {
        let first = 1 + self.below(9);
        let rest = (1..length).map(|_| self.below(10).to_string());
        std::iter::once(first.to_string()).chain(rest).collect()
    }
}

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// The seed that a text stands for.
pub(super) fn seed(parts: &[&str]) -> u64 {
    let digest = Sha256::digest(parts.join("|").as_bytes());
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&digest[..8]);
    u64::from_be_bytes(bytes)
}

/// A short name that a text stands for: 24 hexadecimal digits.
pub(super) fn name(parts: &[&str]) -> String {
    hex::encode(&Sha256::digest(parts.join("|").as_bytes())[..12])
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn the_numbers_of_a_day_are_always_the_same() {
        let mut dice = Dice::new(seed(&["ada"]), 3, date!(2026 - 05 - 04));
        let numbers: Vec<u64> = (0..4).map(|_| dice.below(1_000)).collect();

        // Computed once and written down: a change here is a change of everybody's past.
        assert_eq!(numbers, [570, 656, 825, 248]);
    }

    #[test]
    fn streams_days_and_seeds_are_apart() {
        let roll = |seed, stream, day| Dice::new(seed, stream, day).below(u64::MAX);
        let base = roll(1, 1, date!(2026 - 05 - 04));

        assert_ne!(base, roll(2, 1, date!(2026 - 05 - 04)));
        assert_ne!(base, roll(1, 2, date!(2026 - 05 - 04)));
        assert_ne!(base, roll(1, 1, date!(2026 - 05 - 05)));
    }
}
