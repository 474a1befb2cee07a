//! What strangers may send, made up without end: cookies, redirect targets, bodies. Each target checks what must
//! hold of every answer. A test run tries some hundred inputs of each; `scripts/fuzz SECONDS` tries for so long.

use std::{
    env,
    fmt::Debug,
    time::{Duration, Instant},
};

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Request, StatusCode, header},
};
use backend::{
    auth::SessionToken,
    testing::{TestDb, backend},
};
use proptest::{
    prelude::*,
    sample::select,
    test_runner::{Config, TestCaseError, TestRunner},
};
use serde_json::Value;
use tower::ServiceExt;
use url::Url;

use super::{super::cookies::Jar, support::Site};
use crate::page_tests::with_pages;

const CASES: u32 = 256;

/// Tries inputs until one is wrong, or enough were tried.
fn fuzz<S>(name: &str, inputs: &S, check: impl Fn(S::Value) -> Result<(), TestCaseError>)
where
    S: Strategy,
    S::Value: Debug,
{
    #[expect(clippy::disallowed_methods, reason = "scripts/fuzz says for how long")]
    let seconds: u64 =
        env::var("COFFER_FUZZ_SECONDS").map_or(0, |text| text.parse().expect("whole seconds"));
    let begun = Instant::now();
    let mut tried = 0_u64;
    loop {
        let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
        let run = TestRunner::new(config).run(inputs, &check);
        run.unwrap_or_else(|error| panic!("{name}: {error}"));
        tried += u64::from(CASES);
        if begun.elapsed() >= Duration::from_secs(seconds) {
            break;
        }
    }
    if seconds > 0 {
        println!("{name}: {tried} inputs in {} s, nothing found", begun.elapsed().as_secs());
    }
}

fn site() -> (tokio::runtime::Runtime, TestDb, Site) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let db = runtime.block_on(TestDb::sqlite());
    let site = {
        let _inside = runtime.enter();
        Site::of(backend(db.db.clone()))
    };
    (runtime, db, site)
}

/// Pieces of texts that parsers trip over, and anything else.
fn pieces(telling: &'static [&'static str]) -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => select(telling).prop_map(str::to_owned),
        2 => "[ -~]{0,6}",
        1 => "\\PC{0,3}",
        1 => any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

const COOKIE_PIECES: &[&str] = &[
    "better-auth.session_token=",
    "better-auth.session_data=",
    "better-auth.session_data.0=",
    "better-auth.session_data.1=",
    "better-auth.session_data.99999999999999999999=",
    "better-auth.dont_remember=",
    "coffer.device=",
    "__Secure-better-auth.session_token=",
    "eyJzZXNzaW9uIjp7fSwiZXhwaXJlc0F0IjoxLCJzaWduYXR1cmUiOiIifQ",
    "GWZZ6DolvHNMKngXfq2f6kReAopeihQI.6lERV3YYQaRIN5tG22RONy9HYPILlsq9wGI9VAWHg74%3D",
    "; ",
    ";",
    "=",
    ".",
    "%",
    "%3D",
    "%zz",
    "%00",
    "\"",
    "true",
    "device:",
];

#[test]
fn no_cookie_names_a_session_or_a_browser_that_was_not_signed_here() {
    let (_runtime, _db, site) = site();
    let cookies = &site.auth.cookies;
    let now = site.backend.clock.now();
    let token = SessionToken::from_signed_cookie("GWZZ6DolvHNMKngXfq2f6kReAopeihQI");
    let lines = proptest::collection::vec(
        prop_oneof![
            pieces(COOKIE_PIECES).prop_map(String::into_bytes),
            proptest::collection::vec(any::<u8>(), 0..80),
        ],
        0..4,
    );

    fuzz("cookies", &lines, |lines| {
        let mut headers = HeaderMap::new();
        for line in lines.iter().filter_map(|line| HeaderValue::from_bytes(line).ok()) {
            headers.append(header::COOKIE, line);
        }
        let jar = Jar::read(&headers);
        prop_assert!(cookies.token(&jar).is_none());
        prop_assert!(cookies.device(&jar).is_none());
        prop_assert!(!cookies.is_unremembered(&jar));
        let cached =
            matches!(cookies.read_cache(&jar, &token, now), super::super::cookies::Cache::Valid(_));
        prop_assert!(!cached);
        for cookie in cookies.clear(&jar) {
            let text = cookie.to_str().expect("ASCII");
            prop_assert!(
                text.starts_with("better-auth.") && text.contains("; Max-Age=0;"),
                "{text}"
            );
        }
        Ok(())
    });
}

