use std::time::Duration;

use domain::page::PageRequest;
use serde_json::{Value, json};

use super::*;
use crate::{
    billing::{
        self,
        client::server::{fixture, list, with},
        given::{self, ORDER, SUBSCRIPTION},
    },
    both_engines, fetch_one,
    jobs::run_due,
    testing::World,
};

const ONE: &str = "GET /v1/subscriptions/ad5c0922-46dc-43a2-a20c-a84c4c23e1e2";
const ALL: &str = "GET /v1/subscriptions/";
const ORDERS: &str = "GET /v1/orders/";
const ENDPOINTS: &str = "GET /v1/webhooks/endpoints";
const DELIVERIES: &str = "GET /v1/webhooks/deliveries";

/// One run of a job, and of what it enqueued for now.
async fn perform(w: &World, job: Job) {
    let mut tx = w.backend.db.system().write().await.unwrap();
    jobs::enqueue(&mut tx, &w.backend, &job, Options::default()).await.unwrap();
    tx.commit().await.unwrap();
    run_due(&w.backend).await.unwrap();
}

async fn status(w: &World) -> String {
    let mut tx = w.backend.db.system().read().await.unwrap();
    let (status,): (String,) = fetch_one!(tx, r#"select "status" from "subscription""#).unwrap();
    status
}

/// Field, ours, theirs and whether it is repaired; `-` where one of us had nothing.
async fn drifts(w: &World) -> Vec<(String, String, String, bool)> {
    let (rows, total) = drift(&w.backend, PageRequest::default()).await.unwrap();
    assert_eq!(total, i64::try_from(rows.len()).unwrap());
    let word = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
    let mut rows: Vec<_> = rows
        .into_iter()
        .map(|row| (row.field, word(row.ours), word(row.theirs), row.repaired))
        .collect();
    rows.sort();
    rows
}

fn drifted(
    field: &str,
    ours: &str,
    theirs: &str,
    repaired: bool,
) -> (String, String, String, bool) {
    (field.to_owned(), ours.to_owned(), theirs.to_owned(), repaired)
}

/// What Polar has by now: it ended, and no webhook told.
fn ended() -> String {
    given::subscription(json!({
        "status": "canceled",
        "ended_at": "2026-05-04T09:00:00Z",
        "modified_at": "2026-05-04T09:00:00Z",
    }))
}

fn endpoint(url: &str, enabled: bool) -> String {
    json!({ "id": "e", "url": url, "enabled": enabled, "secret": "whsec_x", "events": [] })
        .to_string()
}

fn failed(event: &str, succeeded: Value) -> String {
    json!({
        "id": "d",
        "succeeded": false,
        "webhook_event": { "id": event, "succeeded": succeeded, "is_archived": false },
    })
    .to_string()
}

both_engines! {
    async fn what_a_webhook_lost_is_repaired_and_noted(db: TestDb) {
        let (w, polar) = given::world(db).await;
        given::have_subscription(&w.backend, &given::subscription(json!({}))).await;
        given::forget_jobs(&w.backend).await;
        polar.on(ONE, 200, ended());
        w.backend.clock.advance(Duration::from_hours(24));

        perform(&w, Job::Reconcile).await;

        assert_eq!(polar.calls(), [ONE]);
        assert_eq!(status(&w).await, "canceled");
        assert_eq!(drifts(&w).await, [drifted("status", "active", "canceled", true)]);
    }

    async fn what_is_fresh_is_not_asked_about(db: TestDb) {
        let (w, polar) = given::world(db).await;
        given::have_subscription(&w.backend, &given::subscription(json!({}))).await;

        w.backend.clock.advance(Duration::from_hours(23));
        perform(&w, Job::Reconcile).await;

        assert_eq!(polar.calls().len(), 0);
    }

    async fn a_date_that_passed_is_asked_about_once_an_hour(db: TestDb) {
        let (w, polar) = given::world(db).await;
        let soon = given::subscription(json!({ "current_period_end": "2026-05-04T12:05:00Z" }));
        given::have_subscription(&w.backend, &soon).await;
        given::forget_jobs(&w.backend).await;
        polar.on(ONE, 200, soon);
        let minutes = |minutes| w.backend.clock.advance(Duration::from_mins(minutes));

        let mut calls = Vec::new();
        for wait in [14, 1, 15, 30, 15] {
            minutes(wait);
            perform(&w, Job::Reconcile).await;
            calls.push(polar.calls().len());
        }

        assert_eq!(calls, [0, 1, 1, 1, 2], "at 12:14, 12:15, 12:30, 13:00, 13:15");
        assert_eq!(drifts(&w).await, []);
    }

    async fn what_is_over_is_left_alone(db: TestDb) {
        let (w, polar) = given::world(db).await;
        given::have_subscription(&w.backend, &ended()).await;

        w.backend.clock.advance(Duration::from_hours(72));
        perform(&w, Job::Reconcile).await;

        assert_eq!(polar.calls().len(), 0);
    }

    async fn a_subscription_that_polar_does_not_have_stays_and_is_not_asked_about_again(db: TestDb) {
        let (w, polar) = given::world(db).await;
        given::have_subscription(&w.backend, &given::subscription(json!({}))).await;
        given::forget_jobs(&w.backend).await;
        w.backend.clock.advance(Duration::from_hours(24));

        perform(&w, Job::Reconcile).await;
        perform(&w, Job::Reconcile).await;

        assert_eq!(polar.calls(), [ONE]);
        assert_eq!(status(&w).await, "active");
    }

    async fn an_answer_never_raises_its_own_question(db: TestDb) {
        let (w, polar) = given::world(db).await;
        given::have_subscription(&w.backend, &ended()).await;
        given::forget_jobs(&w.backend).await;
        let job = || Job::ReconcileSubscription { subscription: SUBSCRIPTION.to_owned() };

        // An older row in a later picture, as a stand-in that began anew has it.
        polar.on(ONE, 200, given::subscription(json!({})));
        perform(&w, job()).await;
        let unknown = json!({ "status": "resting", "modified_at": "2026-05-04T10:00:00Z" });
        polar.forget(ONE).on(ONE, 200, given::subscription(unknown));
        perform(&w, job()).await;

        assert_eq!(polar.calls().len(), 2);
        assert_eq!(given::waiting(&w.backend, "reconcileSubscription").await, 0);
    }

    async fn a_question_that_waits_for_later_comes_sooner(db: TestDb) {
        let (w, polar) = given::world(db).await;
        let now = w.backend.clock.now();
        let mut tx = w.backend.db.system().write().await.unwrap();
        enqueue_at(&mut tx, &w.backend, SUBSCRIPTION, now + time::Duration::HOUR).await.unwrap();
        enqueue_subscription(&mut tx, &w.backend, SUBSCRIPTION).await.unwrap();
        enqueue_at(&mut tx, &w.backend, SUBSCRIPTION, now + time::Duration::HOUR).await.unwrap();
        tx.commit().await.unwrap();

        run_due(&w.backend).await.unwrap();

        assert_eq!(polar.calls(), [ONE]);
    }

    async fn questions_are_a_second_apart_and_asked_once(db: TestDb) {
        let (w, polar) = given::world(db).await;
        for id in ["a", "b", "c"] {
            given::have_subscription(&w.backend, &given::subscription(json!({ "id": id }))).await;
        }
        given::forget_jobs(&w.backend).await;
        w.backend.clock.advance(Duration::from_hours(24));

        perform(&w, Job::Reconcile).await;
        perform(&w, Job::Reconcile).await;
        assert_eq!(polar.calls().len(), 1);
        assert_eq!(given::waiting(&w.backend, "reconcileSubscription").await, 2);

        w.backend.clock.advance(Duration::from_secs(2));
        run_due(&w.backend).await.unwrap();
        assert_eq!(polar.calls().len(), 3);
    }

    async fn everything_is_compared_page_by_page(db: TestDb) {
        let (w, polar) = given::world(db).await;
        let page = |id: &str| {
            let items = list(&[given::subscription(json!({ "id": id }))]);
            with(&items, json!({ "pagination": { "total_count": 2, "max_page": 2 } }))
        };
        polar.on(ALL, 200, page("a")).on(ALL, 200, page("b"));

        perform(&w, Job::ReconcileSubscriptions { page: 1 }).await;
        w.backend.clock.advance(Duration::from_secs(1));
        run_due(&w.backend).await.unwrap();

        let asked = polar.asked();
        assert_eq!(asked.len(), 2);
        assert_eq!((&*asked[1].query["page"], &*asked[1].query["sorting"]), ("2", "-started_at"));
        assert_eq!(
            drifts(&w).await,
            [drifted("row", "-", "active", true), drifted("row", "-", "active", true)]
        );
    }

    async fn orders_of_the_last_days_are_compared(db: TestDb) {
        let (w, polar) = given::world(db).await;
        given::have_order(&w.backend, &given::order(json!({ "status": "pending", "paid": false }))).await;
        let paid = given::order(json!({ "modified_at": "2026-05-04T07:00:00Z" }));
        polar.on(ORDERS, 200, list(&[paid]));

        perform(&w, Job::ReconcileOrders { page: 1 }).await;

        assert_eq!(polar.asked_once().query["created_after"], "2026-05-01T12:00:00Z");
        let found = drifts(&w).await;
        let fields: Vec<&str> = found.iter().map(|(field, ..)| &**field).collect();
        assert_eq!(fields, ["paid", "status"]);
        let (rows, _) = drift(&w.backend, PageRequest::default()).await.unwrap();
        assert_eq!((&*rows[0].kind, &*rows[0].object_id), ("order", ORDER));
    }

    async fn an_answer_that_a_webhook_passed_repairs_nothing(db: TestDb) {
        let (w, polar) = given::world(db).await;
        given::have_subscription(&w.backend, &ended()).await;
        polar.on(ONE, 200, given::subscription(json!({})));
        polar.set_date("Mon, 04 May 2026 05:00:00 GMT");

        perform(&w, Job::ReconcileSubscription { subscription: SUBSCRIPTION.to_owned() }).await;

        assert_eq!(status(&w).await, "canceled");
        assert_eq!(drifts(&w).await, [drifted("status", "canceled", "active", false)]);
    }

    async fn what_never_arrived_is_asked_for_again(db: TestDb) {
        let (w, polar) = given::world(db).await;
        let mut tx = w.backend.db.system().write().await.unwrap();
        execute!(
            tx,
            r#"insert into "polar_webhook" ("webhookId", "receivedAt", "state") values ('here', $1, 'applied')"#,
            Timestamp::from(w.backend.clock.now()),
        )
        .unwrap();
        tx.commit().await.unwrap();
        let deliveries = [
            failed("lost", json!(false)),
            failed("lost", json!(false)),
            failed("here", json!(false)),
            failed("later", json!(true)),
            failed("soon", json!(null)),
        ];
        polar
            .on(ENDPOINTS, 200, list(&[endpoint("http://127.0.0.1:3000/api/auth/polar/webhooks", true)]))
            .on(DELIVERIES, 200, list(&deliveries))
            .on("POST /v1/webhooks/events/lost/redeliver", 202, "");

        perform(&w, Job::CheckWebhooks).await;

        assert_eq!(polar.calls(), [ENDPOINTS, DELIVERIES, "POST /v1/webhooks/events/lost/redeliver"]);
        assert_eq!(polar.asked()[1].query["endpoint_id"], "e");
    }

    async fn an_endpoint_that_is_off_is_not_asked_to_send(db: TestDb) {
        let (w, polar) = given::world(db).await;
        let off = endpoint("http://localhost:3000/api/auth/polar/webhooks", false);
        let other = endpoint("https://other.example/hooks", true);
        polar.on(ENDPOINTS, 200, list(&[off, other]));

        perform(&w, Job::CheckWebhooks).await;

        assert_eq!(polar.calls(), [ENDPOINTS]);
        assert_eq!(given::waiting(&w.backend, "checkWebhooks").await, 0);
    }

    async fn a_start_asks_for_everything_once(db: TestDb) {
        let (w, polar) = given::world(db).await;
        polar
            .on("GET /v1/products/", 200, fixture!("products.list.response"))
            .on(ALL, 200, fixture!("subscriptions.list.response"))
            .on(ORDERS, 200, list(&[]))
            .on(ENDPOINTS, 200, list(&[]));

        enqueue_all(&w.backend).await.unwrap();
        enqueue_all(&w.backend).await.unwrap();
        run_due(&w.backend).await.unwrap();

        let count = |what: &str| polar.calls().iter().filter(|call| *call == what).count();
        for what in ["GET /v1/products/", ENDPOINTS, ALL, ORDERS] {
            assert_eq!(count(what), 1, "{what}");
        }
        assert_eq!(status(&w).await, "active", "what was missed is here");
    }

    async fn an_endpoint_that_is_switched_on_again_brings_what_was_skipped(db: TestDb) {
        let (w, polar) = given::world(db).await;
        given::have_subscription(&w.backend, &given::subscription(json!({}))).await;
        given::forget_jobs(&w.backend).await;
        let url = "http://localhost:3000/api/auth/polar/webhooks";
        let told = |enabled| list(&[endpoint(url, enabled)]);
        polar.on(DELIVERIES, 200, list(&[])).on(ALL, 200, list(&[ended()])).on(ORDERS, 200, list(&[]));
        let look = async |enabled| {
            polar.forget(ENDPOINTS).on(ENDPOINTS, 200, told(enabled));
            perform(&w, Job::CheckWebhooks).await;
            polar.calls().iter().filter(|call| *call == ALL || *call == ORDERS).count()
        };

        assert_eq!(look(true).await, 0, "it was never off");
        assert_eq!(look(false).await, 0);
        assert_eq!(look(false).await, 0);
        assert_eq!(look(true).await, 2);
        assert_eq!(look(true).await, 2, "once");

        assert_eq!(status(&w).await, "canceled");
    }

    async fn the_first_answer_after_an_outage_brings_what_was_missed(db: TestDb) {
        let (w, polar) = given::world(db).await;
        given::have_subscription(&w.backend, &given::subscription(json!({}))).await;
        given::forget_jobs(&w.backend).await;
        let products = async || billing::sync_products(&w.backend).await.is_ok();
        polar.on("GET /v1/products/", 503, "");
        assert!(!products().await && !products().await);
        assert_eq!(polar.calls().len(), 5, "then Polar is left alone");
        assert_eq!(given::waiting(&w.backend, "reconcileSubscriptions").await, 0);

        polar
            .forget("GET /v1/products/")
            .on("GET /v1/products/", 200, fixture!("products.list.response"))
            .on(ALL, 200, list(&[ended()]))
            .on(ORDERS, 200, list(&[]));
        w.backend.clock.advance(Duration::from_secs(31));
        assert!(products().await && products().await);
        assert_eq!(given::waiting(&w.backend, "reconcileSubscriptions").await, 1);
        assert_eq!(given::waiting(&w.backend, "reconcileOrders").await, 1);
        run_due(&w.backend).await.unwrap();

        assert_eq!(status(&w).await, "canceled");
        assert_eq!(drifts(&w).await, [drifted("status", "active", "canceled", true)]);
    }

    async fn where_nothing_is_sold_nobody_is_asked(db: TestDb) {
        let w = World::new(db).await;

        enqueue_all(&w.backend).await.unwrap();
        perform(&w, Job::Reconcile).await;
        perform(&w, Job::ReconcileSubscription { subscription: SUBSCRIPTION.to_owned() }).await;

        assert_eq!(given::waiting(&w.backend, "reconcileSubscription").await, 0);
    }

    async fn old_differences_go(db: TestDb) {
        let (w, polar) = given::world(db).await;
        polar.on(ONE, 200, given::subscription(json!({})));
        perform(&w, Job::ReconcileSubscription { subscription: SUBSCRIPTION.to_owned() }).await;

        w.backend.clock.advance(Duration::from_hours(24 * 90));
        perform(&w, Job::SweepWebhooks).await;

        assert_eq!(drifts(&w).await, []);
    }
}
