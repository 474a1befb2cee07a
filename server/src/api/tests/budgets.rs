use backend::both_engines;
use serde_json::json;

use super::support::Site;

both_engines! {
    async fn a_budget_is_made_listed_read_and_deleted(db: TestDb) {
        let site = Site::new(db).await;
        let alice = site.w.alice.clone();

        let made = site.post(Some(&alice), "/api/budgets", &json!({ "category": "food", "amount": "500.00" })).await;
        let id = made.json()["budget"]["id"].as_str().unwrap().to_owned();
        let path = format!("/api/budgets/{id}");
        let list = site.get(Some(&alice), "/api/budgets").await.json();
        let one = site.get(Some(&alice), &path).await.json();

        assert_eq!((made.status, made.header("location")), (201, Some(&*path)));
        assert_eq!((&list["total"], &list["items"][0]["id"]), (&json!(1), &json!(id)));
        assert_eq!((&one["amountMinor"], &one["window"]["remainingMinor"]), (&json!(50_000), &json!(50_000)));
        assert_eq!((&one["period"], &one["window"]["state"]), (&json!("monthly"), &json!("fine")));
        assert_eq!(site.delete(Some(&alice), &path).await.status, 200);
        assert_eq!(site.get(Some(&alice), &path).await.status, 404);
    }

    async fn what_is_wrong_with_a_budget_is_named_by_field(db: TestDb) {
        let site = Site::new(db).await;
        let alice = site.w.alice.clone();

        let refused = site.post(Some(&alice), "/api/budgets", &json!({ "category": "x", "amount": "0" })).await;
        let no_day = site.get(Some(&alice), "/api/budgets?day=2026-02-30").await;
        let no_limit = site.get(Some(&alice), "/api/budgets?limit=201").await;

        let fields = &refused.json()["fields"];
        assert_eq!((refused.status, &fields["category"][0]["code"]), (422, &json!("category_unknown")));
        assert_eq!(fields["amount"][0]["code"], "budget_amount");
        assert_eq!((no_day.status, &no_day.json()["fields"]["day"][0]["code"]), (422, &json!("date_invalid")));
        assert_eq!((no_limit.status, &no_limit.json()["fields"]["limit"][0]["code"]), (422, &json!("limit_range")));
    }

    async fn a_budget_of_somebody_else_is_not_there(db: TestDb) {
        let site = Site::new(db).await;
        let (alice, mallory) = (site.w.alice.clone(), site.w.mallory.clone());
        let made = site.post(Some(&alice), "/api/budgets", &json!({ "category": "food", "amount": "5" })).await.json();
        let path = format!("/api/budgets/{}", made["budget"]["id"].as_str().unwrap());

        assert_eq!(site.get(Some(&mallory), &path).await.status, 404);
        assert_eq!(site.delete(Some(&mallory), &path).await.status, 404);
        assert_eq!(site.get(Some(&mallory), "/api/budgets").await.json()["total"], 0);
        assert_eq!(site.get(None, &path).await.status, 401);
    }
}
