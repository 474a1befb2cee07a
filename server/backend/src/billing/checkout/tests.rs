use domain::billing::CheckoutProgress;
use serde_json::json;

use super::*;
use crate::{
    billing::{
        BillingFailure,
        client::server::{Polar, fixture, list, with},
        drift,
        given::{self, CHECKOUT},
    },
    both_engines, fetch_one,
    testing::{World, limited, set_email_verified},
};

const CREATE: &str = "POST /v1/checkouts/";
const ONE: &str = "GET /v1/checkouts/65538994-4c28-40b0-982c-d438d5e03cc0";
const SUBSCRIPTIONS: &str = "GET /v1/subscriptions/";
const ORDERS: &str = "GET /v1/orders/";
const STATE: &str = "GET /v1/customers/external/alice/state";

async fn checkouts(backend: &Backend) -> i64 {
    let mut tx = backend.db.system().read().await.unwrap();
    let (count,): (i64,) = fetch_one!(tx, r#"select count(*) from "polar_checkout""#).unwrap();
    count
}

fn checkout(status: &str) -> String {
    let changes = json!({ "status": status, "expires_at": "2026-05-05T06:00:00Z" });
    with(&fixture!("checkout.create.response"), changes)
}

async fn progress(w: &World) -> CheckoutProgress {
    checkout_progress(&w.backend, &w.alice, CHECKOUT).await.unwrap()
}

/// Polar has been paid, and has the subscription and its orders.
fn has_sold(polar: &Polar) {
    polar
        .on(ONE, 200, fixture!("checkout.get.succeeded.response"))
        .on(SUBSCRIPTIONS, 200, list(&[given::subscription(json!({}))]))
        .on(ORDERS, 200, fixture!("orders.list.response"));
}

/// Kinds of objects that were noted as differing, in order.
async fn drifted(w: &World) -> Vec<String> {
    let (rows, _) = drift(&w.backend, domain::PageRequest::default()).await.unwrap();
    let mut kinds: Vec<String> = rows.into_iter().map(|row| row.kind).collect();
    kinds.sort();
    kinds
}

both_engines! {
    async fn a_checkout_leads_to_polar_and_is_the_callers(db: TestDb) {
        let (w, polar) = given::world(db).await;
        polar.on(CREATE, 201, checkout("open")).on(ONE, 200, checkout("open"));
        let client_ip = Some("::ffff:203.0.113.24".parse().unwrap());
        let wish = Wish { client_ip, ..Wish::of("starter") };

        let page = start_checkout(&w.backend, &w.alice, wish).await.unwrap();

        assert!(page.as_str().starts_with("https://sandbox.polar.sh/checkout/polar_c_"), "{page}");
        let asked = polar.asked_once().body;
        assert_eq!(asked["products"], json!([given::product("starter")]));
        assert_eq!(asked["external_customer_id"], "alice");
        assert_eq!(asked["customer_email"], "alice@example.com");
        assert_eq!(asked["customer_ip_address"], "203.0.113.24");
        assert_eq!(asked["success_url"], "http://localhost:3000/success?checkout_id={CHECKOUT_ID}");
        assert_eq!(asked["return_url"], "http://localhost:3000/pricing");
        assert_eq!(progress(&w).await, CheckoutProgress::Open);
        let foreign = checkout_progress(&w.backend, &w.mallory, CHECKOUT).await.unwrap_err();
        assert!(matches!(foreign, Error::NotFound("checkout")), "{foreign:?}");
    }

    async fn it_is_the_callers_whatever_else_the_answer_says(db: TestDb) {
        let (w, polar) = given::world(db).await;
        polar.on(CREATE, 201, with(&checkout("open"), json!({ "external_customer_id": "mallory" })));

        start_checkout(&w.backend, &w.alice, Wish::of("starter")).await.unwrap();

        assert!(checkout_progress(&w.backend, &w.alice, CHECKOUT).await.is_ok());
        assert!(checkout_progress(&w.backend, &w.mallory, CHECKOUT).await.is_err());
    }

    async fn an_address_that_is_not_proven_is_not_told(db: TestDb) {
        let (w, polar) = given::world(db).await;
        polar.on(CREATE, 201, checkout("open"));
        set_email_verified(&w.backend, "alice@example.com", false).await;

        start_checkout(&w.backend, &w.alice, Wish::of("starter")).await.unwrap();

        let asked = polar.asked_once().body;
        assert!(asked.get("customer_email").is_none() && asked.get("customer_ip_address").is_none(), "{asked}");
    }

    async fn a_checkout_leads_to_pages_of_ours_alone(db: TestDb) {
        let (w, polar) = given::world(db).await;
        polar.on(CREATE, 201, checkout("open"));
        let own = Wish {
            success_path: Some("/dashboard?paid={CHECKOUT_ID}"),
            return_path: Some("/billing"),
            embedded: true,
            without_codes: true,
            ..Wish::of("starter")
        };
        let foreign = Wish {
            success_path: Some("//evil.example/"),
            return_path: Some("https://evil.example/"),
            ..Wish::of("starter")
        };

        start_checkout(&w.backend, &w.alice, own).await.unwrap();
        start_checkout(&w.backend, &w.alice, foreign).await.unwrap();

        let asked: Vec<_> = polar.asked().into_iter().map(|asked| asked.body).collect();
        assert_eq!(asked[0]["success_url"], "http://localhost:3000/dashboard?paid={CHECKOUT_ID}");
        assert_eq!(asked[0]["return_url"], "http://localhost:3000/billing");
        assert_eq!(asked[0]["embed_origin"], "http://localhost:3000");
        assert_eq!(asked[0]["allow_discount_codes"], false);
        assert_eq!(asked[1]["success_url"], "http://localhost:3000/success?checkout_id={CHECKOUT_ID}");
        assert_eq!(asked[1]["return_url"], "http://localhost:3000/pricing");
        assert!(asked[1].get("embed_origin").is_none() && asked[1]["allow_discount_codes"] == true);
    }

    async fn a_person_has_one_trial(db: TestDb) {
        let (w, polar) = given::world(db).await;
        polar.on(CREATE, 201, checkout("open"));
        let had = json!({ "status": "canceled", "ended_at": "2026-04-01T09:00:00Z" });
        given::have_subscription(&w.backend, &given::subscription(had)).await;

        start_checkout(&w.backend, &w.alice, Wish::of("plus")).await.unwrap();
        start_checkout(&w.backend, &w.mallory, Wish::of("plus")).await.unwrap();

        let asked = polar.asked();
        assert_eq!(asked[0].body["allow_trial"], false, "whatever it was a trial of");
        assert!(asked[1].body.get("allow_trial").is_none(), "{:?}", asked[1].body);
    }

    async fn who_has_a_plan_is_refused_before_polar_is_asked(db: TestDb) {
        let (w, polar) = given::world(db).await;
        given::have_products(&w.backend).await;
        given::have_subscription(&w.backend, &given::subscription(json!({ "status": "past_due" }))).await;
        polar.on(CREATE, 201, checkout("open"));

        let second = start_checkout(&w.backend, &w.alice, Wish::of("plus")).await.unwrap_err();
        assert!(matches!(second, BillingFailure::AlreadySubscribed), "{second:?}");
        assert!(polar.calls().is_empty());

        assert!(start_checkout(&w.backend, &w.alice, Wish::of("archive")).await.is_ok(), "bought once");
        assert!(start_checkout(&w.backend, &w.mallory, Wish::of("plus")).await.is_ok());
    }

    async fn what_is_not_sold_cannot_be_bought(db: TestDb) {
        let (w, polar) = given::world(db).await;

        let failure = start_checkout(&w.backend, &w.alice, Wish::of("everything")).await.unwrap_err();

        assert!(matches!(failure, BillingFailure::ProductUnknown), "{failure:?}");
        assert!(polar.calls().is_empty());
    }

    async fn a_page_that_is_not_polars_is_not_shown(db: TestDb) {
        let (w, polar) = given::world(db).await;
        polar.on(CREATE, 201, with(&checkout("open"), json!({ "url": "https://pay.evil.example/" })));

        let failure = start_checkout(&w.backend, &w.alice, Wish::of("starter")).await.unwrap_err();

        assert!(matches!(failure, BillingFailure::NotCharged), "{failure:?}");
        assert_eq!(checkouts(&w.backend).await, 0);
    }

    async fn the_page_of_the_stand_in_is_polars(db: TestDb) {
        let (w, polar) = given::world(db).await;
        let page = polar.url.join("/checkout/polar_c_x").unwrap();
        polar.on(CREATE, 201, with(&checkout("open"), json!({ "url": page })));

        assert_eq!(start_checkout(&w.backend, &w.alice, Wish::of("starter")).await.unwrap(), page);
    }

    async fn while_polar_is_down_nobody_is_charged(db: TestDb) {
        let (w, polar) = given::world(db).await;
        polar.on(CREATE, 503, "");

        let failure = start_checkout(&w.backend, &w.alice, Wish::of("starter")).await.unwrap_err();

        assert_eq!(failure.sentence(), "Checkout didn't start. You haven't been charged.");
        assert_eq!(polar.calls().len(), 3, "an orphan expires by itself");
        assert_eq!(checkouts(&w.backend).await, 0);
    }

    async fn the_sixth_checkout_of_a_minute_waits(db: TestDb) {
        let (w, polar) = given::world(db).await;
        let backend = limited(w.backend.clone());
        polar.on(CREATE, 201, checkout("open"));

        for _ in 0..5 {
            start_checkout(&backend, &w.alice, Wish::of("starter")).await.unwrap();
        }
        let failure = start_checkout(&backend, &w.alice, Wish::of("starter")).await.unwrap_err();

        assert!(matches!(failure, BillingFailure::TooManyTries(_)), "{failure:?}");
        assert!(start_checkout(&backend, &w.mallory, Wish::of("starter")).await.is_ok());
    }

    async fn without_billing_nothing_starts(db: TestDb) {
        let w = crate::testing::World::new(db).await;

        let failure = start_checkout(&w.backend, &w.alice, Wish::of("starter")).await.unwrap_err();

        assert!(matches!(failure, BillingFailure::Off), "{failure:?}");
    }

    async fn a_checkout_is_done_when_the_plan_is_there(db: TestDb) {
        let (w, polar) = given::world(db).await;

        given::have_checkout(&w.backend, &checkout("confirmed")).await;
        assert_eq!(progress(&w).await, CheckoutProgress::Confirming);
        let succeeded = json!({ "modified_at": "2026-05-04T05:00:01Z" });
        given::have_checkout(&w.backend, &with(&checkout("succeeded"), succeeded)).await;
        assert_eq!(progress(&w).await, CheckoutProgress::Confirming, "paid, and nothing to use yet");

        given::have_subscription(&w.backend, &given::subscription(json!({}))).await;
        assert_eq!(progress(&w).await, CheckoutProgress::Done);
        assert!(polar.calls().is_empty(), "what our tables say of a payment needs no second word");
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
        assert_eq!(progress(&w).await, CheckoutProgress::Confirming);

        let paid = json!({ "status": "paid", "paid": true, "modified_at": "2026-05-04T05:00:00Z" });
        given::have_order(&w.backend, &with(&given::order(bought), paid)).await;

        assert_eq!(progress(&w).await, CheckoutProgress::Done);
    }

    async fn that_nothing_was_paid_is_polars_word_and_not_ours(db: TestDb) {
        let (w, polar) = given::world(db).await;
        given::have_checkout(&w.backend, &checkout("open")).await;
        polar
            .on(ONE, 503, "")
            .on(ONE, 503, "")
            .on(ONE, 503, "")
            .on(ONE, 200, checkout("open"));

        assert_eq!(progress(&w).await, CheckoutProgress::Confirming, "nobody could be asked");
        assert_eq!(progress(&w).await, CheckoutProgress::Open);
        assert_eq!(polar.calls(), [ONE; 4], "open: nothing else was asked for");
    }

    async fn what_is_open_for_too_long_is_over_when_polar_says_so(db: TestDb) {
        let (w, polar) = given::world(db).await;
        given::have_checkout(&w.backend, &checkout("open")).await;
        w.backend.clock.advance(std::time::Duration::from_hours(24));

        assert_eq!(progress(&w).await, CheckoutProgress::Confirming, "Polar does not know it");
        let expired = with(&checkout("expired"), json!({ "modified_at": "2026-05-05T06:00:00Z" }));
        polar.on(ONE, 200, expired);
        assert_eq!(progress(&w).await, CheckoutProgress::Expired);
        assert_eq!(progress(&w).await, CheckoutProgress::Expired);

        assert_eq!(polar.calls(), [ONE; 2], "its word is kept");
    }

    async fn what_was_paid_is_here_at_the_first_look_though_no_webhook_came(db: TestDb) {
        let (w, polar) = given::world(db).await;
        given::have_checkout(&w.backend, &checkout("open")).await;
        has_sold(&polar);

        assert_eq!(progress(&w).await, CheckoutProgress::Done);

        assert_eq!(polar.calls(), [ONE, SUBSCRIPTIONS, ORDERS, STATE]);
        assert_eq!(drifted(&w).await, ["order", "order", "subscription"], "it was lost until now");
    }

    async fn pay_was_pressed_and_our_row_has_not_heard(db: TestDb) {
        let (w, polar) = given::world(db).await;
        given::have_checkout(&w.backend, &checkout("open")).await;
        polar.on(ONE, 200, fixture!("checkout.get.confirmed.response"));

        assert_eq!(progress(&w).await, CheckoutProgress::Confirming);
        assert_eq!(progress(&w).await, CheckoutProgress::Confirming);

        assert_eq!(polar.calls(), [ONE]);
    }

    async fn whoever_looks_all_the_time_hears_nothing_of_money(db: TestDb) {
        let (w, polar) = given::world(db).await;
        let w = World { backend: limited(w.backend.clone()), ..w };
        given::have_checkout(&w.backend, &checkout("open")).await;
        polar.on(ONE, 200, checkout("open"));

        for _ in 0..6 {
            assert_eq!(progress(&w).await, CheckoutProgress::Open);
        }
        assert_eq!(progress(&w).await, CheckoutProgress::Confirming);
        assert_eq!(polar.calls().len(), 6);
    }

    async fn asking_again_brings_what_no_webhook_brought(db: TestDb) {
        let (w, polar) = given::world(db).await;
        given::have_checkout(&w.backend, &checkout("open")).await;
        let newer = json!({ "id": "another", "created_at": "2026-05-04T05:30:00Z" });
        given::have_checkout(&w.backend, &with(&checkout("open"), newer)).await;
        has_sold(&polar);

        check_again(&w.backend, &w.alice, CHECKOUT).await.unwrap();

        assert_eq!(polar.calls(), [ONE, SUBSCRIPTIONS, ORDERS, STATE], "the one that was named");
        assert_eq!(polar.asked()[1].query["external_customer_id"], "alice");
        assert_eq!(polar.asked()[2].query["created_after"], "2026-05-01T12:00:00Z");
        assert_eq!(progress(&w).await, CheckoutProgress::Done);
        assert_eq!(drifted(&w).await, ["order", "order", "subscription"]);

        check_again(&w.backend, &w.alice, CHECKOUT).await.unwrap();
        assert_eq!(drifted(&w).await.len(), 3, "what is as Polar has it is no difference");
    }

    async fn nobody_asks_for_somebody_elses_checkout(db: TestDb) {
        let (w, polar) = given::world(db).await;
        given::have_checkout(&w.backend, &checkout("open")).await;

        let failure = check_again(&w.backend, &w.mallory, CHECKOUT).await.unwrap_err();

        assert!(matches!(failure, BillingFailure::NotFound), "{failure:?}");
        assert!(polar.calls().is_empty());
    }
}
