use std::{net::SocketAddr, time::Duration};

use axum::extract::ConnectInfo;
use backend::{Clock, Limits};
use secrecy::SecretString;

use super::*;

/// A surface that limits, and its clock.
fn limited(change: impl FnOnce(&mut SurfaceSettings)) -> (Router, Clock) {
    let clock = Clock::frozen(datetime!(2026-05-04 12:00 UTC));
    let limits = Limits::in_process(clock.clone(), &SecretString::from("a secret of the tests"));
    let mut settings = settings();
    change(&mut settings);
    let routes = routes()
        .route("/sign-in", post(|| async { "form" }).get(|| async { "page" }))
        .route("/api/auth/sign-in/email", post(|body: String| async move { body }));
    (wrap(routes, settings, Deps { limits, ..deps() }), clock)
}

fn to_the_letter(settings: &mut SurfaceSettings) {
    settings.auth_checks_itself = true;
}

fn hardened(_: &mut SurfaceSettings) {}

/// A request that comes from `address`.
fn from(address: &str, mut request: Request<Body>) -> Request<Body> {
    let peer = SocketAddr::new(address.parse().unwrap(), 50_000);
    request.extensions_mut().insert(ConnectInfo(peer));
    request
}

async fn knock(app: &Router, address: &str, path: &str) -> Answer {
    send(app, from(address, request(Method::POST, path, &[], Body::from("x")))).await
}

/// How many of `times` were let through.
async fn let_through(app: &Router, address: &str, path: &str, times: usize) -> usize {
    let mut passed = 0;
    for _ in 0..times {
        let answer = knock(app, address, path).await;
        passed += usize::from(answer.status != StatusCode::TOO_MANY_REQUESTS);
    }
    passed
}

const SIGN_IN: &str = "/api/auth/sign-in/email";
const HERE: &str = "198.51.100.7";

#[tokio::test]
async fn the_refusal_is_better_auths_to_the_letter() {
    let (app, clock) = limited(to_the_letter);
    assert_eq!(let_through(&app, HERE, SIGN_IN, 3).await, 3);
    clock.advance(Duration::from_millis(2_500));

    let refused = knock(&app, HERE, SIGN_IN).await;

    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.header("content-type"), "application/json");
    assert_eq!(refused.header("x-retry-after"), "8", "7.5 seconds, rounded up");
    assert!(!refused.headers.contains_key("retry-after"));
    assert_eq!(refused.text, r#"{"message":"Too many requests. Please try again later."}"#);
    clock.advance(Duration::from_millis(7_499));
    assert_eq!(knock(&app, HERE, SIGN_IN).await.header("x-retry-after"), "1");
    clock.advance(Duration::from_millis(1));
    assert_eq!(let_through(&app, HERE, SIGN_IN, 4).await, 3);
}

