//! Relative redirect targets as Better Auth accepts them.

use url::Url;

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
