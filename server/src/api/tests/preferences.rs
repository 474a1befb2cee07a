use backend::both_engines;
use serde_json::json;

use super::support::Site;

const PATH: &str = "/api/preferences";

both_engines! {
    async fn what_is_chosen_stays_and_is_nobody_elses(db: TestDb) {
        let site = Site::new(db).await;
        let alice = Some(&site.w.alice);
        let usual = json!({
            "zone": "UTC", "weekStart": 1, "monthStart": 1, "yearStart": "01-01", "matchTransfers": true, "budgetMail": true,
            "connectionMail": true, "depositMail": true,
        });
        assert_eq!(site.get(alice, PATH).await.json(), usual);

        let body = json!({ "zone": "europe/berlin", "weekStart": 7, "yearStart": "04-06", "budgetMail": false, "depositMail": false });
        let changed = site.patch(alice, PATH, &body).await;
        let again = site.patch(alice, PATH, &json!({ "monthStart": 25 })).await.json();

        assert_eq!((changed.status, &changed.json()["zone"]), (200, &json!("Europe/Berlin")));
        assert_eq!(again, json!({
            "zone": "Europe/Berlin", "weekStart": 7, "monthStart": 25, "yearStart": "04-06", "matchTransfers": true, "budgetMail": false,
            "connectionMail": true, "depositMail": false,
        }));
        assert_eq!(site.get(alice, PATH).await.json(), again);
        assert_eq!(site.get(Some(&site.w.mallory), PATH).await.json(), usual);
    }

    async fn what_does_not_fit_is_named(db: TestDb) {
        let site = Site::new(db).await;
        let alice = Some(&site.w.alice);

        let body = json!({ "zone": "Mars/Base", "weekStart": 8, "monthStart": 0, "yearStart": "02-30" });
        let refused = site.patch(alice, PATH, &body).await;

        assert_eq!(refused.status, 422);
        for (field, code) in [
            ("zone", "option_unknown"),
            ("weekStart", "option_unknown"),
            ("monthStart", "option_unknown"),
            ("yearStart", "date_invalid"),
        ] {
            assert_eq!(refused.field(field), code, "{field}");
        }
        assert_eq!(site.get(alice, PATH).await.json()["weekStart"], 1);
        assert_eq!(site.get(None, PATH).await.status, 401);
        assert_eq!(site.patch(None, PATH, &json!({})).await.status, 401);
    }
}
