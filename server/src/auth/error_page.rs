//! `GET /api/auth/error`: where flows that went wrong end up.

use axum::{
    extract::RawQuery,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use url::form_urlencoded::{Serializer, parse};

/// Sends the browser to the landing page with the code, and the description if there is one.
pub(super) async fn error_page(RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let value = |wanted: &str| {
        let found = parse(query.as_bytes()).find(|(name, _)| name == wanted);
        found.map(|(_, value)| value.into_owned()).filter(|value| !value.is_empty())
    };
    let code = value("error").filter(|code| is_code(code)).unwrap_or_else(|| "UNKNOWN".to_owned());
    let mut target = Serializer::new(String::new());
    target.append_pair("error", &code);
    if let Some(description) = value("error_description") {
        target.append_pair("error_description", &description);
    }
    let target = format!("/?{}", target.finish());
    let target = HeaderValue::from_str(&target).expect("an encoded query is printable ASCII");
    (StatusCode::FOUND, [(header::LOCATION, target)]).into_response()
}

fn is_code(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"'_-".contains(&byte))
}
