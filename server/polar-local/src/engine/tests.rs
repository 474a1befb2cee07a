//! The lifecycles: what is told, and in which order.

use crate::{
    json::Json,
    testing::{Bench, product},
};

const PAID: [&str; 2] = ["order.updated paid", "order.paid paid"];
const STATE: &str = "customer.state_changed";

async fn sub(bench: &Bench, id: &str) -> Json {
    bench.json("GET", &format!("/v1/subscriptions/{id}"), "").await
}

async fn patch(bench: &Bench, id: &str, body: &str) -> Json {
    bench.json("PATCH", &format!("/v1/subscriptions/{id}"), body).await
}

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
