use domain::plan::{Interval, Plan, offer};
use serde_json::{Value, json};

use super::*;
use crate::{
    billing::{
        client::server::{fixture, with},
        get_subscription_details,
        given::{self, ORDER},
    },
    both_engines, fetch_all,
    testing::{World, limited},
};

const PATCH: &str = "PATCH /v1/subscriptions/ad5c0922-46dc-43a2-a20c-a84c4c23e1e2";
const SESSION: &str = "POST /v1/customer-sessions/";
const INVOICE: &str = "/v1/orders/6e9372b0-d1e6-4731-b399-9837da9f700e/invoice";

/// Alice has Starter.
async fn starter(w: &World) {
    given::have_products(&w.backend).await;
    given::have_subscription(&w.backend, &given::subscription(json!({}))).await;
    given::forget_jobs(&w.backend).await;
    tick(w);
}

/// So that the trail has an order.
fn tick(w: &World) {
    w.backend.clock.advance(std::time::Duration::from_secs(1));
}

/// What Polar answers to a change that it makes.
fn changed(changes: Value) -> String {
    with(&given::subscription(json!({ "modified_at": "2026-05-04T11:59:59.5Z" })), changes)
}

/// The trail of Alice's plan, the oldest first: outcome and data.
async fn trail(w: &World) -> Vec<(String, String)> {
    let mut tx = w.backend.db.system().read().await.unwrap();
    fetch_all!(
        tx,
        r#"select "outcome", "data" from "audit_event" where "userId" = 'alice' and "action" = 'plan_changed' order by "at", "id""#,
    )
    .unwrap()
}

fn change(from: &domain::billing::SubscriptionView, slug: &str) -> When {
    let to = offer(slug).unwrap();
    When::for_change(from, to.plan, to.interval)
}

