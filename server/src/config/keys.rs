//! Keys as text: reading them, and judging whether a secret is one.

use std::{collections::BTreeSet, fmt};

use base64::{Engine, engine::general_purpose};
use secrecy::{ExposeSecret, SecretBox};

/// A key of 32 bytes under the name it is stored with.
pub struct NamedKey {
    /// Its name in stored texts: `1` for `BANK_DATA_ENCRYPTION_KEY`.
    pub id: String,
    bytes: SecretBox<[u8; 32]>,
}

impl NamedKey {
    /// A key from its 32 bytes.
    pub fn new(id: impl Into<String>, bytes: [u8; 32]) -> Self {
        Self { id: id.into(), bytes: SecretBox::new(Box::new(bytes)) }
    }

    /// The bytes, for the one who encrypts.
    pub fn expose(&self) -> &[u8; 32] {
        self.bytes.expose_secret()
    }
}

impl Clone for NamedKey {
    fn clone(&self) -> Self {
        Self::new(self.id.clone(), *self.expose())
    }
}

impl fmt::Debug for NamedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NamedKey({}, [REDACTED])", self.id)
    }
}

/// 32 bytes written as base64 (either alphabet, padded or not) or as 64 hexadecimal digits.
pub fn decode_key(text: &str) -> Option<[u8; 32]> {
    if text.len() == 64 {
        return hex::decode(text).ok()?.try_into().ok();
    }
    let plain = text.trim_end_matches('=');
    let bytes = general_purpose::STANDARD_NO_PAD
        .decode(plain)
        .or_else(|_| general_purpose::URL_SAFE_NO_PAD.decode(plain));
    bytes.ok()?.try_into().ok()
}

/// `kid:key,kid:key`; the first is the current one. The sentence of the error names no key.
pub fn decode_keys(text: &str) -> Result<Vec<NamedKey>, String> {
    let mut keys: Vec<NamedKey> = Vec::new();
    for (index, part) in text.split(',').map(str::trim).enumerate() {
        let place = index + 1;
        let (id, key) = part.split_once(':').ok_or_else(|| {
            format!("Entry {place} must be an id, a colon and a key, like 2:base64.")
        })?;
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if id.is_empty() || id.len() > 16 || !id.bytes().all(plain) {
            return Err(format!(
                "The id of entry {place} must be 1 to 16 letters, digits, - or _."
            ));
        }
        if keys.iter().any(|key| key.id == id) {
            return Err(format!("The id {id} stands twice."));
        }
        let bytes = decode_key(key).ok_or_else(|| {
            format!("The key of entry {place} must be 32 bytes as base64 or 64 hexadecimal digits.")
        })?;
        keys.push(NamedKey::new(id, bytes));
    }
    Ok(keys)
}

/// Secrets that stand in public places: examples, tests, the starter kits people come from.
const PUBLISHED: &[&str] = &[
    "coffer-compat-secret-7f3b1c9d5e2a4806",
    "better-auth-secret-123456789",
    "better-auth-secret-12345678901234567890",
    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
];

const MIN_BYTES: usize = 32;
const MIN_DISTINCT: usize = 16;

/// Why `secret` may not guard anything in production, if so.
pub fn weakness(secret: &str) -> Option<&'static str> {
    if PUBLISHED.contains(&secret) {
        return Some("This value is public. Make your own with openssl rand -base64 32");
    }
    // Hexadecimal text has 16 characters at most, so it is judged by the bytes it stands for.
    let is_hex = secret.len().is_multiple_of(2) && secret.bytes().all(|b| b.is_ascii_hexdigit());
    let bytes = if is_hex { hex::decode(secret).unwrap_or_default() } else { secret.into() };
    if bytes.len() < MIN_BYTES {
        return Some("The value is shorter than 32 bytes. Make one with openssl rand -base64 32");
    }
    let distinct = bytes.iter().collect::<BTreeSet<_>>().len();
    (distinct < MIN_DISTINCT).then_some(
        "The value repeats itself too much to be random. Make one with openssl rand -base64 32",
    )
}

/// [`weakness`] of a key that was decoded.
pub fn key_weakness(key: &[u8; 32]) -> Option<&'static str> {
    if PUBLISHED.iter().filter_map(|text| decode_key(text)).any(|public| public == *key) {
        return Some("This key is public. Make your own with openssl rand -base64 32");
    }
    let distinct = key.iter().collect::<BTreeSet<_>>().len();
    (distinct < MIN_DISTINCT).then_some(
        "The key repeats itself too much to be random. Make one with openssl rand -base64 32",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "8f3e9a0b1c2d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f6071829304a5b6c7";

    #[test]
    fn a_key_is_read_from_base64_and_from_hexadecimal_digits() {
        let bytes: [u8; 32] = hex::decode(HEX).unwrap().try_into().unwrap();
        let texts = [
            HEX.to_owned(),
            HEX.to_uppercase(),
            general_purpose::STANDARD.encode(bytes),
            general_purpose::STANDARD_NO_PAD.encode(bytes),
            general_purpose::URL_SAFE.encode(bytes),
        ];
        for text in texts {
            assert_eq!(decode_key(&text), Some(bytes), "{text}");
        }
    }

    #[test]
    fn keys_of_any_other_length_are_refused() {
        for text in
            ["", "abc", &HEX[..62], &general_purpose::STANDARD.encode([7; 31]), "not base64!"]
        {
            assert_eq!(decode_key(text), None, "{text}");
        }
    }

    #[test]
    fn the_first_of_several_keys_is_the_current_one() {
        let keys = decode_keys(&format!("2:{HEX}, 1:{}", "ab".repeat(32))).unwrap();
        assert_eq!(keys.iter().map(|key| key.id.as_str()).collect::<Vec<_>>(), ["2", "1"]);
    }

    #[test]
    fn a_wrong_entry_is_named_by_its_place_and_its_key_is_not_repeated() {
        let hidden = "c2VjcmV0";
        for text in [
            hidden.to_owned(),
            format!(":{HEX}"),
            format!("1:{HEX},2:{hidden}"),
            format!("1:{HEX},1:{HEX}"),
        ] {
            let sentence = decode_keys(&text).unwrap_err();
            assert!(!sentence.contains(hidden) && !sentence.contains(HEX), "{sentence}");
        }
    }

    #[test]
    fn a_key_is_never_printed() {
        let shown = format!("{:?}", NamedKey::new("1", [0xAB; 32]));
        assert_eq!(shown, "NamedKey(1, [REDACTED])");
    }

    #[test]
    fn weak_secrets_are_told_apart_from_strong_ones() {
        let strong = [
            HEX,
            "q4JtVb1x9ZsLw7KpR0cDhEyNfGu3Ma8O",
            "pYH0Zb9zX3u1h7r0X8pTq7Jq0WcJrYkq3m9w0dXn2aE=",
        ];
        for secret in strong {
            assert_eq!(weakness(secret), None, "{secret}");
        }
        let weak = ["short", &"a".repeat(64), &HEX[..32], "coffer-compat-secret-7f3b1c9d5e2a4806"];
        for secret in weak {
            assert!(weakness(secret).is_some(), "{secret}");
        }
    }
}
