//! What we send and read, against the bodies of Polar's reference.

use domain::UserId;
use serde_json::{Value, json};

use super::{
    server::{Polar, fixture},
    tests::{client, selling},
    *,
};
use crate::billing::wire;

const SUBSCRIPTION: &str = "PATCH /v1/subscriptions/s";

/// A request of the fixtures, without the keys that we leave out.
fn request(text: &str, without: &[&str]) -> Value {
    let mut body: Value = serde_json::from_str(text).unwrap();
    for key in without {
        body.as_object_mut().unwrap().remove(*key).unwrap();
    }
    body
}

#[tokio::test]
async fn a_checkout_a_customer_and_a_session_are_asked_for_as_polar_wants_it() {
    let polar = Polar::new().await;
    polar
        .on("POST /v1/checkouts/", 201, fixture!("checkout.create.response"))
        .on("POST /v1/customers/", 201, fixture!("customer.create.response"))
        .on("POST /v1/customer-sessions/", 201, fixture!("customer-session.create.response"));
    let backend = selling(&polar).await;
    let user = UserId::new("alice");
    let checkout = NewCheckout {
        product: "150fbdaf-7193-472f-b8f7-7cdcebb84548",
        user: &user,
        email: None,
        success_url: "http://localhost:3000/success?checkout_id={CHECKOUT_ID}",
        return_url: "http://localhost:3000/pricing",
        ip_address: Some("203.0.113.24".to_owned()),
        embed_origin: None,
        codes: true,
        trial: true,
    };
    let customer =
        NewCustomer { user: &user, email: "mira.okafor@example.com", name: "Mira Okafor" };
    let back = "http://localhost:3000/dashboard/payment";

    client(&backend).create_checkout(&checkout).await.unwrap();
    client(&backend).create_customer(&customer).await.unwrap();
    client(&backend).create_session(Customer::Ours(&user), back).await.unwrap();

    let sent: Vec<Value> = polar.asked().into_iter().map(|asked| asked.body).collect();
    assert_eq!(
        sent,
        [
            // What a browser may have written says nothing about anybody.
            request(&fixture!("checkout.create.request"), &["metadata"]),
            request(&fixture!("customer.create.request"), &["metadata"]),
            request(&fixture!("customer-session.create.request"), &[]),
        ]
    );
}

#[tokio::test]
async fn uses_are_told_as_polar_wants_it() {
    let polar = Polar::new().await;
    polar.on("POST /v1/events/ingest", 200, fixture!("events.ingest.response"));
    let backend = selling(&polar).await;
    let user = UserId::new("alice");
    let metadata = json!({ "route": "/v1/accounts", "units": 1 });
    let event = Event { id: "req_01J9Z6N0C4", name: "api_call", user: &user, at: None, metadata };

    client(&backend).ingest(&[event]).await.unwrap();

    assert_eq!(polar.asked_once().body, request(&fixture!("events.ingest.request"), &[]));
}

#[tokio::test]
async fn each_change_of_a_subscription_is_one_that_polar_knows_and_none_ends_it_at_once() {
    let polar = Polar::new().await;
    polar.on(SUBSCRIPTION, 200, fixture!("subscription.get.response"));
    let backend = selling(&polar).await;
    let now = Change::Product { id: "8d0fb5cb-3b51-41ab-84de-b643e7d17e7d", proration: "invoice" };
    let later =
        Change::Product { id: "f48a2952-9ca3-4940-a2ea-d7978b0c2ca8", proration: "next_period" };
    let changes = [
        Change::Cancel { reason: Some("too_expensive"), comment: None },
        Change::Uncancel,
        now,
        later,
        Change::KeepPlan,
        Change::Resume,
        Change::DoNotPause,
    ];
    for change in &changes {
        client(&backend).update_subscription("s", change).await.unwrap();
    }

    let sent: Vec<Value> = polar.asked().into_iter().map(|asked| asked.body).collect();
    assert_eq!(
        sent[..4],
        [
            request(&fixture!("subscription.update.cancel.request"), &[]),
            request(&fixture!("subscription.update.uncancel.request"), &[]),
            request(&fixture!("subscription.update.change-plan.request"), &[]),
            request(&fixture!("subscription.update.change-plan-later.request"), &[]),
        ]
    );
    let at_once = request(&fixture!("subscription.update.revoke.request"), &[]);
    for key in at_once.as_object().unwrap().keys() {
        assert!(sent.iter().all(|body| body.get(key).is_none()), "{sent:?}");
    }
}

#[tokio::test]
async fn customers_are_read_by_our_id_and_by_their_address() {
    let polar = Polar::new().await;
    polar
        .on("GET /v1/customers/external/alice", 200, fixture!("customer.external.get.response"))
        .on("GET /v1/customers/", 200, fixture!("customers.list-by-email.response"));
    let backend = selling(&polar).await;

    let ours = client(&backend).customer(&UserId::new("alice")).await.unwrap().data;
    let found = client(&backend).customers_by_email("mira.okafor@example.com").await.unwrap();

    assert_eq!(ours.external_id.as_deref(), Some("alice"));
    let ids: Vec<&str> = found.items.iter().map(|answer| &*answer.data.id).collect();
    assert_eq!(ids, [&*ours.id]);
    assert_eq!(polar.asked()[1].query["email"], "mira.okafor@example.com");
}

#[tokio::test]
async fn a_customer_whose_charge_failed_has_no_active_subscription_at_polar() {
    let polar = Polar::new().await;
    let path = "GET /v1/customers/external/alice/state";
    polar.on(path, 200, fixture!("customer.state.past-due.response"));
    let backend = selling(&polar).await;

    let state = client(&backend).customer_state(&UserId::new("alice")).await.unwrap().data;

    assert!(state.active_subscriptions.is_empty());
    assert_eq!(state.customer.external_id.as_deref(), Some("Qp3nV8tKc5sWm1RzH7yBx0LgEj2uTdF9"));
}

#[test]
fn the_catalogue_names_the_meters_of_polar() {
    #[derive(serde::Deserialize)]
    struct List {
        items: Vec<Named>,
    }
    #[derive(serde::Deserialize)]
    struct Named {
        id: String,
        name: String,
    }
    let meters: List = serde_json::from_str(&fixture!("meters.list.response")).unwrap();
    let products: Value = serde_json::from_str(&fixture!("products.list.response")).unwrap();

    let named: Vec<(String, String)> = products["items"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|item| {
            let product: wire::Product = wire::read(&item.to_string()).unwrap();
            crate::billing::products::meters_of(&json!(product.prices).to_string())
        })
        .collect();

    let listed: Vec<_> = meters.items.into_iter().map(|meter| (meter.id, meter.name)).collect();
    assert_eq!(named, listed);
}
