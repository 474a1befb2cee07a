//! What a request brings: a JSON body, and the id in its path.

use axum::{
    body::{Bytes, to_bytes},
    extract::{FromRequest, FromRequestParts, Path, Request},
    http::{StatusCode, header, request::Parts},
};
use domain::{
    AccountId, BatchId, BudgetId, ConnectionId, DoubtId, ImportId, PairId, RoundId, RuleId,
    SavedViewId, SeriesId, TransactionId,
};
use serde::{Deserialize, Deserializer, de::DeserializeOwned};

use super::error::not_found;
use crate::http::{Failure, json};

/// No body of these routes comes near it.
const MAX_BYTES: usize = 64 * 1024;
/// Longest id of ours.
const MAX_ID: usize = 64;

/// A JSON body of the documented shape, and its bytes.
pub(super) struct Body<T> {
    pub value: T,
    pub bytes: Bytes,
}

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for Body<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Self, Failure> {
        let (parts, body) = request.into_parts();
        if !is_json(&parts) {
            let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            return Err(Failure {
                message: "Send JSON: Content-Type: application/json.".into(),
                ..Failure::of(status)
            });
        }
        let bytes = to_bytes(body, MAX_BYTES)
            .await
            .map_err(|_| Failure::of(StatusCode::PAYLOAD_TOO_LARGE))?;
        // A list of values would be read as fields in their order, which is not documented.
        if bytes.trim_ascii_start().first() != Some(&b'{') {
            return Err(json::JsonProblem::Malformed.into());
        }
        let value = json::parse(&bytes)?;
        Ok(Self { value, bytes })
    }
}

fn is_json(parts: &Parts) -> bool {
    let mut types = parts.headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(only), None) = (types.next(), types.next()) else { return false };
    only.to_str().is_ok_and(|value| {
        let essence = value.split(';').next().unwrap_or_default();
        essence.trim().eq_ignore_ascii_case("application/json")
    })
}

/// An id in a path, and the word for what is missing when there is none.
pub(super) trait Named: From<String> {
    /// "account".
    const WORD: &'static str;
    /// What stands in it besides letters and digits.
    const SIGNS: &'static [u8] = b"-_";
}

impl Named for AccountId {
    const WORD: &'static str = "account";
}

impl Named for BatchId {
    const WORD: &'static str = "batch";
}

impl Named for BudgetId {
    const WORD: &'static str = "budget";
}

impl Named for ConnectionId {
    const WORD: &'static str = "connection";
}

impl Named for DoubtId {
    const WORD: &'static str = "pair";
}

impl Named for ImportId {
    const WORD: &'static str = "import";
}

impl Named for PairId {
    const WORD: &'static str = "transfer";
}

impl Named for RoundId {
    const WORD: &'static str = "verification";
}

impl Named for RuleId {
    const WORD: &'static str = "rule";
}

impl Named for SavedViewId {
    const WORD: &'static str = "view";
}

impl Named for SeriesId {
    const WORD: &'static str = "series";
}

impl Named for TransactionId {
    const WORD: &'static str = "transaction";
}

/// The thing named in the path. What cannot be an id is a thing that is not there.
pub(super) struct IdPath<T>(pub T);

impl<T: Named, S: Send + Sync> FromRequestParts<S> for IdPath<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        let Path(id) = path.map_err(|_| not_found(T::WORD))?;
        named(id).map(Self)
    }
}

/// An id in a path, where there is more than one thing in it.
pub(super) fn named<T: Named>(id: String) -> Result<T, Failure> {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || T::SIGNS.contains(&byte);
    if id.is_empty() || id.len() > MAX_ID || !id.bytes().all(known) {
        return Err(not_found(T::WORD));
    }
    Ok(T::from(id))
}

/// Tells null, which is empty, from absent, which stays as it is.
pub(super) fn present<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    Option::deserialize(deserializer).map(|text: Option<String>| Some(text.unwrap_or_default()))
}
