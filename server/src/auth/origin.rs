//! Who may send us requests with cookies, and where we may send people.

use axum::http::{HeaderMap, HeaderValue, header};
use backend::AuthProfile;
use url::Url;

use super::{error::AuthError, redirect::is_safe_relative};
use crate::http::local_path::local_path;

/// The origins of this server and those it was told to trust.
pub(super) struct TrustedOrigins {
    base: Url,
    patterns: Vec<Pattern>,
    profile: AuthProfile,
}

/// One entry of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Pattern {
    /// `https://app.example.com`: scheme, host and port.
    Origin(String),
    /// `https://*.example.com`, or `*.example.com` for any scheme.
    Wildcard { scheme: Option<String>, host: String },
    /// `myapp://`, or `myapp://host/cb` for that path and what lies below it.
    Scheme { scheme: String, host: Option<String>, path: String },
}

impl TrustedOrigins {
    /// The first of `own` is where relative targets lead. Entries with `*` count in Better Auth's profile alone.
    pub(super) fn new(own: &[String], others: &[String], profile: AuthProfile) -> Self {
        let base = own.first().and_then(|origin| Url::parse(origin).ok());
        let usable = |entry: &&String| profile == AuthProfile::BetterAuth || !entry.contains('*');
        Self {
            base: base.unwrap_or_else(|| Url::parse("http://base.invalid").expect("a literal URL")),
            patterns: own
                .iter()
                .chain(others.iter().filter(usable))
                .filter_map(|entry| Pattern::parse(entry))
                .collect(),
            profile,
        }
    }

    /// Every request with a cookie says where it comes from.
    pub(super) fn check_cookie_request(&self, headers: &HeaderMap) -> Result<(), AuthError> {
        if headers.contains_key(header::COOKIE) { self.check_origin(headers) } else { Ok(()) }
    }

    /// Requests that start a session are checked without a cookie as well, unless nothing in them comes from
    /// a browser.
    pub(super) fn check_form(&self, headers: &HeaderMap) -> Result<(), AuthError> {
        if headers.contains_key(header::COOKIE) {
            return Ok(());
        }
        let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
        let mode = headers.get("sec-fetch-mode").map(HeaderValue::as_bytes);
        let from_browser =
            site.is_some() || mode.is_some() || headers.contains_key("sec-fetch-dest");
        if site == Some(b"cross-site") && mode == Some(b"navigate") {
            return Err(AuthError::forbidden(
                "CROSS_SITE_NAVIGATION_LOGIN_BLOCKED",
                "Cross-site navigation login blocked. This request appears to be a CSRF attack.",
            ));
        }
        if from_browser || sender(headers).is_some() { self.check_origin(headers) } else { Ok(()) }
    }

    fn check_origin(&self, headers: &HeaderMap) -> Result<(), AuthError> {
        let same_origin = headers.get("sec-fetch-site").is_some_and(|site| site == "same-origin");
        match sender(headers) {
            Some("null") if same_origin => Ok(()),
            None | Some("" | "null") => {
                Err(AuthError::forbidden("MISSING_OR_NULL_ORIGIN", "Missing or null Origin"))
            }
            Some(origin) if self.trusts(origin) => Ok(()),
            Some(_) => Err(AuthError::forbidden("INVALID_ORIGIN", "Invalid origin")),
        }
    }

    /// Where a redirect to `target` leads, as it is sent; none if that is not a place of ours or a trusted one.
    /// The hardened profile writes targets anew and accepts less.
    pub(super) fn redirect(&self, target: &str) -> Option<String> {
        if self.profile == AuthProfile::BetterAuth {
            let safe = is_safe_relative(target, &self.base) || self.trusts(target);
            return safe.then(|| target.to_owned());
        }
        if target.starts_with('/') {
            return local_path(target);
        }
        let plain = target.bytes().all(|byte| (0x21..0x7F).contains(&byte) && byte != b'\\');
        let url = Url::parse(target).ok().filter(|_| plain && self.trusts(target))?;
        let anonymous = url.username().is_empty() && url.password().is_none();
        // The path is judged like a local one, so that nothing behind the origin is read in two ways.
        let special = url.origin().is_tuple();
        let path =
            target.splitn(4, '/').nth(3).map_or_else(|| "/".to_owned(), |rest| format!("/{rest}"));
        let fits = anonymous && (!special || local_path(&path).is_some());
        fits.then(|| url.into())
    }

    /// Whether the address belongs to an origin of the list, whatever its path.
    fn trusts(&self, address: &str) -> bool {
        let Ok(url) = Url::parse(address) else { return false };
        self.patterns.iter().any(|pattern| pattern.matches(&url))
    }
}

