//! The only place that asks for randomness.

use std::sync::{Arc, Mutex, PoisonError};

use rand::{RngCore, SeedableRng, TryRngCore, rngs::StdRng};
use time::OffsetDateTime;

/// Better Auth's alphabet of ids and tokens.
pub const ALPHANUMERIC: &[u8; 62] =
    b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const URL_SAFE: &[u8; 64] = b"abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_";

/// Random bytes: from the operating system, or from a seed in tests and in `coffer seed`.
#[derive(Clone)]
pub struct Random(Source);

#[derive(Clone)]
enum Source {
    System,
    Seeded(Arc<Mutex<StdRng>>),
}

impl Random {
    /// The operating system's generator. The only one that may make secrets.
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// The same bytes for the same seed.
    pub fn seeded(seed: u64) -> Self {
        Self(Source::Seeded(Arc::new(Mutex::new(StdRng::seed_from_u64(seed)))))
    }

    /// Fills `buffer`.
    pub fn fill(&self, buffer: &mut [u8]) {
        match &self.0 {
            Source::System => rand::rngs::OsRng
                .try_fill_bytes(buffer)
                .expect("an operating system without randomness cannot run this program"),
            Source::Seeded(rng) => {
                rng.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(buffer);
            }
        }
    }

    /// `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut buffer = [0; N];
        self.fill(&mut buffer);
        buffer
    }

    /// `length` characters of `a-z A-Z 0-9`: Better Auth's form of ids and tokens.
    pub fn alphanumeric(&self, length: usize) -> String {
        self.text(ALPHANUMERIC, length)
    }

    /// `length` characters of an alphabet of ASCII letters, each equally likely.
    pub fn text(&self, alphabet: &[u8], length: usize) -> String {
        // The largest multiple of the alphabet's size in a byte: what lies above would favour early letters.
        let fair = 256 - 256 % alphabet.len();
        let mut text = String::with_capacity(length);
        let mut buffer = [0_u8; 64];
        while text.len() < length {
            self.fill(&mut buffer);
            let letters = buffer.iter().map(|byte| usize::from(*byte)).filter(|byte| *byte < fair);
            text.extend(
                letters
                    .map(|byte| char::from(alphabet[byte % alphabet.len()]))
                    .take(length - text.len()),
            );
        }
        text
    }

    /// `length` characters of `a-z 0-9 A-Z - _`, each equally likely: Better Auth's form of OAuth states and PKCE
    /// verifiers.
    pub fn url_safe(&self, length: usize) -> String {
        let mut bytes = vec![0; length];
        self.fill(&mut bytes);
        bytes.iter().map(|byte| char::from(URL_SAFE[usize::from(byte % 64)])).collect()
    }

    /// A number in `0..bound`, for jitter and made-up data; not for secrets.
    pub fn below(&self, bound: u64) -> u64 {
        u64::from_le_bytes(self.bytes()).checked_rem(bound).unwrap_or(0)
    }

    /// A version 7 UUID (RFC 9562): sorts by time, so that it is kind to indexes.
    pub fn uuid_v7(&self, now: OffsetDateTime) -> String {
        let ms = u64::try_from(now.unix_timestamp_nanos() / 1_000_000).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(ms, &self.bytes()).into_uuid().to_string()
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn a_seed_repeats_itself_and_the_system_does_not() {
        assert_eq!(Random::seeded(7).alphanumeric(32), Random::seeded(7).alphanumeric(32));
        assert_ne!(Random::system().alphanumeric(32), Random::system().alphanumeric(32));
    }

    #[test]
    fn tokens_have_the_length_and_the_alphabet_of_better_auth() {
        let token = Random::system().alphanumeric(32);

        assert_eq!(token.len(), 32);
        assert!(token.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    }

    #[test]
    fn states_and_verifiers_stand_in_addresses_as_they_are() {
        let verifier = Random::system().url_safe(128);

        assert_eq!(verifier.len(), 128);
        assert!(verifier.bytes().all(|byte| URL_SAFE.contains(&byte)));
        let all = Random::seeded(1).url_safe(4_000);
        assert!(URL_SAFE.iter().all(|letter| all.contains(char::from(*letter))));
    }

    #[test]
    fn every_letter_of_the_alphabet_occurs() {
        let text = Random::seeded(1).alphanumeric(4_000);

        assert!(ALPHANUMERIC.iter().all(|letter| text.contains(char::from(*letter))));
    }

    #[test]
    fn later_ids_sort_after_earlier_ones() {
        let random = Random::seeded(3);
        let early = random.uuid_v7(datetime!(2026-05-04 12:00 UTC));
        let late = random.uuid_v7(datetime!(2026-05-04 12:00:00.001 UTC));

        assert!(early < late, "{early} {late}");
        assert_eq!(early.len(), 36);
    }
}
