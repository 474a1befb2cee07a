//! The session that started a link, as Better Auth keeps it in the state: XChaCha20-Poly1305 under a key that
//! HKDF (RFC 5869) makes for this purpose alone.

use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce, aead::Aead};
use hkdf::Hkdf;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use crate::Random;

const SALT: &[u8] = b"better-auth:oauth-encryption:v1";
const LABEL: &[u8] = b"better-auth:oauth-link-session-token:v1";
const NONCE_BYTES: usize = 24;

/// Nonce, ciphertext and tag, in hexadecimal digits.
pub(super) fn seal(random: &Random, secret: &SecretString, token: &str) -> String {
    let nonce: [u8; NONCE_BYTES] = random.bytes();
    let body = cipher(secret)
        .encrypt(XNonce::from_slice(&nonce), token.as_bytes())
        .expect("a token is far from the longest text of XChaCha20-Poly1305");
    format!("{}{}", hex::encode(nonce), hex::encode(body))
}

/// The token; none when a bit is not as it was.
pub(super) fn open(secret: &SecretString, sealed: &str) -> Option<String> {
    let bytes = hex::decode(sealed).ok().filter(|bytes| bytes.len() > NONCE_BYTES)?;
    let (nonce, body) = bytes.split_at(NONCE_BYTES);
    let plain = cipher(secret).decrypt(XNonce::from_slice(nonce), body).ok()?;
    String::from_utf8(plain).ok()
}

/// Better Auth derives 32 bytes, writes them in hexadecimal digits, and hashes that text.
fn cipher(secret: &SecretString) -> XChaCha20Poly1305 {
    let mut derived = [0; 32];
    Hkdf::<Sha256>::new(Some(SALT), secret.expose_secret().as_bytes())
        .expand(LABEL, &mut derived)
        .expect("32 bytes are within the reach of HKDF-SHA256");
    let key = Sha256::digest(hex::encode(derived).as_bytes());
    XChaCha20Poly1305::new(&key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_secret_that_sealed_a_token_opens_it() {
        let (random, secret) = (Random::seeded(1), SecretString::from("a secret of this test"));

        let sealed = seal(&random, &secret, "GWZZ6DolvHNMKngXfq2f6kReAopeihQI");

        assert_eq!(open(&secret, &sealed).as_deref(), Some("GWZZ6DolvHNMKngXfq2f6kReAopeihQI"));
        assert_eq!(open(&SecretString::from("another"), &sealed), None);
        let mut changed = sealed.clone().into_bytes();
        changed[60] = if changed[60] == b'0' { b'1' } else { b'0' };
        assert_eq!(open(&secret, std::str::from_utf8(&changed).unwrap()), None);
        assert_eq!(open(&secret, "00"), None);
        assert_eq!(open(&secret, "no hexadecimal digits"), None);
    }
}
