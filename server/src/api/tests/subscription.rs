use backend::both_engines;
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
        }));
        assert_eq!(site.get(None, "/api/subscription").await.status, 401);
    }
}
