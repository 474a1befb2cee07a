use std::{sync::Arc, time::Duration};

use tokio::sync::Notify;

use super::*;

#[tokio::test]
async fn who_comes_when_every_place_is_taken_is_told_at_once() {
    let (entered, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (enter, wait) = (entered.clone(), go.clone());
    let slow = get(async move || {
        enter.notify_one();
        wait.notified().await;
        "done"
    });
    let mut one = settings();
    one.limits.in_flight = 1;
    let router = routes().route("/slow", slow).route("/health/live", get(|| async { "alive" }));
    let app = wrap(router, one, deps());
    let first = tokio::spawn({
        let app = app.clone();
        async move { send(&app, get_request("/slow")).await.text }
    });
    entered.notified().await;

    let shed = send(&app, get_request("/")).await;
    let probe = send(&app, get_request("/health/live")).await;
    go.notify_one();

    assert_eq!(shed.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(shed.header("retry-after"), "1");
    assert_eq!(shed.json()["error"], "BUSY");
    assert_eq!(probe.text, "alive", "probes are never shed");
    assert_eq!(first.await.unwrap(), "done");
    assert_eq!(send(&app, get_request("/")).await.status, StatusCode::OK);
}

#[tokio::test(start_paused = true)]
async fn a_request_gets_15_seconds_and_an_import_gets_120() {
    let app = app();
    for (path, seconds) in [("/stuck", 15), ("/import/1", 120)] {
        let begun = tokio::time::Instant::now();
        let answer = send(&app, get_request(path)).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert_eq!(begun.elapsed(), Duration::from_secs(seconds), "{path}");
        assert_eq!(answer.header("retry-after"), "1");
    }
}

#[tokio::test]
async fn one_host_of_ours_is_needed() {
    let app = app();
    let cases: &[(&str, &[&str], u16)] = &[
        ("/", &["bank.example"], 200),
        ("/", &["BANK.example"], 200),
        ("/", &["bank.example:443"], 200),
        ("https://bank.example/", &["bank.example"], 200),
        ("/", &[], 400),
        ("/", &["bank.example", "bank.example"], 400),
        ("/", &["bank.example", "evil.example"], 400),
        ("/", &["evil.example"], 421),
        ("/", &["bank.example:8443"], 421),
        ("/", &["bank.example."], 421),
        ("/", &[""], 421),
        ("https://evil.example/", &["bank.example"], 421),
    ];
    for (target, hosts, status) in cases {
        let mut request = Request::builder().uri(*target);
        for host in *hosts {
            request = request.header(header::HOST, *host);
        }
        let forwarded = request.header("x-forwarded-host", "bank.example");
        let answer = send(&app, forwarded.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status.as_u16(), *status, "{target} {hosts:?}");
    }
}

#[tokio::test]
async fn in_development_the_refusal_of_a_host_says_what_to_set() {
    let development = SurfaceSettings { development: true, ..settings() };
    let app = wrap(routes(), development, deps());

    let answer =
        send(&app, request(Method::GET, "/", &[("host", "192.0.2.1")], Body::empty())).await;

    let message = answer.json()["message"].as_str().unwrap().to_owned();
    assert!(
        message.contains("https://bank.example") && message.contains("ALLOWED_HOSTS"),
        "{message}"
    );
}

#[tokio::test]
async fn probes_answer_under_any_name() {
    let probe = Router::new().route("/health/ready", get(|| async { "ready" }));
    let app = wrap(probe, settings(), deps());
    let by_address =
        request(Method::GET, "/health/ready", &[("host", "10.0.0.7:3000")], Body::empty());

    assert_eq!(send(&app, by_address).await.text, "ready");
}

#[tokio::test]
async fn only_one_spelling_of_a_path_reaches_a_handler() {
    let everything = Router::new().fallback(|| async { "reached" });
    let app = wrap(everything, settings(), deps());
    let refused = [
        "//",
        "//sign-in",
        "/a//b",
        "/a/",
        "/a/./b",
        "/.",
        "/..",
        "/a/..",
        "/a/../b",
        "/%2e/a",
        "/a/%2E%2e",
        "/a/.%2e/b",
        "/a%2fb",
        "/a%2Fb",
        "/a%5cb",
        "/a%5Cb",
        "/a%00b",
        "/a%0ab",
        "/a%1fb",
        "/a%7fb",
        "/a%c2%85b",
        "/%",
        "/%4",
        "/%zz",
        "/%+1",
        "/%ff",
        "/%c3",
        "/%ed%a0%80",
    ];
    for path in refused.into_iter().filter(|path| *path != "/a/") {
        let answer = send(&app, get_request(path)).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        let answer = send(&app, get_request(&format!("/api/auth{path}"))).await;
        assert_eq!((answer.status, answer.text.as_str()), (StatusCode::NOT_FOUND, ""), "{path}");
    }
    for path in
        ["/", "/a", "/a/", "/a.b/..c/...", "/%41", "/caf%C3%A9", "/a%20b", "/a?x=//../%2f%00"]
    {
        assert_eq!(send(&app, get_request(path)).await.text, "reached", "{path}");
    }
}

#[tokio::test]
async fn a_backslash_in_a_path_is_not_found() {
    assert!(!super::super::layers::path_canon::is_canonical("/a\\b"));
    assert!(!super::super::layers::path_canon::is_canonical("*"));
}

#[tokio::test]
async fn trace_and_connect_are_refused() {
    let everything = Router::new().fallback(|| async { "reached" });
    let app = wrap(everything, settings(), deps());
    for method in [Method::TRACE, Method::CONNECT] {
        let answer = send(&app, request(method.clone(), "/", &[], Body::empty())).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
    }
}

async fn post_from(app: &Router, path: &str, headers: &[(&str, &str)]) -> Answer {
    send(app, request(Method::POST, path, headers, Body::from("x"))).await
}

#[tokio::test]
async fn forms_of_other_sites_change_nothing() {
    let app = app();
    let foreign = [("origin", "https://evil.example"), ("cookie", "a=b")];

    for path in ["/save", "/api/save", "/api/auth/sign-out", "/nothing"] {
        let answer = post_from(&app, path, &foreign).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
    let own = [("origin", "https://bank.example"), ("cookie", "a=b")];
    assert_eq!(post_from(&app, "/save", &own).await.text, "1");
    for path in ["/api/payments/webhooks", "/api/webhooks/plaid"] {
        assert_eq!(post_from(&app, path, &foreign).await.text, "taken");
        let slash = format!("{path}/");
        assert_eq!(post_from(&app, &slash, &foreign).await.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn refusals_below_auth_speak_better_auths_language() {
    let app = app();

    let wrong = post_from(&app, "/api/auth/sign-out", &[("origin", "https://evil.example")]).await;
    let missing = post_from(&app, "/api/auth/sign-out", &[("cookie", "a=b")]).await;

    assert_eq!(wrong.json(), json!({ "message": "Invalid origin", "code": "INVALID_ORIGIN" }));
    assert_eq!(
        missing.json(),
        json!({ "message": "Missing or null Origin", "code": "MISSING_OR_NULL_ORIGIN" })
    );
}

#[tokio::test]
async fn the_better_auth_profile_leaves_its_own_routes_to_themselves() {
    let lenient = SurfaceSettings { auth_checks_itself: true, ..settings() };
    let app = wrap(routes(), lenient, deps());
    let foreign = [("origin", "https://evil.example"), ("cookie", "a=b")];

    assert_eq!(post_from(&app, "/api/auth/sign-out", &foreign).await.status, StatusCode::OK);
    assert_eq!(post_from(&app, "/api/save", &foreign).await.status, StatusCode::FORBIDDEN);
    assert_eq!(post_from(&app, "/api/authentic", &foreign).await.status, StatusCode::FORBIDDEN);
}
