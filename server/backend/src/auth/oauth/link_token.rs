//! The session that started a link, as Better Auth keeps it in the state: its symmetric encryption under a secret
//! that HKDF (RFC 5869) makes for this purpose alone.

use hkdf::Hkdf;
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

use crate::{Random, auth::symmetric};

const SALT: &[u8] = b"better-auth:oauth-encryption:v1";
const LABEL: &[u8] = b"better-auth:oauth-link-session-token:v1";

/// The text that stands in the state for `token`.
pub(super) fn seal(random: &Random, secret: &SecretString, token: &str) -> String {
    symmetric::encrypt(&purpose_secret(secret), random, token)
}

/// The token; none when a bit is not as it was.
pub(super) fn open(secret: &SecretString, sealed: &str) -> Option<String> {
    symmetric::decrypt(&purpose_secret(secret), sealed).ok().map(|token| token.to_string())
}

/// 32 derived bytes; the secret is their hexadecimal text.
fn purpose_secret(secret: &SecretString) -> SecretString {
    let mut derived = [0; 32];
    Hkdf::<Sha256>::new(Some(SALT), secret.expose_secret().as_bytes())
        .expand(LABEL, &mut derived)
        .expect("32 bytes are within the reach of HKDF-SHA256");
    hex::encode(derived).into()
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
