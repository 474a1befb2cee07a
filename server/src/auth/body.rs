//! Reads a request's body in Better Auth's order: media type, syntax, origin, redirect targets, schema, and
//! last what guards the forms. Guards of a session come after it, in the handler.

use axum::{
    body::to_bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
};
use serde_json::{Map, Value};

use super::{
    Auth,
    error::AuthError,
    query::Query,
    schema::{Fields, expected},
};

/// No body of these routes comes near it.
const MAX_BYTES: usize = 64 * 1024;

/// A request's fields.
pub(super) trait Schema: Sized {
    /// Takes forms too. Such routes start sessions and are guarded against forged navigation.
    const FORM: bool = false;
    /// May be left out altogether.
    const OPTIONAL: bool = false;
    /// What a body has to be, in zod's words; one that is nothing of it is wrong once for each.
    const KINDS: &'static [&'static str] = &["object"];

    /// Reads the fields; whatever does not fit is noted in `fields`.
    fn read(fields: &mut Fields<'_>) -> Self;
}

/// A body that says nothing, or nothing that matters.
pub(super) struct Empty;

impl Schema for Empty {
    const OPTIONAL: bool = true;

    fn read(_: &mut Fields<'_>) -> Self {
        Self
    }
}

/// The checked body of a request.
pub(super) struct Body<T>(pub(super) T);

impl<T: Schema> FromRequest<Auth> for Body<T> {
    type Rejection = AuthError;

    async fn from_request(request: Request, auth: &Auth) -> Result<Self, AuthError> {
        let (parts, body) = request.into_parts();
        let bytes = to_bytes(body, MAX_BYTES).await.map_err(|_| too_large())?;
        let body = parse(&parts.headers, &bytes, T::FORM)?;
        auth.origins.check_cookie_request(&parts.headers)?;
        check_targets(auth, &parts.uri, body.as_ref())?;
        let fields = validate::<T>(body.as_ref())?;
        if T::FORM {
            auth.origins.check_form(&parts.headers)?;
        }
        Ok(Self(fields))
    }
}

fn too_large() -> AuthError {
    AuthError::new(StatusCode::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE", "Request body is too large")
}

/// The body as a value; none when it is empty, whatever its type says.
fn parse(headers: &HeaderMap, bytes: &[u8], form: bool) -> Result<Option<Value>, AuthError> {
    if bytes.is_empty() {
        return Ok(None);
    }
    let sent = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    let sent = String::from_utf8_lossy(sent);
    let essence = sent.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match &*essence {
        "application/json" => serde_json::from_slice(bytes).map(Some).map_err(|_| {
            AuthError::new(StatusCode::BAD_REQUEST, "BAD_REQUEST", "Invalid JSON in request body")
        }),
        "application/x-www-form-urlencoded" if form => {
            let pairs = url::form_urlencoded::parse(bytes);
            let fields = pairs.map(|(name, value)| (name.into_owned(), value.into_owned().into()));
            Ok(Some(Value::Object(fields.collect())))
        }
        _ => Err(unsupported(&sent, form)),
    }
}

fn unsupported(sent: &str, form: bool) -> AuthError {
    let allowed = if form {
        "application/x-www-form-urlencoded, application/json"
    } else {
        "application/json"
    };
    let message = if sent.is_empty() {
        format!("Content-Type is required. Allowed types: {allowed}")
    } else {
        format!("Content-Type \"{sent}\" is not allowed. Allowed types: {allowed}")
    };
    AuthError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE", message)
}

/// A field with a redirect target, its name in messages, and the code of a target that is not ours.
const TARGETS: [(&str, &str, &str); 4] = [
    ("callbackURL", "callbackURL", "INVALID_CALLBACK_URL"),
    ("redirectTo", "redirectURL", "INVALID_REDIRECT_URL"),
    ("errorCallbackURL", "errorCallbackURL", "INVALID_ERROR_CALLBACK_URL"),
    ("newUserCallbackURL", "newUserCallbackURL", "INVALID_NEW_USER_CALLBACK_URL"),
];

fn check_targets(auth: &Auth, uri: &Uri, body: Option<&Value>) -> Result<(), AuthError> {
    let query = Query::read(uri.query());
    for (field, label, code) in TARGETS {
        let in_body = body.and_then(|body| body.get(field)).cloned().filter(is_given);
        let in_query = if field == "callbackURL" { query.value(field) } else { None };
        if let Some(target) = in_body.or(in_query.filter(is_given)) {
            auth.check_target(&target, label, code)?;
        }
    }
    Ok(())
}

impl Auth {
    /// Whether the `callbackURL` of a link leads to a place of ours.
    pub(super) fn check_callback(&self, query: &Query) -> Result<(), AuthError> {
        let [(field, label, code), ..] = TARGETS;
        match query.value(field).filter(is_given) {
            Some(target) => self.check_target(&target, label, code),
            None => Ok(()),
        }
    }

    fn check_target(
        &self,
        target: &Value,
        label: &str,
        code: &'static str,
    ) -> Result<(), AuthError> {
        let Some(target) = target.as_str() else {
            let message = format!("Invalid {label}: expected a string");
            return Err(AuthError::without_code(StatusCode::BAD_REQUEST, message));
        };
        if self.origins.redirect(target).is_none() {
            return Err(AuthError::new(StatusCode::FORBIDDEN, code, format!("Invalid {label}")));
        }
        Ok(())
    }
}

/// Whether JavaScript would call the value true: the others count as absent here and fail the schema later.
pub(super) fn is_given(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}

fn validate<T: Schema>(body: Option<&Value>) -> Result<T, AuthError> {
    let nothing = Map::new();
    let object = match body {
        Some(Value::Object(object)) => object,
        None if T::OPTIONAL => &nothing,
        other => {
            let problem = |kind: &&str| format!("[body] {}", expected(kind, other));
            let problems: Vec<String> = T::KINDS.iter().map(problem).collect();
            return Err(AuthError::validation(&problems));
        }
    };
    let mut fields = Fields::new(object);
    let read = T::read(&mut fields);
    let problems = fields.problems();
    if problems.is_empty() { Ok(read) } else { Err(AuthError::validation(&problems)) }
}
