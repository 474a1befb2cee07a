use backend::{
    accounts::testing::account_of,
    both_engines,
    transactions::testing::{Given, give_all},
};
use serde_json::{Value, json};

use super::support::Site;

const PATH: &str = "/api/review/uncategorized";

both_engines! {
    async fn rows_without_a_category_come_with_what_they_may_be_page_by_page(db: TestDb) {
        let site = Site::new(db).await;
        let (backend, alice) = (&site.w.backend, site.w.alice.clone());
        let account = account_of(backend, &alice).await;
        let film = Given { description: "NETFLIX.COM", category: "uncategorized", ..Given::default() };
        let ids = give_all(backend, &alice, &account, &[film; 12]).await;
        let alice = Some(&alice);
        let sorted = format!("/api/transactions/{}", ids[0]);
        assert_eq!(site.patch(alice, &sorted, &json!({ "category": "giving" })).await.status, 200);

        let first = site.get(alice, PATH).await.json();
        let next = first["next"].as_str().unwrap().to_owned();
        let second = site.get(alice, &format!("{PATH}?after={next}")).await.json();
        let given = site.patch(alice, &format!("/api/transactions/{next}"), &json!({ "category": "food.coffee" })).await;
        let again = site.get(alice, &format!("{PATH}?after={next}")).await.json();

        let row = &first["items"][0];
        assert_eq!((&row["title"], &row["description"]), (&json!("NETFLIX.COM"), &json!("NETFLIX.COM")));
        assert_eq!((&row["amountMinor"], &row["currency"], &row["status"]), (&json!(-450), &json!("USD"), &json!("completed")));
        assert_eq!((&row["date"], &row["accountName"], &row["accountMask"]), (&json!("2026-05-04"), &json!("Wallet cash"), &Value::Null));
        assert_eq!(row["likely"], json!(["giving", "entertainment.streaming"]));
        let count = |page: &Value| page["items"].as_array().unwrap().len();
        assert_eq!((count(&first), count(&second), &second["next"]), (10, 1, &Value::Null));
        // What they may be changes with each answer.
        let ids = |page: &Value| page["items"].as_array().unwrap().iter().map(|row| row["id"].clone()).collect::<Vec<_>>();
        assert_eq!((given.status, ids(&again)), (200, ids(&second)), "the place stays good");
        assert_eq!(site.get(alice, "/api/review").await.json()["unsorted"], json!(10));
    }

    async fn nobody_sees_what_waits_for_others_and_a_place_that_is_none_has_nothing_after_it(db: TestDb) {
        let site = Site::new(db).await;
        let (backend, alice, mallory) = (&site.w.backend, site.w.alice.clone(), site.w.mallory.clone());
        let account = account_of(backend, &alice).await;
        let row = Given { category: "uncategorized", ..Given::default() };
        let ids = give_all(backend, &alice, &account, &[row; 2]).await;
        let hers = account_of(backend, &mallory).await;
        give_all(backend, &mallory, &hers, &[row]).await;
        let nothing = json!({ "items": [], "next": null });

        let own = site.get(Some(&mallory), PATH).await.json();

        assert_eq!(own["items"].as_array().unwrap().len(), 1);
        assert_eq!(site.get(Some(&mallory), &format!("{PATH}?after=")).await.json(), own);
        for after in [ids[0].as_str(), "019e0000"] {
            let page = site.get(Some(&mallory), &format!("{PATH}?after={after}")).await;
            assert_eq!((page.status, page.json()), (200, nothing.clone()), "{after}");
        }
        for after in ["%00", "a'b", &"x".repeat(65)] {
            for path in [PATH, "/api/transfers"] {
                let page = site.get(Some(&mallory), &format!("{path}?after={after}")).await;
                assert_eq!((page.status, page.field("after")), (422, "cursor_invalid".to_owned()), "{path} {after}");
            }
        }
        assert_eq!(site.get(None, PATH).await.status, 401);
    }
}
