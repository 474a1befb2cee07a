use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use backend::both_engines;
use serde_json::{Value, json};

use super::support::{Answer, Site};

const PATH: &str = "/api/bank-accounts";
const NUMBER: &str = "000123456789";

fn checking() -> Value {
    json!({
        "accountNumber": NUMBER,
        "routingNumber": "021000021",
        "bankName": "First Harbor",
        "accountType": "checking",
        "accountNickname": "Bills",
    })
}

async fn add(site: &Site) -> String {
    let answer = site.post(Some(&site.w.alice), PATH, &checking()).await;
    answer.json()["bankAccount"]["id"].as_str().unwrap().to_owned()
}

async fn with_key(site: &Site, key: &str, body: &Value) -> Answer {
    let request = Request::post(PATH)
        .header("content-type", "application/json")
        .header("idempotency-key", key)
        .body(Body::from(body.to_string()))
        .unwrap();
    site.send(Some(&site.w.alice), request).await
}

both_engines! {
    async fn a_new_account_is_answered_without_its_number(db: TestDb) {
        let site = Site::new(db).await;

        let answer = site.post(Some(&site.w.alice), PATH, &checking()).await;

        assert!(answer.is(StatusCode::CREATED), "{answer:?}");
        let body = answer.json();
        let id = body["bankAccount"]["id"].as_str().unwrap();
        assert_eq!(answer.header("location"), Some(format!("{PATH}/{id}").as_str()));
        assert_eq!(body, json!({
            "success": true,
            "bankAccount": { "id": id, "bankName": "First Harbor", "accountType": "checking", "status": "pending", "mask": "6789" },
        }));
        let seen = site.get(Some(&site.w.alice), &format!("{PATH}/{id}")).await;
        for text in [&answer.text, &seen.text] {
            assert!(!text.contains(NUMBER) && !text.contains("021000021") && !text.contains("cfr1"), "{text}");
        }
    }

    async fn an_account_kept_by_hand_needs_no_numbers(db: TestDb) {
        let site = Site::new(db).await;

        let answer = site.post(Some(&site.w.alice), PATH, &json!({ "bankName": "Wallet", "accountType": "cash", "currency": "EUR" })).await;

        assert_eq!(answer.json()["bankAccount"]["status"], "active");
        assert_eq!(answer.json()["bankAccount"]["mask"], Value::Null);
    }

    async fn the_list_is_a_page_of_ones_own_accounts(db: TestDb) {
        let site = Site::new(db).await;
        add(&site).await;
        for name in ["A", "B"] {
            site.w.backend.clock.advance(std::time::Duration::from_secs(1));
            site.post(Some(&site.w.alice), PATH, &json!({ "bankName": name, "accountType": "cash" })).await;
        }

        let all = site.get(Some(&site.w.alice), PATH).await.json();
        let second = site.get(Some(&site.w.alice), &format!("{PATH}?page=2&limit=2")).await.json();
        let mallorys = site.get(Some(&site.w.mallory), PATH).await.json();

        assert_eq!(all["items"].as_array().unwrap().len(), 3);
        assert_eq!(all["items"][0]["accountNickname"], "Bills");
        assert_eq!(all["items"][0]["balanceMinor"], 0);
        assert_eq!((&all["page"], &all["limit"], &all["total"], &all["totalPages"]), (&json!(1), &json!(50), &json!(3), &json!(1)));
        assert_eq!((&all["nextCursor"], &all["prevCursor"]), (&Value::Null, &Value::Null));
        assert_eq!((second["items"].as_array().unwrap().len(), &second["page"], &second["totalPages"]), (1, &json!(2), &json!(2)));
        assert_eq!((mallorys["items"].clone(), mallorys["total"].clone()), (json!([]), json!(0)));
    }

    async fn what_is_wrong_is_said_field_by_field(db: TestDb) {
        let site = Site::new(db).await;
        let bad = json!({ "accountNumber": "12A4567", "routingNumber": "021000022", "bankName": " ", "accountType": "checking" });

        let answer = site.post(Some(&site.w.alice), PATH, &bad).await;

        assert!(answer.is(StatusCode::UNPROCESSABLE_ENTITY), "{answer:?}");
        assert_eq!(answer.code(), "VALIDATION_FAILED");
        assert_eq!(answer.field("accountNumber"), "account_number_digits");
        assert_eq!(answer.field("routingNumber"), "routing_checksum");
        assert_eq!(answer.field("bankName"), "bank_name_required");
        assert_eq!(answer.json()["fields"]["accountNumber"][0]["message"], "Use digits only.");
        assert!(!answer.text.contains("12A4567"));
    }

    async fn the_same_numbers_again_are_a_duplicate_at_their_field(db: TestDb) {
        let site = Site::new(db).await;
        add(&site).await;

        let answer = site.post(Some(&site.w.alice), PATH, &checking()).await;
        let mallorys = site.post(Some(&site.w.mallory), PATH, &checking()).await;

        assert_eq!((answer.status, answer.field("accountNumber")), (422, "account_duplicate".to_owned()));
        assert_eq!(mallorys.status, 201);
    }

    async fn a_body_of_another_shape_is_refused_in_our_words(db: TestDb) {
        let site = Site::new(db).await;
        let alice = Some(&site.w.alice);

        for body in [json!([]), json!(["000123456789", "021000021", "B", "checking"]), json!({ "bankName": 5 }), json!({ "bankName": "B", "accountType": "cash", "userId": "mallory" }), json!({ "bankName": "B", "accountType": "cash", "status": "active" })] {
            let answer = site.post(alice, PATH, &body).await;
            assert_eq!((answer.status, answer.code().as_str()), (400, "BAD_REQUEST"), "{body}");
            assert!(!answer.text.contains("line") && !answer.text.contains("serde") && !answer.text.contains("userId"), "{}", answer.text);
        }
        let nul = site.send(alice, Request::post(PATH).header("content-type", "application/json").body(Body::from("{\"bankName\":\"a\\u0000b\"}")).unwrap()).await;
        assert_eq!(nul.status, 400);
        for kind in ["text/plain", "application/x-www-form-urlencoded", ""] {
            let request = Request::post(PATH).header("content-type", kind).body(Body::from("{}")).unwrap();
            let answer = site.send(alice, request).await;
            assert_eq!((answer.status, answer.code().as_str()), (415, "UNSUPPORTED_MEDIA_TYPE"), "{kind}");
        }
        let large = site.post(alice, PATH, &json!({ "bankName": "b".repeat(70_000) })).await;
        assert_eq!(large.status, 413);
    }

    async fn the_same_request_with_a_key_is_answered_the_same_and_done_once(db: TestDb) {
        let site = Site::new(db).await;
        let key = "5b1f3c9e-client-made-this";

        let first = with_key(&site, key, &checking()).await;
        let again = with_key(&site, key, &checking()).await;
        let other = with_key(&site, key, &json!({ "bankName": "B", "accountType": "cash" })).await;

        assert_eq!((first.status, again.status), (201, 201));
        assert_eq!(first.text, again.text);
        assert_eq!((first.header("idempotent-replayed"), again.header("idempotent-replayed")), (None, Some("true")));
        assert_eq!(first.header("location"), again.header("location"));
        assert_eq!((other.status, other.code().as_str()), (422, "IDEMPOTENCY_KEY_REUSED"));
        assert_eq!(site.get(Some(&site.w.alice), PATH).await.json()["total"], 1);
    }

    async fn a_key_of_another_form_is_refused(db: TestDb) {
        let site = Site::new(db).await;

        for key in ["short", "has a blank in its middle", &"x".repeat(201)] {
            let answer = with_key(&site, key, &checking()).await;
            assert_eq!((answer.status, answer.code().as_str()), (400, "IDEMPOTENCY_KEY_INVALID"), "{key}");
        }
    }

    async fn a_name_can_be_changed_and_a_nickname_taken_away(db: TestDb) {
        let site = Site::new(db).await;
        let at = format!("{PATH}/{}", add(&site).await);
        let alice = Some(&site.w.alice);

        let named = site.patch(alice, &at, &json!({ "bankName": "Second Harbor" })).await.json();
        let bare = site.patch(alice, &at, &json!({ "accountNickname": null })).await.json();
        let refused = site.patch(alice, &at, &json!({ "bankName": "", "accountNickname": "n".repeat(41) })).await;
        let unknown = site.patch(alice, &at, &json!({ "status": "active" })).await;

        assert_eq!((&named["success"], &named["bankAccount"]["bankName"], &named["bankAccount"]["accountNickname"]), (&json!(true), &json!("Second Harbor"), &json!("Bills")));
        assert_eq!((&bare["bankAccount"]["bankName"], &bare["bankAccount"]["accountNickname"]), (&json!("Second Harbor"), &Value::Null));
        assert_eq!((refused.status, refused.field("bankName"), refused.field("accountNickname")), (422, "bank_name_required".to_owned(), "nickname_length".to_owned()));
        assert_eq!(unknown.status, 400);
    }

    async fn an_account_is_put_away_and_brought_back(db: TestDb) {
        let site = Site::new(db).await;
        let alice = Some(&site.w.alice);
        let at = format!("{PATH}/{}", add(&site).await);

        let away = site.patch(alice, &at, &json!({ "archived": true })).await.json();
        let lists = [
            site.get(alice, PATH).await.json()["total"].clone(),
            site.get(alice, &format!("{PATH}?archived=true")).await.json()["items"][0]["id"].clone(),
        ];
        let refused = site.get(alice, &format!("{PATH}?archived=maybe")).await;
        let back = site.patch(alice, &at, &json!({ "archived": false })).await.json();

        assert!(away["bankAccount"]["archivedAt"].is_string(), "{away}");
        assert_eq!(lists, [json!(0), away["bankAccount"]["id"].clone()]);
        assert_eq!((refused.status, refused.field("archived")), (422, "option_unknown".to_owned()));
        assert_eq!(back["bankAccount"]["archivedAt"], json!(null));
        assert_eq!(site.get(alice, PATH).await.json()["total"], json!(1));
    }

    async fn an_account_moves_up_and_down_among_those_of_its_type(db: TestDb) {
        let site = Site::new(db).await;
        let (alice, mallory) = (Some(&site.w.alice), Some(&site.w.mallory));
        for name in ["A", "B", "C"] {
            site.w.backend.clock.advance(std::time::Duration::from_secs(1));
            site.post(alice, PATH, &json!({ "bankName": name, "accountType": "cash" })).await;
        }
        let last = site.get(alice, PATH).await.json()["items"][2]["id"].as_str().unwrap().to_owned();
        let at = format!("{PATH}/{last}/shift");

        let up = site.post(alice, &at, &json!({ "way": "up" })).await;
        let names = |answer: &Answer| -> Vec<String> {
            let items = answer.json()["items"].clone();
            items.as_array().unwrap().iter().map(|one| one["bankName"].as_str().unwrap().to_owned()).collect()
        };
        let theirs = site.post(mallory, &at, &json!({ "way": "down" })).await;

        assert_eq!((up.status, names(&up)), (200, ["A", "C", "B"].map(str::to_owned).to_vec()));
        assert_eq!((theirs.status, site.post(None, &at, &json!({ "way": "up" })).await.status), (404, 401));
        for way in [json!({ "way": "left" }), json!({})] {
            let refused = site.post(alice, &at, &way).await;
            assert_eq!((refused.status, refused.field("way")), (422, "option_unknown".to_owned()));
        }
        assert_eq!(site.post(alice, &at, &json!({ "way": "up", "by": 2 })).await.status, 400);
        assert_eq!(names(&site.get(alice, PATH).await), ["A", "C", "B"]);
        assert_eq!(names(&site.post(alice, &at, &json!({ "way": "down" })).await), ["A", "B", "C"]);
        assert_eq!(names(&site.post(alice, &at, &json!({ "way": "down" })).await), ["A", "B", "C"], "the end is the end");
        site.patch(alice, &format!("{PATH}/{last}"), &json!({ "archived": true })).await;
        assert_eq!(site.post(alice, &at, &json!({ "way": "up" })).await.status, 404);
    }

    async fn an_account_tells_its_balance_day_by_day(db: TestDb) {
        let site = Site::new(db).await;
        let alice = Some(&site.w.alice);
        let at = format!("{PATH}/{}/balances", add(&site).await);

        let balances = site.get(alice, &at).await.json();
        let refused = site.get(alice, &format!("{at}?range=2w")).await;

        assert_eq!((&balances["currency"], &balances["balanceMinor"]), (&json!("USD"), &json!(0)));
        assert_eq!((&balances["days"], &balances["bank"]), (&json!([]), &json!(null)));
        assert_eq!((refused.status, refused.field("range")), (422, "option_unknown".to_owned()));
        assert_eq!(site.get(alice, &format!("{at}?range=all")).await.status, 200);
        assert_eq!(site.get(Some(&site.w.mallory), &at).await.status, 404);
    }

    async fn a_deleted_account_is_gone(db: TestDb) {
        let site = Site::new(db).await;
        let at = format!("{PATH}/{}", add(&site).await);

        let deleted = site.delete(Some(&site.w.alice), &at).await;
        let again = site.delete(Some(&site.w.alice), &at).await;

        assert_eq!((deleted.status, deleted.json()), (200, json!({ "success": true, "transactions": 0 })));
        assert_eq!((again.status, site.get(Some(&site.w.alice), &at).await.status), (404, 404));
    }

    async fn what_is_not_yours_looks_exactly_like_what_is_not_there(db: TestDb) {
        let site = Site::new(db).await;
        let alices = format!("{PATH}/{}", add(&site).await);
        let mallory = Some(&site.w.mallory);
        let change = json!({ "bankName": "Mine" });

        for nowhere in ["019e0000-0000-7000-8000-000000000000", "a.b", "%20", &"x".repeat(65)] {
            let nowhere = format!("{PATH}/{nowhere}");
            for (theirs, missing) in [
                (site.get(mallory, &alices).await, site.get(mallory, &nowhere).await),
                (site.patch(mallory, &alices, &change).await, site.patch(mallory, &nowhere, &change).await),
                (site.delete(mallory, &alices).await, site.delete(mallory, &nowhere).await),
            ] {
                assert_eq!((theirs.status, theirs.code().as_str()), (404, "NOT_FOUND"));
                assert_eq!((theirs.status, theirs.text), (missing.status, missing.text));
            }
        }
        let account = site.get(Some(&site.w.alice), &alices).await.json();
        assert_eq!(account["bankName"], "First Harbor");
    }

    async fn nobody_is_told_to_sign_in(db: TestDb) {
        let site = Site::new(db).await;
        let at = format!("{PATH}/{}", add(&site).await);

        for answer in [
            site.get(None, PATH).await,
            site.post(None, PATH, &json!({ "nonsense": true })).await,
            site.get(None, &at).await,
            site.patch(None, &at, &json!({})).await,
            site.delete(None, &at).await,
        ] {
            assert_eq!((answer.status, answer.code().as_str()), (401, "UNAUTHORIZED"));
        }
    }
}
