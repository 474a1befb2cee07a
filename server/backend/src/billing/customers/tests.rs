use serde_json::json;

use super::*;
use crate::{
    auth::{self, ProfileChange},
    billing::{
        client::server::{Polar, fixture, list, with},
        given,
    },
    both_engines, fetch_one,
    jobs::run_due,
    testing::{World, set_email_verified},
};

const CREATE: &str = "POST /v1/customers/";
const OURS: &str = "GET /v1/customers/external/alice";
const BY_EMAIL: &str = "GET /v1/customers/";
const CUSTOMER: &str = "792f6142-6065-4ced-8f89-3e1a67963077";

async fn sign_up(w: &World) {
    let mut tx = w.backend.db.system().write().await.unwrap();
    signed_up(&mut tx, &w.backend, w.alice.user()).await.unwrap();
    tx.commit().await.unwrap();
}

/// Polar's ids of the customers that are Alice's.
async fn mapped(w: &World) -> Vec<String> {
    let mut tx = w.backend.db.system().read().await.unwrap();
    let rows: Vec<(String,)> =
        crate::fetch_all!(tx, r#"select "id" from "polar_customer" where "userId" = 'alice'"#)
            .unwrap();
    rows.into_iter().map(|(id,)| id).collect()
}

async fn jobs_left(w: &World) -> i64 {
    let mut tx = w.backend.db.system().read().await.unwrap();
    let (count,): (i64,) = fetch_one!(tx, r#"select count(*) from "job""#).unwrap();
    count
}

/// Somebody at Polar has Alice's address.
fn taken(polar: &Polar, external_id: serde_json::Value) {
    let other = with(&fixture!("customer.create.response"), json!({ "external_id": external_id }));
    polar
        .on(CREATE, 422, fixture!("errors/422.duplicate-email"))
        .on(BY_EMAIL, 200, list(&[other]))
        .on(&format!("PATCH /v1/customers/{CUSTOMER}"), 200, fixture!("customer.create.response"));
}

both_engines! {
    async fn somebody_new_becomes_a_customer_in_one_call(db: TestDb) {
        let (w, polar) = given::world(db).await;
        polar.on(CREATE, 201, fixture!("customer.create.response"));

        sign_up(&w).await;
        run_due(&w.backend).await.unwrap();

        let asked = polar.asked_once();
        assert_eq!(asked.body, json!({ "email": "alice@example.com", "name": "alice", "external_id": "alice" }));
        assert_eq!(mapped(&w).await, [CUSTOMER]);
        assert_eq!(jobs_left(&w).await, 0);

        sign_up(&w).await;
        run_due(&w.backend).await.unwrap();
        assert_eq!(polar.calls().len(), 1, "who is a customer is not made one again");
    }

    async fn signing_up_does_not_wait_for_polar(db: TestDb) {
        let (w, polar) = given::world(db).await;
        polar.on(CREATE, 503, "").on(CREATE, 201, fixture!("customer.create.response"));

        sign_up(&w).await;
        run_due(&w.backend).await.unwrap();
        assert_eq!((mapped(&w).await.len(), jobs_left(&w).await), (0, 1));

        w.backend.clock.advance(std::time::Duration::from_hours(1));
        run_due(&w.backend).await.unwrap();
        assert_eq!((mapped(&w).await.len(), jobs_left(&w).await), (1, 0));
    }

    async fn a_customer_whose_answer_was_lost_is_found_again(db: TestDb) {
        let (w, polar) = given::world(db).await;
        polar
            .on(CREATE, 422, fixture!("errors/422.duplicate-email"))
            .on(OURS, 200, fixture!("customer.create.response"));

        sign_up(&w).await;
        run_due(&w.backend).await.unwrap();

        assert_eq!(mapped(&w).await, [CUSTOMER]);
    }

    async fn a_customer_with_a_proven_address_is_taken_over(db: TestDb) {
        let (w, polar) = given::world(db).await;
        taken(&polar, json!(null));

        sign_up(&w).await;
        run_due(&w.backend).await.unwrap();

        let patch = polar.asked().pop().unwrap();
        assert_eq!((&*patch.what, &patch.body), (&*format!("PATCH /v1/customers/{CUSTOMER}"), &json!({ "external_id": "alice" })));
        assert_eq!(mapped(&w).await, [CUSTOMER]);
    }

    async fn nobody_gets_a_customer_by_naming_their_address(db: TestDb) {
        let (w, polar) = given::world(db).await;
        taken(&polar, json!(null));
        set_email_verified(&w.backend, "alice@example.com", false).await;

        sign_up(&w).await;
        run_due(&w.backend).await.unwrap();
        assert_eq!((mapped(&w).await.len(), jobs_left(&w).await), (0, 0));
        assert!(polar.calls().iter().all(|call| !call.starts_with("PATCH")));

        set_email_verified(&w.backend, "alice@example.com", true).await;
        let mut tx = w.backend.db.system().write().await.unwrap();
        proven(&mut tx, &w.backend, w.alice.user()).await.unwrap();
        tx.commit().await.unwrap();
        run_due(&w.backend).await.unwrap();
        assert_eq!(mapped(&w).await, [CUSTOMER], "the address is theirs after all");
    }

    async fn somebody_elses_customer_stays_theirs(db: TestDb) {
        let (w, polar) = given::world(db).await;
        taken(&polar, json!("an-older-account"));

        sign_up(&w).await;
        run_due(&w.backend).await.unwrap();

        assert_eq!((mapped(&w).await.len(), jobs_left(&w).await), (0, 0));
        assert!(polar.calls().iter().all(|call| !call.starts_with("PATCH")));
    }

    async fn an_address_that_polar_does_not_take_is_let_be(db: TestDb) {
        let (w, polar) = given::world(db).await;
        polar.on(CREATE, 422, fixture!("errors/422.duplicate-email")).on(BY_EMAIL, 200, list(&[]));

        sign_up(&w).await;
        run_due(&w.backend).await.unwrap();

        assert_eq!((mapped(&w).await.len(), jobs_left(&w).await), (0, 0));
    }

    async fn a_new_name_is_told_and_makes_the_customer_where_there_is_none(db: TestDb) {
        let (w, polar) = given::world(db).await;
        polar.on(CREATE, 201, fixture!("customer.create.response"));
        let change = ProfileChange { name: Some("Alice Liddell".to_owned()), image: None };

        auth::update_profile(&w.backend, &w.alice, &change).await.unwrap();
        run_due(&w.backend).await.unwrap();
        assert_eq!(polar.calls(), ["PATCH /v1/customers/external/alice", CREATE]);
        assert_eq!(polar.asked()[0].body, json!({ "email": "alice@example.com", "name": "Alice Liddell" }));
        assert_eq!(mapped(&w).await, [CUSTOMER]);

        auth::update_profile(&w.backend, &w.alice, &change).await.unwrap();
        run_due(&w.backend).await.unwrap();
        assert_eq!(polar.calls().len(), 2, "the same name is nothing new");
    }

    async fn who_goes_goes_at_polar_too(db: TestDb) {
        let (w, polar) = given::world(db).await;
        given::have_subscription(&w.backend, &given::subscription(json!({}))).await;
        given::forget_jobs(&w.backend).await;
        polar.on("DELETE /v1/customers/external/alice", 204, "");

        auth::delete_account(&w.backend, &w.alice, "alice@example.com").await.unwrap();
        run_due(&w.backend).await.unwrap();

        let asked = polar.asked_once();
        assert_eq!((&*asked.what, &*asked.query["anonymize"]), ("DELETE /v1/customers/external/alice", "true"));
        let mut tx = w.backend.db.system().read().await.unwrap();
        let kept: (Option<String>, Option<String>) =
            fetch_one!(tx, r#"select "userId", "userExternalId" from "subscription""#).unwrap();
        assert_eq!(kept, (None, None));
    }

    async fn what_polar_tells_of_somebody_who_is_gone_brings_nothing_back(db: TestDb) {
        let (w, _polar) = given::world(db).await;
        given::have_subscription(&w.backend, &given::subscription(json!({}))).await;
        auth::delete_account(&w.backend, &w.alice, "alice@example.com").await.unwrap();

        let revoked = json!({
            "status": "canceled",
            "modified_at": "2026-05-04T12:00:01Z",
            "metadata": { "referenceId": "alice" },
            "customer_cancellation_comment": "My name is Alice.",
        });
        given::have_subscription(&w.backend, &given::subscription(revoked)).await;
        let deleted = fixture!("customer.create.response");
        let event = json!({
            "type": "customer.updated",
            "timestamp": "2026-05-04T12:00:02Z",
            "data": serde_json::from_str::<serde_json::Value>(&deleted).unwrap(),
        });
        crate::billing::testing::tell(&w.backend, &event.to_string()).await;

        let mut tx = w.backend.db.system().read().await.unwrap();
        let row: (String, Option<String>, Option<String>, Option<String>) = fetch_one!(
            tx,
            r#"
            select "status", "userExternalId", cast("metadata" as text), "customerCancellationComment"
            from "subscription"
            "#,
        )
        .unwrap();
        assert_eq!(row, ("canceled".to_owned(), None, None, None));
        let customer: (Option<String>, Option<String>) =
            fetch_one!(tx, r#"select "userId", "externalId" from "polar_customer""#).unwrap();
        assert_eq!(customer, (None, None));
    }

    async fn who_was_never_a_customer_is_gone_already(db: TestDb) {
        let (w, polar) = given::world(db).await;

        auth::delete_account(&w.backend, &w.alice, "alice@example.com").await.unwrap();
        run_due(&w.backend).await.unwrap();

        assert_eq!((polar.calls().len(), jobs_left(&w).await), (1, 0));
    }

    async fn who_left_before_the_job_ran_is_not_made_a_customer(db: TestDb) {
        let (w, polar) = given::world(db).await;
        sign_up(&w).await;

        auth::delete_account(&w.backend, &w.alice, "alice@example.com").await.unwrap();
        run_due(&w.backend).await.unwrap();

        assert_eq!(polar.calls(), ["DELETE /v1/customers/external/alice"]);
    }

    async fn where_nothing_is_sold_polar_hears_of_nobody(db: TestDb) {
        let w = World::new(db).await;

        sign_up(&w).await;

        assert_eq!(jobs_left(&w).await, 0);
    }
}
