//! The keys that come from the configuration: root keys, and the key of the index.

use std::fmt;

use aes_gcm::{Aes256Gcm, KeyInit};
use domain::{AccountNumber, RoundId, RoutingNumber, UserId};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// Tells the derived index key from everything else that may be derived from the same root (RFC 5869).
const INDEX_LABEL: &[u8] = b"coffer:index:v1";
const VERIFICATION_LABEL: &[u8] = b"coffer:verification:v1";
const WAITING_LABEL: &[u8] = b"coffer:waiting:v1";

/// Root keys and the key of the index. Printed without their bytes, cleared when dropped.
pub struct VaultKeys {
    roots: Vec<RootKey>,
    index: Zeroizing<[u8; 32]>,
    /// For what proves an account: answers, and which numbers were asked for.
    verification: Zeroizing<[u8; 32]>,
}

struct RootKey {
    id: String,
    cipher: Aes256Gcm,
    /// For what waits a short time, so that such texts cannot be taken for wrapped keys.
    waiting: Aes256Gcm,
}

/// Why a set of keys is not one.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultKeysError {
    /// At least one is needed.
    #[error("there is no root key")]
    NoRoot,
    /// Names are 1 to 16 letters, digits, `-` or `_`.
    #[error("a root key has a name that cannot stand in a stored text")]
    Name,
    /// Two root keys with one name, or one key under two names.
    #[error("a root key stands twice")]
    Twice,
    /// The index must not fall with a root key.
    #[error("the index key is also a root key")]
    IndexIsRoot,
}

impl VaultKeys {
    /// Takes root keys by name, the current one first, and the key of the index. Without the latter it is
    /// derived from the first root key (HKDF-SHA256 with a label of its own): then the first must not change
    /// without setting the index key.
    pub fn new(
        roots: Vec<(String, [u8; 32])>,
        index: Option<[u8; 32]>,
    ) -> Result<Self, VaultKeysError> {
        let roots: Vec<(String, Zeroizing<[u8; 32]>)> =
            roots.into_iter().map(|(id, key)| (id, Zeroizing::new(key))).collect();
        let index = index.map(Zeroizing::new);
        check(&roots, index.as_deref())?;
        let (_, first) = roots.first().ok_or(VaultKeysError::NoRoot)?;
        let index = index.unwrap_or_else(|| derive(first, INDEX_LABEL));
        let roots = roots
            .into_iter()
            .map(|(id, key)| RootKey {
                id,
                cipher: Aes256Gcm::new((&*key).into()),
                waiting: Aes256Gcm::new((&*derive(&key, WAITING_LABEL)).into()),
            })
            .collect();
        let verification = derive(&index, VERIFICATION_LABEL);
        Ok(Self { roots, index, verification })
    }

    /// The root key that wraps new data keys.
    pub(super) fn current(&self) -> (&str, &Aes256Gcm) {
        let first = &self.roots[0];
        (&first.id, &first.cipher)
    }

    /// The name of the current root key, and what encrypts texts that wait a short time.
    pub(super) fn waiting(&self) -> (&str, &Aes256Gcm) {
        let first = &self.roots[0];
        (&first.id, &first.waiting)
    }

    /// What decrypts texts that waited since this root key was current.
    pub(super) fn waiting_since(&self, id: &str) -> Option<&Aes256Gcm> {
        self.roots.iter().find(|root| root.id == id).map(|root| &root.waiting)
    }

    /// The root key with this name.
    pub(super) fn root(&self, id: &str) -> Option<&Aes256Gcm> {
        self.roots.iter().find(|root| root.id == id).map(|root| &root.cipher)
    }

    /// HMAC-SHA256 over owner, bank and number, in hexadecimal digits.
    pub(super) fn blind_index(
        &self,
        user: &UserId,
        routing: &RoutingNumber,
        number: &AccountNumber,
    ) -> String {
        keyed_hash(&self.index, &[user.as_str(), routing.as_str(), number.expose()])
    }