both_engines! {
    async fn more_is_paid_and_had_at_once(db: TestDb) {
        let (w, polar) = given::world(db).await;
        starter(&w).await;
        polar.on(PATCH, 200, changed(json!({ "product_id": given::product("plus"), "amount": 1_900 })));

        change_plan(&w.backend, &w.alice, "plus", When::Now).await.unwrap();

        assert_eq!(
            polar.asked_once().body,
            json!({ "product_id": given::product("plus"), "proration_behavior": "invoice" })
        );
        let shown = get_subscription_details(&w.backend, &w.alice).await.unwrap().unwrap();
        assert_eq!((shown.plan, shown.amount), (Some(Plan::Plus), 1_900));
        assert_eq!(trail(&w).await.len(), 2, "it began, and it changed");
    }

    async fn less_comes_with_the_next_period_and_can_be_withdrawn(db: TestDb) {
        let (w, polar) = given::world(db).await;
        starter(&w).await;
        let pending = json!({
            "applies_at": "2026-06-01T09:00:00Z",
            "product_id": given::product("starter-yearly"),
        });
        polar
            .on(PATCH, 200, changed(json!({ "pending_update": pending })))
            .on(PATCH, 200, changed(json!({ "modified_at": "2026-05-04T12:00:00.5Z" })));

        change_plan(&w.backend, &w.alice, "starter-yearly", When::NextPeriod).await.unwrap();
        change_plan(&w.backend, &w.alice, "starter-yearly", When::NextPeriod).await.unwrap();
        let waiting = get_subscription_details(&w.backend, &w.alice).await.unwrap().unwrap();
        assert_eq!(waiting.pending_product_id.as_deref(), Some(given::product("starter-yearly")));
        assert_eq!(waiting.plan, Some(Plan::Starter));
        tick(&w);

        keep_plan(&w.backend, &w.alice).await.unwrap();
        keep_plan(&w.backend, &w.alice).await.unwrap();
        let kept = get_subscription_details(&w.backend, &w.alice).await.unwrap().unwrap();
        assert_eq!(kept.pending_product_id, None);

        let bodies: Vec<Value> = polar.asked().into_iter().map(|asked| asked.body).collect();
        assert_eq!(
            bodies,
            [
                json!({ "product_id": given::product("starter-yearly"), "proration_behavior": "next_period" }),
                json!({ "pending_update": null }),
            ]
        );
        let told: Vec<String> = trail(&w).await.into_iter().map(|(_, data)| data).collect();
        assert!(told[1].contains("next_period") && told[2].contains("keep_plan"), "{told:?}");
    }

    async fn choosing_what_one_has_withdraws_the_change(db: TestDb) {
        let (w, polar) = given::world(db).await;
        starter(&w).await;
        change_plan(&w.backend, &w.alice, "starter", When::Now).await.unwrap();
        assert!(polar.calls().is_empty(), "there is nothing to change");

        let pending = json!({ "pending_update": { "product_id": given::product("plus") } });
        given::have_subscription(&w.backend, &changed(pending)).await;
        polar.on(PATCH, 200, changed(json!({ "modified_at": "2026-05-04T12:00:00.5Z" })));
        change_plan(&w.backend, &w.alice, "starter", When::Now).await.unwrap();
        assert_eq!(polar.asked_once().body, json!({ "pending_update": null }));
    }

    async fn a_declined_card_changes_nothing_and_is_noted(db: TestDb) {
        let (w, polar) = given::world(db).await;
        starter(&w).await;
        polar.on(PATCH, 402, fixture!("errors/402.payment-failed"));

        let failure = change_plan(&w.backend, &w.alice, "plus", When::Now).await.unwrap_err();

        assert!(matches!(failure, BillingFailure::PaymentFailed), "{failure:?}");
        let shown = get_subscription_details(&w.backend, &w.alice).await.unwrap().unwrap();
        assert_eq!(shown.plan, Some(Plan::Starter));
        assert_eq!(trail(&w).await.pop().unwrap().0, "refused");
    }

    async fn a_change_on_top_of_another_waits(db: TestDb) {
        let (w, polar) = given::world(db).await;
        starter(&w).await;
        polar.on(PATCH, 409, fixture!("errors/409.subscription-locked"));

        let failure = change_plan(&w.backend, &w.alice, "plus", When::Now).await.unwrap_err();

        assert_eq!((failure.code(), failure.status()), ("SUBSCRIPTION_LOCKED", 409));
    }

    async fn while_polar_is_down_a_change_is_asked_for_once_and_looked_up_later(db: TestDb) {
        let (w, polar) = given::world(db).await;
        starter(&w).await;
        polar.on(PATCH, 502, "");

        let failure = change_plan(&w.backend, &w.alice, "plus", When::Now).await.unwrap_err();

        assert_eq!(failure.sentence(), "Billing can't be reached right now. Nothing was changed.");
        assert_eq!(polar.calls().len(), 1, "a second one could be a second invoice");
        assert_eq!(given::waiting(&w.backend, "reconcileSubscription").await, 1);
    }

    async fn what_is_canceled_goes_on_to_its_end_and_can_be_taken_back(db: TestDb) {
        let (w, polar) = given::world(db).await;
        starter(&w).await;
        let canceled = json!({
            "cancel_at_period_end": true,
            "canceled_at": "2026-05-04T11:59:59Z",
            "ends_at": "2026-06-01T09:00:00Z",
        });
        polar
            .on(PATCH, 200, changed(canceled))
            .on(PATCH, 200, changed(json!({ "modified_at": "2026-05-04T12:00:00.5Z" })));

        cancel(&w.backend, &w.alice, Some("too_expensive"), Some("  For now. ")).await.unwrap();
        cancel(&w.backend, &w.alice, None, None).await.unwrap();
        let ending = get_subscription_details(&w.backend, &w.alice).await.unwrap().unwrap();
        assert!(ending.access && ending.cancel_at_period_end);
        let failure = change_plan(&w.backend, &w.alice, "plus", When::Now).await.unwrap_err();
        assert!(matches!(failure, BillingFailure::Ending), "{failure:?}");

        resume(&w.backend, &w.alice).await.unwrap();
        let going_on = get_subscription_details(&w.backend, &w.alice).await.unwrap().unwrap();
        assert!(!going_on.cancel_at_period_end);
        let bodies: Vec<Value> = polar.asked().into_iter().map(|asked| asked.body).collect();
        assert_eq!(
            bodies,
            [
                json!({
                    "cancel_at_period_end": true,
                    "customer_cancellation_reason": "too_expensive",
                    "customer_cancellation_comment": "For now.",
                }),
                json!({ "cancel_at_period_end": false }),
            ]
        );
    }

    async fn a_reason_that_polar_does_not_know_is_not_sent(db: TestDb) {
        let (w, polar) = given::world(db).await;
        starter(&w).await;
        polar.on(PATCH, 200, changed(json!({ "cancel_at_period_end": true })));

        cancel(&w.backend, &w.alice, Some("bored"), Some(" ")).await.unwrap();

        assert_eq!(polar.asked_once().body, json!({ "cancel_at_period_end": true }));
    }

    async fn what_had_ended_at_polar_is_looked_up(db: TestDb) {
        let (w, polar) = given::world(db).await;
        starter(&w).await;
        polar.on(PATCH, 403, fixture!("errors/403.already-canceled"));

        let failure = cancel(&w.backend, &w.alice, None, None).await.unwrap_err();

        assert!(matches!(failure, BillingFailure::NoSubscription), "{failure:?}");
        assert_eq!(given::waiting(&w.backend, "reconcileSubscription").await, 1);
    }

    async fn a_pause_ends_on_demand(db: TestDb) {
        let (w, polar) = given::world(db).await;
        let paused = json!({ "status": "paused", "paused_at": "2026-05-01T00:00:00Z" });
        given::have_subscription(&w.backend, &given::subscription(paused)).await;
        polar.on(PATCH, 200, changed(json!({})));
        let failure = cancel(&w.backend, &w.alice, None, None).await.unwrap_err();
        assert!(matches!(failure, BillingFailure::NoSubscription), "{failure:?}");

        resume(&w.backend, &w.alice).await.unwrap();

        assert_eq!(polar.asked_once().body, json!({ "resume": true }));
        let failure = resume(&w.backend, &w.alice).await.unwrap_err();
        assert!(matches!(failure, BillingFailure::NoSubscription), "nothing stops: {failure:?}");
    }

    async fn nobody_changes_somebody_elses_plan(db: TestDb) {
        let (w, polar) = given::world(db).await;
        starter(&w).await;
        given::have_order(&w.backend, &given::order(json!({}))).await;

        let failures = [
            change_plan(&w.backend, &w.mallory, "plus", When::Now).await.unwrap_err(),
            keep_plan(&w.backend, &w.mallory).await.unwrap_err(),
            cancel(&w.backend, &w.mallory, None, None).await.unwrap_err(),
            resume(&w.backend, &w.mallory).await.unwrap_err(),
        ];
        assert!(failures.iter().all(|failure| failure.code() == "NO_SUBSCRIPTION"), "{failures:?}");
        let failure = invoice(&w.backend, &w.mallory, ORDER).await.unwrap_err();
        assert!(matches!(failure, BillingFailure::NotFound), "{failure:?}");
        assert!(polar.calls().is_empty());
    }

    async fn only_plans_can_be_changed_to(db: TestDb) {
        let (w, polar) = given::world(db).await;
        starter(&w).await;

        for slug in ["archive", "api", "everything"] {
            let failure = change_plan(&w.backend, &w.alice, slug, When::Now).await.unwrap_err();
            assert!(matches!(failure, BillingFailure::ProductUnknown), "{slug}: {failure:?}");
        }
        assert!(polar.calls().is_empty());
    }

    async fn the_portal_opens_for_its_customer_and_leads_back(db: TestDb) {
        let (w, polar) = given::world(db).await;
        polar.on(SESSION, 201, fixture!("customer-session.create.response"));

        let page = open_portal(&w.backend, &w.alice, "/billing?tab=cards").await.unwrap();
        open_portal(&w.backend, &w.alice, "https://evil.example/").await.unwrap();

        assert_eq!(page.host_str(), Some("sandbox.polar.sh"));
        let asked = polar.asked();
        assert_eq!(
            asked[0].body,
            json!({ "external_customer_id": "alice", "return_url": "http://localhost:3000/billing?tab=cards" })
        );
        assert_eq!(asked[1].body["return_url"], "http://localhost:3000/billing");
    }

    async fn the_portal_makes_the_customer_it_needs(db: TestDb) {
        let (w, polar) = given::world(db).await;
        polar
            .on(SESSION, 422, fixture!("errors/422.no-such-customer"))
            .on(SESSION, 201, fixture!("customer-session.create.response"))
            .on("POST /v1/customers/", 201, fixture!("customer.create.response"));

        open_portal(&w.backend, &w.alice, "/billing").await.unwrap();

        assert_eq!(polar.calls(), [SESSION, "POST /v1/customers/", SESSION]);
    }

    async fn a_portal_elsewhere_is_not_shown(db: TestDb) {
        let (w, polar) = given::world(db).await;
        let elsewhere = json!({ "customer_portal_url": "https://evil.example/portal" });
        polar.on(SESSION, 201, with(&fixture!("customer-session.create.response"), elsewhere));

        let failure = open_portal(&w.backend, &w.alice, "/billing").await.unwrap_err();

        assert!(matches!(failure, BillingFailure::Unavailable), "{failure:?}");
    }

    async fn an_invoice_is_made_and_then_there(db: TestDb) {
        let (w, polar) = given::world(db).await;
        given::have_order(&w.backend, &given::order(json!({}))).await;
        let (get, post) = (format!("GET {INVOICE}"), format!("POST {INVOICE}"));
        polar.on(&post, 202, "");

        assert_eq!(invoice(&w.backend, &w.alice, ORDER).await.unwrap(), Invoice::BeingMade);
        polar.on(&get, 200, fixture!("order.invoice.get.response"));
        let ready = invoice(&w.backend, &w.alice, ORDER).await.unwrap();

        assert!(matches!(ready, Invoice::Ready(url) if url.host_str() == Some("invoices.example.com")));
        assert_eq!(polar.calls(), [&*get, &*post, &*get]);
    }

    async fn an_invoice_without_an_address_says_so(db: TestDb) {
        let (w, polar) = given::world(db).await;
        given::have_order(&w.backend, &given::order(json!({}))).await;
        let missing = r#"{"error":"MissingInvoiceBillingDetails","detail":""}"#;
        polar.on(&format!("POST {INVOICE}"), 422, missing);

        let failure = invoice(&w.backend, &w.alice, ORDER).await.unwrap_err();

        assert!(matches!(failure, BillingFailure::BillingDetailsMissing), "{failure:?}");
    }

    async fn whoever_clicks_all_day_waits(db: TestDb) {
        let (w, polar) = given::world(db).await;
        starter(&w).await;
        polar.on(PATCH, 402, fixture!("errors/402.payment-failed"));
        let backend = limited(w.backend.clone());

        for _ in 0..10 {
            change_plan(&backend, &w.alice, "plus", When::Now).await.unwrap_err();
        }
        let failure = change_plan(&backend, &w.alice, "plus", When::Now).await.unwrap_err();

        assert!(matches!(failure, BillingFailure::TooManyTries(_)), "{failure:?}");
        assert_eq!(polar.calls().len(), 10);
    }

    async fn more_is_had_now_and_less_later(db: TestDb) {
        let (w, _polar) = given::world(db).await;
        starter(&w).await;
        let from = get_subscription_details(&w.backend, &w.alice).await.unwrap().unwrap();
        let to = |slug| change(&from, slug);
        assert_eq!((from.plan, from.interval()), (Some(Plan::Starter), Some(Interval::Month)));

        assert_eq!(to("plus"), When::Now);
        assert_eq!(to("starter-yearly"), When::Now);
        let yearly = domain::billing::SubscriptionView { recurring_interval: "year".into(), plan: Some(Plan::Plus), ..from.clone() };
        let to = |slug| change(&yearly, slug);
        assert_eq!(to("starter-yearly"), When::NextPeriod);
        assert_eq!(to("plus"), When::NextPeriod);
        assert_eq!(to("premium"), When::Now);
    }
}