/// The `Origin`, else the `Referer`.
fn sender(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::ORIGIN).or_else(|| headers.get(header::REFERER))?;
    Some(value.to_str().unwrap_or("unreadable"))
}

impl Pattern {
    fn parse(entry: &str) -> Option<Self> {
        let Some((scheme, rest)) = entry.split_once("://") else {
            return Some(Self::Wildcard { scheme: None, host: entry.to_ascii_lowercase() });
        };
        let scheme = scheme.to_ascii_lowercase();
        if rest.contains('*') {
            let host = rest.split('/').next().unwrap_or_default().to_ascii_lowercase();
            return Some(Self::Wildcard { scheme: Some(scheme), host });
        }
        if scheme == "http" || scheme == "https" {
            return Url::parse(entry)
                .ok()
                .map(|url| Self::Origin(url.origin().ascii_serialization()));
        }
        let url = Url::parse(entry).ok()?;
        let host = url.host_str().filter(|host| !host.is_empty()).map(str::to_ascii_lowercase);
        Some(Self::Scheme { scheme, host, path: url.path().trim_end_matches('/').to_owned() })
    }

    fn matches(&self, url: &Url) -> bool {
        match self {
            Self::Origin(origin) => url.origin().ascii_serialization() == *origin,
            Self::Wildcard { scheme, host } => {
                let same_scheme = scheme.as_ref().is_none_or(|scheme| scheme == url.scheme());
                same_scheme
                    && authority(url).is_some_and(|authority| host_matches(host, &authority))
            }
            Self::Scheme { scheme, host, path } => {
                let same_host = host.as_ref().is_none_or(|host| {
                    url.host_str().is_some_and(|other| other.eq_ignore_ascii_case(host))
                });
                let below = url.path() == path
                    || url.path().strip_prefix(&**path).is_some_and(|rest| rest.starts_with('/'));
                url.scheme() == scheme && same_host && (path.is_empty() || below)
            }
        }
    }
}

/// Host and port of a web address, in lower case.
fn authority(url: &Url) -> Option<String> {
    if !url.origin().is_tuple() {
        return None;
    }
    let host = url.host_str()?.to_ascii_lowercase();
    Some(url.port().map_or_else(|| host.clone(), |port| format!("{host}:{port}")))
}

