use backend::{
    accounts::testing::account_of,
    both_engines,
    transactions::testing::{Given, doubt, give_all},
};
use serde_json::json;

use super::support::Site;

const LIST: &str = "/api/transactions/duplicates";

both_engines! {
    async fn two_that_may_be_one_are_listed_and_decided_on(db: TestDb) {
        let site = Site::new(db).await;
        let (backend, alice, mallory) = (&site.w.backend, site.w.alice.clone(), site.w.mallory.clone());
        let account = account_of(backend, &alice).await;
        let ids = give_all(backend, &alice, &account, &[Given { source: "csv", ..Given::default() }; 2]).await;
        doubt(backend, &alice, &ids[0], &ids[1]).await;

        let list = site.get(Some(&alice), LIST).await.json();
        let path = format!("{LIST}/{}", list["items"][0]["id"].as_str().unwrap());
        let said = async |body: serde_json::Value| site.patch(Some(&alice), &path, &body).await;

        assert_eq!(list["total"], 1);
        assert_eq!(list["items"][0]["kept"], json!({
            "transactionId": ids[0], "accountName": list["items"][0]["other"]["accountName"], "date": "2026-05-04",
            "description": "Coffee", "amountMinor": -450, "currency": "USD", "status": "completed", "source": "csv",
            "refused": null,
        }));
        assert_eq!(said(json!({ "decision": "maybe" })).await.field("decision"), "option_unknown");
        let third = said(json!({ "decision": "same", "keep": "third" })).await;
        assert_eq!((third.status, third.field("keep")), (422, "option_unknown".to_owned()));
        assert_eq!(site.patch(Some(&mallory), &path, &json!({ "decision": "same" })).await.status, 404);
        assert_eq!(site.get(Some(&mallory), LIST).await.json()["total"], 0);
        assert_eq!(site.get(None, LIST).await.status, 401);

        let done = said(json!({ "decision": "same", "keep": ids[1] })).await;
        assert_eq!((done.status, done.json()), (200, json!({ "success": true })));
        let gone = format!("/api/transactions/{}", ids[0]);
        assert_eq!(site.get(Some(&alice), &gone).await.status, 404);
        assert_eq!(said(json!({ "decision": "same" })).await.status, 404, "it is decided");
        assert_eq!(said(json!({ "decision": "open" })).await.status, 200);
        assert_eq!(site.get(Some(&alice), &gone).await.status, 200);
        assert_eq!(said(json!({ "decision": "different" })).await.status, 200);

        assert_eq!(site.get(Some(&alice), LIST).await.json()["total"], 0);
    }
}
