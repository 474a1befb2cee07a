use backend::both_engines;
use serde_json::json;

use super::support::Site;

const PATH: &str = "/api/saved-views";

both_engines! {
    async fn a_view_is_made_read_changed_and_deleted(db: TestDb) {
        let site = Site::new(db).await;
        let alice = Some(&site.w.alice);

        let made = site.post(alice, PATH, &json!({ "name": "Coffee", "query": "q=coffee&page=3" })).await;
        let view = made.json()["savedView"].clone();
        let at = made.header("location").unwrap().to_owned();
        let list = site.get(alice, PATH).await.json();
        let renamed = site.patch(alice, &at, &json!({ "name": "Cafés" })).await.json();
        let other = site.patch(alice, &at, &json!({ "query": "q=tea" })).await.json();
        let gone = site.delete(alice, &at).await;

        assert_eq!((made.status, &view["name"], &view["query"]), (201, &json!("Coffee"), &json!("q=coffee")));
        assert_eq!((&list["total"], &list["items"][0]), (&json!(1), &view));
        assert_eq!((&renamed["name"], &renamed["query"]), (&json!("Cafés"), &json!("q=coffee")));
        assert_eq!((&other["name"], &other["query"]), (&json!("Cafés"), &json!("q=tea")));
        assert_eq!((gone.status, site.get(alice, &at).await.status), (200, 404));
    }

    async fn a_view_of_somebody_else_is_not_there_and_what_does_not_fit_is_named(db: TestDb) {
        let site = Site::new(db).await;
        let alice = Some(&site.w.alice);
        let made = site.post(alice, PATH, &json!({ "name": "Coffee", "query": "q=coffee" })).await;
        let at = made.header("location").unwrap().to_owned();

        for (who, status) in [(Some(&site.w.mallory), 404), (None, 401)] {
            assert_eq!(site.get(who, &at).await.status, status);
            assert_eq!(site.patch(who, &at, &json!({ "name": "x" })).await.status, status);
            assert_eq!(site.delete(who, &at).await.status, status);
        }
        let again = site.post(alice, PATH, &json!({ "name": "Coffee", "query": "q=x" })).await;
        let whole = site.post(alice, PATH, &json!({ "name": "All" })).await;
        assert_eq!((again.status, again.field("name").as_str()), (422, "view_exists"));
        assert_eq!((whole.status, whole.field("query").as_str()), (422, "view_query"));
        assert_eq!(site.get(alice, &format!("{PATH}?page=0")).await.field("page"), "page_range");
    }
}
