//! What the browser says about the ceremony (`WebAuthn` Level 3, section 5.8.1).

use serde::Deserialize;
use subtle::ConstantTimeEq;

use super::{Expected, Refusal};

/// Which of the two ceremonies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ceremony {
    /// A credential was made.
    Create,
    /// A credential was used.
    Get,
}

/// Unknown members are ignored, as the specification demands.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
    top_origin: Option<String>,
}

/// Refuses what was made for another ceremony, challenge or page. Frames of other sites have no business here.
pub(super) fn check(
    json: &[u8],
    ceremony: Ceremony,
    expected: Expected<'_>,
) -> Result<(), Refusal> {
    let data: ClientData = serde_json::from_slice(json).map_err(|_| Refusal::Malformed)?;
    let kind = match ceremony {
        Ceremony::Create => "webauthn.create",
        Ceremony::Get => "webauthn.get",
    };
    let challenge = data.challenge.as_bytes().ct_eq(expected.challenge.as_bytes());
    let ours = data.kind == kind
        && bool::from(challenge)
        && data.origin == expected.origin
        && !data.cross_origin
        && data.top_origin.is_none();
    if ours { Ok(()) } else { Err(Refusal::Elsewhere) }
}
