use backend::{
    accounts::testing::account_of,
    both_engines,
    transactions::testing::{Given, give_all},
};
use serde_json::{Value, json};

use super::support::Site;

const PATH: &str = "/api/transactions/batches";

/// The ids of two coffees and a tea of Alice.
async fn fill(site: &Site) -> Vec<String> {
    let account = account_of(&site.w.backend, &site.w.alice).await;
    let coffee = Given::default();
    let given = [coffee, coffee, Given { description: "Tea", ..coffee }];
    let ids = give_all(&site.w.backend, &site.w.alice, &account, &given).await;
    ids.into_iter().map(|id| id.to_string()).collect()
}

async fn categories(site: &Site) -> Vec<String> {
    let list = site.get(Some(&site.w.alice), "/api/transactions").await.json();
    let items = list["items"].as_array().unwrap();
    let mut all: Vec<String> =
        items.iter().map(|item| item["category"].as_str().unwrap().to_owned()).collect();
    all.sort();
    all
}

both_engines! {
    async fn many_are_changed_read_and_undone(db: TestDb) {
        let site = Site::new(db).await;
        let ids = fill(&site).await;
        let alice = Some(&site.w.alice);

        let body = json!({ "action": "category", "category": "travel", "ids": [ids[0], ids[2]] });
        let made = site.post(alice, PATH, &body).await;
        let batch = made.json()["batch"].clone();
        let path = format!("{PATH}/{}", batch["id"].as_str().unwrap());

        assert_eq!((made.status, made.header("location")), (201, Some(&*path)));
        assert_eq!(batch, json!({
            "id": batch["id"], "action": "category", "value": "travel", "changed": 2, "skipped": 0, "restored": 0,
            "createdAt": "2026-05-04T12:00:00Z", "undoneAt": null, "undoUntil": "2026-06-03T12:00:00Z",
        }));
        assert_eq!(categories(&site).await, ["food.coffee", "travel", "travel"]);
        assert_eq!(site.get(alice, &path).await.json(), batch);
        let list = site.get(alice, PATH).await.json();
        assert_eq!((&list["total"], &list["items"][0]), (&json!(1), &batch));
        assert_eq!(site.get(alice, &format!("{PATH}?page=0")).await.field("page"), "page_range");
        assert_eq!(site.get(Some(&site.w.mallory), PATH).await.json()["total"], 0);

        for _ in 0..2 {
            let undone = site.post(alice, &format!("{path}/undo"), &json!({})).await;
            assert_eq!((undone.status, undone.json()["restored"].clone()), (200, json!(2)));
        }
        assert_eq!(categories(&site).await, ["food.coffee"; 3]);
    }

    async fn all_that_match_are_meant_by_their_filter(db: TestDb) {
        let site = Site::new(db).await;
        fill(&site).await;

        let body = json!({ "action": "delete", "all": true, "filter": "q=coffee" });
        let made = site.post(Some(&site.w.alice), PATH, &body).await.json();

        assert_eq!((&made["batch"]["changed"], &made["batch"]["value"]), (&json!(2), &Value::Null));
        assert_eq!(categories(&site).await.len(), 1);
    }

    async fn the_same_request_again_has_its_effect_once(db: TestDb) {
        let site = Site::new(db).await;
        let ids = fill(&site).await;
        let body = json!({ "action": "addTag", "tag": "trip", "ids": [ids[0]] });

        let first = site.post_once(Some(&site.w.alice), PATH, "0123456789abcdef", &body).await;
        let again = site.post_once(Some(&site.w.alice), PATH, "0123456789abcdef", &body).await;

        assert_eq!((first.status, again.status, first.json()), (201, 201, again.json()));
        assert_eq!((first.header("idempotent-replayed"), again.header("idempotent-replayed")), (None, Some("true")));
    }

    async fn what_does_not_fit_is_named(db: TestDb) {
        let site = Site::new(db).await;
        let ids = fill(&site).await;

        for (body, field, code) in [
            (json!({ "action": "fly", "ids": ids }), "action", "option_unknown"),
            (json!({ "action": "delete" }), "ids", "selection_empty"),
            (json!({ "action": "category", "ids": ids }), "category", "category_unknown"),
            (json!({ "action": "addTag", "ids": ids }), "tag", "text_required"),
            (json!({ "action": "exclude", "all": true, "filter": "from=never" }), "filter", "selection_empty"),
        ] {
            let refused = site.post(Some(&site.w.alice), PATH, &body).await;
            assert_eq!((refused.status, refused.field(field).as_str()), (422, code), "{body}");
        }
    }

    async fn nobody_changes_or_undoes_for_others(db: TestDb) {
        let site = Site::new(db).await;
        let ids = fill(&site).await;
        let (alice, mallory) = (Some(&site.w.alice), Some(&site.w.mallory));
        let body = json!({ "action": "exclude", "ids": ids });
        let made = site.post(alice, PATH, &body).await.json();
        let path = format!("{PATH}/{}", made["batch"]["id"].as_str().unwrap());
        let rule = json!({ "action": "rule", "rule": "nobodys" });

        assert_eq!(site.post(mallory, PATH, &body).await.status, 404);
        assert_eq!(site.get(mallory, &path).await.status, 404);
        assert_eq!(site.post(mallory, &format!("{path}/undo"), &json!({})).await.status, 404);
        assert_eq!(site.post(alice, PATH, &rule).await.status, 404);
        assert_eq!(site.post(None, PATH, &body).await.status, 401);
        assert_eq!(site.get(None, &path).await.status, 401);
    }
}
