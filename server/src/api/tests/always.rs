use backend::{
    accounts::testing::account_of,
    both_engines,
    transactions::testing::{Given, give_all},
};
use serde_json::json;

use super::support::Site;

both_engines! {
    async fn what_was_said_twice_becomes_a_rule_once(db: TestDb) {
        let site = Site::new(db).await;
        let (backend, alice, mallory) = (&site.w.backend, site.w.alice.clone(), site.w.mallory.clone());
        let account = account_of(backend, &alice).await;
        let bottle = Given { description: "SQ *BLUE BOTTLE 0231", category: "uncategorized", ..Given::default() };
        let ids = give_all(backend, &alice, &account, &[bottle; 2]).await;
        let (alice, mallory) = (Some(&alice), Some(&mallory));
        let row = |n: usize| format!("/api/transactions/{}", ids[n]);
        let always = format!("{}/always", row(1));
        let coffee = json!({ "category": "food.coffee" });
        site.patch(alice, &row(0), &coffee).await;

        let early = (site.get(alice, &always).await.json(), site.post(alice, &always, &json!({})).await);
        site.patch(alice, &row(1), &coffee).await;
        let offered = site.get(alice, &always).await.json();
        let theirs = [site.get(mallory, &always).await.status, site.post(mallory, &always, &json!({})).await.status];
        let made = site.post(alice, &always, &json!({})).await;
        let again = site.post(alice, &always, &json!({})).await;

        assert_eq!((early.0, early.1.status), (json!({ "offer": null }), 404));
        assert_eq!(offered, json!({ "offer": { "merchant": "Blue Bottle", "category": "food.coffee" } }));
        assert_eq!(theirs, [404, 404]);
        assert_eq!((made.status, again.status), (201, 200), "{} {}", made.text, again.text);
        assert_eq!(made.json(), again.json());
        let rule = made.json()["rule"].clone();
        assert_eq!(made.header("location"), Some(format!("/api/rules/{}", rule["id"].as_str().unwrap()).as_str()));
        assert_eq!((&rule["name"], &rule["actions"]), (&json!("Blue Bottle"), &json!([{ "kind": "category", "value": "food.coffee" }])));
        assert_eq!(site.get(alice, "/api/rules").await.json()["total"], json!(1));
        assert_eq!(site.get(alice, &always).await.json(), json!({ "offer": null }));
    }

    async fn what_is_not_there_has_no_rule(db: TestDb) {
        let site = Site::new(db).await;
        let alice = Some(&site.w.alice);

        for id in ["019e0000", "a.b", "%20"] {
            let path = format!("/api/transactions/{id}/always");
            assert_eq!(site.get(alice, &path).await.status, 404, "{id}");
            assert_eq!(site.post(alice, &path, &json!({})).await.status, 404, "{id}");
            assert_eq!(site.post(None, &path, &json!({})).await.status, 401, "{id}");
        }
    }
}
