//! One spelling for each path. Any other is not found, before limits, guards or handlers could see it
//! under another name.

use axum::{
    extract::Request,
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::super::failure::Failure;

pub(in crate::http) async fn layer(request: Request, next: Next) -> Response {
    if !is_canonical(request.uri().path()) {
        return Failure::of(StatusCode::NOT_FOUND).into_response();
    }
    if matches!(request.method().as_str(), "TRACE" | "CONNECT") {
        return Failure::of(StatusCode::METHOD_NOT_ALLOWED).into_response();
    }
    next.run(request).await
}

/// Whether `path` is written the one way we accept: no empty or dot segments, no hidden separators, no
/// control characters, whole escapes, and UTF-8 once they are undone (RFC 3986 sections 2.1 and 6).
pub(crate) fn is_canonical(path: &str) -> bool {
    if !path.starts_with('/') || path.contains("//") || path.contains('\\') {
        return false;
    }
    let Some(decoded) = decode(path) else { return false };
    let Ok(text) = std::str::from_utf8(&decoded) else { return false };
    !text.chars().any(char::is_control)
        && !text.split('/').any(|segment| matches!(segment, "." | ".."))
}

/// The bytes `path` stands for; nothing if an escape is broken or hides `/`, `\` or NUL.
fn decode(path: &str) -> Option<Vec<u8>> {
    let mut decoded = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            decoded.push(byte);
            continue;
        }
        let (high, low) = (char::from(rest.next()?), char::from(rest.next()?));
        let byte = u8::try_from(high.to_digit(16)? * 16 + low.to_digit(16)?).ok()?;
        if matches!(byte, b'/' | b'\\' | 0) {
            return None;
        }
        decoded.push(byte);
    }
    Some(decoded)
}
