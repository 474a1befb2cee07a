use backend::{
    billing::testing::subscription,
    both_engines,
    testing::{World, with_billing},
};
use serde_json::json;

use super::support::Site;

both_engines! {
    async fn a_person_sees_their_plan_and_a_stranger_nothing(db: TestDb) {
        let site = Site::new(db).await;

        let answer = site.get(Some(&site.w.alice), "/api/subscription").await;

        // Nothing is sold here, so everything may be used.
        assert_eq!(answer.status, 200);
        assert_eq!(answer.json(), json!({
            "plan": "premium",
            "gift": true,
            "status": "none",
            "state": "none",
            "limits": { "accounts": null, "historyMonths": null, "imports": null },
            "subscription": null,
            "metered": null,
        }));
        assert_eq!(site.get(None, "/api/subscription").await.status, 401);
    }

    async fn a_subscription_has_the_fields_of_the_old_front_end(db: TestDb) {
        let w = World::new(db).await;
        let backend = with_billing(w.backend.clone(), &"http://127.0.0.1:9".parse().unwrap());
        let site = Site::of(World { backend, ..w });
        subscription(&site.w.backend, "alice", "plus", "active").await;
        subscription(&site.w.backend, "mallory", "plus", "canceled").await;

        let alice = site.get(Some(&site.w.alice), "/api/subscription").await.json();
        let mallory = site.get(Some(&site.w.mallory), "/api/subscription").await.json();

        let shown = &alice["subscription"];
        assert_eq!((&shown["access"], &shown["error"]), (&json!(true), &json!(null)));
        assert_eq!(shown["currentPeriodStart"], "2026-05-04T12:00:00Z");
        assert_eq!(shown["currentPeriodEnd"], "2026-06-03T12:00:00Z");
        assert_eq!((&shown["canceledAt"], &shown["organizationId"]), (&json!(null), &json!(null)));
        assert_eq!(
            alice["metered"],
            json!({ "since": "2026-05-04T12:00:00Z", "counts": [], "meters": [] })
        );
        let ended = &mallory["subscription"];
        assert_eq!((&ended["access"], &ended["error"]), (&json!(false), &json!("EXPIRED")));
        assert_eq!((&mallory["plan"], &mallory["status"]), (&json!("free"), &json!("expired")));
    }
}
