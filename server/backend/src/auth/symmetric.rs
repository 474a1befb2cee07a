//! Better Auth's symmetric encryption, for rows that it shares with us: XChaCha20-Poly1305 under the SHA-256 of the
//! secret, as `hex(nonce ‖ ciphertext ‖ tag)`.

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, generic_array::GenericArray},
};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::{Error, Random, Result};

const NONCE_BYTES: usize = 24;

/// Encrypts with a new nonce.
pub(in crate::auth) fn encrypt(secret: &SecretString, random: &Random, plain: &str) -> String {
    let nonce = random.bytes::<NONCE_BYTES>();
    let body = cipher(secret)
        .encrypt(XNonce::from_slice(&nonce), plain.as_bytes())
        .expect("XChaCha20-Poly1305 encrypts up to 256 GiB");
    hex::encode([&nonce[..], &body].concat())
}

/// Decrypts; a text written under key rotation says so in front (`$ba$<version>$…`).
///
/// # Errors
/// [`Error::Corrupt`] for another form, another secret, or a change of any bit.
pub(in crate::auth) fn decrypt(secret: &SecretString, stored: &str) -> Result<Zeroizing<String>> {
    try_decrypt(secret, stored).ok_or(Error::Corrupt("field of a Better Auth row"))
}

fn try_decrypt(secret: &SecretString, stored: &str) -> Option<Zeroizing<String>> {
    let text = match stored.strip_prefix("$ba$") {
        Some(versioned) => versioned.split_once('$')?.1,
        None => stored,
    };
    let bytes = hex::decode(text).ok()?;
    let (nonce, body) = bytes.split_at_checked(NONCE_BYTES)?;
    let plain = Zeroizing::new(cipher(secret).decrypt(XNonce::from_slice(nonce), body).ok()?);
    Some(Zeroizing::new(std::str::from_utf8(&plain).ok()?.to_owned()))
}

fn cipher(secret: &SecretString) -> XChaCha20Poly1305 {
    let key: [u8; 32] = Sha256::digest(secret.expose_secret()).into();
    XChaCha20Poly1305::new(GenericArray::from_slice(&key))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Written by Better Auth 1.7.24.
    const WRITTEN: &str = "2bf3d09b8bc574f2c247bb187b5bfc4f42e5e49cdf5126163afe7f00fc8ea4a7b67dd353e56fcf1ab6d4d6c22efd955be15fa796fb49e9";

    fn secret() -> SecretString {
        "coffer-compat-secret-7f3b1c9d5e2a4806".into()
    }

    #[test]
    fn what_better_auth_wrote_can_be_read() {
        assert_eq!(&**decrypt(&secret(), WRITTEN).unwrap(), "JBSWY3DP secret");
        assert_eq!(&**decrypt(&secret(), &format!("$ba$2${WRITTEN}")).unwrap(), "JBSWY3DP secret");
    }

    #[test]
    fn each_text_has_a_nonce_of_its_own_and_reads_back() {
        let random = Random::system();
        let (one, two) = (encrypt(&secret(), &random, "Zoë"), encrypt(&secret(), &random, "Zoë"));

        assert_ne!(one, two);
        assert_eq!(&**decrypt(&secret(), &one).unwrap(), "Zoë");
    }

    #[test]
    fn no_changed_bit_and_no_other_secret_is_accepted() {
        let bytes = hex::decode(WRITTEN).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut changed = bytes.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(decrypt(&secret(), &hex::encode(changed)).is_err(), "{bit}");
        }
        assert!(decrypt(&"another secret".into(), WRITTEN).is_err());
        for text in ["", "00", "zz", "$ba$", "$ba$1", "$ba$1$"] {
            assert!(decrypt(&secret(), text).is_err(), "{text}");
        }
    }
}
