use backend::{
    accounts::testing::account_of,
    both_engines,
    transactions::testing::{Given, doubt, give, give_all},
};
use serde_json::{Value, json};

use super::support::Site;

const NONE: &Value = &Value::Null;

both_engines! {
    async fn what_waits_is_counted(db: TestDb) {
        let site = Site::new(db).await;
        let (backend, alice) = (&site.w.backend, site.w.alice.clone());
        let account = account_of(backend, &alice).await;
        let ids = give_all(backend, &alice, &account, &[Given::default(); 2]).await;
        doubt(backend, &alice, &ids[0], &ids[1]).await;

        let counts = site.get(Some(&alice), "/api/review").await.json();

        assert_eq!((&counts["duplicates"], &counts["transfers"], &counts["total"]), (&json!(1), &json!(0), &json!(1)));
        assert_eq!(site.get(Some(&site.w.mallory), "/api/review").await.json()["total"], json!(0));
        assert_eq!(site.get(None, "/api/review").await.status, 401);
    }

    async fn transfers_are_linked_listed_and_taken_apart(db: TestDb) {
        let site = Site::new(db).await;
        let (backend, alice, mallory) = (&site.w.backend, site.w.alice.clone(), site.w.mallory.clone());
        let (one, other) = (account_of(backend, &alice).await, account_of(backend, &alice).await);
        let out = give(backend, &alice, &one, Given { minor: -5_000, ..Given::default() }).await;
        let into = give(backend, &alice, &other, Given { minor: 5_000, ..Given::default() }).await;
        let body = json!({ "transactionId": out.as_str(), "otherId": into.as_str() });
        let candidates = format!("/api/transactions/{out}/transfer-candidates");

        let offered = site.get(Some(&alice), &candidates).await.json();
        let theirs = site.post(Some(&mallory), "/api/transfers", &body).await;
        let itself = json!({ "transactionId": out.as_str(), "otherId": out.as_str() });
        let itself = site.post(Some(&alice), "/api/transfers", &itself).await;
        let made = site.post(Some(&alice), "/api/transfers", &body).await;
        let id = made.json()["id"].as_str().unwrap().to_owned();
        let confirmed = site.get(Some(&alice), "/api/transfers?state=confirmed").await.json();
        let left = site.get(Some(&alice), &candidates).await.json();
        let by_mallory = site.post(Some(&mallory), &format!("/api/transfers/{id}/unlink"), &json!({})).await;
        let apart = site.post(Some(&alice), &format!("/api/transfers/{id}/unlink"), &json!({})).await;

        assert_eq!(offered["items"][0]["id"], json!(into.as_str()));
        assert_eq!((theirs.status, made.status), (404, 201));
        assert!(matches!(itself.status, 404 | 422), "{}", itself.text);
        assert_eq!((&confirmed["items"][0]["id"], &confirmed["next"]), (&json!(id), NONE));
        assert_eq!(confirmed["items"][0]["out"]["id"], json!(out.as_str()));
        assert_eq!(confirmed["items"][0]["in"]["id"], json!(into.as_str()));
        assert_eq!(left["items"], json!([]));
        assert_eq!((by_mallory.status, apart.status), (404, 204));
        assert_eq!(site.get(Some(&alice), "/api/transfers?state=confirmed").await.json()["items"], json!([]));
        assert_eq!(site.get(Some(&alice), "/api/transfers?state=none").await.field("state"), "option_unknown");
        assert_eq!(site.get(Some(&mallory), &candidates).await.status, 404);
    }

    async fn a_suggestion_that_is_none_is_not_found(db: TestDb) {
        let site = Site::new(db).await;
        let alice = Some(&site.w.alice);

        for deed in ["confirm", "reject", "unlink"] {
            let answer = site.post(alice, &format!("/api/transfers/019e0000/{deed}"), &json!({})).await;
            assert_eq!(answer.status, 404, "{deed}");
        }
        assert_eq!(site.get(alice, "/api/transfers").await.json(), json!({ "items": [], "next": null }));
    }
}
