//! The inbox: what is believed, kept, acknowledged and applied, and how often.

use domain::page::PageRequest;
use serde_json::Value;

use super::{deliver, deliver_all, lines, selling, text_of};
use crate::{
    Backend,
    billing::testing::sign,
    billing::{Forged, Headers, Received, Refused, deliveries, receive, replay, sweep},
    both_engines, execute, fetch_one, jobs,
    testing::{WEBHOOK_SECRET, person},
};

const OWNER: &str = "7Yk2mQh0vT4sLr9ZbN6cXw1pJd8eUaG3";

fn active() -> String {
    compact("events/subscription.active.json")
}

/// A fixture as Polar prints it: without blanks.
fn compact(path: &str) -> String {
    serde_json::from_str::<Value>(&text_of(path)).unwrap().to_string()
}

async fn states(backend: &Backend) -> Vec<(String, String)> {
    let page = PageRequest::Page { page: 1, limit: 200 };
    let (rows, _) = deliveries(backend, None, page).await.unwrap();
    rows.into_iter().map(|row| (row.webhook_id, row.state)).collect()
}

async fn rows_of(backend: &Backend) -> i64 {
    let mut tx = backend.db.system().read().await.unwrap();
    let (count,): (i64,) = fetch_one!(tx, r#"select count(*) from "subscription""#).unwrap();
    count
}

both_engines! {
    async fn a_thousand_deliveries_of_one_event_leave_one_row(db: TestDb) {
        let backend = selling(db.db.clone());
        let body = active();
        assert_eq!(deliver(&backend, "one", body.as_bytes()).await.unwrap(), Received::Stored);
        for _ in 1..1_000 {
            let again = deliver(&backend, "one", body.as_bytes()).await.unwrap();
            assert_eq!(again, Received::Repeated);
        }

        let runs = jobs::run_due(&backend).await.unwrap();

        assert_eq!(states(&backend).await, [("one".to_owned(), "applied".to_owned())]);
        assert_eq!(rows_of(&backend).await, 1);
        assert_eq!(runs, 1);
    }

    async fn a_crash_between_storing_and_applying_loses_nothing(db: TestDb) {
        let before = selling(db.db.clone());
        deliver(&before, "one", active().as_bytes()).await.unwrap();
        assert_eq!(rows_of(&before).await, 0);
        drop(before);

        let after = selling(db.db.clone());
        jobs::run_due(&after).await.unwrap();

        assert_eq!(rows_of(&after).await, 1);
    }

    async fn applying_twice_is_applying_once(db: TestDb) {
        let backend = selling(db.db.clone());
        deliver(&backend, "one", active().as_bytes()).await.unwrap();
        jobs::run_due(&backend).await.unwrap();

        crate::billing::apply_stored(&backend, "one").await.unwrap().commit().await.unwrap();

        assert_eq!(states(&backend).await, [("one".to_owned(), "applied".to_owned())]);
    }

    async fn what_is_not_from_polar_leaves_nothing(db: TestDb) {
        let backend = selling(db.db.clone());
        let now = backend.clock.now().unix_timestamp();
        let body = active();
        let good = sign(WEBHOOK_SECRET, "one", &now.to_string(), body.as_bytes());
        let other = sign("whsec_b3RoZXIgc2VjcmV0IG90aGVyIHNlY3JldA==", "one", &now.to_string(), body.as_bytes());
        let pretty = serde_json::to_string_pretty(&serde_json::from_str::<Value>(&body).unwrap()).unwrap();
        let tampered = body.replace(r#""status":"active""#, r#""status":"canceled""#);
        let (now, old) = (now.to_string(), (now - 360).to_string());
        let aged = sign(WEBHOOK_SECRET, "one", &old, body.as_bytes());
        let cases = [
            (&*now, &*other, &*body, Forged::Signature),
            (&*now, &*good, &*pretty, Forged::Signature),
            (&*now, &*good, &*tampered, Forged::Signature),
            (&*old, &*aged, &*body, Forged::Stale),
            ("yesterday", &*good, &*body, Forged::Headers),
            (&*now, "", &*body, Forged::Signature),
        ];

        for (timestamp, signature, body, wanted) in cases {
            let headers = Headers { id: "one", timestamp, signature };
            match receive(&backend, headers, body.as_bytes()).await {
                Err(Refused::Forged(forged)) => assert_eq!(forged, wanted),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(states(&backend).await, []);
    }

    async fn unknown_events_are_kept_and_broken_ones_wait_for_a_person(db: TestDb) {
        let backend = selling(db.db.clone());
        let unknown = compact("negative/unknown-type.json");
        let half = r#"{"type":"subscription.updated","timestamp":"2026-10-01T12:00:00Z","data":{"id":"s"}}"#;
        let cases: [(&str, &[u8], Received); 5] = [
            ("unknown", unknown.as_bytes(), Received::Ignored),
            ("no-json", b"{", Received::Broken),
            ("no-event", b"[]", Received::Broken),
            ("no-text", b"{\"type\":\"\xff\"}", Received::Broken),
            ("no-status", half.as_bytes(), Received::Broken),
        ];

        for (id, body, wanted) in cases {
            assert_eq!(deliver(&backend, id, body).await.unwrap(), wanted, "{id}");
            assert_eq!(deliver(&backend, id, body).await.unwrap(), Received::Repeated, "{id}");
        }

        assert_eq!(jobs::run_due(&backend).await.unwrap(), 0);
        let states: Vec<String> = states(&backend).await.into_iter().map(|(_, state)| state).collect();
        assert_eq!(states.iter().filter(|state| *state == "failed").count(), 4);
        assert_eq!(states.iter().filter(|state| *state == "ignored").count(), 1);
    }

    async fn a_dead_letter_is_replayed_by_hand(db: TestDb) {
        let backend = selling(db.db.clone());
        person(&backend, OWNER).await;
        deliver(&backend, "one", active().as_bytes()).await.unwrap();
        let mut tx = backend.db.system().write().await.unwrap();
        execute!(tx, r#"update "polar_webhook" set "state" = 'failed'"#).unwrap();
        tx.commit().await.unwrap();
        jobs::run_due(&backend).await.unwrap();
        assert_eq!(rows_of(&backend).await, 0);

        replay(&backend, "one").await.unwrap();
        jobs::run_due(&backend).await.unwrap();

        assert_eq!(rows_of(&backend).await, 1);
        assert!(replay(&backend, "two").await.is_err());
    }

    async fn bodies_are_sealed_and_go_after_ninety_days(db: TestDb) {
        let backend = selling(db.db.clone());
        deliver(&backend, "one", active().as_bytes()).await.unwrap();
        let mut tx = backend.db.system().write().await.unwrap();
        let (body,): (String,) = fetch_one!(tx, r#"select "body" from "polar_webhook""#).unwrap();
        assert!(!body.contains("example.com") && !body.contains("subscription"), "{body}");

        let now = backend.clock.now();
        assert_eq!(sweep(&mut tx, now + time::Duration::days(89)).await.unwrap(), 0);
        assert_eq!(sweep(&mut tx, now + time::Duration::days(90)).await.unwrap(), 1);
        tx.commit().await.unwrap();
        assert!(matches!(replay(&backend, "one").await, Err(crate::Error::Expired(_))));
    }

    async fn what_belongs_to_nobody_finds_its_owner_later(db: TestDb) {
        let backend = selling(db.db.clone());
        let life = "lifecycles/01-trial-cancel-revoke/ordered.jsonl";
        let told = lines(life);
        deliver_all(&backend, &told).await;
        let owner = person(&backend, OWNER).await;
        assert!(crate::billing::get_subscription_details(&backend, &owner).await.unwrap().is_none());

        // Any event of the customer says whose it is, an old one too.
        deliver(&backend, "later", told[0].body().as_bytes()).await.unwrap();

        let mails = crate::testing::mails_of(&backend, &format!("{OWNER}@example.com")).await;
        assert!(crate::billing::get_subscription_details(&backend, &owner).await.unwrap().is_some());
        let subjects: Vec<_> = mails.into_iter().map(|mail| mail.subject).collect();
        assert_eq!(subjects, ["Receipt: $10.71"], "the letter that waited");
    }
}
