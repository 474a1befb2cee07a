use backend::{
    accounts::testing::account_of,
    both_engines,
    transactions::testing::{Given, give},
};
use domain::AccountId;
use serde_json::{Value, json};

use super::support::Site;

const PATH: &str = "/api/transactions";
const KEY: &str = "0123456789abcdef";

fn lunch(account: &AccountId) -> Value {
    json!({
        "accountId": account.as_str(), "date": "2026-05-03", "description": "Lunch", "amount": "12.50",
        "category": "food.restaurants", "note": "With Bob", "tags": ["Work", "trip"],
    })
}

/// The path of a coffee of Alice that a bank brought.
async fn coffee(site: &Site) -> String {
    let account = account_of(&site.w.backend, &site.w.alice).await;
    let given = Given { source: "simbank", ..Given::default() };
    let id = give(&site.w.backend, &site.w.alice, &account, given).await;
    format!("{PATH}/{id}")
}

both_engines! {
    async fn a_transaction_is_added_by_hand_read_and_deleted(db: TestDb) {
        let site = Site::new(db).await;
        let alice = Some(&site.w.alice);
        let account = account_of(&site.w.backend, &site.w.alice).await;

        let added = site.post(alice, PATH, &lunch(&account)).await;
        let row = added.json()["transaction"].clone();
        let path = format!("{PATH}/{}", row["id"].as_str().unwrap());

        assert_eq!((added.status, added.header("location")), (201, Some(&*path)));
        assert_eq!(row, json!({
            "id": row["id"], "accountId": account.as_str(), "accountName": "Wallet cash", "accountMask": null,
            "date": "2026-05-03", "description": "Lunch", "merchant": row["merchant"], "category": "food.restaurants",
            "type": "debit", "status": "completed", "amountCents": 1_250, "signedAmountCents": -1_250, "currency": "USD",
            "note": "With Bob", "tags": ["trip", "work"], "split": false, "excluded": false, "postedDate": null,
            "source": "manual", "providerCategory": null,
            "setBy": {
                "date": row["setBy"]["date"], "merchant": row["setBy"]["merchant"], "category": "user", "note": "user",
                "tags": "user", "excluded": "default",
            },
            "parts": [], "transfer": null, "flag": null, "deletable": true,
            "createdAt": "2026-05-04T12:00:00Z", "updatedAt": "2026-05-04T12:00:00Z",
        }));
        assert_eq!(site.get(alice, &path).await.json(), row);
        let deleted = site.delete(alice, &path).await.json();
        let undo = format!("{PATH}/batches/{}/undo", deleted["undoBatchId"].as_str().unwrap());
        assert_eq!(deleted["success"], json!(true));
        assert_eq!(site.get(alice, &path).await.status, 404);

        assert_eq!(site.post(alice, &undo, &json!({})).await.status, 200);
        assert_eq!(site.get(alice, &path).await.json(), row);
    }

    async fn a_change_of_one_says_what_undoes_it(db: TestDb) {
        let site = Site::new(db).await;
        let alice = Some(&site.w.alice);
        let path = coffee(&site).await;
        let parts = json!({ "parts": [
            { "amount": "3.00", "category": "food.coffee" },
            { "amount": "1.50", "category": "family.gifts" },
        ] });
        let undo = async |answer: Value| {
            let batch = answer["undoBatchId"].as_str().unwrap().to_owned();
            site.post(alice, &format!("{PATH}/batches/{batch}/undo"), &json!({})).await.status
        };
        let before = site.get(alice, &path).await.json();

        let edited = site.patch(alice, &path, &json!({ "note": "mine" })).await.json();
        let again = site.patch(alice, &path, &json!({ "note": "mine" })).await.json();
        assert_eq!(again["undoBatchId"], Value::Null, "it was so already");
        assert_eq!(undo(edited).await, 200);
        assert_eq!(site.get(alice, &path).await.json()["note"], before["note"]);

        let split = site.put(alice, &format!("{path}/parts"), &parts).await.json();
        assert_eq!(undo(split).await, 200);
        assert_eq!(site.get(alice, &path).await.json()["parts"], json!([]));
    }

    async fn the_same_transaction_again_is_added_once(db: TestDb) {
        let site = Site::new(db).await;
        let alice = Some(&site.w.alice);
        let account = account_of(&site.w.backend, &site.w.alice).await;

        let first = site.post_once(alice, PATH, KEY, &lunch(&account)).await;
        let again = site.post_once(alice, PATH, KEY, &lunch(&account)).await;
        let other = site.post_once(alice, PATH, KEY, &json!({ "accountId": account.as_str() })).await;

        assert_eq!((first.status, again.status, first.json()), (201, 201, again.json()));
        assert_eq!((first.header("idempotent-replayed"), again.header("idempotent-replayed")), (None, Some("true")));
        assert_eq!((other.status, other.code().as_str()), (422, "IDEMPOTENCY_KEY_REUSED"));
        assert_eq!(site.get(alice, PATH).await.json()["total"], 1);
    }

    async fn what_is_left_out_stays_and_null_takes_away(db: TestDb) {
        let site = Site::new(db).await;
        let alice = Some(&site.w.alice);
        let path = coffee(&site).await;
        let body = json!({ "category": "travel", "merchant": "Blue Bottle", "note": "x", "tags": ["trip"], "excluded": true });

        let changed = site.patch(alice, &path, &body).await;
        let again = site.patch(alice, &path, &json!({ "merchant": null, "note": "", "tags": [] })).await.json();

        let row = changed.json();
        assert_eq!((changed.status, &row["category"], &row["merchant"]), (200, &json!("travel"), &json!("Blue Bottle")));
        assert_eq!((&row["tags"], &row["excluded"], &row["setBy"]["category"]), (&json!(["trip"]), &json!(true), &json!("user")));
        assert_eq!((&again["merchant"], &again["note"], &again["tags"]), (&Value::Null, &Value::Null, &json!([])));
        assert_eq!((&again["category"], &again["excluded"]), (&json!("travel"), &json!(true)));
        assert_eq!(site.delete(alice, &path).await.status, 403);
    }

    async fn a_transaction_is_split_and_whole_again(db: TestDb) {
        let site = Site::new(db).await;
        let alice = Some(&site.w.alice);
        let parts = format!("{}/parts", coffee(&site).await);
        let body = json!({ "parts": [
            { "amount": "3.00", "category": "food.coffee", "tags": ["work"] },
            { "amount": "1.50", "category": "family.gifts", "note": "For Bob" },
        ] });

        let split = site.put(alice, &parts, &body).await;
        let whole = site.delete(alice, &parts).await;

        assert_eq!((split.status, &split.json()["split"]), (200, &json!(true)));
        assert_eq!(split.json()["parts"], json!([
            { "category": "food.coffee", "signedAmountCents": -300, "note": null, "tags": ["work"] },
            { "category": "family.gifts", "signedAmountCents": -150, "note": "For Bob", "tags": [] },
        ]));
        assert_eq!((whole.status, &whole.json()["parts"], &whole.json()["split"]), (200, &json!([]), &json!(false)));
    }

    async fn what_does_not_fit_is_named(db: TestDb) {
        let site = Site::new(db).await;
        let alice = Some(&site.w.alice);
        let account = account_of(&site.w.backend, &site.w.alice).await;
        let path = coffee(&site).await;

        for (field, value, code) in [
            ("accountId", json!(""), "account_required"),
            ("date", json!("2026-02-30"), "date_invalid"),
            ("description", json!(" "), "text_required"),
            ("amount", json!("0"), "amount_zero"),
            ("direction", json!("up"), "option_unknown"),
            ("category", json!("nothing"), "category_unknown"),
            ("tags", json!(["a|b"]), "tag_characters"),
        ] {
            let mut body = lunch(&account);
            body[field] = value;
            let refused = site.post(alice, PATH, &body).await;
            assert_eq!((refused.status, refused.field(field).as_str()), (422, code), "{body}");
        }
        for (body, field, code) in [
            (json!({ "category": "" }), "category", "category_unknown"),
            (json!({ "date": "never" }), "date", "date_invalid"),
            (json!({ "tags": ["a|b"] }), "tags", "tag_characters"),
        ] {
            let refused = site.patch(alice, &path, &body).await;
            assert_eq!((refused.status, refused.field(field).as_str()), (422, code), "{body}");
        }
        for (body, field, code) in [
            (json!({}), "parts", "split_parts"),
            (json!({ "parts": [{ "amount": "1", "category": "travel" }, { "amount": "2", "category": "travel" }] }), "parts", "split_sum"),
            (json!({ "parts": [{ "amount": "1", "category": "x" }, { "amount": "3.50", "category": "travel" }] }), "parts[0].category", "category_unknown"),
        ] {
            let refused = site.put(alice, &format!("{path}/parts"), &body).await;
            assert_eq!((refused.status, refused.field(field).as_str()), (422, code), "{body}");
        }
        assert_eq!(site.patch(alice, &path, &json!({ "amount": "1" })).await.status, 400);
    }

    async fn nobody_reads_or_changes_what_is_somebody_elses(db: TestDb) {
        let site = Site::new(db).await;
        let (mallory, path) = (Some(&site.w.mallory), coffee(&site).await);
        let parts = format!("{path}/parts");
        let account = account_of(&site.w.backend, &site.w.alice).await;
        let body = json!({ "parts": [{ "amount": "1", "category": "travel" }, { "amount": "3.50", "category": "travel" }] });

        for (who, status) in [(mallory, 404), (None, 401)] {
            assert_eq!(site.post(who, PATH, &lunch(&account)).await.status, status);
            assert_eq!(site.get(who, &path).await.status, status);
            assert_eq!(site.patch(who, &path, &json!({ "note": "x" })).await.status, status);
            assert_eq!(site.delete(who, &path).await.status, status);
            assert_eq!(site.put(who, &parts, &body).await.status, status);
            assert_eq!(site.delete(who, &parts).await.status, status);
        }
        let row = site.get(Some(&site.w.alice), &path).await.json();
        assert_eq!((&row["note"], &row["parts"]), (&Value::Null, &json!([])));
    }
}
