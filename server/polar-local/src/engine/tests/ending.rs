//! Cancellations, pauses, refunds and deletions.

use super::{STATE, patch, sub};
use crate::{json::Json, testing::Bench};

#[tokio::test]
async fn a_scheduled_end_is_told_as_canceled_twice() {
    let bench = Bench::new().await;
    let id = bench.subscribe("plus").await;
    bench.settle().await;

    let body = r#"{"cancel_at_period_end":true,"customer_cancellation_reason":"unused"}"#;
    let canceled = patch(&bench, &id, body).await;
    assert_eq!(canceled.text("status"), Some("active"));
    assert_eq!(canceled.get("ends_at"), canceled.get("current_period_end"));
    assert_eq!(
        bench.told().await,
        ["subscription.updated active", "subscription.canceled active", STATE]
    );

    patch(&bench, &id, r#"{"cancel_at_period_end":false}"#).await;
    let told = bench.told().await;
    assert_eq!(told, ["subscription.updated active", "subscription.uncanceled active", STATE]);

    patch(&bench, &id, r#"{"cancel_at_period_end":true}"#).await;
    bench.settle().await;
    bench.advance("P2M").await;
    assert_eq!(
        bench.told().await,
        [
            "subscription.updated canceled",
            "subscription.canceled canceled",
            "subscription.revoked canceled",
            "benefit_grant.revoked",
            STATE,
        ]
    );
    let over = sub(&bench, &id).await;
    assert_eq!(over.get("cancel_at_period_end"), Some(&Json::Bool(true)));
}

#[tokio::test]
async fn a_pause_begins_and_ends_by_itself() {
    let bench = Bench::new().await;
    let id = bench.subscribe("plus").await;
    bench.settle().await;
    let body = r#"{"pause_at_period_end":true,"resumes_at":"2026-05-01T00:00:00Z"}"#;
    patch(&bench, &id, body).await;
    assert_eq!(bench.told().await, ["subscription.updated active", STATE]);

    bench.advance("P1M").await;
    assert_eq!(
        bench.told().await,
        [
            "subscription.updated paused",
            "subscription.paused paused",
            "benefit_grant.revoked",
            STATE
        ]
    );

    bench.advance("P1M").await;
    assert_eq!(
        bench.told().await,
        [
            "subscription.updated active",
            "subscription.resumed active",
            "order.created pending",
            "order.updated paid",
            "order.paid paid",
            "benefit_grant.created",
            STATE,
        ]
    );
}

#[tokio::test]
async fn a_refund_does_not_end_the_subscription() {
    let bench = Bench::new().await;
    let id = bench.subscribe("premium").await;
    bench.settle().await;
    let orders = bench.json("GET", "/v1/orders/", "").await;
    let order = orders.get("items").unwrap().items()[0].text("id").unwrap().to_owned();
    let body = |amount| {
        format!(r#"{{"order_id":"{order}","reason":"customer_request","amount":{amount}}}"#)
    };

    let refund = bench.json("POST", "/v1/refunds/", &body(1_900)).await;
    assert_eq!(refund.get("tax_amount"), Some(&Json::from(361)));
    assert_eq!(
        bench.told().await,
        [
            "refund.created succeeded",
            "order.updated partially_refunded",
            "order.refunded partially_refunded"
        ]
    );
    assert_eq!(bench.ask("POST", "/v1/refunds/", &body(9_999)).await.status, 422);

    bench.faults(r#"[{"refund_pending":true,"times":1}]"#).await;
    bench.json("POST", "/v1/refunds/", &body(3_000)).await;
    assert_eq!(bench.told().await, ["refund.created pending"]);
    bench.advance("PT2M").await;
    assert_eq!(
        bench.told().await,
        ["refund.updated succeeded", "order.updated refunded", "order.refunded refunded"]
    );
    let again = bench.ask("POST", "/v1/refunds/", &body(1)).await;
    assert_eq!(again.status, 403);
    assert_eq!(again.json().text("error"), Some("RefundedAlready"));
    assert_eq!(sub(&bench, &id).await.text("status"), Some("active"));

    bench.json("DELETE", &format!("/v1/subscriptions/{id}"), "").await;
    assert_eq!(
        bench.told().await,
        [
            "subscription.updated canceled",
            "subscription.canceled canceled",
            "subscription.revoked canceled",
            "benefit_grant.revoked",
            STATE
        ]
    );
}

#[tokio::test]
async fn a_deleted_customer_loses_everything_and_the_id_is_free() {
    let bench = Bench::new().await;
    bench.subscribe("plus").await;
    bench.settle().await;

    bench.json("DELETE", "/v1/customers/external/ada?anonymize=true", "").await;

    assert_eq!(
        bench.told().await,
        [
            "subscription.updated canceled",
            "subscription.canceled canceled",
            "subscription.revoked canceled",
            "benefit_grant.revoked",
            "customer.deleted"
        ]
    );
    assert_eq!(bench.ask("GET", "/v1/customers/external/ada", "").await.status, 404);
    bench.customer().await;
}
