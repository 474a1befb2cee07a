//! Redirects as Better Auth sends them, and the relative targets it accepts.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use url::{Url, form_urlencoded};

/// 302 to a target that was checked.
pub(super) fn found(target: &str) -> Response {
    let target = HeaderValue::from_bytes(target.as_bytes());
    let target = target.unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::FOUND, [(header::LOCATION, target)]).into_response()
}

/// `target` with one more parameter: behind whatever query it has, before its fragment.
pub(super) fn with_parameter(target: &str, name: &str, value: &str) -> String {
    let (rest, fragment) = match target.split_once('#') {
        Some((rest, fragment)) => (rest, format!("#{fragment}")),
        None => (target, String::new()),
    };
    let between = if rest.contains('?') { '&' } else { '?' };
    let pair = form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish();
    format!("{rest}{between}{pair}{fragment}")
}

/// Whether `target` is a path that stays on the origin of `base`.
pub(super) fn is_safe_relative(target: &str, base: &Url) -> bool {
    if !target.starts_with('/') || target.starts_with("//") || target.contains('\\') {
        return false;
    }
    if target.chars().any(|c| c.is_ascii_control()) {
        return false;
    }
    let path = target.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    if path.contains("%2f") || path.contains("%5c") {
        return false;
    }
    base.join(target).is_ok_and(|url| url.origin() == base.origin())
}
