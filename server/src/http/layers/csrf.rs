//! Changes are accepted from our own pages, from the origins of `CORS_ORIGINS` and from programs that carry no cookie, and
//! from nobody else.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use metrics::counter;
use url::Url;

use super::{
    super::{failure::Failure, surface::Surface},
    cors::listed_origin,
    is_auth,
};

/// Senders that are no browsers prove themselves by signature; reports change nothing.
const EXEMPT: [&str; 5] = [
    "/api/auth/polar/webhooks",
    "/api/payments/webhooks",
    "/api/webhooks/simbank",
    "/api/webhooks/plaid",
    "/api/csp-report",
];

/// Forms of providers arrive here from another site; they are answered with a redirect and change nothing.
const CALLBACKS: &str = "/api/auth/callback/";

/// Why a request was refused: its label in the metrics and what Better Auth calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reason {
    CrossSite,
    Origin,
    NullOrigin,
    Referer,
    Missing,
}

impl Reason {
    fn label(self) -> &'static str {
        match self {
            Self::CrossSite => "cross_site",
            Self::Origin => "origin",
            Self::NullOrigin => "null_origin",
            Self::Referer => "referer",
            Self::Missing => "missing",
        }
    }

    fn failure(self) -> Failure {
        let sentence =
            "This came from another site, so nothing was changed. Open Coffer and try again.";
        let (code, contract) = match self {
            Self::NullOrigin | Self::Missing => {
                ("MISSING_OR_NULL_ORIGIN", "Missing or null Origin")
            }
            Self::CrossSite | Self::Origin | Self::Referer => ("INVALID_ORIGIN", "Invalid origin"),
        };
        Failure::new(StatusCode::FORBIDDEN, code, sentence).contract(contract)
    }
}

pub(in crate::http) async fn layer(
    State(surface): State<Arc<Surface>>,
    request: Request,
    next: Next,
) -> Response {
    let settings = &surface.settings;
    let path = request.uri().path();
    let exempt = EXEMPT.contains(&path)
        || path.starts_with(CALLBACKS)
        || (settings.auth_checks_itself && is_auth(path));
    if !exempt
        && changes(request.method(), request.headers())
        && listed_origin(request.headers(), &settings.cors_origins).is_none()
        && let Err(reason) = judge(request.headers(), &settings.form_origins)
    {
        counter!("coffer_csrf_rejected_total", "reason" => reason.label()).increment(1);
        return reason.failure().into_response();
    }
    next.run(request).await
}