#[test]
fn a_signed_value_survives_and_no_other_passes_for_it() {
    let (_runtime, _db, site) = site();
    let cookies = &site.auth.cookies;
    let inputs = ("[A-Za-z0-9]{1,40}", any::<prop::sample::Index>(), "[ -~]{0,2}");

    fuzz("signed cookies", &inputs, |(id, at, put)| {
        let line = cookies.set_device(&id);
        let pair = line.to_str().expect("ASCII").split(';').next().unwrap_or_default().to_owned();
        let read = |pair: &str| {
            let mut headers = HeaderMap::new();
            headers.append(header::COOKIE, HeaderValue::from_str(pair).ok()?);
            cookies.device(&Jar::read(&headers))
        };
        prop_assert_eq!(read(&pair), Some(id.clone()));
        let mut changed = pair.clone();
        let at = at.index(changed.len());
        changed.replace_range(at..=at, &put);
        prop_assert!(read(&changed).is_none_or(|read| read == id), "{}", changed);
        Ok(())
    });
}

const TARGET_PIECES: &[&str] = &[
    "/",
    "//",
    "\\",
    "/\\",
    "%2f",
    "%2F",
    "%5c",
    "%00",
    "%09",
    "\t",
    "\n",
    "\r",
    "\0",
    ".",
    "..",
    "/../",
    "/./",
    "%2e",
    "%2e%2e",
    "@",
    ":",
    "?",
    "#",
    "&",
    "evil.example",
    "localhost:3000",
    "http://localhost:3000",
    "https://evil.example",
    "http:",
    "https:/",
    "HTTP://",
    "javascript:alert(1)",
    "data:text/html,x",
    "cofferapp://",
    "cofferapp://cb",
    "http://trusted.example",
    "http://trusted.example.evil.example",
    "http://trusted.example@evil.example",
    "[::1]",
    "localhost",
    "dashboard",
    " ",
    "\u{a0}",
    "\u{2028}",
    "\u{ff0f}",
    "\u{3002}",
    "xn--",
];

/// Whether a browser at our site that is sent to `target` stays with us.
fn stays(target: &str, also: &[&str]) -> bool {
    let base = Url::parse("http://localhost:3000/some/page?x=1").expect("a literal");
    base.join(target).is_ok_and(|url| {
        let ours =
            url.origin() == base.origin() && url.username().is_empty() && url.password().is_none();
        ours || also.iter().any(|other| {
            Url::parse(other).is_ok_and(|other| {
                if other.origin().is_tuple() {
                    url.origin() == other.origin()
                } else {
                    url.scheme() == other.scheme()
                }
            })
        })
    })
}

#[test]
fn no_accepted_redirect_leads_elsewhere() {
    let (_runtime, _db, site) = site();
    let (_other_runtime, other_db, _) = self::site();
    let lenient = Site::better_auth(other_db.db.clone());
    let trusted = ["http://localhost:3000", "http://trusted.example", "cofferapp://x"];

    fuzz("redirects", &pieces(TARGET_PIECES), |target| {
        if let Some(next) = domain::redirect::safe_next(&target) {
            prop_assert!(stays(&next, &[]), "{target:?} became {next:?}");
            prop_assert!(domain::redirect::safe_next(&next).as_ref() == Some(&next), "{next:?}");
        }
        if let Some(found) = site.auth.origins.redirect(&target) {
            prop_assert!(stays(&found, &trusted), "{target:?} became {found:?}");
        }
        if let Some(found) = lenient.auth.origins.redirect(&target) {
            let wild = Url::parse(&found).is_ok_and(|url| {
                url.scheme() == "https"
                    && url.domain().is_some_and(|name| name.ends_with(".wild.example"))
            });
            prop_assert!(wild || stays(&found, &trusted), "{target:?} became {found:?}");
        }
        Ok(())
    });
}

const BODY_PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"",
    "\\",
    "\\u0000",
    "\\ud800",
    "null",
    "true",
    "1e999",
    "-0",
    "\"email\":",
    "\"password\":",
    "\"name\":",
    "\"callbackURL\":",
    "\"rememberMe\":",
    "\"ann@example.com\"",
    "\"\"",
    "email=",
    "&",
    "=",
    "+",
    "%",
    "%00",
    "%ff",
    "password=",
    "rememberMe=false",
    "callbackURL=//evil.example",
    "ann%40example.com",
    "\"provider\":",
    "\"google\"",
    "\"idToken\":",
    "{\"token\":\"eyJhbGciOiJub25lIn0.e30.\"}",
    "\"additionalParams\":",
    "\"scopes\":",
    "\"response\":",
    "{\"id\":\"AAAA\",\"rawId\":\"AAAA\",\"type\":\"public-key\"}",
    "\"clientDataJSON\":\"eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0\"",
    "\"attestationObject\":\"o2NmbXRkbm9uZQ\"",
    "\"authenticatorData\":\"SZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2M\"",
    "\"trustDevice\":",
    "token=",
    "newPassword=",
    "currentPassword=",
    "newEmail=",
    "code=",
    "provider=",
    "next=%2F%2Fevil.example",
    "page=https%3A%2F%2Fevil.example",
    "page=%2Fsign-in",
    "id=",
    "{\"email\":\"ann@example.com\",\"password\":\"x\"}",
];

