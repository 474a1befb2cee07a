//! The vectors of the specification, and everything that must not pass.

use serde::Deserialize;
use serde_json::json;

use super::*;

/// `WebAuthn` Level 3, section 16, W3C, as of 30 July 2026.
const VECTORS: &str = include_str!("vectors.json");

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Examples {
    rp_id: String,
    origin: String,
    #[serde(rename = "vectors")]
    each: Vec<Vector>,
}

#[derive(Clone, Deserialize)]
struct Vector {
    name: String,
    registration: Registration,
    authentication: Authentication,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Registration {
    challenge: String,
    credential_id: String,
    #[serde(rename = "clientDataJSON")]
    client_data_json: String,
    attestation_object: String,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Authentication {
    challenge: String,
    authenticator_data: String,
    #[serde(rename = "clientDataJSON")]
    client_data_json: String,
    signature: String,
}

fn vectors() -> Examples {
    serde_json::from_str(VECTORS).unwrap()
}

fn vector(name: &str) -> Vector {
    vectors().each.into_iter().find(|vector| vector.name == name).unwrap()
}

/// Hex to base64url.
fn b64(hex: &str) -> String {
    URL_SAFE_NO_PAD.encode(hex::decode(hex).unwrap())
}

impl Vector {
    fn created(&self) -> Value {
        let Registration { credential_id, client_data_json, attestation_object, .. } =
            &self.registration;
        json!({
            "id": b64(credential_id),
            "rawId": b64(credential_id),
            "type": "public-key",
            "response": {
                "clientDataJSON": b64(client_data_json),
                "attestationObject": b64(attestation_object),
                "transports": ["internal", "hybrid", "No Word", 5],
            },
        })
    }

    fn used(&self) -> Value {
        let Authentication { authenticator_data, client_data_json, signature, .. } =
            &self.authentication;
        json!({
            "id": b64(&self.registration.credential_id),
            "type": "public-key",
            "response": {
                "clientDataJSON": b64(client_data_json),
                "authenticatorData": b64(authenticator_data),
                "signature": b64(signature),
            },
        })
    }

    fn register(&self) -> Result<NewCredential, Refusal> {
        self.register_as(&self.created(), "https://example.org", "example.org")
    }

    fn register_as(
        &self,
        answer: &Value,
        origin: &str,
        rp_id: &str,
    ) -> Result<NewCredential, Refusal> {
        let challenge = b64(&self.registration.challenge);
        verify_registration(answer, Expected { challenge: &challenge, origin, rp_id })
    }

    fn authenticate(&self, answer: &Value, key: &[u8]) -> Result<Assertion, Refusal> {
        let challenge = b64(&self.authentication.challenge);
        let expected =
            Expected { challenge: &challenge, origin: "https://example.org", rp_id: "example.org" };
        verify_authentication(answer, expected, key)
    }
}

#[test]
fn the_vectors_are_those_of_one_site() {
    let vectors = vectors();

    assert_eq!((&*vectors.rp_id, &*vectors.origin), ("example.org", "https://example.org"));
    assert_eq!(vectors.each.len(), 15);
}

#[test]
fn every_vector_of_a_kind_we_ask_for_passes() {
    let ours = [
        "none-es256",
        "packed-self-es256",
        "none-es256-long-credential-id",
        "packed-es256",
        "packed-rs256",
        "packed-eddsa",
        "tpm-es256",
        "android-key-es256",
        "apple-es256",
        "fido-u2f-es256",
    ];
    for name in ours {
        let vector = vector(name);

        let made = vector.register().unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
        let used = vector.authenticate(&vector.used(), &made.public_key);

        assert_eq!(hex::encode(&made.id), vector.registration.credential_id, "{name}");
        assert_eq!(made.transports, ["internal", "hybrid"]);
        assert_eq!(used.unwrap_or_else(|refusal| panic!("{name}: {refusal}")).counter, 0);
    }
}

#[test]
fn keys_of_other_kinds_and_frames_of_other_sites_are_refused() {
    for (name, refusal) in [
        ("packed-es384", Refusal::UnknownKey),
        ("packed-es512", Refusal::UnknownKey),
        ("packed-ed448", Refusal::UnknownKey),
        ("none-es256-crossOrigin", Refusal::Elsewhere),
        ("none-es256-topOrigin", Refusal::Elsewhere),
    ] {
        let vector = vector(name);
        assert_eq!(vector.register().unwrap_err(), refusal, "{name}");
    }
}

#[test]
fn an_answer_counts_for_its_challenge_page_site_and_ceremony_alone() {
    let vector = vector("none-es256");
    let answer = vector.created();
    let key = vector.register().unwrap().public_key;

    let elsewhere = [
        vector.register_as(&answer, "https://example.org:8443", "example.org"),
        vector.register_as(&answer, "http://example.org", "example.org"),
        vector.register_as(&answer, "https://evil.example", "example.org"),
        vector.register_as(&answer, "https://example.org", "evil.example"),
    ];
    for result in elsewhere {
        assert_eq!(result.unwrap_err(), Refusal::Elsewhere);
    }
    let mut other = vector.clone();
    other.registration.challenge = vector.authentication.challenge.clone();
    assert_eq!(other.register().unwrap_err(), Refusal::Elsewhere);

    let mut swapped = vector.used();
    swapped["response"]["clientDataJSON"] = answer["response"]["clientDataJSON"].clone();
    assert_eq!(vector.authenticate(&swapped, &key).unwrap_err(), Refusal::Elsewhere);
    let mut swapped = answer;
    swapped["response"]["clientDataJSON"] = vector.used()["response"]["clientDataJSON"].clone();
    assert_eq!(
        vector.register_as(&swapped, "https://example.org", "example.org").unwrap_err(),
        Refusal::Elsewhere
    );
}

#[test]
fn no_changed_bit_of_what_was_signed_passes() {
    for name in ["none-es256", "packed-eddsa"] {
        let vector = vector(name);
        let key = vector.register().unwrap().public_key;
        let parts: [fn(&mut Authentication) -> &mut String; 2] =
            [|used| &mut used.authenticator_data, |used| &mut used.signature];
        for part in parts {
            let bits = part(&mut vector.clone().authentication).len() * 4;
            for bit in 0..bits {
                let mut changed = vector.clone();
                let text = part(&mut changed.authentication);
                let mut bytes = hex::decode(&*text).unwrap();
                bytes[bit / 8] ^= 1 << (bit % 8);
                *text = hex::encode(bytes);

                assert!(changed.authenticate(&changed.used(), &key).is_err(), "{name} {bit}");
            }
        }
    }
}

#[test]
fn another_key_does_not_verify() {
    let (one, other) = (vector("none-es256"), vector("packed-self-es256"));
    let key = other.register().unwrap().public_key;

    assert_eq!(one.authenticate(&one.used(), &key).unwrap_err(), Refusal::Signature);
    assert_eq!(one.authenticate(&one.used(), b"").unwrap_err(), Refusal::UnknownKey);
}

#[test]
fn what_is_cut_short_or_runs_on_is_refused() {
    let vector = vector("none-es256");
    let whole = hex::decode(&vector.registration.attestation_object).unwrap();
    for length in 0..whole.len() {
        let mut cut = vector.created();
        cut["response"]["attestationObject"] = URL_SAFE_NO_PAD.encode(&whole[..length]).into();
        assert!(
            vector.register_as(&cut, "https://example.org", "example.org").is_err(),
            "{length}"
        );
    }
    let mut longer = vector.created();
    longer["response"]["attestationObject"] =
        URL_SAFE_NO_PAD.encode([&whole[..], &[0]].concat()).into();
    assert_eq!(
        vector.register_as(&longer, "https://example.org", "example.org").unwrap_err(),
        Refusal::Malformed
    );
    let data = hex::decode(&vector.authentication.authenticator_data).unwrap();
    assert!(AuthData::parse(&[&data[..], &[0]].concat()).is_none());
    assert!(AuthData::parse(&data[..36]).is_none());
}

#[test]
fn answers_of_another_form_are_refused() {
    let vector = vector("none-es256");
    let key = vector.register().unwrap().public_key;
    let cases: [fn(&mut Value); 8] = [
        |answer| answer["type"] = "password".into(),
        |answer| answer["id"] = "".into(),
        |answer| answer["id"] = "!".into(),
        |answer| answer["rawId"] = "AAAA".into(),
        |answer| answer["response"] = json!(null),
        |answer| answer["response"]["signature"] = json!(5),
        |answer| answer["response"]["clientDataJSON"] = "e30".into(),
        |answer| answer["response"]["authenticatorData"] = "".into(),
    ];
    for (n, change) in cases.into_iter().enumerate() {
        let mut answer = vector.used();
        change(&mut answer);
        assert_eq!(vector.authenticate(&answer, &key).unwrap_err(), Refusal::Malformed, "{n}");
    }
    let mut other_id = vector.created();
    other_id["id"] = "AAAA".into();
    other_id["rawId"] = "AAAA".into();
    assert_eq!(
        vector.register_as(&other_id, "https://example.org", "example.org").unwrap_err(),
        Refusal::Malformed
    );
}

#[test]
fn nobody_there_and_a_copy_that_cannot_be_are_refused() {
    // The flags byte follows the hash of the site's id.
    let with_flags = |flags: u8| {
        let mut vector = vector("none-es256");
        let text = &mut vector.authentication.authenticator_data;
        text.replace_range(64..66, &format!("{flags:02x}"));
        vector
    };
    let key = vector("none-es256").register().unwrap().public_key;

    for (flags, refusal) in [
        (0x00, Refusal::Unconfirmed),
        (0x04, Refusal::Unconfirmed),
        (0x11, Refusal::Malformed),
        // These would be well, had the key signed them.
        (0x01, Refusal::Signature),
        (0x1D, Refusal::Signature),
    ] {
        let vector = with_flags(flags);
        let refused = vector.authenticate(&vector.used(), &key).unwrap_err();
        assert_eq!(refused, refusal, "{flags:#x}");
    }
}
