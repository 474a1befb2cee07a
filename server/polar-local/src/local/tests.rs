//! Deliveries and their switches, as the receiver sees them.

use std::sync::atomic::Ordering;

use axum::{
    body::Body,
    http::{Request, StatusCode},
};

use crate::{
    delivery::{Scheme, Signer},
    json::Json,
    testing::{Bench, Received, SECRET, START},
};

fn signer(scheme: Scheme) -> Signer {
    Signer::new(SECRET, scheme).unwrap()
}

fn is_signed(event: &Received, scheme: Scheme) -> bool {
    let (id, at) = (event.header("webhook-id"), event.header("webhook-timestamp"));
    let signature = signer(scheme).sign(id, at, &event.body);
    event.header("webhook-signature").split(' ').any(|one| one == signature)
}

async fn one(bench: &Bench, faults: &str) -> Vec<Received> {
    bench.faults(faults).await;
    bench.customer().await;
    let received = bench.settle().await;
    bench.json("POST", "/_local/reset", "").await;
    received
}

async fn states(bench: &Bench) -> Vec<String> {
    let list = bench.json("GET", "/_local/deliveries", "").await;
    list.items().iter().map(|event| event.text("state").unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_webhook_has_the_headers_of_polar() {
    let bench = Bench::new().await;
    bench.customer().await;

    let received = bench.settle().await;

    let event = &received[0];
    assert!(is_signed(event, Scheme::Standard));
    assert_eq!(event.header("content-type"), "application/json");
    assert_eq!(event.header("user-agent"), "polar.sh webhooks");
    assert_eq!(event.header("webhook-api-version"), "2026-10");
    assert_eq!(event.header("webhook-timestamp"), START.unix_timestamp().to_string());
    assert!(
        event.body.starts_with(r#"{"type":"customer.created","timestamp":"2026-03-02T09:00:00"#)
    );
    assert_ne!(event.header("webhook-id"), received[1].header("webhook-id"));
}

#[tokio::test]
async fn the_older_convention_and_envelope_can_be_chosen() {
    let bench = Bench::with(|settings| {
        settings.scheme = Scheme::Legacy;
        settings.envelope = None;
    })
    .await;
    bench.customer().await;

    let received = bench.settle().await;

    assert!(is_signed(&received[0], Scheme::Legacy));
    assert_eq!(received[0].header("webhook-api-version"), "");
    assert!(received[0].json().get("api_version").is_none());
}

#[tokio::test]
async fn a_failed_webhook_is_sent_again_as_it_was() {
    let bench = Bench::new().await;
    bench.refuse.store(2, Ordering::SeqCst);
    bench.customer().await;

    let received = bench.settle_retries().await;

    let of_first: Vec<_> = received.iter().filter(|e| e.kind() == "customer.created").collect();
    assert!(of_first.len() >= 2);
    for event in &of_first {
        assert_eq!(event.body, of_first[0].body);
        assert_eq!(event.header("webhook-id"), of_first[0].header("webhook-id"));
    }
    assert_eq!(received.len(), 4);
    assert!(states(&bench).await.iter().all(|state| state == "delivered"));
}

#[tokio::test]
async fn ten_dead_events_disable_the_endpoint_until_it_is_enabled() {
    let bench = Bench::new().await;
    bench.refuse.store(usize::MAX, Ordering::SeqCst);
    bench.subscribe("plus").await;

    let received = bench.settle_retries().await;

    assert!(received.len() >= 100);
    let list = bench.json("GET", "/v1/webhooks/endpoints", "").await;
    assert_eq!(list.get("items").unwrap().items()[0].get("enabled"), Some(&Json::Bool(false)));
    assert!(states(&bench).await.contains(&"skipped".to_owned()));

    bench.refuse.store(0, Ordering::SeqCst);
    bench.json("POST", "/_local/endpoint", r#"{"enabled":true}"#).await;
    let failed = bench.json("GET", "/v1/webhooks/deliveries?succeeded=false&limit=1", "").await;
    let failed = failed.get("items").unwrap().items()[0].clone();
    assert_eq!(failed.get("http_code"), Some(&Json::from(500)));
    let id = failed.get("webhook_event").unwrap().text("id").unwrap().to_owned();
    let again = bench.ask("POST", &format!("/v1/webhooks/events/{id}/redeliver"), "").await;
    assert_eq!(again.status, StatusCode::ACCEPTED);
    let received = bench.settle().await;
    assert_eq!(received.len(), 1);
    assert_eq!(received[0].header("webhook-id"), id);
}

#[tokio::test]
async fn disabling_can_be_switched_off() {
    let bench = Bench::new().await;
    bench.json("POST", "/_local/endpoint", r#"{"auto_disable":false}"#).await;
    bench.refuse.store(usize::MAX, Ordering::SeqCst);
    bench.subscribe("plus").await;

    bench.settle_retries().await;

    assert!(states(&bench).await.iter().all(|state| state == "failed"));
}

#[tokio::test]
async fn what_a_switch_does_to_one_attempt() {
    let bench = Bench::new().await;
    let only = r#""times":1,"match":{"type":"customer.created"}"#;
    let switched = |switch: &str| format!("[{{{switch},{only}}}]");
    let now = START.unix_timestamp();

    for switch in [
        r#""wrong_signature":true"#,
        r#""wrong_secret":true"#,
        r#""tamper_body":true"#,
        r#""reformat_body":true"#,
    ] {
        let received = one(&bench, &switched(switch)).await;
        assert!(!is_signed(&received[0], Scheme::Standard), "{switch}");
        assert!(is_signed(&received[1], Scheme::Standard), "{switch}");
    }
    let received = one(&bench, &switched(r#""other_scheme":true"#)).await;
    assert!(is_signed(&received[0], Scheme::Legacy));
    for (switch, timestamp) in [
        (r#""stale_timestamp":true"#, (now - 360).to_string()),
        (r#""future_timestamp":true"#, (now + 360).to_string()),
        (r#""bad_timestamp":true"#, "yesterday".to_owned()),
    ] {
        let received = one(&bench, &switched(switch)).await;
        assert_eq!(received[0].header("webhook-timestamp"), timestamp);
        assert!(is_signed(&received[0], Scheme::Standard));
    }
    let received = one(&bench, &switched(r#""no_signature":true"#)).await;
    assert_eq!(received[0].header("webhook-signature"), "");
    let received = one(&bench, &switched(r#""no_id":true"#)).await;
    assert_eq!(received[0].header("webhook-id"), "");
    let received = one(&bench, &switched(r#""two_signatures":true"#)).await;
    assert_eq!(received[0].header("webhook-signature").split(' ').count(), 2);
    assert!(is_signed(&received[0], Scheme::Standard));
    let received = one(&bench, &switched(r#""slow_reader_ms":20"#)).await;
    assert!(is_signed(&received[0], Scheme::Standard));
}

#[tokio::test]
async fn what_a_switch_does_to_an_event() {
    let bench = Bench::new().await;
    let first = async |faults: &str| one(&bench, faults).await[0].json();

    let event = first(r#"[{"unknown_type":true,"times":1}]"#).await;
    assert_eq!(event.text("type"), Some("subscription.teleported"));
    let event = first(r#"[{"extra_keys":true,"times":1}]"#).await;
    assert!(event.get("data").unwrap().get("a_key_of_tomorrow").is_some());
    let event = first(r#"[{"omit_optional_keys":true,"times":1}]"#).await;
    assert!(event.get("data").unwrap().get("locale").is_none());
    let event = first(r#"[{"null_optional_keys":true,"times":1}]"#).await;
    assert_eq!(event.get("data").unwrap().get("locale"), Some(&Json::Null));
    let event = first(r#"[{"old_envelope":true,"times":1}]"#).await;
    assert!(event.get("api_version").is_none());
}

#[tokio::test]
async fn events_can_be_lost_repeated_and_answered_in_vain() {
    let bench = Bench::new().await;
    let kinds = |received: Vec<Received>| received.iter().map(Received::kind).collect::<Vec<_>>();

    let received = one(&bench, r#"[{"drop":true,"match":{"type":"customer.created"}}]"#).await;
    assert_eq!(kinds(received), ["customer.state_changed"]);

    let received = one(&bench, r#"[{"duplicate":2,"times":1}]"#).await;
    assert_eq!(received.len(), 4);
    assert_eq!(received[0].header("webhook-id"), received[2].header("webhook-id"));

    bench.faults(r#"[{"lost_answer":true,"times":1}]"#).await;
    bench.customer().await;
    let received = bench.settle_retries().await;
    assert_eq!(received.iter().filter(|e| e.kind() == "customer.created").count(), 2);
}

#[tokio::test]
async fn the_application_learns_which_deliveries_to_refuse() {
    let bench = Bench::new().await;
    bench.faults(r#"[{"app_5xx":1,"match":{"type":"customer.created"}}]"#).await;
    bench.customer().await;

    let received = bench.settle().await;

    let created = received.iter().find(|event| event.kind() == "customer.created").unwrap();
    let id = created.header("webhook-id");
    assert!(bench.polar.refuses(id));
    assert!(!bench.polar.refuses(id), "once for each");
    assert!(!bench.polar.refuses("anything"));
    assert_eq!(bench.ask("GET", "/_local/faults", "").await.text, "[]", "it was used up");
}

#[tokio::test]
async fn any_body_can_be_sent_as_it_is() {
    let bench = Bench::new().await;
    let body = r#"{"type":"subscription.active","data":{"z":"ß","a":[1.5,null]}}"#;

    bench.json("POST", "/_local/emit", body).await;

    let received = bench.settle().await;
    assert_eq!(received[0].body, body);
    assert!(is_signed(&received[0], Scheme::Standard));
    assert_eq!(bench.ask("POST", "/_local/emit", "{}").await.status, 422);
}

#[tokio::test]
async fn the_clock_is_told_and_turned() {
    let bench = Bench::new().await;
    bench.json("GET", "/_local/health", "").await;
    assert_eq!(
        bench.json("GET", "/_local/clock", "").await.text("now"),
        Some("2026-03-02T09:00:00Z")
    );

    bench.advance("P8D").await;

    let clock = bench.json("GET", "/_local/clock", "").await;
    assert_eq!(clock.text("now"), Some("2026-03-10T09:00:00Z"));
    assert_eq!(clock.get("ahead_seconds"), Some(&Json::from(8 * 86_400)));
    bench.json("POST", "/_local/clock", r#"{"to":"2026-04-01T00:00:00Z"}"#).await;
    for wrong in [r#"{"advance":"8 days"}"#, r#"{"to":"2020-01-01T00:00:00Z"}"#, "{}"] {
        assert_eq!(bench.ask("POST", "/_local/clock", wrong).await.status, 422);
    }
    bench.json("POST", "/_local/reset", "").await;
    assert_eq!(
        bench.json("GET", "/_local/clock", "").await.text("now"),
        Some("2026-03-02T09:00:00Z")
    );
}

#[tokio::test]
async fn switches_are_set_told_and_cleared() {
    let bench = Bench::new().await;
    bench.faults(r#"{"drop":true,"times":2}"#).await;
    let set = bench.json("GET", "/_local/faults", "").await;
    assert_eq!(set.items()[0].get("times"), Some(&Json::from(2)));

    assert_eq!(bench.ask("POST", "/_local/faults", r#"[{"explode":true}]"#).await.status, 422);
    bench.json("DELETE", "/_local/faults", "").await;

    assert!(bench.json("GET", "/_local/faults", "").await.items().is_empty());
}

#[tokio::test]
async fn other_sites_may_not_touch_the_switches() {
    let bench = Bench::new().await;
    let request = Request::post("/dev/polar/_local/reset")
        .header("sec-fetch-site", "cross-site")
        .body(Body::empty())
        .unwrap();

    assert_eq!(bench.send(request).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_state_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("below").join("polar.json");
    let keep = |settings: &mut crate::Settings| settings.state_file = Some(file.clone());
    let bench = Bench::with(keep).await;
    let id = bench.subscribe("starter").await;
    bench.advance("P1D").await;
    bench.settle().await;
    let (before, clock) = (bench.json("GET", "/_local/objects", "").await, "/_local/clock");
    let now = bench.json("GET", clock, "").await;
    crate::state_file::save_if_changed(&bench.polar.0).await;
    drop(bench);

    let bench = Bench::with(keep).await;

    assert_eq!(bench.json("GET", "/_local/objects", "").await, before);
    assert_eq!(bench.json("GET", clock, "").await, now);
    bench.advance("P8D").await;
    assert!(bench.kinds().await.contains(&"subscription.cycled".to_owned()));
    let sub = bench.json("GET", &format!("/v1/subscriptions/{id}"), "").await;
    assert_eq!(sub.text("status"), Some("active"));
}
