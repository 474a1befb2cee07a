use backend::{
    accounts::testing::account_of,
    both_engines,
    transactions::testing::{Given, give_all},
};
use serde_json::{Value, json};

use super::support::Site;

const PATH: &str = "/api/rules";
const KEY: &str = "0123456789abcdef";

fn coffee() -> Value {
    json!({
        "name": "Coffee",
        "conditions": [{ "field": "description", "value": "coffee" }, { "field": "amount", "operator": "between", "value": "1", "to": "20.00" }],
        "actions": [{ "kind": "category", "value": "travel" }],
    })
}

async fn add(site: &Site, name: &str) -> String {
    let mut body = coffee();
    body["name"] = json!(name);
    let added = site.post(Some(&site.w.alice), PATH, &body).await.json();
    added["rule"]["id"].as_str().unwrap().to_owned()
}

/// Two coffees and a tea of Alice.
async fn fill(site: &Site) {
    let account = account_of(&site.w.backend, &site.w.alice).await;
    let given = Given { source: "simbank", ..Given::default() };
    let given = [given, given, Given { description: "Tea", ..given }];
    give_all(&site.w.backend, &site.w.alice, &account, &given).await;
}

fn names(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|rule| rule["name"].as_str().unwrap()).collect()
}

both_engines! {
    async fn the_same_request_twice_is_one_rule(db: TestDb) {
        let site = Site::new(db).await;
        let alice = Some(&site.w.alice);

        let first = site.post_once(alice, PATH, KEY, &coffee()).await;
        let again = site.post_once(alice, PATH, KEY, &coffee()).await;
        let other = site.post_once(alice, PATH, KEY, &json!({ "name": "Tea" })).await;

        assert_eq!((first.status, first.header("idempotent-replayed")), (201, None));
        assert_eq!((again.status, again.header("idempotent-replayed")), (201, Some("true")));
        assert_eq!((again.json(), again.header("location")), (first.json(), first.header("location")));
        assert_eq!((other.status, other.code()), (422, "IDEMPOTENCY_KEY_REUSED".to_owned()));
        assert_eq!(site.get(alice, PATH).await.json()["total"], 1);
        assert_eq!(site.post_once(Some(&site.w.mallory), PATH, KEY, &coffee()).await.header("idempotent-replayed"), None);
    }

    async fn a_rule_is_added_read_changed_and_deleted(db: TestDb) {
        let site = Site::new(db).await;
        let alice = Some(&site.w.alice);

        let added = site.post(alice, PATH, &coffee()).await;
        let rule = added.json()["rule"].clone();
        let path = format!("{PATH}/{}", rule["id"].as_str().unwrap());
        let changed = site.patch(alice, &path, &json!({ "enabled": false, "match": "any", "stop": true })).await;
        let renamed = site.patch(alice, &path, &json!({ "name": "Cafe", "actions": [{ "kind": "exclude" }] })).await.json();

        assert_eq!((added.status, added.header("location")), (201, Some(&*path)));
        assert_eq!(rule, json!({
            "id": rule["id"], "name": "Coffee", "enabled": true, "match": "all", "stop": false,
            "conditions": [
                { "field": "description", "operator": "contains", "value": "coffee", "to": "" },
                { "field": "amount", "operator": "between", "value": "1.00", "to": "20.00" },
            ],
            "actions": [{ "kind": "category", "value": "travel" }],
        }));
        assert_eq!((changed.status, &changed.json()["enabled"], &changed.json()["match"]), (200, &json!(false), &json!("any")));
        assert_eq!((&changed.json()["conditions"], &changed.json()["stop"]), (&rule["conditions"], &json!(true)));
        assert_eq!((&renamed["name"], &renamed["enabled"], &renamed["stop"]), (&json!("Cafe"), &json!(false), &json!(true)));
        assert_eq!(renamed["actions"], json!([{ "kind": "exclude", "value": "" }]));
        assert_eq!(site.get(alice, &path).await.json(), renamed);
        assert_eq!(site.delete(alice, &path).await.status, 200);
        assert_eq!(site.get(alice, &path).await.status, 404);
    }

    async fn the_order_is_that_of_all_ids(db: TestDb) {
        let site = Site::new(db).await;
        let alice = Some(&site.w.alice);
        let (a, b, c) = (add(&site, "A").await, add(&site, "B").await, add(&site, "C").await);
        let order = format!("{PATH}/order");

        let put = site.put(alice, &order, &json!({ "ids": [c, a, b] })).await;

        assert_eq!((put.status, names(&put.json())), (200, vec!["C", "A", "B"]));
        assert_eq!(names(&site.get(alice, PATH).await.json()), ["C", "A", "B"]);
        assert_eq!(names(&site.get(alice, &format!("{PATH}?page=2&limit=2")).await.json()), ["B"]);
        for ids in [json!([a, b]), json!([a, b, c, a]), json!([])] {
            let refused = site.put(alice, &order, &json!({ "ids": ids })).await;
            assert_eq!((refused.status, refused.field("ids").as_str()), (422, "rule_order"), "{ids}");
        }
        assert_eq!(site.put(alice, &order, &json!({ "ids": [a, b, "nobodys"] })).await.status, 404);
    }

    async fn what_is_looked_at_changes_nothing_and_what_is_applied_is_undone(db: TestDb) {
        let site = Site::new(db).await;
        let alice = Some(&site.w.alice);
        fill(&site).await;
        let apply = format!("{PATH}/{}/apply", add(&site, "Coffee").await);

        let preview = site.post(alice, &format!("{PATH}/preview"), &coffee()).await;
        let before = site.get(alice, "/api/transactions?category=travel").await.json();
        let done = site.post_once(alice, &apply, KEY, &json!({})).await;
        let again = site.post_once(alice, &apply, KEY, &json!({})).await;
        let after = site.get(alice, "/api/transactions?category=travel").await.json();
        let undone = site.post(alice, &format!("{}/undo", done.header("location").unwrap()), &json!({})).await.json();

        let found = preview.json();
        assert_eq!((preview.status, &found["fitting"], &found["changing"]), (200, &json!(2), &json!(2)));
        assert_eq!((&found["samples"][0]["title"], &found["samples"][0]["signedAmountCents"]), (&json!("Coffee"), &json!(-450)));
        assert_eq!((&before["total"], &after["total"]), (&json!(0), &json!(2)));
        assert_eq!((done.status, &done.json()["batch"]["changed"], &done.json()["batch"]["action"]), (201, &json!(2), &json!("rule")));
        assert_eq!((again.json(), again.header("idempotent-replayed")), (done.json(), Some("true")));
        assert_eq!(undone["restored"], 2);
    }

    async fn what_does_not_fit_is_named(db: TestDb) {
        let site = Site::new(db).await;
        let alice = Some(&site.w.alice);
        let path = format!("{PATH}/{}", add(&site, "A").await);

        for (name, value, field, code) in [
            ("name", json!(""), "name", "text_required"),
            ("match", json!("some"), "match", "option_unknown"),
            ("conditions", json!([]), "conditions", "rule_empty"),
            ("actions", json!([]), "actions", "rule_actions"),
            ("conditions", json!([{ "field": "description", "operator": "regex", "value": "(" }]), "conditions[0].value", "rule_regex"),
            ("conditions", json!([{ "field": "account", "value": "nobodys" }]), "conditions[0].value", "account_required"),
            ("actions", json!([{ "kind": "category", "value": "food.nothing" }]), "actions[0].value", "category_unknown"),
        ] {
            let mut body = coffee();
            body[name] = value.clone();
            for refused in [
                site.post(alice, PATH, &body).await,
                site.post(alice, &format!("{PATH}/preview"), &body).await,
                site.patch(alice, &path, &json!({ name: value })).await,
            ] {
                assert_eq!((refused.status, refused.field(field).as_str()), (422, code), "{body}");
            }
        }
        assert_eq!(site.get(alice, &format!("{PATH}?limit=0")).await.field("limit"), "limit_range");
    }

    async fn nobody_reads_changes_or_applies_what_is_somebody_elses(db: TestDb) {
        let site = Site::new(db).await;
        let (alice, mallory) = (Some(&site.w.alice), Some(&site.w.mallory));
        let id = add(&site, "A").await;
        let path = format!("{PATH}/{id}");

        for (who, status) in [(mallory, 404), (None, 401)] {
            assert_eq!(site.get(who, &path).await.status, status);
            assert_eq!(site.patch(who, &path, &json!({ "name": "B" })).await.status, status);
            assert_eq!(site.delete(who, &path).await.status, status);
            assert_eq!(site.post(who, &format!("{path}/apply"), &json!({})).await.status, status);
            assert_eq!(site.put(who, &format!("{PATH}/order"), &json!({ "ids": [id] })).await.status, status);
        }
        assert_eq!(site.get(mallory, PATH).await.json()["total"], 0);
        assert_eq!(names(&site.get(alice, PATH).await.json()), ["A"]);
        for path in [PATH, "/api/rules/preview"] {
            assert_eq!(site.post(None, path, &coffee()).await.status, 401);
        }
    }
}
