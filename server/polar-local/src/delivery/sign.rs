//! The signature of a webhook, in both conventions.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

/// How the key is made from the secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// The decoded rest after `whsec_`: endpoints whose secret is of September 2026 or later.
    Standard,
    /// The bytes of the whole text: all older ones.
    Legacy,
}

/// Signs with one secret.
pub struct Signer {
    secret: String,
    scheme: Scheme,
}

impl Signer {
    /// `None` if the secret is empty or not of this convention.
    pub fn new(secret: &str, scheme: Scheme) -> Option<Self> {
        let fits = key(secret, scheme).is_some_and(|key| !key.is_empty());
        fits.then(|| Self { secret: secret.to_owned(), scheme })
    }

    /// Whether it signs by the newer convention.
    pub fn is_standard(&self) -> bool {
        self.scheme == Scheme::Standard
    }

    /// The secret, which the API shows to the owner of the endpoint.
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// `v1,<base64>`.
    pub fn sign(&self, id: &str, timestamp: &str, body: &str) -> String {
        signature(&key(&self.secret, self.scheme).unwrap_or_default(), id, timestamp, body)
    }

    /// By the other convention; the bytes of the text if the secret has only one.
    pub fn sign_otherwise(&self, id: &str, timestamp: &str, body: &str) -> String {
        let other = if self.is_standard() { Scheme::Legacy } else { Scheme::Standard };
        let key = key(&self.secret, other).unwrap_or_else(|| self.secret.as_bytes().to_vec());
        signature(&key, id, timestamp, body)
    }

    /// With a secret that nobody has.
    pub fn sign_wrongly(&self, id: &str, timestamp: &str, body: &str) -> String {
        signature(format!("{}x", self.secret).as_bytes(), id, timestamp, body)
    }
}

fn key(secret: &str, scheme: Scheme) -> Option<Vec<u8>> {
    match scheme {
        Scheme::Legacy => Some(secret.as_bytes().to_vec()),
        Scheme::Standard => STANDARD.decode(secret.strip_prefix("whsec_")?).ok(),
    }
}

fn signature(key: &[u8], id: &str, timestamp: &str, body: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return String::new() };
    mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Json;

    #[test]
    fn signatures_are_those_of_the_vectors() {
        let file: Json = serde_json::from_str(include_str!("../../fixtures/vectors.json")).unwrap();
        let vectors = file.get("vectors").unwrap().items();

        for vector in vectors {
            let text = |key| vector.text(key).unwrap();
            let scheme =
                if text("scheme") == "standard" { Scheme::Standard } else { Scheme::Legacy };
            let signer = Signer::new(text("secret"), scheme).unwrap();

            let signature =
                signer.sign(text("webhook_id"), text("webhook_timestamp"), text("body"));

            assert_eq!(signature, text("webhook_signature"), "{}", text("name"));
        }
        assert!(vectors.len() >= 10);
    }

    #[test]
    fn a_secret_of_the_wrong_kind_is_refused() {
        assert!(Signer::new("", Scheme::Legacy).is_none());
        assert!(Signer::new("whsec_", Scheme::Standard).is_none());
        assert!(Signer::new("polar_whs_abc", Scheme::Standard).is_none());
        assert!(Signer::new("polar_whs_abc", Scheme::Legacy).is_some());
    }

    #[test]
    fn the_other_convention_gives_another_signature() {
        let signer = Signer::new("whsec_AAAA", Scheme::Standard).unwrap();
        let legacy = Signer::new("whsec_AAAA", Scheme::Legacy).unwrap();

        assert_eq!(signer.sign_otherwise("i", "1", "b"), legacy.sign("i", "1", "b"));
        assert_eq!(legacy.sign_otherwise("i", "1", "b"), signer.sign("i", "1", "b"));
        assert_ne!(signer.sign_wrongly("i", "1", "b"), signer.sign("i", "1", "b"));
    }
}