fn changes(method: &Method, headers: &HeaderMap) -> bool {
    let upgrade = headers.get(header::UPGRADE).map(HeaderValue::as_bytes);
    upgrade.is_some_and(|to| to.eq_ignore_ascii_case(b"websocket"))
        || !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// The five steps, in order. `origins` are compared byte for byte.
fn judge(headers: &HeaderMap, origins: &[String]) -> Result<(), Reason> {
    let sites: Vec<_> =
        headers.get_all("sec-fetch-site").iter().map(HeaderValue::as_bytes).collect();
    if sites.iter().any(|site| !matches!(*site, b"same-origin" | b"none")) {
        return Err(Reason::CrossSite);
    }
    let mut sent = headers.get_all(header::ORIGIN).iter();
    if let Some(origin) = sent.next() {
        let ours = origin.to_str().is_ok_and(|origin| origins.iter().any(|known| known == origin));
        return match origin.as_bytes() {
            _ if sent.next().is_some() => Err(Reason::Origin),
            _ if ours => Ok(()),
            b"null" if sites == [b"same-origin"] => Ok(()),
            b"null" | b"" => Err(Reason::NullOrigin),
            _ => Err(Reason::Origin),
        };
    }
    if let Some(referer) = headers.get(header::REFERER) {
        let origin = referer.to_str().ok().and_then(|text| Url::parse(text).ok());
        let origin = origin.map(|url| url.origin().ascii_serialization());
        let ours = origin.is_some_and(|origin| origins.contains(&origin));
        return if ours { Ok(()) } else { Err(Reason::Referer) };
    }
    if headers.contains_key(header::COOKIE) { Err(Reason::Missing) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderName;

    use super::*;

    fn judge(lines: &[(&str, &str)]) -> Result<(), Reason> {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            headers.append(name, HeaderValue::from_str(value).unwrap());
        }
        super::judge(&headers, &["https://bank.example".into(), "http://localhost:3000".into()])
    }

    #[test]
    fn step_1_fetch_metadata_of_another_site_is_refused_whatever_else_stands_there() {
        for site in ["cross-site", "same-site", "", "Same-Origin", "x"] {
            let lines = [("sec-fetch-site", site), ("origin", "https://bank.example")];
            assert_eq!(judge(&lines), Err(Reason::CrossSite), "{site}");
        }
        let twice = [("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")];
        assert_eq!(judge(&twice), Err(Reason::CrossSite));
    }

    #[test]
    fn step_2_an_origin_equals_one_of_ours_byte_for_byte() {
        for origin in ["https://bank.example", "http://localhost:3000"] {
            assert_eq!(judge(&[("origin", origin), ("cookie", "a=b")]), Ok(()), "{origin}");
        }
        for origin in [
            "http://bank.example",
            "https://bank.example:443",
            "https://bank.example/",
            "https://BANK.example",
            "https://bank.example.evil.example",
            "https://evilbank.example",
            "https://a.bank.example",
            "http://localhost:3001",
            "http://localhost",
        ] {
            assert_eq!(judge(&[("origin", origin)]), Err(Reason::Origin), "{origin}");
        }
        let twice = [("origin", "https://bank.example"), ("origin", "https://bank.example")];
        assert_eq!(judge(&twice), Err(Reason::Origin));
    }

    #[test]
    fn step_2_a_null_origin_passes_only_when_the_browser_says_same_origin() {
        assert_eq!(judge(&[("origin", "null")]), Err(Reason::NullOrigin));
        assert_eq!(
            judge(&[("origin", "null"), ("sec-fetch-site", "none")]),
            Err(Reason::NullOrigin)
        );
        assert_eq!(judge(&[("origin", "null"), ("sec-fetch-site", "same-origin")]), Ok(()));
        assert_eq!(judge(&[("origin", "")]), Err(Reason::NullOrigin));
    }

    #[test]
    fn step_3_without_an_origin_the_referer_decides() {
        assert_eq!(judge(&[("referer", "https://bank.example/a?b"), ("cookie", "a=b")]), Ok(()));
        for referer in [
            "https://evil.example/https://bank.example",
            "https://bank.example@evil.example/",
            "x",
            "",
        ] {
            assert_eq!(judge(&[("referer", referer)]), Err(Reason::Referer), "{referer}");
        }
    }

    #[test]
    fn step_4_a_cookie_without_either_is_refused() {
        assert_eq!(judge(&[("cookie", "any=thing")]), Err(Reason::Missing));
        let navigated = [("sec-fetch-site", "same-origin"), ("cookie", "a=b")];
        assert_eq!(judge(&navigated), Err(Reason::Missing));
    }

    #[test]
    fn step_5_a_program_without_a_cookie_passes() {
        assert_eq!(judge(&[]), Ok(()));
        assert_eq!(judge(&[("authorization", "Bearer x")]), Ok(()));
    }

    #[test]
    fn reading_changes_nothing_except_when_it_opens_a_socket() {
        let none = HeaderMap::new();
        for (method, expected) in [
            (Method::GET, false),
            (Method::HEAD, false),
            (Method::OPTIONS, false),
            (Method::POST, true),
            (Method::PUT, true),
            (Method::PATCH, true),
            (Method::DELETE, true),
        ] {
            assert_eq!(changes(&method, &none), expected, "{method}");
        }
        let socket =
            HeaderMap::from_iter([(header::UPGRADE, HeaderValue::from_static("WebSocket"))]);
        assert!(changes(&Method::GET, &socket));
    }
}
