use std::net::SocketAddr;

use axum::extract::ConnectInfo;
use metrics_exporter_prometheus::PrometheusBuilder;

use super::*;
use crate::telemetry::capture;

/// The lines of the access log, as their fields.
fn access() -> Vec<Value> {
    let lines = capture::text();
    let parsed = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    parsed
        .filter(|line| line["target"] == "coffer::access")
        .map(|line| line["fields"].clone())
        .collect()
}

#[tokio::test]
async fn a_request_is_one_line_that_tells_what_happened_and_no_secret() {
    capture::start();
    let whose = get(|record: RequestRecord| async move {
        record.note_user("user-1");
        "12345"
    });
    let app = wrap(Router::new().route("/reset/{token}", whose), settings(), deps());
    let headers = [("x-request-id", "from-the-client-1"), ("cookie", "canary-cookie=1")];
    let path = "/reset/canary-token?canary-query=1";
    let mut request = request(Method::GET, path, &headers, Body::empty());
    let peer: SocketAddr = "198.51.100.77:4000".parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(peer));

    let answer = send(&app, request).await;

    let access = access();
    assert_eq!(access.len(), 1, "{}", capture::text());
    let line = &access[0];
    assert_eq!(line["method"], "GET");
    assert_eq!(line["route"], "/reset/{token}");
    assert_eq!(line["status"], 200);
    assert_eq!(line["request_id"], answer.header("x-request-id"));
    assert_eq!(line["client_request_id"], "from-the-client-1");
    assert_eq!(line["user_id"], "user-1");
    assert_eq!(line["address"], "198.51.100.0/24");
    assert_eq!(line["bytes"], 5);
    assert!(line["duration_ms"].is_u64());
    assert!(!capture::text().contains("canary"), "{}", capture::text());
}

#[tokio::test]
async fn a_clients_id_is_noted_only_in_a_harmless_form() {
    capture::start();
    let app = app();
    let long = "a".repeat(65);
    for id in ["short", &long, "with space", "a\"b-12345678", "semi;colon-123"] {
        send(&app, request(Method::GET, "/", &[("x-request-id", id)], Body::empty())).await;
    }

    assert_eq!(access().len(), 5);
    assert!(access().iter().all(|line| line["client_request_id"].is_null()), "{}", capture::text());
}

#[tokio::test]
async fn refused_and_unknown_requests_have_their_line_too() {
    capture::start();
    let app = app();

    send(&app, get_request("/canary-path")).await;
    send(&app, get_request("/panic")).await;
    send(&app, request(Method::GET, "/", &[("host", "evil.example")], Body::empty())).await;

    let access = access();
    let routes: Vec<_> =
        access.iter().map(|line| (line["route"].clone(), line["status"].clone())).collect();
    assert_eq!(
        routes,
        [
            (json!("unmatched"), json!(404)),
            (json!("/panic"), json!(500)),
            (json!("unmatched"), json!(421)),
        ]
    );
    assert!(!capture::text().contains("canary-path"));
    assert!(capture::text().contains("a handler panicked"));
}

#[tokio::test]
async fn requests_are_counted_by_pattern_and_refusals_by_reason() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    let _guard = metrics::set_default_local_recorder(&recorder);
    let app = app();

    send(&app, get_request("/items/1")).await;
    send(&app, get_request("/items/2")).await;
    send(&app, get_request("/panic")).await;
    send(&app, request(Method::POST, "/save", &[("cookie", "a=b")], Body::empty())).await;
    send(&app, request(Method::from_bytes(b"BREW").unwrap(), "/", &[], Body::empty())).await;

    let text = handle.render();
    for line in [
        "coffer_http_requests_total{route=\"/items/{id}\",method=\"GET\",status=\"200\"} 2",
        "coffer_http_requests_total{route=\"/panic\",method=\"GET\",status=\"500\"} 1",
        "coffer_panics_total 1",
        "coffer_csrf_rejected_total{reason=\"missing\"} 1",
        "coffer_http_inflight 0",
        "coffer_http_duration_seconds_count{route=\"/items/{id}\"} 2",
    ] {
        assert!(text.contains(line), "{line} is missing from\n{text}");
    }
    assert!(text.contains("method=\"OTHER\""), "{text}");
}
