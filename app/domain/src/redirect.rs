//! Where a page may send somebody next: to a place of our own, and nowhere else.

use url::Url;

/// An origin nobody can have (RFC 2606): what still has it after parsing is local.
const BASE: &str = "https://local.invalid";

/// The path and query to go to, written anew from what was parsed; nothing for an empty or a foreign target.
/// As [`local_path`], with the fragment dropped.
pub fn safe_next(target: &str) -> Option<String> {
    let local = local_path(target)?;
    Some(local.split('#').next().unwrap_or_default().to_owned())
}

/// `target` as a path of our own with its query and fragment, written anew, or nothing if it could lead elsewhere.
///
/// Refused: blanks around it, controls, backslashes, other than ASCII, `//` and dot segments in the path, and
/// `%2f`, `%5c`, `%00` there, since some server on the way decodes them (WHATWG URL, path parsing).
pub fn local_path(target: &str) -> Option<String> {
    let odd = |c: char| c.is_control() || !c.is_ascii() || c == '\\';
    if !target.starts_with('/') || target != target.trim() || target.contains(odd) {
        return None;
    }
    let path = target.split(['?', '#']).next().unwrap_or_default();
    if path.contains("//") || has_hidden_separator(path) || path.split('/').any(is_dot_segment) {
        return None;
    }
    let base = Url::parse(BASE).ok()?;
    let url = base.join(target).ok()?;
    if url.origin() != base.origin() || !url.username().is_empty() || url.password().is_some() {
        return None;
    }
    let mut local = url.path().to_owned();
    for (sign, part) in [('?', url.query()), ('#', url.fragment())] {
        if let Some(part) = part {
            local.push(sign);
            local.push_str(part);
        }
    }
    (local.starts_with('/') && !local.starts_with("//")).then_some(local)
}

/// `safe_next`, or `otherwise` when there is no safe target.
pub fn next_or(target: &str, otherwise: &str) -> String {
    safe_next(target).unwrap_or_else(|| otherwise.to_owned())
}

fn has_hidden_separator(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    ["%2f", "%5c", "%00"].iter().any(|hidden| path.contains(hidden))
}

/// `.` and `..`, also with encoded dots (WHATWG URL, single-dot and double-dot segments).
fn is_dot_segment(segment: &str) -> bool {
    let segment = segment.to_ascii_lowercase().replace("%2e", ".");
    segment == "." || segment == ".."
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn local_targets_are_accepted() {
        let cases = [
            ("/x", "/x"),
            ("/", "/"),
            ("/x?a=1&b=%2F", "/x?a=1&b=%2F"),
            ("/x?next=//y", "/x?next=//y"),
            ("/x#f", "/x"),
            ("/a b", "/a%20b"),
            ("/accounts/0197f0c2?from=2026-05-01", "/accounts/0197f0c2?from=2026-05-01"),
            ("/a.b/..c", "/a.b/..c"),
        ];
        for (target, expected) in cases {
            assert_eq!(safe_next(target).as_deref(), Some(expected), "{target}");
        }
    }

    #[test]
    fn everything_else_is_refused() {
        let refused = [
            "",
            "//evil",
            "///evil",
            "/\\evil",
            "\\/evil",
            "/%2Fevil",
            "/%5cevil",
            "/a/%2f/b",
            "/\t/evil",
            "/x\n",
            " /x",
            "/x ",
            "javascript:alert(1)",
            "data:text/html,x",
            "evil.example",
            "http:/evil",
            "https://own@evil",
            "https://own.evil",
            "https://local.invalid/x",
            "https://local.invalid:8443/x",
            "./x",
            "../x",
            "?x",
            "#x",
            "/a/..//evil.example",
            "/../x",
            "/./x",
            "/a/..",
            "/%2e%2E/x",
            "/.%2e/x",
            "/a//b",
            "/x%00",
            "/ä",
            "/x?q=ä",
            "/x\u{202E}",
            "x",
        ];
        for target in refused {
            assert_eq!(safe_next(target), None, "{target:?}");
        }
    }

    #[test]
    fn a_page_can_name_its_own_default() {
        assert_eq!(next_or("//evil", "/dashboard"), "/dashboard");
        assert_eq!(next_or("/import", "/dashboard"), "/import");
    }

    proptest! {
        #[test]
        fn what_comes_out_is_always_local(target in "[/\\\\.%a-z0-9?#@: \t]{0,30}|\\PC{0,30}|/[!-~]{0,30}") {
            if let Some(next) = safe_next(&target) {
                prop_assert!(next.starts_with('/') && !next.starts_with("//"), "{}", next);
                let base = Url::parse("https://own.example").unwrap();
                prop_assert_eq!(base.join(&next).unwrap().origin(), base.origin());
                prop_assert_eq!(safe_next(&next), Some(next.clone()));
            }
        }
    }
}
