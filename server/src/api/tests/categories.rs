use backend::{
    accounts::testing::account_of,
    both_engines,
    transactions::testing::{Given, give},
};
use serde_json::{Value, json};

use super::support::Site;

const PATH: &str = "/api/categories";
const MINE: &str = "/api/categories/food.school-lunch";

async fn add(site: &Site) -> Value {
    let body = json!({ "group": "food", "label": "School lunch" });
    site.post(Some(&site.w.alice), PATH, &body).await.json()
}

both_engines! {
    async fn the_same_request_twice_is_one_category(db: TestDb) {
        let site = Site::new(db).await;
        let alice = Some(&site.w.alice);
        let (key, body) = ("0123456789abcdef", json!({ "group": "food", "label": "School lunch" }));

        let first = site.post_once(alice, PATH, key, &body).await;
        let again = site.post_once(alice, PATH, key, &body).await;
        let other = site.post_once(alice, PATH, key, &json!({ "group": "food", "label": "Lunch" })).await;
        let taken = site.post_once(alice, PATH, "fedcba9876543210", &body).await;

        assert_eq!((first.status, first.header("location")), (201, Some(MINE)));
        assert_eq!((again.status, again.header("idempotent-replayed")), (201, Some("true")));
        assert_eq!(again.json(), first.json());
        assert_eq!((other.status, other.code()), (422, "IDEMPOTENCY_KEY_REUSED".to_owned()));
        assert_eq!(taken.status, 409);
    }

    async fn the_list_has_ours_with_ones_own_words_and_ones_own(db: TestDb) {
        let site = Site::new(db).await;
        let alice = Some(&site.w.alice);
        add(&site).await;

        let renamed = site.patch(alice, &format!("{PATH}/food.coffee"), &json!({ "label": "Caffeine" })).await;
        let list = site.get(alice, &format!("{PATH}?limit=200")).await.json();

        let items = list["items"].as_array().unwrap();
        let at = |key: &str| items.iter().position(|found| found["key"] == key).unwrap();
        assert_eq!((renamed.status, &renamed.json()["label"]), (200, &json!("Caffeine")));
        assert_eq!(items[at("food.coffee")], json!({
            "key": "food.coffee", "group": "food", "label": "Caffeine", "icon": "shopping-basket", "own": false,
        }));
        assert_eq!(items[at("food.school-lunch")]["own"], true);
        assert_eq!(at("food.school-lunch") + 1, at("transport"));
        assert_eq!(list["total"], items.len());
        assert_eq!(site.get(Some(&site.w.mallory), &format!("{PATH}/food.coffee")).await.json()["label"], "Coffee");
    }

    async fn ones_own_is_made_renamed_and_gives_its_rows_away(db: TestDb) {
        let site = Site::new(db).await;
        let alice = Some(&site.w.alice);

        let made = site.post(alice, PATH, &json!({ "group": "food", "label": "School lunch" })).await;
        let again = site.post(alice, PATH, &json!({ "group": "food", "label": "School lunch" })).await;
        let renamed = site.patch(alice, MINE, &json!({ "label": "Lunch" })).await.json();
        let account = account_of(&site.w.backend, &site.w.alice).await;
        give(&site.w.backend, &site.w.alice, &account, Given { category: "food.school-lunch", ..Given::default() }).await;
        let gone = site.delete(alice, &format!("{MINE}?to=food.groceries")).await;

        assert_eq!((made.status, made.header("location"), again.status), (201, Some(MINE), 409));
        assert_eq!(made.json()["category"]["key"], "food.school-lunch");
        assert_eq!((&renamed["label"], &renamed["own"]), (&json!("Lunch"), &json!(true)));
        assert_eq!((gone.status, gone.json()), (200, json!({ "success": true, "moved": 1 })));
        assert_eq!(site.get(alice, MINE).await.status, 404);
        assert_eq!(site.get(alice, "/api/transactions?category=food.groceries").await.json()["total"], 1);
    }

    async fn what_does_not_fit_is_named(db: TestDb) {
        let site = Site::new(db).await;
        let alice = Some(&site.w.alice);
        add(&site).await;

        let group = site.post(alice, PATH, &json!({ "group": "food.coffee", "label": "x" })).await;
        let label = site.post(alice, PATH, &json!({ "group": "food" })).await;
        let word = site.patch(alice, MINE, &json!({ "label": " " })).await;
        let heirless = site.delete(alice, MINE).await;
        let ours = site.delete(alice, &format!("{PATH}/food.coffee?to=food")).await;

        assert_eq!((group.status, group.field("group").as_str()), (422, "category_unknown"));
        assert_eq!((label.status, label.field("label").as_str()), (422, "category_name_required"));
        assert_eq!((word.status, word.field("label").as_str()), (422, "category_name_required"));
        assert_eq!((heirless.status, heirless.field("to").as_str()), (422, "category_unknown"));
        assert_eq!(ours.status, 404);
        assert_eq!(site.get(alice, &format!("{PATH}?page=0")).await.field("page"), "page_range");
    }

    async fn what_somebody_made_is_nobody_elses(db: TestDb) {
        let site = Site::new(db).await;
        add(&site).await;

        for (who, status) in [(Some(&site.w.mallory), 404), (None, 401)] {
            assert_eq!(site.get(who, MINE).await.status, status);
            assert_eq!(site.patch(who, MINE, &json!({ "label": "x" })).await.status, status);
            assert_eq!(site.delete(who, &format!("{MINE}?to=food")).await.status, status);
        }
        assert_eq!(site.get(None, PATH).await.status, 401);
        assert_eq!(site.post(None, PATH, &json!({})).await.status, 401);
        assert_eq!(site.get(Some(&site.w.alice), MINE).await.json()["label"], "School lunch");
    }
}
