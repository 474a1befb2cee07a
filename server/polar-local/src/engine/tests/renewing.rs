//! Renewals, retries and metered use.

use super::{STATE, patch, sub};
use crate::{json::Json, testing::Bench};

#[tokio::test]
async fn a_failed_renewal_is_recovered_by_a_retry() {
    let bench = Bench::new().await;
    let id = bench.subscribe("plus").await;
    bench.act("fail-next", &id).await;
    bench.settle().await;

    bench.advance("P1M").await;
    let told = bench.told().await;
    assert_eq!(
        told,
        [
            "subscription.cycled active",
            "subscription.updated active",
            "order.created pending",
            "subscription.updated past_due",
            "subscription.past_due past_due",
            "benefit_grant.revoked",
            STATE,
        ]
    );
    let state = bench.json("GET", "/v1/customers/external/ada/state", "").await;
    assert!(state.get("active_subscriptions").unwrap().items().is_empty());

    bench.advance("P2DT1M").await;
    let told = bench.told().await;
    assert_eq!(
        told,
        [
            "subscription.updated active",
            "subscription.active active",
            "order.updated paid",
            "order.paid paid",
            "benefit_grant.created",
            STATE,
        ]
    );
    assert_eq!(sub(&bench, &id).await.get("past_due_at"), Some(&Json::Null));
}

#[tokio::test]
async fn a_card_that_fails_later_ends_after_21_days() {
    let bench = Bench::new().await;
    let id = bench.subscribe_with("plus", "4000000000000341").await;
    bench.advance("P1M").await;
    bench.settle().await;
    assert_eq!(sub(&bench, &id).await.text("status"), Some("past_due"));

    bench.advance("P20D").await;
    assert!(bench.kinds().await.is_empty());

    bench.advance("P2D").await;
    let told = bench.told().await;
    assert_eq!(
        told,
        [
            "subscription.updated canceled",
            "subscription.canceled canceled",
            "subscription.revoked canceled",
            "order.updated void",
            STATE,
        ]
    );
    let ended = sub(&bench, &id).await;
    assert_eq!(ended.text("ended_at").map(|at| &at[..10]), Some("2026-04-23"));
    assert_ne!(ended.get("past_due_at"), Some(&Json::Null));
}

#[tokio::test]
async fn one_long_jump_fires_everything_in_order() {
    let bench = Bench::new().await;
    bench.subscribe_with("starter", "4000000000000341").await;
    bench.settle().await;

    bench.advance("P60D").await;

    let received = bench.settle().await;
    let times: Vec<String> =
        received.iter().map(|event| event.json().text("timestamp").unwrap().to_owned()).collect();
    let mut sorted = times.clone();
    sorted.sort();
    assert_eq!(times, sorted);
    let days: Vec<_> = received
        .iter()
        .filter(|event| matches!(&*event.kind(), "subscription.past_due" | "subscription.revoked"))
        .map(|event| event.json().text("timestamp").unwrap()[..10].to_owned())
        .collect();
    assert_eq!(days, ["2026-03-09", "2026-03-30"]);
}

#[tokio::test]
async fn use_is_counted_once_and_charged_beyond_the_credit() {
    let bench = Bench::new().await;
    let id = bench.subscribe("api").await;
    bench.advance("PT1M").await;
    let event = |n: usize| {
        format!(r#"{{"name":"api_call","external_customer_id":"ada","external_id":"e{n}"}}"#)
    };
    let events: Vec<_> = (0..1_003).map(event).collect();
    let body = format!(r#"{{"events":[{},{}]}}"#, events.join(","), event(0));

    let taken = bench.json("POST", "/v1/events/ingest", &body).await;

    assert_eq!(taken.compact(), r#"{"inserted":1003,"duplicates":1}"#);
    let meter = sub(&bench, &id).await.get("meters").unwrap().items()[0].clone();
    assert_eq!(meter.get("consumed_units"), Some(&Json::from(1_003)));
    assert_eq!(meter.get("amount"), Some(&Json::from(2)));
    let list = bench.json("GET", "/v1/customer-meters/?external_customer_id=ada", "").await;
    assert_eq!(list.get("items").unwrap().items()[0].get("balance"), Some(&Json::from(-3)));

    bench.advance("P1M").await;
    let orders = bench.json("GET", "/v1/orders/?limit=1", "").await;
    let order = &orders.get("items").unwrap().items()[0];
    assert_eq!(order.get("subtotal_amount"), Some(&Json::from(2_902)));
}

#[tokio::test]
async fn what_was_used_is_charged_at_the_end() {
    let bench = Bench::new().await;
    let id = bench.subscribe("api").await;
    bench.advance("PT1M").await;
    let event = |_| r#"{"name":"api_call","external_customer_id":"ada"}"#;
    let events: Vec<_> = (0..1_010).map(event).collect();
    bench
        .json("POST", "/v1/events/ingest", &format!(r#"{{"events":[{}]}}"#, events.join(",")))
        .await;
    patch(&bench, &id, r#"{"cancel_at_period_end":true}"#).await;
    bench.settle().await;

    bench.advance("P1M").await;

    let told = bench.told().await;
    assert_eq!(told[2], "subscription.revoked canceled");
    assert_eq!(told[4..7], ["order.created pending", "order.updated paid", "order.paid paid"]);
    assert_eq!(sub(&bench, &id).await.text("status"), Some("canceled"));
}

#[tokio::test]
async fn a_trial_can_be_ended_and_moved() {
    let bench = Bench::new().await;
    let id = bench.subscribe("starter").await;
    bench.settle().await;

    let moved = patch(&bench, &id, r#"{"trial_end":"2026-04-01T00:00:00Z"}"#).await;
    assert_eq!(moved.text("current_period_end"), Some("2026-04-01T00:00:00Z"));
    assert_eq!(bench.told().await, ["subscription.updated trialing", STATE]);

    let ended = patch(&bench, &id, r#"{"trial_end":"now"}"#).await;
    assert_eq!(ended.text("status"), Some("active"));
    assert_eq!(bench.told().await[0], "subscription.cycled active");
}

#[tokio::test]
async fn a_hopeless_card_is_tried_once_more_after_21_days() {
    let bench = Bench::new().await;
    let id = bench.subscribe("plus").await;
    let faults = format!(r#"[{{"charge":"hopeless","match":{{"object_id":"{id}"}}}}]"#);
    bench.faults(&faults).await;
    bench.advance("P1M").await;

    let orders = bench.json("GET", "/v1/orders/?limit=1", "").await;
    let order = &orders.get("items").unwrap().items()[0];
    assert_eq!(order.text("next_payment_attempt_at").map(|at| &at[..10]), Some("2026-04-23"));
    bench.advance("P22D").await;
    assert_eq!(sub(&bench, &id).await.text("status"), Some("canceled"));
}
