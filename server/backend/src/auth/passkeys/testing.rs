//! An authenticator and a browser in a few lines, for tests: one ES256 credential.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// One credential, and what its authenticator says about the person.
#[derive(Clone)]
pub struct Authenticator {
    pub(super) key: SigningKey,
    /// The credential's id.
    pub id: Vec<u8>,
    /// The origin of the page that asks.
    pub origin: String,
    /// Signatures so far; `None` for an authenticator that does not count.
    pub counter: Option<u32>,
    /// Whether the person is verified by PIN or finger.
    pub verifies: bool,
}

impl Authenticator {
    /// Another one for each seed.
    pub fn new(seed: &str, origin: &str) -> Self {
        let key = SigningKey::from_slice(&Sha256::digest(seed)).expect("32 bytes are a key");
        let id = Sha256::digest(format!("{seed} id")).to_vec();
        Self { key, id, origin: origin.to_owned(), counter: None, verifies: true }
    }

    /// The answer of `navigator.credentials.create`.
    pub fn create(&self, options: &Value) -> Value {
        let point = self.key.verifying_key().to_encoded_point(false);
        let (x, y) = (point.x().expect("a point"), point.y().expect("a point"));
        // {1: 2, 3: -7, -1: 1, -2: x, -3: y}
        let mut cose = vec![0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
        cose.extend_from_slice(x);
        cose.extend_from_slice(&[0x22, 0x58, 0x20]);
        cose.extend_from_slice(y);
        let mut data = self.data(&text(&options["rp"]["id"]), 0x40);
        data.extend_from_slice(&[0; 16]);
        data.extend_from_slice(&[0, 32]);
        data.extend_from_slice(&self.id);
        data.extend_from_slice(&cose);
        // {"fmt": "none", "attStmt": {}, "authData": …}
        let mut object = b"\xA3\x63fmt\x64none\x67attStmt\xA0\x68authData\x58".to_vec();
        object.push(u8::try_from(data.len()).expect("less than 256 bytes"));
        object.extend_from_slice(&data);
        json!({
            "id": URL_SAFE_NO_PAD.encode(&self.id),
            "rawId": URL_SAFE_NO_PAD.encode(&self.id),
            "type": "public-key",
            "response": {
                "clientDataJSON": URL_SAFE_NO_PAD.encode(self.client_data("webauthn.create", options)),
                "attestationObject": URL_SAFE_NO_PAD.encode(object),
                "transports": ["internal", "hybrid"],
            },
        })
    }

    /// The answer of `navigator.credentials.get`; it counts.
    pub fn get(&mut self, options: &Value) -> Value {
        self.counter = self.counter.map(|counter| counter + 1);
        let data = self.data(&text(&options["rpId"]), 0);
        let client_data = self.client_data("webauthn.get", options);
        let signed = [&data[..], &Sha256::digest(&client_data)].concat();
        let signature: Signature = self.key.sign(&signed);
        json!({
            "id": URL_SAFE_NO_PAD.encode(&self.id),
            "rawId": URL_SAFE_NO_PAD.encode(&self.id),
            "type": "public-key",
            "response": {
                "clientDataJSON": URL_SAFE_NO_PAD.encode(client_data),
                "authenticatorData": URL_SAFE_NO_PAD.encode(data),
                "signature": URL_SAFE_NO_PAD.encode(signature.to_der().as_bytes()),
            },
        })
    }

    fn data(&self, rp_id: &str, more_flags: u8) -> Vec<u8> {
        let verified = if self.verifies { 0x04 } else { 0 };
        let mut data = Sha256::digest(rp_id).to_vec();
        data.push(0x01 | verified | more_flags);
        data.extend_from_slice(&self.counter.unwrap_or(0).to_be_bytes());
        data
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        json!({ "type": kind, "challenge": options["challenge"], "origin": self.origin })
            .to_string()
            .into_bytes()
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}
