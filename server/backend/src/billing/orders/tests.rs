use serde_json::json;

use super::*;
use crate::{
    billing::{
        apply::{Snapshot, apply_state},
        client::server::{fixture, with},
        entitlement,
        given::{self, ORDER},
        instant::Micros,
        wire,
    },
    both_engines, execute,
    testing::World,
};

fn first(limit: i64) -> PageRequest {
    PageRequest::Page { page: 1, limit }
}

async fn have_state(w: &World, body: &str) {
    let data: wire::CustomerState = wire::read(body).unwrap();
    let mut tx = w.backend.db.system().write().await.unwrap();
    apply_state(&mut tx, &w.backend, &Snapshot::new(data, Micros(1))).await.unwrap();
    tx.commit().await.unwrap();
}

both_engines! {
    async fn orders_come_newest_first_with_what_came_back(db: TestDb) {
        let (w, _polar) = given::world(db).await;
        let back = json!({ "status": "partially_refunded", "refunded_amount": 100, "refunded_tax_amount": 19 });
        given::have_order(&w.backend, &given::order(back)).await;
        let older = json!({ "id": "older", "created_at": "2026-02-01T00:00:00Z", "currency": "eur" });
        given::have_order(&w.backend, &given::order(older)).await;
        given::have_order(&w.backend, &given::order(json!({ "id": "draft", "status": "draft" }))).await;

        let (rows, total) = orders(&w.backend, &w.alice, first(1)).await.unwrap();
        let (all, _) = orders(&w.backend, &w.alice, first(50)).await.unwrap();

        assert_eq!((rows.len(), total, &*rows[0].id), (1, 2, ORDER));
        assert_eq!(rows[0].total.unwrap().format(), "$10.71");
        assert_eq!(rows[0].refunded.unwrap().format(), "$1.19");
        assert_eq!(rows[0].status_label(), "Partly refunded");
        assert_eq!((all[1].total.unwrap().format(), all[1].refunded), ("€10.71".to_owned(), None));
    }

    async fn an_order_without_words_is_called_what_was_bought(db: TestDb) {
        let (w, _polar) = given::world(db).await;
        given::have_products(&w.backend).await;
        given::have_order(&w.backend, &given::order(json!({ "description": "" }))).await;

        let (rows, _) = orders(&w.backend, &w.alice, first(50)).await.unwrap();

        assert_eq!(rows[0].description, "Coffer Starter");
    }

    async fn nobody_sees_what_somebody_else_bought(db: TestDb) {
        let (w, _polar) = given::world(db).await;
        given::have_order(&w.backend, &given::order(json!({}))).await;
        given::have_subscription(&w.backend, &given::subscription(json!({}))).await;
        have_state(&w, &fixture!("customer.state.response")).await;

        assert_eq!(orders(&w.backend, &w.mallory, first(50)).await.unwrap(), (vec![], 0));
        assert_eq!(order_rows(&w.backend, &w.mallory, None, first(50)).await.unwrap(), (vec![], 0));
        assert_eq!(subscriptions(&w.backend, &w.mallory, None, first(50)).await.unwrap(), (vec![], 0));
        assert_eq!(benefits(&w.backend, &w.mallory, first(50)).await.unwrap(), (vec![], 0));
        assert_eq!(meters(&w.backend, &w.mallory).await.unwrap(), []);
    }

    async fn lists_tell_the_active_from_the_others_and_plans_from_purchases(db: TestDb) {
        let (w, _polar) = given::world(db).await;
        given::have_subscription(&w.backend, &given::subscription(json!({}))).await;
        given::have_subscription(&w.backend, &given::subscription(json!({ "id": "late", "status": "past_due" }))).await;
        given::have_order(&w.backend, &given::order(json!({}))).await;
        given::have_order(&w.backend, &given::order(json!({ "id": "once", "subscription_id": null }))).await;
        let listed = async |active| {
            let (rows, total) = subscriptions(&w.backend, &w.alice, active, first(50)).await.unwrap();
            assert_eq!(total, i64::try_from(rows.len()).unwrap());
            rows.into_iter().map(|row| row.status).collect::<Vec<_>>()
        };
        let bought = async |of| {
            let (rows, total) = order_rows(&w.backend, &w.alice, of, first(50)).await.unwrap();
            assert_eq!(total, i64::try_from(rows.len()).unwrap());
            rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
        };

        assert_eq!(listed(None).await.len(), 2);
        assert_eq!(listed(Some(true)).await, ["active"]);
        assert_eq!(listed(Some(false)).await, ["past_due"]);
        assert_eq!(bought(None).await.len(), 2);
        assert_eq!(bought(BillingType::parse("recurring")).await, [ORDER]);
        assert_eq!(bought(BillingType::parse("one_time")).await, ["once"]);
    }

    async fn what_was_granted_is_listed_until_it_is_taken_away(db: TestDb) {
        let (w, _polar) = given::world(db).await;
        let mut tx = w.backend.db.system().write().await.unwrap();
        for (id, revoked) in [("a", false), ("b", true)] {
            execute!(
                tx,
                r#"
                insert into "polar_grant" (
                    "id", "userId", "customerId", "benefitId", "isGranted", "isRevoked", "polarVersion", "polarEventAt")
                values ($1, 'alice', 'c', 'benefit', true, $2, 1, 1)
                "#,
                id,
                revoked,
            )
            .unwrap();
        }
        tx.commit().await.unwrap();

        let (rows, total) = benefits(&w.backend, &w.alice, first(50)).await.unwrap();

        assert_eq!((rows.len(), total, &*rows[0].id, rows[0].is_granted), (1, 1, "a", true));
    }

    async fn meters_show_what_polar_last_counted(db: TestDb) {
        let (w, _polar) = given::world(db).await;
        let used = json!({
            "active_meters": [{ "meter_id": "m", "consumed_units": 12.5, "credited_units": 10, "balance": -2.5 }],
        });
        have_state(&w, &with(&fixture!("customer.state.response"), used)).await;

        let found = meters(&w.backend, &w.alice).await.unwrap();

        let row = MeterRow { meter_id: "m".into(), consumed_units: 12.5, credited_units: 10.0, balance: -2.5 };
        assert_eq!(found, [row]);
    }

    async fn a_page_names_meters_as_the_catalogue_does(db: TestDb) {
        let (w, _polar) = given::world(db).await;
        given::have_products(&w.backend).await;
        let meter = |id: &str, used: f64, left: f64| json!({ "meter_id": id, "consumed_units": used, "balance": left });
        let calls = meter("ba0bdbb5-c238-489e-8bc0-22e41599e9f9", 12.0, 88.0);
        let used = json!({ "active_meters": [calls, meter("m", 0.5, 99.5)] });
        have_state(&w, &with(&fixture!("customer.state.response"), used)).await;

        let found = entitlement(&w.backend, &w.alice).await.unwrap().metered.unwrap().meters;

        let shown: Vec<_> = found.iter().map(|meter| (meter.name.as_deref(), &*meter.used, &*meter.left)).collect();
        assert_eq!(shown, [(Some("API calls"), "12", "88"), (None, "0.5", "99.5")]);
        assert_eq!(entitlement(&w.backend, &w.mallory).await.unwrap().metered.unwrap().meters, []);
    }

    async fn a_state_without_what_is_late_takes_nothing_away(db: TestDb) {
        let (w, _polar) = given::world(db).await;
        let late = json!({ "status": "past_due", "past_due_at": "2026-05-03T00:00:00Z" });
        given::have_subscription(&w.backend, &given::subscription(late)).await;
        given::forget_jobs(&w.backend).await;
        let theirs = json!({ "id": "792f6142-6065-4ced-8f89-3e1a67963077", "external_id": "alice" });
        have_state(&w, &with(&fixture!("customer.state.past-due.response"), theirs)).await;

        let found = entitlement(&w.backend, &w.alice).await.unwrap();

        assert!(found.is_subscribed(), "its grace goes on");
        assert_eq!(given::waiting(&w.backend, "reconcileSubscription").await, 0);
    }
}
