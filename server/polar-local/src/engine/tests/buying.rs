//! Checkouts and purchases.

use super::{PAID, STATE, sub};
use crate::{json::Json, testing::Bench};

#[tokio::test]
async fn a_purchase_is_told_in_polars_order() {
    let bench = Bench::new().await;
    bench.subscribe("plus").await;

    let told = bench.told().await;

    assert_eq!(
        told,
        [
            "customer.created",
            "checkout.created open",
            "checkout.updated confirmed",
            "customer.updated",
            "subscription.created active",
            "subscription.active active",
            "subscription.updated active",
            "order.created paid",
            "order.updated paid",
            "order.paid paid",
            "checkout.updated succeeded",
            "benefit_grant.created",
            STATE,
        ]
    );
}

#[tokio::test]
async fn a_purchase_of_a_stranger_makes_the_customer() {
    let bench = Bench::new().await;
    let checkout = bench.checkout("archive").await;
    assert_eq!(bench.pay(&checkout, "4242424242424242").await, "yes");

    let told = bench.told().await;

    assert_eq!(
        told,
        [
            "checkout.created open",
            "checkout.updated confirmed",
            "customer.created",
            "order.created paid",
            "order.updated paid",
            "order.paid paid",
            "checkout.updated succeeded",
            STATE,
        ]
    );
    let customer = bench.json("GET", "/v1/customers/external/ada", "").await;
    assert_eq!(customer.text("email"), Some("buyer@example.com"));
}

#[tokio::test]
async fn a_trial_begins_free_and_converts() {
    let bench = Bench::new().await;
    let id = bench.subscribe("starter").await;
    let told = bench.told().await;
    assert!(told.contains(&"subscription.active trialing".to_owned()));
    let orders = bench.json("GET", "/v1/orders/", "").await;
    assert_eq!(orders.get("items").unwrap().items()[0].get("total_amount"), Some(&Json::from(0)));

    bench.advance("P8D").await;

    let told = bench.told().await;
    let mut expected =
        vec!["subscription.cycled active", "subscription.updated active", "order.created pending"];
    expected.extend(PAID);
    expected.push(STATE);
    assert_eq!(told, expected);
    assert_eq!(sub(&bench, &id).await.text("current_period_start"), Some("2026-03-09T09:00:00Z"));
}

#[tokio::test]
async fn a_declined_card_leaves_the_checkout_open() {
    let bench = Bench::new().await;
    bench.customer().await;
    let checkout = bench.checkout("plus").await;
    bench.settle().await;

    assert_eq!(bench.pay(&checkout, "4000000000000002").await, "no");
    assert_eq!(bench.told().await, ["checkout.updated open"]);
    bench.faults(r#"[{"late_decline":true}]"#).await;
    assert_eq!(bench.pay(&checkout, "4000000000009995").await, "no");
    assert_eq!(bench.told().await, ["checkout.updated confirmed", "checkout.updated open"]);
    let orders = bench.json("GET", "/v1/orders/", "").await;
    assert!(orders.get("items").unwrap().items().is_empty());
    assert_eq!(bench.pay(&checkout, "4242424242424242").await, "yes");
}

#[tokio::test]
async fn paying_twice_pays_once() {
    let bench = Bench::new().await;
    bench.customer().await;
    let checkout = bench.checkout("plus").await;

    let (first, second) = tokio::join!(
        bench.pay(&checkout, "4242424242424242"),
        bench.pay(&checkout, "4242424242424242")
    );

    assert_eq!((first.as_str(), second.as_str()), ("yes", "yes"));
    let orders = bench.json("GET", "/v1/orders/", "").await;
    assert_eq!(orders.get("items").unwrap().items().len(), 1);
}

#[tokio::test]
async fn a_second_subscription_is_refused() {
    let bench = Bench::new().await;
    bench.subscribe("plus").await;
    let checkout = bench.checkout("premium").await;

    assert_eq!(bench.pay(&checkout, "4242424242424242").await, "no");

    let once = bench.checkout("archive").await;
    assert_eq!(bench.pay(&once, "4242424242424242").await, "yes");
}

#[tokio::test]
async fn a_checkout_expires_after_a_day() {
    let bench = Bench::new().await;
    bench.customer().await;
    let checkout = bench.checkout("plus").await;
    bench.settle().await;

    bench.advance("P1D").await;

    assert_eq!(bench.told().await, ["checkout.expired expired"]);
    assert_eq!(bench.pay(&checkout, "4242424242424242").await, "no");
}

#[tokio::test]
async fn creation_has_no_modified_at_and_every_event_its_own_time() {
    let bench = Bench::new().await;
    bench.subscribe("plus").await;

    let received = bench.settle().await;

    let of_subscription: Vec<_> =
        received.iter().filter(|event| event.kind().starts_with("subscription.")).collect();
    for event in &of_subscription {
        assert_eq!(event.json().get("data").unwrap().get("modified_at"), Some(&Json::Null));
    }
    let mut times: Vec<_> =
        received.iter().map(|event| event.json().text("timestamp").unwrap().to_owned()).collect();
    times.dedup();
    assert_eq!(times.len(), received.len());
}
