//! What handlers read from a request.

use axum::{
    extract::{FromRequest, FromRequestParts, Path, Request},
    http::request::Parts,
};
use url::form_urlencoded;
use uuid::Uuid;

use crate::{json::Json, refusal::Refusal};

/// The longest body that is read.
const LONGEST: usize = 1 << 20;

/// A JSON body.
pub struct Body(pub Json);

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let bytes = axum::body::to_bytes(request.into_body(), LONGEST)
            .await
            .map_err(|_| Refusal::new(413, "PayloadTooLarge", "The body is too large."))?;
        let json: Json = serde_json::from_slice(&bytes).map_err(|_| {
            Refusal::shape("json_invalid", &["body"], "JSON decode error", Json::empty())
        })?;
        match json {
            Json::Object(_) => Ok(Self(json)),
            other => {
                let text = "Input should be a valid dictionary or object to extract fields from";
                Err(Refusal::shape("model_attributes_type", &["body"], text, other))
            }
        }
    }
}

/// The UUID in a path; only version 4 is one.
pub struct Id(pub Uuid);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let Path(text) = Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(|_| Refusal::not_found())?;
        uuid4(&text).map(Self).ok_or_else(|| {
            Refusal::shape("uuid_parsing", &["path", "id"], "Input should be a valid UUID", text)
        })
    }
}

/// A UUID of version 4.
pub fn uuid4(text: &str) -> Option<Uuid> {
    Uuid::parse_str(text).ok().filter(|id| id.get_version_num() == 4)
}

/// The query; a name may come several times.
pub struct Params(Vec<(String, String)>);

impl<S: Send + Sync> FromRequestParts<S> for Params {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let query = parts.uri.query().unwrap_or_default();
        Ok(Self(form_urlencoded::parse(query.as_bytes()).into_owned().collect()))
    }
}

impl Params {
    /// The last value of a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Nothing is asked for, or one of these values is it.
    pub fn allows(&self, name: &str, value: Option<&str>) -> bool {
        let mut asked = self.0.iter().filter(|(key, _)| key == name).peekable();
        asked.peek().is_none() || asked.any(|(_, wanted)| Some(wanted.as_str()) == value)
    }

    /// The same for `metadata[key]=value`.
    pub fn allows_metadata(&self, metadata: &Json) -> bool {
        self.0.iter().all(|(name, wanted)| {
            let key = name.strip_prefix("metadata[").and_then(|rest| rest.strip_suffix(']'));
            key.is_none_or(|key| match metadata.get(key) {
                Some(Json::Text(text)) => text == wanted,
                Some(other) => &other.compact() == wanted,
                None => false,
            })
        })
    }

    /// A whole number.
    pub fn number(&self, name: &str) -> Result<Option<usize>, Refusal> {
        self.get(name)
            .map(|text| {
                text.parse().ok().filter(|number| *number > 0).ok_or_else(|| {
                    let message = "Input should be greater than 0";
                    Refusal::shape("greater_than", &["query", name], message, text)
                })
            })
            .transpose()
    }
}
