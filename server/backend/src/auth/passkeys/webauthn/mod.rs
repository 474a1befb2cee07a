//! The relying party's half of `WebAuthn` Level 3: what a browser sends after a ceremony, judged.
//!
//! `docs/adr/0011-passkeys.md` says why these 300 lines stand on the `RustCrypto` crates. Statements about the make
//! of an authenticator (attestation) are not asked for and not judged.

mod auth_data;
mod client_data;
mod cose;

#[cfg(test)]
mod tests;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use coset::cbor::Value as Cbor;
use serde_json::Value;
use sha2::{Digest, Sha256};

use auth_data::AuthData;
use client_data::Ceremony;
pub(super) use cose::ALGORITHMS;
use cose::PublicKey;

/// Why an answer of a browser does not count. Never shown, only logged by kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    /// A field is missing or not of its form.
    #[error("the answer cannot be read")]
    Malformed,
    /// It was made for another ceremony, challenge, origin or site.
    #[error("the answer was made for something else")]
    Elsewhere,
    /// Nobody was there, or nobody said who they are.
    #[error("nobody confirmed it")]
    Unconfirmed,
    /// The key is of a kind that was not asked for.
    #[error("the key is of an unknown kind")]
    UnknownKey,
    /// The key did not sign this.
    #[error("the signature is wrong")]
    Signature,
}

/// Who the browser has to name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expected<'a> {
    /// The challenge, in base64url, as it was sent.
    pub(super) challenge: &'a str,
    /// The one origin whose pages may ask.
    pub(super) origin: &'a str,
    /// The relying party's id: a host.
    pub(super) rp_id: &'a str,
}

/// A new credential.
#[derive(Clone, Debug)]
pub(super) struct NewCredential {
    pub(super) id: Vec<u8>,
    /// The COSE key, byte for byte.
    pub(super) public_key: Vec<u8>,
    pub(super) counter: u32,
    pub(super) aaguid: [u8; 16],
    pub(super) user_verified: bool,
    /// Whether it can be copied to other devices, and whether it has been.
    pub(super) backup_eligible: bool,
    pub(super) backed_up: bool,
    pub(super) transports: Vec<String>,
}

/// A right answer of a credential.
#[derive(Clone, Copy, Debug)]
pub(super) struct Assertion {
    pub(super) counter: u32,
    pub(super) user_verified: bool,
    pub(super) backed_up: bool,
}

/// Section 7.1: the answer of `navigator.credentials.create`, as `toJSON()` writes it.
pub(super) fn verify_registration(
    answer: &Value,
    expected: Expected<'_>,
) -> Result<NewCredential, Refusal> {
    let (id, response) = open(answer)?;
    client_data::check(&bytes(response, "clientDataJSON")?, Ceremony::Create, expected)?;
    let object = bytes(response, "attestationObject")?;
    let data = AuthData::parse(&auth_data_in(&object)?).ok_or(Refusal::Malformed)?;
    check_place(&data, expected)?;
    let credential = data.credential.ok_or(Refusal::Malformed)?;
    if credential.id != id {
        return Err(Refusal::Malformed);
    }
    PublicKey::from_cose(&credential.public_key).ok_or(Refusal::UnknownKey)?;
    let transports = response.get("transports").and_then(Value::as_array);
    let transports = transports.into_iter().flatten().filter_map(Value::as_str);
    Ok(NewCredential {
        id,
        public_key: credential.public_key,
        counter: data.counter,
        aaguid: credential.aaguid,
        user_verified: data.flags.user_verified(),
        backup_eligible: data.flags.backup_eligible(),
        backed_up: data.flags.backed_up(),
        transports: transports.filter(|name| is_token(name)).take(8).map(str::to_owned).collect(),
    })
}

/// Section 7.2: the answer of `navigator.credentials.get`, signed with the key that was stored.
pub(super) fn verify_authentication(
    answer: &Value,
    expected: Expected<'_>,
    public_key: &[u8],
) -> Result<Assertion, Refusal> {
    let (_, response) = open(answer)?;
    let client_data = bytes(response, "clientDataJSON")?;
    client_data::check(&client_data, Ceremony::Get, expected)?;
    let raw = bytes(response, "authenticatorData")?;
    let data = AuthData::parse(&raw).ok_or(Refusal::Malformed)?;
    check_place(&data, expected)?;
    let key = PublicKey::from_cose(public_key).ok_or(Refusal::UnknownKey)?;
    let signed = [&raw[..], &Sha256::digest(&client_data)].concat();
    if !key.verifies(&signed, &bytes(response, "signature")?) {
        return Err(Refusal::Signature);
    }
    Ok(Assertion {
        counter: data.counter,
        user_verified: data.flags.user_verified(),
        backed_up: data.flags.backed_up(),
    })
}

/// The id of the credential that an answer names, in base64url.
pub(super) fn credential_id(answer: &Value) -> Result<String, Refusal> {
    open(answer).map(|(id, _)| URL_SAFE_NO_PAD.encode(id))
}

/// The credential's id and the authenticator's response.
fn open(answer: &Value) -> Result<(Vec<u8>, &Value), Refusal> {
    let kind = answer.get("type").and_then(Value::as_str);
    let id = bytes(answer, "id")?;
    let same = answer.get("rawId").is_none() || bytes(answer, "rawId")? == id;
    // 1,023 bytes is the longest id there may be (section 6.5.1).
    if kind != Some("public-key") || !same || id.is_empty() || id.len() > 1_023 {
        return Err(Refusal::Malformed);
    }
    Ok((id, answer.get("response").ok_or(Refusal::Malformed)?))
}

fn bytes(object: &Value, name: &str) -> Result<Vec<u8>, Refusal> {
    let text = object.get(name).and_then(Value::as_str).ok_or(Refusal::Malformed)?;
    URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).map_err(|_| Refusal::Malformed)
}

/// `authData` of an attestation object (section 6.5.4).
fn auth_data_in(object: &[u8]) -> Result<Vec<u8>, Refusal> {
    let mut rest = object;
    let map: Cbor = coset::cbor::de::from_reader(&mut rest).map_err(|_| Refusal::Malformed)?;
    let is_auth_data = |key: &Cbor| key.as_text() == Some("authData");
    let entries = map.into_map().map_err(|_| Refusal::Malformed)?;
    let value = entries.into_iter().find(|(key, _)| is_auth_data(key)).map(|(_, value)| value);
    match value.map(Cbor::into_bytes) {
        Some(Ok(bytes)) if rest.is_empty() => Ok(bytes),
        _ => Err(Refusal::Malformed),
    }
}

/// The site is ours and somebody was there.
fn check_place(data: &AuthData, expected: Expected<'_>) -> Result<(), Refusal> {
    if data.rp_id_hash[..] != Sha256::digest(expected.rp_id)[..] {
        return Err(Refusal::Elsewhere);
    }
    if !data.flags.user_present() {
        return Err(Refusal::Unconfirmed);
    }
    // Section 6.1.3: what cannot be copied has not been.
    if data.flags.backed_up() && !data.flags.backup_eligible() {
        return Err(Refusal::Malformed);
    }
    Ok(())
}

/// A word like `internal` or `smart-card`.
fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 32
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}
