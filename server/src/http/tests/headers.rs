use super::*;

const EVERY_ANSWER: [(&str, &str); 8] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("x-frame-options", "DENY"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    ("strict-transport-security", "max-age=63072000; includeSubDomains"),
    ("cache-control", "no-store"),
];

#[tokio::test]
async fn every_answer_has_the_security_headers_whoever_wrote_it() {
    let app = app();
    let mut full = settings();
    full.limits.in_flight = 0;
    let full = wrap(routes(), full, deps());
    let large = request(Method::POST, "/save", &[], Body::from(vec![b'x'; 70_000]));
    let foreign =
        request(Method::POST, "/save", &[("origin", "https://evil.example")], Body::empty());
    let host = request(Method::GET, "/", &[("host", "evil.example")], Body::empty());
    let answers = [
        (200, send(&app, get_request("/")).await),
        (200, send(&app, get_request("/items/1")).await),
        (404, send(&app, get_request("/nothing")).await),
        (404, send(&app, get_request("/a/../b")).await),
        (405, send(&app, get_request("/save")).await),
        (413, send(&app, large).await),
        (403, send(&app, foreign).await),
        (421, send(&app, host).await),
        (500, send(&app, get_request("/panic")).await),
        (503, send(&full, get_request("/")).await),
    ];
    for (status, answer) in answers {
        assert_eq!(answer.status.as_u16(), status);
        for (name, value) in EVERY_ANSWER {
            assert_eq!(answer.header(name), value, "{name} on {status}");
        }
        assert!(!answer.header("content-security-policy").is_empty(), "on {status}");
        assert_eq!(answer.header("x-request-id").len(), 36, "on {status}");
        assert!(!answer.headers.contains_key("server"), "on {status}");
        assert!(!answer.headers.contains_key("access-control-allow-origin"), "on {status}");
    }
}

#[tokio::test]
async fn only_pages_may_load_anything_and_their_nonce_is_new_each_time() {
    let app = app();

    let page = send(&app, get_request("/")).await;
    let again = send(&app, get_request("/")).await;
    let data = send(&app, get_request("/items/1")).await;

    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; script-src 'self' 'nonce-"), "{policy}");
    assert!(policy.contains("'wasm-unsafe-eval'; style-src 'self' 'nonce-"), "{policy}");
    assert!(
        policy.ends_with("frame-ancestors 'none'; upgrade-insecure-requests; report-to csp"),
        "{policy}"
    );
    assert!(!policy.contains("ws:") && !policy.contains("unsafe-inline"), "{policy}");
    assert_ne!(policy, again.header("content-security-policy"));
    assert_eq!(page.header("reporting-endpoints"), "csp=\"/api/csp-report\"");

    assert_eq!(
        data.header("content-security-policy"),
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    );
    assert_eq!(data.header("reporting-endpoints"), "");
}

#[tokio::test]
async fn plaids_script_and_window_may_stand_on_one_page_alone() {
    let page = || get(|| async { Html("<p>page</p>") });
    let pages = || {
        Router::new()
            .route("/accounts/link/window", page())
            .route("/accounts/link/return", page())
            .route("/accounts/link", page())
    };
    let app = wrap(pages(), settings(), deps());
    let policy = async |app: &Router, path: &str| {
        let answer = send(app, get_request(path)).await;
        let opener = answer.header("cross-origin-opener-policy").to_owned();
        (answer.header("content-security-policy").to_owned(), opener)
    };

    let (there, opener) = policy(&app, "/accounts/link/window").await;
    for part in [
        "'wasm-unsafe-eval' https://cdn.plaid.com/link/v2/stable/link-initialize.js;",
        "; frame-src https://cdn.plaid.com;",
        "; connect-src 'self' https://sandbox.plaid.com;",
        "default-src 'none'; script-src 'self' 'nonce-",
        "frame-ancestors 'none'",
    ] {
        assert!(there.contains(part), "{part} in {there}");
    }
    assert!(!there.contains("unsafe-inline"), "{there}");
    assert_eq!(opener, "same-origin-allow-popups");
    for path in ["/accounts/link", "/accounts/link/return", "/accounts/link/windows"] {
        let (elsewhere, opener) = policy(&app, path).await;
        assert!(!elsewhere.contains("plaid") && !elsewhere.contains("frame-src"), "{elsewhere}");
        assert_eq!(opener, "same-origin", "{path}");
    }
    let without = SurfaceSettings { plaid_origin: None, ..settings() };
    let (nowhere, opener) = policy(&wrap(pages(), without, deps()), "/accounts/link/window").await;
    assert!(!nowhere.contains("plaid"), "{nowhere}");
    assert_eq!(opener, "same-origin");
}

#[tokio::test]
async fn the_page_renderer_gets_the_nonce_of_the_header() {
    let nonce = get(|nonce: Nonce| async move { Html(nonce.as_str().to_owned()) });
    let app = wrap(Router::new().route("/", nonce), settings(), deps());

    let page = send(&app, get_request("/")).await;

    assert_eq!(page.text.len(), 24, "16 bytes as base64");
    let expected = format!("'nonce-{}'", page.text);
    assert_eq!(page.header("content-security-policy").matches(&expected).count(), 2);
}

