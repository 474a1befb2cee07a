use domain::billing::CheckoutProgress;
use serde_json::json;

use super::*;
use crate::{
    billing::{
        BillingFailure, check_again,
        client::server::{fixture, list, with},
        given::{self, CHECKOUT},
    },
    both_engines, fetch_one,
    testing::{limited, set_email_verified},
};

const CREATE: &str = "POST /v1/checkouts/";

async fn checkouts(backend: &Backend) -> i64 {
    let mut tx = backend.db.system().read().await.unwrap();
    let (count,): (i64,) = fetch_one!(tx, r#"select count(*) from "polar_checkout""#).unwrap();
    count
}

fn checkout(status: &str) -> String {
    let changes = json!({ "status": status, "expires_at": "2026-05-05T06:00:00Z" });
    with(&fixture!("checkout.create.response"), changes)
}

both_engines! {
    async fn a_checkout_leads_to_polar_and_is_the_callers(db: TestDb) {
        let (w, polar) = given::world(db).await;
        polar.on(CREATE, 201, checkout("open"));
        let address = "::ffff:203.0.113.24".parse().unwrap();

        let page = start_checkout(&w.backend, &w.alice, "starter", Some(address)).await.unwrap();

        assert!(page.as_str().starts_with("https://sandbox.polar.sh/checkout/polar_c_"), "{page}");
        let asked = polar.asked_once().body;
        assert_eq!(asked["products"], json!([given::product("starter")]));
        assert_eq!(asked["external_customer_id"], "alice");
        assert_eq!(asked["customer_email"], "alice@example.com");
        assert_eq!(asked["customer_ip_address"], "203.0.113.24");
        assert_eq!(asked["success_url"], "http://localhost:3000/success?checkout_id={CHECKOUT_ID}");
        assert_eq!(asked["return_url"], "http://localhost:3000/pricing");
        let progress = checkout_progress(&w.backend, &w.alice, CHECKOUT).await.unwrap();
        assert_eq!(progress, CheckoutProgress::Open);
        let foreign = checkout_progress(&w.backend, &w.mallory, CHECKOUT).await.unwrap_err();
        assert!(matches!(foreign, Error::NotFound("checkout")), "{foreign:?}");
    }

    async fn it_is_the_callers_whatever_else_the_answer_says(db: TestDb) {
        let (w, polar) = given::world(db).await;
        polar.on(CREATE, 201, with(&checkout("open"), json!({ "external_customer_id": "mallory" })));

        start_checkout(&w.backend, &w.alice, "starter", None).await.unwrap();

        assert!(checkout_progress(&w.backend, &w.alice, CHECKOUT).await.is_ok());
        assert!(checkout_progress(&w.backend, &w.mallory, CHECKOUT).await.is_err());
    }

    async fn an_address_that_is_not_proven_is_not_told(db: TestDb) {
        let (w, polar) = given::world(db).await;
        polar.on(CREATE, 201, checkout("open"));
        set_email_verified(&w.backend, "alice@example.com", false).await;

        start_checkout(&w.backend, &w.alice, "starter", None).await.unwrap();

        let asked = polar.asked_once().body;
        assert!(asked.get("customer_email").is_none() && asked.get("customer_ip_address").is_none(), "{asked}");
    }

    async fn who_has_a_plan_is_refused_before_polar_is_asked(db: TestDb) {
        let (w, polar) = given::world(db).await;
        given::have_products(&w.backend).await;
        given::have_subscription(&w.backend, &given::subscription(json!({ "status": "past_due" }))).await;
        polar.on(CREATE, 201, checkout("open"));

        let second = start_checkout(&w.backend, &w.alice, "plus", None).await.unwrap_err();
        assert!(matches!(second, BillingFailure::AlreadySubscribed), "{second:?}");
        assert!(polar.calls().is_empty());

        assert!(start_checkout(&w.backend, &w.alice, "archive", None).await.is_ok(), "bought once");
        assert!(start_checkout(&w.backend, &w.mallory, "plus", None).await.is_ok());
    }

    async fn what_is_not_sold_cannot_be_bought(db: TestDb) {
        let (w, polar) = given::world(db).await;

        let failure = start_checkout(&w.backend, &w.alice, "everything", None).await.unwrap_err();

        assert!(matches!(failure, BillingFailure::ProductUnknown), "{failure:?}");
        assert!(polar.calls().is_empty());
    }

    async fn a_page_that_is_not_polars_is_not_shown(db: TestDb) {
        let (w, polar) = given::world(db).await;
        polar.on(CREATE, 201, with(&checkout("open"), json!({ "url": "https://pay.evil.example/" })));

        let failure = start_checkout(&w.backend, &w.alice, "starter", None).await.unwrap_err();

        assert!(matches!(failure, BillingFailure::NotCharged), "{failure:?}");
        assert_eq!(checkouts(&w.backend).await, 0);
    }

    async fn the_page_of_the_stand_in_is_polars(db: TestDb) {
        let (w, polar) = given::world(db).await;
        let page = polar.url.join("/checkout/polar_c_x").unwrap();
        polar.on(CREATE, 201, with(&checkout("open"), json!({ "url": page })));

        assert_eq!(start_checkout(&w.backend, &w.alice, "starter", None).await.unwrap(), page);
    }

    async fn while_polar_is_down_nobody_is_charged(db: TestDb) {
        let (w, polar) = given::world(db).await;
        polar.on(CREATE, 503, "");

        let failure = start_checkout(&w.backend, &w.alice, "starter", None).await.unwrap_err();

        assert_eq!(failure.sentence(), "Checkout didn't start. You haven't been charged.");
        assert_eq!(polar.calls().len(), 3, "an orphan expires by itself");
        assert_eq!(checkouts(&w.backend).await, 0);
    }

    async fn the_sixth_checkout_of_a_minute_waits(db: TestDb) {
        let (w, polar) = given::world(db).await;
        let backend = limited(w.backend.clone());
        polar.on(CREATE, 201, checkout("open"));

        for _ in 0..5 {
            start_checkout(&backend, &w.alice, "starter", None).await.unwrap();
        }
        let failure = start_checkout(&backend, &w.alice, "starter", None).await.unwrap_err();

        assert!(matches!(failure, BillingFailure::TooManyTries(_)), "{failure:?}");
        assert!(start_checkout(&backend, &w.mallory, "starter", None).await.is_ok());
    }

    async fn without_billing_nothing_starts(db: TestDb) {
        let w = crate::testing::World::new(db).await;

        let failure = start_checkout(&w.backend, &w.alice, "starter", None).await.unwrap_err();

        assert!(matches!(failure, BillingFailure::Off), "{failure:?}");
    }

    async fn a_checkout_is_done_when_the_plan_is_there(db: TestDb) {
        let (w, _polar) = given::world(db).await;
        let progress = async || checkout_progress(&w.backend, &w.alice, CHECKOUT).await.unwrap();

        given::have_checkout(&w.backend, &with(&checkout("confirmed"), json!({ "modified_at": "2026-05-04T05:00:00Z" }))).await;
        assert_eq!(progress().await, CheckoutProgress::Confirming);
        given::have_checkout(&w.backend, &with(&checkout("succeeded"), json!({ "modified_at": "2026-05-04T05:00:01Z" }))).await;
        assert_eq!(progress().await, CheckoutProgress::Confirming, "paid, and nothing to use yet");

        given::have_subscription(&w.backend, &given::subscription(json!({}))).await;
        assert_eq!(progress().await, CheckoutProgress::Done);
    }

    async fn a_purchase_is_done_when_its_order_is_paid(db: TestDb) {
        let (w, _polar) = given::world(db).await;
        given::have_checkout(&w.backend, &checkout("succeeded")).await;
        let bought = json!({
            "checkout_id": CHECKOUT,
            "subscription_id": null,
            "product_id": given::product("archive"),
            "status": "pending",
            "paid": false,
        });
        given::have_order(&w.backend, &given::order(bought.clone())).await;
        let waiting = checkout_progress(&w.backend, &w.alice, CHECKOUT).await.unwrap();
        assert_eq!(waiting, CheckoutProgress::Confirming);

        let paid = json!({ "status": "paid", "paid": true, "modified_at": "2026-05-04T05:00:00Z" });
        given::have_order(&w.backend, &with(&given::order(bought), paid)).await;

        let done = checkout_progress(&w.backend, &w.alice, CHECKOUT).await.unwrap();
        assert_eq!(done, CheckoutProgress::Done);
    }

    async fn a_checkout_ends_without_anybody_telling(db: TestDb) {
        let (w, _polar) = given::world(db).await;
        given::have_checkout(&w.backend, &checkout("open")).await;

        w.backend.clock.advance(std::time::Duration::from_hours(24));

        let progress = checkout_progress(&w.backend, &w.alice, CHECKOUT).await.unwrap();
        assert_eq!(progress, CheckoutProgress::Expired);
    }

    async fn asking_again_brings_what_no_webhook_brought(db: TestDb) {
        let (w, polar) = given::world(db).await;
        given::have_checkout(&w.backend, &checkout("open")).await;
        polar
            .on(&format!("GET /v1/checkouts/{CHECKOUT}"), 200, fixture!("checkout.get.succeeded.response"))
            .on("GET /v1/subscriptions/", 200, list(&[given::subscription(json!({}))]))
            .on("GET /v1/orders/", 200, fixture!("orders.list.response"));

        check_again(&w.backend, &w.alice).await.unwrap();

        let progress = checkout_progress(&w.backend, &w.alice, CHECKOUT).await.unwrap();
        assert_eq!(progress, CheckoutProgress::Done);
        assert_eq!(polar.calls().len(), 4);
        assert_eq!(polar.asked()[1].query["external_customer_id"], "alice");
        assert_eq!(polar.asked()[2].query["created_after"], "2026-05-01T12:00:00Z");
    }
}
