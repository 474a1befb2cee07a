//! Other origins, and what they may read.

use super::*;

const SHELL: &str = "capacitor://localhost";
const SITE: &str = "https://app.example";

fn listing(origins: &[&str]) -> Router {
    let cors_origins = origins.iter().map(|origin| (*origin).to_owned()).collect();
    wrap(routes(), SurfaceSettings { cors_origins, ..settings() }, deps())
}

fn access_headers(answer: &Answer) -> Vec<&str> {
    let names = answer.headers.keys().map(header::HeaderName::as_str);
    names.filter(|name| name.starts_with("access-control-")).collect()
}

async fn ask(app: &Router, method: Method, path: &str, lines: &[(&str, &str)]) -> Answer {
    send(app, request(method, path, lines, Body::empty())).await
}

#[tokio::test]
async fn nobody_is_let_in_by_default() {
    let app = app();
    for method in [Method::GET, Method::POST, Method::OPTIONS] {
        for origin in [SITE, "https://bank.example", "null", "*"] {
            let lines = [("origin", origin), ("access-control-request-method", "POST")];
            let answer = ask(&app, method.clone(), "/api/save", &lines).await;

            assert!(access_headers(&answer).is_empty(), "{method} {origin}: {:?}", answer.headers);
            assert_eq!(answer.header("vary"), "");
        }
    }
}

#[tokio::test]
async fn a_listed_origin_reads_every_answer_with_credentials() {
    let app = listing(&[SHELL, SITE]);
    for origin in [SHELL, SITE] {
        for (path, status) in [("/items/1", 200), ("/nowhere", 404), ("/api/panic", 500)] {
            let answer = ask(&app, Method::GET, path, &[("origin", origin)]).await;

            assert_eq!(answer.status, status, "{path}");
            assert_eq!(answer.header("access-control-allow-origin"), origin);
            assert_eq!(answer.header("access-control-allow-credentials"), "true");
            assert_eq!(answer.header("vary"), "origin");
        }
    }
}

#[tokio::test]
async fn any_other_origin_reads_nothing() {
    let app = listing(&[SITE]);
    for origin in [
        "https://app.example.evil.example",
        "https://evil-app.example",
        "https://sub.app.example",
        "https://app.example:8443",
        "https://app.example/",
        "https://APP.example",
        "http://app.example",
        "null",
        "*",
        "",
    ] {
        let lines = [("origin", origin), ("access-control-request-method", "POST")];
        for method in [Method::GET, Method::OPTIONS] {
            let answer = ask(&app, method.clone(), "/items/1", &lines).await;

            assert!(access_headers(&answer).is_empty(), "{method} {origin}: {:?}", answer.headers);
            assert_ne!(answer.status, StatusCode::NO_CONTENT);
            assert_eq!(answer.header("vary"), "origin", "a cache keeps the two apart");
        }
    }
    let twice = [("origin", SITE), ("origin", SITE)];
    assert!(access_headers(&ask(&app, Method::GET, "/items/1", &twice).await).is_empty());
    assert!(access_headers(&ask(&app, Method::GET, "/items/1", &[]).await).is_empty());
}

#[tokio::test]
async fn a_preflight_of_a_listed_origin_is_answered_and_never_with_a_star() {
    let app = listing(&[SITE]);
    let lines = [
        ("origin", SITE),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "content-type"),
    ];

    let answer = ask(&app, Method::OPTIONS, "/api/save", &lines).await;

    assert_eq!((answer.status, &*answer.text), (StatusCode::NO_CONTENT, ""));
    assert_eq!(answer.header("access-control-allow-methods"), "GET, POST, PUT, PATCH, DELETE");
    assert_eq!(answer.header("access-control-allow-headers"), "content-type, idempotency-key");
    for value in answer.headers.values() {
        assert_ne!(value.as_bytes(), b"*");
    }
}

#[tokio::test]
async fn a_listed_origin_may_change_what_others_may_not() {
    let app = listing(&[SITE]);
    let from = |origin| [("origin", origin), ("sec-fetch-site", "cross-site"), ("cookie", "a=b")];

    let listed = ask(&app, Method::POST, "/api/save", &from(SITE)).await;
    let other = ask(&app, Method::POST, "/api/save", &from("https://evil.example")).await;

    assert_eq!((listed.status, other.status), (StatusCode::OK, StatusCode::FORBIDDEN));
    assert!(access_headers(&other).is_empty());
}