#[tokio::test]
async fn only_a_developers_machine_may_reload_over_a_socket() {
    let development = SurfaceSettings { development: true, https: false, ..settings() };
    let app = wrap(routes(), development, deps());

    let page = send(&app, get_request("/")).await;

    assert!(page.header("content-security-policy").contains("connect-src 'self' ws:;"));
    assert!(!page.header("content-security-policy").contains("upgrade-insecure-requests"));
    assert_eq!(page.header("strict-transport-security"), "");
}

#[tokio::test]
async fn an_answer_that_may_be_cached_says_so_itself() {
    let file =
        get(|| async { ([(header::CACHE_CONTROL, "no-cache"), (header::SERVER, "x")], "file") });
    let app = wrap(Router::new().route("/file", file), settings(), deps());

    let answer = send(&app, get_request("/file")).await;

    assert_eq!(answer.header("cache-control"), "no-cache");
    assert_eq!(answer.header("server"), "");
}

#[tokio::test]
async fn request_ids_are_ours_and_handlers_see_them() {
    let id = get(|id: RequestId| async move { id.to_string() });
    let app = wrap(Router::new().route("/id", id), settings(), deps());
    let theirs = request(Method::GET, "/id", &[("x-request-id", "abcdefgh-1")], Body::empty());

    let answer = send(&app, theirs).await;

    assert_eq!(answer.header("x-request-id"), answer.text);
    assert!(
        answer.text.starts_with("019df2dc-0a00-7"),
        "made of the injected time: {}",
        answer.text
    );
    assert_eq!(answer.text.as_bytes()[14], b'7', "version 7: {}", answer.text);
}

#[tokio::test]
async fn a_location_leads_to_ourselves_or_to_a_listed_place() {
    let go = get(|axum::extract::RawQuery(to): axum::extract::RawQuery| async move {
        (StatusCode::FOUND, [(header::LOCATION, to.unwrap_or_default())])
    });
    let routes = || Router::new().route("/go", go.clone()).route("/api/auth/go", go.clone());
    let app = wrap(routes(), settings(), deps());
    let cases = [
        ("/accounts", "/accounts"),
        ("https://bank.example/sign-in?x=1", "/sign-in?x=1"),
        ("https://pay.example/checkout", "https://pay.example/checkout"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("/a/..//evil.example", "/"),
    ];
    for (target, expected) in cases {
        let answer = send(&app, get_request(&format!("/go?{target}"))).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (StatusCode::FOUND, expected),
            "{target}"
        );
    }

    let lenient = SurfaceSettings { auth_checks_itself: true, ..settings() };
    let app = wrap(routes(), lenient, deps());
    let answer = send(&app, get_request("/api/auth/go?https://app.wild.example/x")).await;
    assert_eq!(answer.header("location"), "https://app.wild.example/x");
}

#[tokio::test]
async fn pages_may_send_people_to_the_configured_providers_and_nowhere_else() {
    use backend::{
        Clock, Outgoing, Random,
        auth::oauth::{Kind, OAuthSettings, Overrides, ProviderSettings},
    };
    let google = ProviderSettings {
        id: "google".into(),
        label: "Google".into(),
        kind: Kind::Google,
        client_id: "id".into(),
        client_secret: "secret".to_owned().into(),
        overrides: Overrides::default(),
    };
    let oauth = OAuthSettings { providers: vec![google], ..OAuthSettings::default() };
    let clock = Clock::frozen(datetime!(2026-05-04 12:00 UTC));
    let outgoing = Outgoing::new(&clock, &Random::seeded(1), []).unwrap();
    let providers = Providers::new(&oauth, &outgoing, &clock);
    let to = |target: &'static str| {
        get(move || async move { (StatusCode::SEE_OTHER, [("location", target)]) })
    };
    let routes = routes()
        .route("/out", to("https://accounts.google.com/o/oauth2/v2/auth?x=1"))
        .route("/pay", to("https://polar.example/checkout/x"))
        .route("/astray", to("https://accounts.google.com.evil.example/"));
    let app = wrap(routes, settings(), Deps { providers, ..deps() });

    let policy = send(&app, get_request("/")).await.header("content-security-policy").to_owned();
    let out = send(&app, get_request("/out")).await;
    let pay = send(&app, get_request("/pay")).await;
    let astray = send(&app, get_request("/astray")).await;

    let forms = "form-action 'self' https://accounts.google.com https://polar.example;";
    assert!(policy.contains(forms), "{policy}");
    assert_eq!(pay.header("location"), "https://polar.example/checkout/x");
    assert_eq!(out.header("location"), "https://accounts.google.com/o/oauth2/v2/auth?x=1");
    assert_eq!(astray.header("location"), "/");
    let plain = send(&super::app(), get_request("/")).await;
    assert!(
        plain
            .header("content-security-policy")
            .contains("form-action 'self' https://polar.example;")
    );
}
