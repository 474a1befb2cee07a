//! Other plans.

use super::{STATE, patch, sub};
use crate::{
    json::Json,
    testing::{Bench, product},
};

#[tokio::test]
async fn a_plan_change_is_invoiced_to_the_second() {
    let bench = Bench::new().await;
    let id = bench.subscribe("plus").await;
    bench.advance("P10D").await;
    bench.settle().await;

    let body =
        format!(r#"{{"product_id":"{}","proration_behavior":"invoice"}}"#, product("premium"));
    patch(&bench, &id, &body).await;

    assert_eq!(
        bench.told().await,
        [
            "order.created pending",
            "order.updated paid",
            "order.paid paid",
            "subscription.updated active",
            "benefit_grant.revoked",
            "benefit_grant.created",
            STATE,
        ]
    );
    let orders = bench.json("GET", "/v1/orders/?limit=1", "").await;
    let order = &orders.get("items").unwrap().items()[0];
    let amounts: Vec<_> =
        order.get("items").unwrap().items().iter().map(|i| i.get("amount")).collect();
    // 21 of 31 days are left.
    assert_eq!(amounts, [Some(&Json::from(3_319)), Some(&Json::from(-1_287))]);
    assert_eq!(order.text("billing_reason"), Some("subscription_update"));
}

#[tokio::test]
async fn a_plan_change_that_is_not_paid_changes_nothing() {
    let bench = Bench::new().await;
    let id = bench.subscribe("plus").await;
    bench.act("fail-next", &id).await;
    bench.settle().await;

    let body =
        format!(r#"{{"product_id":"{}","proration_behavior":"invoice"}}"#, product("premium"));
    let answer = bench.ask("PATCH", &format!("/v1/subscriptions/{id}"), &body).await;

    assert_eq!(answer.status, 402);
    assert_eq!(answer.json().text("error"), Some("PaymentFailed"));
    assert!(bench.kinds().await.is_empty());
    assert_eq!(sub(&bench, &id).await.text("product_id"), Some(product("plus")));
}

#[tokio::test]
async fn a_plan_change_can_wait_for_the_next_period() {
    let bench = Bench::new().await;
    let id = bench.subscribe("premium").await;
    bench.settle().await;
    let before = sub(&bench, &id).await;

    let body =
        format!(r#"{{"product_id":"{}","proration_behavior":"next_period"}}"#, product("plus"));
    let after = patch(&bench, &id, &body).await;

    assert_eq!(after.get("modified_at"), before.get("modified_at"));
    assert_eq!(after.get("pending_update").unwrap().text("product_id"), Some(product("plus")));
    assert_eq!(bench.told().await, ["subscription.updated active", STATE]);
    bench.advance("P1M").await;
    assert!(bench.kinds().await.contains(&"benefit_grant.revoked".to_owned()));
    let renewed = sub(&bench, &id).await;
    assert_eq!(renewed.text("product_id"), Some(product("plus")));
    assert_eq!(renewed.get("amount"), Some(&Json::from(1_900)));
    assert_eq!(renewed.get("pending_update"), Some(&Json::Null));
}

#[tokio::test]
async fn a_difference_can_wait_for_the_next_order() {
    let bench = Bench::new().await;
    let id = bench.subscribe("plus").await;
    bench.advance("P10D").await;
    bench.settle().await;

    let body =
        format!(r#"{{"product_id":"{}","proration_behavior":"prorate"}}"#, product("premium"));
    patch(&bench, &id, &body).await;
    assert_eq!(bench.told().await[0], "subscription.updated active");

    bench.advance("P1M").await;
    let orders = bench.json("GET", "/v1/orders/?limit=1", "").await;
    let order = &orders.get("items").unwrap().items()[0];
    assert_eq!(order.get("subtotal_amount"), Some(&Json::from(4_900 + 3_319 - 1_287)));
}

#[tokio::test]
async fn a_change_to_yearly_begins_a_year_and_keeps_a_credit() {
    let bench = Bench::new().await;
    let id = bench.subscribe("premium").await;
    let body = format!(
        r#"{{"product_id":"{}","proration_behavior":"invoice"}}"#,
        product("starter-yearly")
    );
    let yearly = patch(&bench, &id, &body).await;
    assert_eq!(yearly.text("recurring_interval"), Some("year"));
    assert_eq!(yearly.text("current_period_end").map(|at| &at[..10]), Some("2027-03-02"));

    let body =
        format!(r#"{{"product_id":"{}","proration_behavior":"invoice"}}"#, product("starter"));
    patch(&bench, &id, &body).await;
    let orders = bench.json("GET", "/v1/orders/?limit=1", "").await;
    let order = &orders.get("items").unwrap().items()[0];
    assert_eq!(order.get("due_amount"), Some(&Json::from(0)));
    assert!(order.get("applied_balance_amount").unwrap().as_i64().unwrap() > 0);

    bench.advance("P1M").await;
    let orders = bench.json("GET", "/v1/orders/?limit=1", "").await;
    let order = &orders.get("items").unwrap().items()[0];
    assert_eq!(order.get("due_amount"), Some(&Json::from(0)), "the credit pays the renewal");
}