const KINDS: &[&str] = &[
    "application/json",
    "application/json; charset=utf-8",
    "APPLICATION/JSON",
    "application/x-www-form-urlencoded",
    "text/plain",
    "multipart/form-data; boundary=x",
    "",
];

const ROUTES: &[&str] = &[
    "/api/auth/sign-in/email",
    "/api/auth/sign-up/email",
    "/api/auth/sign-out",
    "/api/auth/get-session",
    "/api/auth/sign-in/social",
    "/api/auth/link-social",
    "/api/auth/passkey/verify-authentication",
    "/api/auth/passkey/verify-registration",
];

/// Bodies of every kind.
fn bodies() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        3 => pieces(BODY_PIECES).prop_map(String::into_bytes),
        1 => proptest::collection::vec(any::<u8>(), 0..200),
        1 => (0_usize..2_000).prop_map(|depth| "[".repeat(depth).into_bytes()),
    ]
}

/// The status, the `Location` and the text of the answer to a request.
async fn answer(site: &Site, request: Request<Body>) -> (StatusCode, Option<String>, String) {
    let response = site.router.clone().oneshot(request).await.expect("an answer");
    let (parts, body) = response.into_parts();
    let location = parts.headers.get(header::LOCATION);
    let location = location.map(|target| target.to_str().expect("ASCII").to_owned());
    let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
    (parts.status, location, String::from_utf8(bytes.to_vec()).expect("UTF-8"))
}

#[test]
fn no_body_is_more_than_refused() {
    let (runtime, _db, site) = site();
    let inputs = (select(ROUTES), select(KINDS), bodies(), any::<bool>());

    fuzz("bodies", &inputs, |(path, kind, body, with_cookie)| {
        let mut request = Request::post(path).header(header::CONTENT_TYPE, kind);
        if with_cookie {
            request = request
                .header(header::COOKIE, "a=b")
                .header(header::ORIGIN, super::support::ORIGIN);
        }
        let request = request.body(Body::from(body)).expect("a request");
        let (status, _, text) = runtime.block_on(answer(&site, request));
        prop_assert!(!status.is_server_error(), "{path}: {status} {text}");
        let opens = path.starts_with("/api/auth/sign-in") || path.contains("/passkey/");
        prop_assert!(status != StatusCode::OK || !opens, "{text}");
        if !text.is_empty() {
            prop_assert!(serde_json::from_str::<Value>(&text).is_ok(), "{text}");
        }
        Ok(())
    });
}

#[test]
fn no_form_of_a_page_is_more_than_refused_or_leads_elsewhere() {
    let (runtime, _db, site) = site();
    let site = with_pages(site);
    let ann = runtime.block_on(site.person("ann@example.com"));
    let session = format!("better-auth.session_token={}", ann.cookies["better-auth.session_token"]);
    let paths: Vec<&'static str> =
        leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path).collect();
    assert!(paths.contains(&"/sign-in") && paths.contains(&"/settings/danger"), "{paths:?}");
    let accepted = select(vec!["text/html,*/*;q=0.8", "application/json", ""]);
    let inputs = (select(paths), select(KINDS), bodies(), accepted, any::<bool>());

    fuzz("forms", &inputs, |(path, kind, body, accept, signed_in)| {
        let mut request = Request::post(path)
            .header(header::CONTENT_TYPE, kind)
            .header(header::ACCEPT, accept)
            .header(header::ORIGIN, super::support::ORIGIN);
        if signed_in && path != "/sign-out" {
            request = request.header(header::COOKIE, &session);
        }
        let request = request.body(Body::from(body)).expect("a request");
        let (status, location, text) = runtime.block_on(answer(&site, request));
        prop_assert!(!status.is_server_error(), "{path}: {status} {text}");
        if let Some(target) = location {
            prop_assert!(stays(&target, &[]), "{path}: {target}");
        }
        Ok(())
    });
}