#[tokio::test]
async fn the_hardened_profile_also_says_it_in_the_usual_header() {
    let (app, _) = limited(hardened);
    let_through(&app, HERE, SIGN_IN, 3).await;

    let refused = knock(&app, HERE, SIGN_IN).await;

    assert_eq!((refused.header("x-retry-after"), refused.header("retry-after")), ("10", "10"));
    assert_eq!(refused.text, r#"{"message":"Too many requests. Please try again later."}"#);
}

#[tokio::test]
async fn clients_and_paths_count_apart_and_methods_together() {
    let (app, _) = limited(hardened);
    let_through(&app, HERE, SIGN_IN, 3).await;

    let get = send(&app, from(HERE, get_request(SIGN_IN))).await;
    assert_eq!(get.status, StatusCode::TOO_MANY_REQUESTS, "also where there is no such route");
    assert_eq!(let_through(&app, "198.51.100.8", SIGN_IN, 1).await, 1);
    assert_eq!(let_through(&app, HERE, "/api/auth/sign-up/email", 4).await, 3);
    assert_eq!(let_through(&app, HERE, "/api/auth/get-session", 101).await, 100);
    assert_eq!(let_through(&app, HERE, "/api/save", 101).await, 101, "not one of these routes");
}

#[tokio::test]
async fn another_spelling_of_a_path_has_no_count_of_its_own() {
    let (app, _) = limited(hardened);
    let_through(&app, HERE, SIGN_IN, 3).await;

    for path in
        ["/api/auth//sign-in/email", "/api/auth/sign-in%2femail", "/api/auth/./sign-in/email"]
    {
        assert_eq!(knock(&app, HERE, path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let slash = knock(&app, HERE, "/api/auth/sign-in/email/").await;
    assert_ne!(slash.status, StatusCode::OK);
}

#[tokio::test]
async fn a_refusal_comes_before_a_byte_of_the_body_was_read() {
    let (app, _) = limited(hardened);
    let_through(&app, HERE, SIGN_IN, 3).await;
    let unread = Body::from_stream(futures::stream::poll_fn(
        |_| -> std::task::Poll<Option<Result<axum::body::Bytes, std::io::Error>>> {
            panic!("the body was read")
        },
    ));

    let refused = send(&app, from(HERE, request(Method::POST, SIGN_IN, &[], unread))).await;

    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn nobody_gets_another_count_by_naming_another_address() {
    let (app, _) = limited(hardened);
    let mut passed = 0;
    for hop in 0..6 {
        let forwarded = format!("203.0.113.{hop}");
        let headers = [("x-forwarded-for", &*forwarded), ("x-real-ip", &*forwarded)];
        let knock = request(Method::POST, SIGN_IN, &headers, Body::empty());
        passed += usize::from(send(&app, from(HERE, knock)).await.status == StatusCode::OK);
    }
    assert_eq!(passed, 3);

    let (app, _) = limited(|settings| {
        settings.trusted_proxies = vec!["198.51.100.0/24".parse().unwrap()];
    });
    for hop in 0..6 {
        let forwarded = format!("192.0.2.1, 203.0.113.{hop}");
        let headers = [("x-forwarded-for", &*forwarded)];
        let knock = request(Method::POST, SIGN_IN, &headers, Body::empty());
        assert_eq!(send(&app, from(HERE, knock)).await.status, StatusCode::OK, "{hop}");
    }
}

#[tokio::test]
async fn of_ipv6_a_household_counts_as_one_and_a_site_as_ten() {
    let (app, _) = limited(hardened);
    let mut passed = 0;
    for host in 0..6 {
        passed += let_through(&app, &format!("2001:db8:1:1::{host:x}"), SIGN_IN, 1).await;
    }
    assert_eq!(passed, 3);
    for home in 2..40 {
        passed += let_through(&app, &format!("2001:db8:1:{home:x}::1"), SIGN_IN, 1).await;
    }
    assert_eq!(passed, 30);
    assert_eq!(let_through(&app, "2001:db8:2:1::1", SIGN_IN, 1).await, 1);
}

#[tokio::test]
async fn clients_whose_address_nobody_knows_share_one_count() {
    let (app, _) = limited(to_the_letter);
    for passes in [true, true, true, false] {
        let answer = send(&app, request(Method::POST, SIGN_IN, &[], Body::from("x"))).await;
        assert_eq!(answer.status == StatusCode::OK, passes);
    }
}

#[tokio::test]
async fn a_form_counts_as_its_route_and_answers_with_a_page() {
    let (app, _) = limited(hardened);
    let_through(&app, HERE, SIGN_IN, 2).await;
    assert_eq!(knock(&app, HERE, "/sign-in").await.text, "form");

    let accept = [("accept", "text/html,*/*;q=0.8"), ("origin", "https://bank.example")];
    let refused = request(Method::POST, "/sign-in", &accept, Body::from("email=a"));
    let refused = send(&app, from(HERE, refused)).await;

    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.header("retry-after"), "10");
    assert!(refused.text.contains("Too many tries. Wait 10 seconds and try again."));
    let page = send(&app, from(HERE, get_request("/sign-in"))).await;
    assert_eq!(page.text, "page", "reading is not knocking");
}

#[tokio::test]
async fn webhooks_have_a_wider_limit_than_routes() {
    let (app, _) = limited(hardened);

    assert_eq!(let_through(&app, HERE, "/api/payments/webhooks", 3_001).await, 3_000);
    assert_eq!(let_through(&app, HERE, "/api/auth/polar/webhooks", 1).await, 0);
    assert_eq!(let_through(&app, HERE, "/api/webhooks/plaid", 1).await, 0);
}
