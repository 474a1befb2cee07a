//! Ids and secrets, drawn one after the other from one key: a seed makes them the same in every run.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::{TryRngCore as _, rngs::OsRng};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// The source of ids.
pub struct Ids([u8; 32]);

impl Ids {
    /// From a seed, or from the system's randomness.
    pub fn new(seed: Option<u64>) -> Result<Self, rand::rand_core::OsError> {
        let mut key = [0; 32];
        match seed {
            Some(seed) => key = Sha256::digest(format!("polar-local/{seed}")).into(),
            None => OsRng.try_fill_bytes(&mut key)?,
        }
        Ok(Self(key))
    }

    fn bytes(&self, drawn: &mut u64) -> [u8; 32] {
        *drawn += 1;
        Sha256::new().chain_update(self.0).chain_update(drawn.to_be_bytes()).finalize().into()
    }

    /// The next UUID, version 4.
    pub fn uuid(&self, drawn: &mut u64) -> Uuid {
        let mut short = [0; 16];
        short.copy_from_slice(&self.bytes(drawn)[..16]);
        uuid::Builder::from_random_bytes(short).into_uuid()
    }

    /// The next secret: the prefix and 43 letters and digits.
    pub fn secret(&self, drawn: &mut u64, prefix: &str) -> String {
        let text = URL_SAFE_NO_PAD.encode(self.bytes(drawn)).replace(['-', '_'], "x");
        format!("{prefix}{text}")
    }

    /// A number below `end`, for jitter and shuffling.
    pub fn below(&self, drawn: &mut u64, end: u64) -> u64 {
        let mut short = [0; 8];
        short.copy_from_slice(&self.bytes(drawn)[..8]);
        u64::from_be_bytes(short) % end.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_of_version_4_and_a_seed_repeats_them() {
        let draw = |seed| {
            let (ids, mut drawn) = (Ids::new(seed).unwrap(), 0);
            (ids.uuid(&mut drawn), ids.uuid(&mut drawn), ids.secret(&mut drawn, "polar_c_"))
        };

        let (first, second, secret) = draw(Some(7));

        assert_eq!(first.get_version_num(), 4);
        assert_ne!(first, second);
        assert_eq!(secret.len(), "polar_c_".len() + 43);
        assert_eq!(draw(Some(7)), (first, second, secret));
        assert_ne!(draw(Some(8)).0, first);
        assert_ne!(draw(None).0, draw(None).0);
    }
}
