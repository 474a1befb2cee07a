use std::time::Duration;

use axum::body::Bytes;
use futures::{StreamExt, stream};
use metrics_exporter_prometheus::PrometheusBuilder;

use super::*;

fn post_bytes(path: &str, bytes: usize) -> Request<Body> {
    let length = bytes.to_string();
    request(Method::POST, path, &[("content-length", &length)], Body::from(vec![b'x'; bytes]))
}

/// A body without an announced length, in pieces of a kilobyte.
fn streamed(kib: usize) -> Body {
    let piece = Bytes::from(vec![b'x'; 1024]);
    Body::from_stream(stream::iter((0..kib).map(move |_| Ok::<_, std::io::Error>(piece.clone()))))
}

#[tokio::test]
async fn sixty_four_kib_are_taken_and_a_byte_more_is_not() {
    let app = app();

    assert_eq!(send(&app, post_bytes("/save", 65_536)).await.text, "65536");
    let refused = send(&app, post_bytes("/save", 65_537)).await;

    assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(refused.json()["error"], "PAYLOAD_TOO_LARGE");
    assert_eq!(refused.json()["message"], "One request can have up to 64 KB.");
    assert_eq!(refused.header("connection"), "close");
}

#[tokio::test]
async fn a_webhook_of_plaid_has_up_to_256_kib() {
    let app = app();

    assert_eq!(send(&app, post_bytes("/api/webhooks/plaid", 262_144)).await.text, "taken");
    let refused = send(&app, post_bytes("/api/webhooks/plaid", 262_145)).await;

    assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(refused.json()["message"], "An event can have up to 256 KB.");
}

#[tokio::test]
async fn a_length_that_is_not_announced_is_counted() {
    let app = app();

    let within = send(&app, request(Method::POST, "/save", &[], streamed(64))).await;
    let beyond = send(&app, request(Method::POST, "/save", &[], streamed(65))).await;

    assert_eq!(within.text, "65536");
    assert_eq!(beyond.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(beyond.json()["message"], "One request can have up to 64 KB.");
}

#[tokio::test]
async fn a_file_of_ten_megabytes_is_imported_and_one_of_eleven_gets_a_sentence() {
    const MIB: usize = 1024 * 1024;
    let app = app();

    let within = send(&app, post_bytes("/import", 10 * MIB)).await;
    let mut beyond = post_bytes("/import", 11 * MIB);
    beyond.headers_mut().insert(header::ACCEPT, "text/html".parse().unwrap());
    let beyond = send(&app, beyond).await;

    assert_eq!(within.text, (10 * MIB).to_string());
    assert_eq!(beyond.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(beyond.text.contains("<h1>Files can be up to 10 MB.</h1>"), "{}", beyond.text);
}

#[tokio::test]
async fn a_refused_file_is_read_to_its_end_so_that_the_browser_shows_the_answer() {
    let read = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let count = read.clone();
    let body = stream::iter(0..11 * 1024).map(move |_| {
        count.fetch_add(1024, Ordering::Relaxed);
        Ok::<_, std::io::Error>(Bytes::from(vec![b'x'; 1024]))
    });
    let length = (11 * 1024 * 1024).to_string();
    let headers = [("content-length", length.as_str())];

    let answer =
        send(&app(), request(Method::POST, "/import", &headers, Body::from_stream(body))).await;

    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(read.load(Ordering::Relaxed), 11 * 1024 * 1024);
}

#[tokio::test]
async fn a_webhook_that_is_too_large_is_refused_and_counted() {
    const LIMIT: usize = 256 * 1024;
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    let _guard = metrics::set_default_local_recorder(&recorder);
    let read = post(|body: Bytes| async move { body.len().to_string() });
    let app = wrap(routes().route("/api/auth/polar/webhooks", read), settings(), deps());

    let within = send(&app, post_bytes("/api/auth/polar/webhooks", LIMIT)).await;
    let announced = send(&app, post_bytes("/api/payments/webhooks", LIMIT + 1)).await;
    let streamed = request(Method::POST, "/api/auth/polar/webhooks", &[], streamed(257));
    let streamed = send(&app, streamed).await;
    let elsewhere = send(&app, post_bytes("/save", LIMIT)).await;

    assert_eq!(within.text, LIMIT.to_string());
    for answer in [&announced, &streamed, &elsewhere] {
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    }
    let counted = "coffer_webhook_rejected_total{reason=\"too_large\"} 2";
    assert!(handle.render().contains(counted), "{}", handle.render());
}

#[tokio::test]
async fn a_client_that_asks_first_is_refused_without_its_file() {
    let headers = [("content-length", "11534336"), ("expect", "100-continue")];
    let never = Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>());

    let answer = send(&app(), request(Method::POST, "/import", &headers, never)).await;

    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn compressed_bodies_are_refused() {
    let app = app();
    for (encoding, status) in
        [("gzip", 415), ("br", 415), ("identity, gzip", 415), ("identity", 200)]
    {
        let headers = [("content-encoding", encoding)];
        let answer = send(&app, request(Method::POST, "/save", &headers, Body::from("x"))).await;
        assert_eq!(answer.status.as_u16(), status, "{encoding}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_trickles_is_cut_after_its_deadline() {
    let mut patient = settings();
    patient.limits.total = Duration::from_mins(1);
    let app = wrap(routes(), patient, deps());
    let trickle = stream::unfold((), |()| async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        Some((Ok::<_, std::io::Error>(Bytes::from_static(b"x")), ()))
    });
    let begun = tokio::time::Instant::now();

    let answer = send(&app, request(Method::POST, "/save", &[], Body::from_stream(trickle))).await;

    assert_eq!(answer.status, StatusCode::REQUEST_TIMEOUT);
    assert_eq!(answer.json()["error"], "REQUEST_TIMEOUT");
    assert_eq!(begun.elapsed().as_secs(), 30);
}

#[tokio::test]
async fn a_report_of_the_browser_is_taken_and_a_large_one_is_not() {
    let app = app();
    let report = |size: usize| {
        let headers = [("origin", "null"), ("sec-fetch-site", "cross-site")];
        request(Method::POST, "/api/csp-report", &headers, Body::from("x".repeat(size)))
    };

    assert_eq!(send(&app, report(100)).await.status, StatusCode::NO_CONTENT);
    assert_eq!(send(&app, report(8_193)).await.status, StatusCode::PAYLOAD_TOO_LARGE);
}
