use serde_json::json;

use super::*;
use crate::{
    billing::{client::server::fixture, given},
    both_engines, fetch_one,
    jobs::{self, Job, Options, run_due},
    testing::World,
};

const INGEST: &str = "POST /v1/events/ingest";

async fn use_once(w: &World, name: &str, id: &str) -> Result<bool> {
    let mut tx = w.backend.db.system().write().await.unwrap();
    let noted =
        record_usage(&mut tx, &w.backend, w.alice.user(), name, &json!({ "units": 1 }), id).await;
    tx.commit().await.unwrap();
    noted
}

async fn send(w: &World) {
    let mut tx = w.backend.db.system().write().await.unwrap();
    jobs::enqueue(&mut tx, &w.backend, &Job::SendUsage, Options::default()).await.unwrap();
    tx.commit().await.unwrap();
    run_due(&w.backend).await.unwrap();
}

async fn unsent(w: &World) -> i64 {
    let mut tx = w.backend.db.system().read().await.unwrap();
    let (count,): (i64,) =
        fetch_one!(tx, r#"select count(*) from "polar_usage" where "sentAt" is null"#).unwrap();
    count
}

both_engines! {
    async fn a_use_is_counted_once_and_sent(db: TestDb) {
        let (w, polar) = given::world(db).await;
        polar.on(INGEST, 200, fixture!("events.ingest.response"));

        assert!(use_once(&w, "api_call", "one").await.unwrap());
        assert!(!use_once(&w, "api_call", "one").await.unwrap());
        send(&w).await;
        send(&w).await;

        assert_eq!(
            polar.asked_once().body,
            json!({ "events": [{
                "name": "api_call",
                "external_customer_id": "alice",
                "external_id": "one",
                "timestamp": "2026-05-04T12:00:00Z",
                "metadata": { "units": 1 },
            }] })
        );
        assert_eq!(unsent(&w).await, 0);
    }

    async fn more_than_a_batch_is_sent_in_several(db: TestDb) {
        let (w, polar) = given::world(db).await;
        polar.on(INGEST, 200, fixture!("events.ingest.response"));
        for n in 0..101 {
            use_once(&w, "import", &n.to_string()).await.unwrap();
        }

        send(&w).await;

        let sizes: Vec<usize> = polar
            .asked()
            .iter()
            .map(|asked| asked.body["events"].as_array().unwrap().len())
            .collect();
        assert_eq!((sizes, unsent(&w).await), (vec![100, 1], 0));
    }

    async fn what_polar_did_not_take_is_sent_again(db: TestDb) {
        let (w, polar) = given::world(db).await;
        polar.on(INGEST, 401, fixture!("errors/401.bad-token"));
        use_once(&w, "import", "one").await.unwrap();

        send(&w).await;
        assert_eq!(unsent(&w).await, 1);

        polar.forget(INGEST).on(INGEST, 200, fixture!("events.ingest.response"));
        send(&w).await;
        assert_eq!(unsent(&w).await, 0);
    }

    async fn a_clock_that_is_ahead_does_not_hold_it_up(db: TestDb) {
        let (w, polar) = given::world(db).await;
        let future = r#"{"error":"PolarRequestValidationError","detail":[{"loc":["body","events",0,"timestamp"]}]}"#;
        polar.on(INGEST, 422, future).on(INGEST, 200, fixture!("events.ingest.response"));
        use_once(&w, "import", "one").await.unwrap();

        send(&w).await;

        let asked = polar.asked();
        assert!(asked[0].body["events"][0].get("timestamp").is_some());
        assert!(asked[1].body["events"][0].get("timestamp").is_none());
        assert_eq!(unsent(&w).await, 0);
    }

    async fn only_what_is_metered_is_counted(db: TestDb) {
        let (w, _polar) = given::world(db).await;
        let mut tx = w.backend.db.system().write().await.unwrap();
        let mut refused = async |name, metadata| {
            let user = w.alice.user();
            record_usage(&mut tx, &w.backend, user, name, &metadata, "x").await.unwrap_err()
        };

        for (name, metadata) in [
            ("anything", json!({})),
            ("import", json!([])),
            ("import", json!({ "a": null })),
            ("import", json!({ "a": { "b": 1 } })),
            ("import", json!({ "a": "x".repeat(501) })),
            ("import", json!({ "": 1 })),
        ] {
            let error = refused(name, metadata).await;
            assert!(matches!(error, Error::Forbidden("usage event")), "{error:?}");
        }
    }

    async fn people_see_their_own_counts(db: TestDb) {
        let (w, _polar) = given::world(db).await;
        use_once(&w, "import", "old").await.unwrap();
        w.backend.clock.advance(std::time::Duration::from_hours(1));
        let since = w.backend.clock.now();
        for (name, id) in [("import", "1"), ("api_call", "2"), ("import", "3")] {
            use_once(&w, name, id).await.unwrap();
        }

        let counts = usage(&w.backend, &w.alice, since).await.unwrap();

        let count = |name: &str, count| UsageCount { name: name.to_owned(), count };
        assert_eq!(counts, [count("api_call", 1), count("import", 2)]);
        assert_eq!(usage(&w.backend, &w.mallory, since).await.unwrap(), []);
    }

    async fn a_use_is_noted_where_it_happens(db: TestDb) {
        let (w, _polar) = given::world(db).await;
        let mut tx = w.backend.db.as_user(w.alice.user()).write().await.unwrap();

        let user = w.alice.user();
        record_usage(&mut tx, &w.backend, user, "import", &json!({}), "one").await.unwrap();
        tx.commit().await.unwrap();

        assert_eq!(unsent(&w).await, 1);
    }

    async fn nobody_uses_something_in_somebody_elses_name(db: TestDb) {
        let (w, _polar) = given::world(db).await;
        if w.backend.db.engine_name() == "sqlite" {
            return;
        }
        let mut tx = w.backend.db.as_user(w.mallory.user()).write().await.unwrap();

        let user = w.alice.user();
        let refused = record_usage(&mut tx, &w.backend, user, "import", &json!({}), "one").await;

        assert!(refused.is_err(), "row-level security lets {refused:?} through");
    }

    async fn where_nothing_is_sold_nothing_is_noted(db: TestDb) {
        let w = World::new(db).await;

        assert!(!use_once(&w, "import", "one").await.unwrap());
        assert_eq!(unsent(&w).await, 0);
    }
}