/// A wildcard host made of digits, dots and stars means addresses, not names that look like them.
fn host_matches(pattern: &str, authority: &str) -> bool {
    let numeric = pattern.bytes().all(|byte| byte.is_ascii_digit() || b".*".contains(&byte));
    if numeric && authority.parse::<std::net::Ipv4Addr>().is_err() {
        return false;
    }
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == authority };
    let Some(mut left) = authority.strip_prefix(start) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let end = parts.pop().unwrap_or_default();
    for part in parts {
        let Some(at) = left.find(part) else { return false };
        left = &left[at + part.len()..];
    }
    // A star stands for at least one character where a whole label is asked for.
    left.len() > end.len() && left.ends_with(end) || (end.is_empty() && !left.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origins(profile: AuthProfile) -> TrustedOrigins {
        let own = ["http://localhost:3000".to_owned()];
        let others = [
            "http://trusted.example",
            "https://*.wild.example",
            "*.any.example",
            "cofferapp://",
            "other://host/cb",
            "http://10.0.*.*",
        ];
        TrustedOrigins::new(&own, &others.map(str::to_owned), profile)
    }

    #[test]
    fn each_kind_of_entry_matches_what_it_says() {
        let origins = origins(AuthProfile::BetterAuth);
        for address in [
            "http://localhost:3000",
            "http://localhost:3000/any/path?x",
            "HTTP://TRUSTED.example/y",
            "http://trusted.example:80",
            "https://app.wild.example/x",
            "https://a.b.wild.example",
            "http://x.any.example",
            "https://x.any.example",
            "cofferapp://",
            "cofferapp://done",
            "other://host/cb",
            "other://HOST/cb/below",
            "other://host/x/../cb",
            "http://10.0.3.4/x",
        ] {
            assert!(origins.trusts(address), "{address}");
        }
        for address in [
            "http://localhost",
            "http://localhost:3001",
            "https://localhost:3000",
            "http://localhost:3000.evil",
            "http://trusted.example:81/x",
            "http://trusted.example@evil",
            "http://trusted.example.evil",
            "https://wild.example/x",
            "https://.wild.example",
            "http://app.wild.example",
            "https://app.wild.example:444",
            "https://evil.example/.wild.example",
            "other://host/cbx",
            "other://host/cb/../x",
            "other://elsewhere/cb",
            "http://10.0.3.evil.example",
            "javascript:alert(1)",
            "data:text/html,x",
            "evil.example",
            "null",
            "",
        ] {
            assert!(!origins.trusts(address), "{address}");
        }
    }

    #[test]
    fn better_auths_profile_sends_people_where_the_contract_allows() {
        let origins = origins(AuthProfile::BetterAuth);
        for target in [
            "/x",
            "/x?a=1&b=%2F",
            "/x#f",
            "/a b",
            "/ä",
            "/a/../b",
            "https://app.wild.example/x",
            "cofferapp://done",
            "http://localhost:3000/dashboard",
        ] {
            assert_eq!(origins.redirect(target).as_deref(), Some(target));
        }
        for target in [
            "//evil",
            "///evil",
            "/\\evil",
            "\\/evil",
            "/%2Fevil",
            "/%5cevil",
            "/a/%2f/b",
            "/\t/evil",
            "javascript:alert(1)",
            "data:text/html,x",
            "evil.example",
            "http:/evil",
            "https://own@evil",
            "http://localhost:3000.evil",
            "http://trusted.example:81",
            "./x",
            "?x",
            " /x",
        ] {
            assert_eq!(origins.redirect(target), None, "{target:?}");
        }
    }

    #[test]
    fn the_hardened_profile_writes_targets_anew_and_knows_no_wildcards() {
        let origins = origins(AuthProfile::Hardened);
        for (target, sent) in [
            ("/x?a=1&b=%2F", "/x?a=1&b=%2F"),
            ("/a b", "/a%20b"),
            ("http://localhost:3000/dashboard", "http://localhost:3000/dashboard"),
            ("HTTP://TRUSTED.example/y", "http://trusted.example/y"),
            ("cofferapp://done", "cofferapp://done"),
        ] {
            assert_eq!(origins.redirect(target).as_deref(), Some(sent));
        }
        for target in [
            "/a/..//evil.example",
            "/a/../b",
            "/ä",
            "/%2Fevil",
            "//evil",
            "https://app.wild.example/x",
            "http://user@trusted.example/",
            "http://trusted.example//evil",
            "http://trusted.example/a\\b",
            "http://trusted.example/\u{e4}",
            "javascript:alert(1)",
            "",
        ] {
            assert_eq!(origins.redirect(target), None, "{target:?}");
        }
    }

    fn code(result: Result<(), AuthError>) -> String {
        result.map_or_else(|error| format!("{error:?}"), |()| "passes".to_owned())
    }

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        lines
            .iter()
            .map(|(name, value)| {
                (header::HeaderName::from_static(name), HeaderValue::from_static(value))
            })
            .collect()
    }

    #[test]
    fn a_cookie_needs_an_origin_that_is_trusted() {
        let cases: [(&[(&str, &str)], &str); 8] = [
            (&[], "passes"),
            (&[("origin", "https://evil.example")], "passes"),
            (&[("cookie", "a=b")], "MISSING_OR_NULL_ORIGIN"),
            (&[("cookie", "a=b"), ("origin", "null")], "MISSING_OR_NULL_ORIGIN"),
            (&[("cookie", "a=b"), ("origin", "null"), ("sec-fetch-site", "same-origin")], "passes"),
            (&[("cookie", "a=b"), ("origin", "https://evil.example")], "INVALID_ORIGIN"),
            (&[("cookie", "a=b"), ("origin", "http://trusted.example/path")], "passes"),
            (&[("cookie", "a=b"), ("referer", "http://localhost:3000/x")], "passes"),
        ];
        for (lines, expected) in cases {
            let answer =
                code(origins(AuthProfile::BetterAuth).check_cookie_request(&headers(lines)));
            assert!(answer.contains(expected), "{lines:?}: {answer}");
        }
    }

    #[test]
    fn a_form_that_starts_a_session_is_checked_without_a_cookie() {
        let cases: [(&[(&str, &str)], &str); 8] = [
            (&[], "passes"),
            (&[("origin", "http://localhost:3000")], "passes"),
            (&[("origin", "https://evil.example")], "INVALID_ORIGIN"),
            (&[("referer", "https://evil.example/x")], "INVALID_ORIGIN"),
            (&[("origin", "null")], "MISSING_OR_NULL_ORIGIN"),
            (&[("sec-fetch-site", "same-origin")], "MISSING_OR_NULL_ORIGIN"),
            (&[("sec-fetch-mode", "cors"), ("origin", "http://localhost:3000")], "passes"),
            (
                &[
                    ("sec-fetch-site", "cross-site"),
                    ("sec-fetch-mode", "navigate"),
                    ("origin", "http://localhost:3000"),
                ],
                "CROSS_SITE_NAVIGATION_LOGIN_BLOCKED",
            ),
        ];
        for (lines, expected) in cases {
            let answer = code(origins(AuthProfile::BetterAuth).check_form(&headers(lines)));
            assert!(answer.contains(expected), "{lines:?}: {answer}");
        }
    }
}