    /// HMAC-SHA256 over bank and number, in hexadecimal digits: the same for everybody.
    pub(super) fn number_hash(&self, routing: &RoutingNumber, number: &AccountNumber) -> String {
        keyed_hash(&self.verification, &["number", routing.as_str(), number.expose()])
    }

    /// HMAC-SHA256 over a round and its answer, in hexadecimal digits.
    pub(super) fn answer_hash(&self, round: &RoundId, answer: &str) -> String {
        keyed_hash(&self.verification, &["answer", round.as_str(), answer])
    }
}

fn keyed_hash(key: &[u8; 32], parts: &[&str]) -> String {
    const SEPARATOR: &[u8] = &[0x1F];
    let mut mac =
        <Hmac<Sha256> as Mac>::new_from_slice(key).expect("HMAC takes keys of any length");
    for (n, part) in parts.iter().enumerate() {
        if n > 0 {
            mac.update(SEPARATOR);
        }
        mac.update(part.as_bytes());
    }
    hex::encode(mac.finalize().into_bytes())
}

impl fmt::Debug for VaultKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Vec<_> = self.roots.iter().map(|root| &root.id).collect();
        f.debug_struct("VaultKeys").field("roots", &ids).finish_non_exhaustive()
    }
}

fn check(
    roots: &[(String, Zeroizing<[u8; 32]>)],
    index: Option<&[u8; 32]>,
) -> Result<(), VaultKeysError> {
    let same = |a: &[u8; 32], b: &[u8; 32]| bool::from(a.ct_eq(b));
    for (n, (id, key)) in roots.iter().enumerate() {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if id.is_empty() || id.len() > 16 || !id.bytes().all(plain) {
            return Err(VaultKeysError::Name);
        }
        if roots[..n].iter().any(|(other, bytes)| other == id || same(bytes, key)) {
            return Err(VaultKeysError::Twice);
        }
        if index.is_some_and(|index| same(index, key)) {
            return Err(VaultKeysError::IndexIsRoot);
        }
    }
    Ok(())
}

fn derive(root: &[u8; 32], label: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(None, root)
        .expand(label, &mut *key)
        .expect("32 bytes are within the reach of HKDF-SHA256");
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(names: &[(&str, u8)]) -> Vec<(String, [u8; 32])> {
        names.iter().map(|(id, byte)| ((*id).to_owned(), [*byte; 32])).collect()
    }

    #[test]
    fn sets_of_keys_that_would_not_protect_are_refused() {
        let refused = |roots: &[(&str, u8)], index: Option<u8>| {
            VaultKeys::new(named(roots), index.map(|byte| [byte; 32])).err()
        };

        assert_eq!(refused(&[], None), Some(VaultKeysError::NoRoot));
        assert_eq!(refused(&[("a.b", 1)], None), Some(VaultKeysError::Name));
        assert_eq!(refused(&[("1", 1), ("1", 2)], None), Some(VaultKeysError::Twice));
        assert_eq!(refused(&[("1", 1), ("2", 1)], None), Some(VaultKeysError::Twice));
        assert_eq!(refused(&[("1", 1), ("2", 2)], Some(2)), Some(VaultKeysError::IndexIsRoot));
        assert_eq!(refused(&[("2", 2), ("1", 1)], Some(3)), None);
    }

    #[test]
    fn the_index_key_is_not_the_root_key_and_is_always_the_same() {
        let derived = |byte| VaultKeys::new(named(&[("1", byte)]), None).unwrap().index;

        assert_eq!(*derived(1), *derived(1));
        assert_ne!(*derived(1), *derived(2));
        assert_ne!(*derived(1), [1; 32]);
    }

    #[test]
    fn keys_are_never_printed() {
        let keys = VaultKeys::new(named(&[("2", 0xAB)]), Some([0xCD; 32])).unwrap();

        assert_eq!(format!("{keys:?}"), r#"VaultKeys { roots: ["2"], .. }"#);
    }
}
