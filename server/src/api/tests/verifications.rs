use backend::{accounts, accounts::testing::checking, both_engines, jobs, verification};
use domain::AccountId;
use serde_json::json;

use super::support::Site;

/// An account that nobody has proven, and where its verification is.
async fn account(site: &Site) -> (AccountId, String) {
    let new = checking("021000021", "000123456789");
    let added = accounts::create(&site.w.backend, &site.w.alice, new, None).await.unwrap();
    let path = format!("/api/bank-accounts/{}/verification", added.value.id);
    (added.value.id, path)
}

both_engines! {
    async fn an_account_is_proven_by_two_amounts(db: TestDb) {
        let site = Site::new(db).await;
        let (backend, alice) = (&site.w.backend, site.w.alice.clone());
        let (id, path) = account(&site).await;

        let before = site.get(Some(&alice), &path).await.json();
        let begun = site.post(Some(&alice), &path, &json!({ "kind": "amounts" })).await;
        let round = begun.json()["round"]["id"].as_str().unwrap().to_owned();
        let answers = format!("/api/verifications/{round}/answers");
        jobs::run_due(backend).await.unwrap();
        let sent = verification::statement(backend, &alice, &id).await.unwrap().unwrap();
        let (low, high) = sent.answer.split_once(',').unwrap();
        let form = json!({ "amount1": format!("$0.{high:0>2}"), "amount2": low });
        let early = site.post(Some(&alice), &answers, &form).await;
        verification::post_now(backend, &alice, &id).await.unwrap();
        let malformed = site.post(Some(&alice), &answers, &json!({ "amount1": "x", "amount2": low })).await;
        let done = site.post(Some(&alice), &answers, &form).await;

        assert_eq!((&before["state"], &before["canStart"]), (&json!("unstarted"), &json!(true)));
        assert_eq!((begun.status, &begun.json()["state"]), (201, &json!("sent")));
        assert_eq!(begun.json()["round"]["expectedOn"], json!("2026-05-06"));
        assert_eq!((early.status, early.field("amount2")), (422, "deposits_not_posted".to_owned()));
        assert_eq!((malformed.status, malformed.field("amount1")), (422, "amount_number".to_owned()));
        assert_eq!((done.status, &done.json()["state"]), (200, &json!("verified")));
        assert_eq!(done.json()["method"], json!("amounts"));
        assert_eq!(site.get(Some(&alice), &path).await.json()["round"]["triesLeft"], json!(2));
        for answer in [&begun, &early, &done] {
            assert!(!answer.text.contains(&sent.answer), "{}", answer.text);
        }
    }

    async fn what_is_asked_for_must_be_known_and_can_be_asked_once(db: TestDb) {
        let site = Site::new(db).await;
        let alice = site.w.alice.clone();
        let (_, path) = account(&site).await;

        let unknown = site.post(Some(&alice), &path, &json!({ "kind": "cheque" })).await;
        let missing = site.post(Some(&alice), &path, &json!({})).await;
        let first = site.post(Some(&alice), &path, &json!({ "kind": "code" })).await;
        let second = site.post(Some(&alice), &path, &json!({ "kind": "code" })).await;

        assert_eq!((unknown.status, unknown.field("kind")), (422, "option_unknown".to_owned()));
        assert_eq!((missing.status, missing.field("kind")), (422, "option_unknown".to_owned()));
        assert_eq!((first.status, second.status), (201, 410));
    }

    async fn nobody_sees_starts_or_answers_what_is_somebody_elses(db: TestDb) {
        let site = Site::new(db).await;
        let (alice, mallory) = (site.w.alice.clone(), site.w.mallory.clone());
        let (_, path) = account(&site).await;
        let begun = site.post(Some(&alice), &path, &json!({ "kind": "amounts" })).await.json();
        let answers = format!("/api/verifications/{}/answers", begun["round"]["id"].as_str().unwrap());
        let form = json!({ "amount1": "32", "amount2": "45" });

        assert_eq!(site.get(Some(&mallory), &path).await.status, 404);
        assert_eq!(site.post(Some(&mallory), &path, &json!({ "kind": "code" })).await.status, 404);
        assert_eq!(site.post(Some(&mallory), &answers, &form).await.status, 404);
        assert_eq!(site.post(None, &answers, &form).await.status, 401);
        assert_eq!(site.get(Some(&alice), &path).await.json()["round"]["triesLeft"], json!(3));
    }

    async fn an_account_that_lost_its_numbers_takes_them_again(db: TestDb) {
        let site = Site::new(db).await;
        let (backend, alice) = (&site.w.backend, site.w.alice.clone());
        let (id, path) = account(&site).await;
        accounts::archive(backend, &alice, &id).await.unwrap();
        accounts::unarchive(backend, &alice, &id).await.unwrap();
        let numbers = format!("/api/bank-accounts/{id}/numbers");
        let typed = |number: &str| json!({ "routingNumber": "021000021", "accountNumber": number });

        let before = site.get(Some(&alice), &path).await.json();
        let wrong = site.put(Some(&alice), &numbers, &typed("12")).await;
        let hers = site.put(Some(&site.w.mallory.clone()), &numbers, &typed("000123456789")).await;
        let kept = site.put(Some(&alice), &numbers, &typed("000123456789")).await;
        let again = site.put(Some(&alice), &numbers, &typed("000123456781")).await;

        assert_eq!((before["needsNumbers"].clone(), before["canStart"].clone()), (json!(true), json!(false)));
        assert_eq!(wrong.status, 422);
        assert_eq!(hers.status, 404);
        let kept = kept.json();
        assert_eq!((kept["needsNumbers"].clone(), kept["canStart"].clone()), (json!(false), json!(true)));
        assert!(!kept.to_string().contains("000123456789"));
        assert_eq!(again.status, 410);
    }
}
