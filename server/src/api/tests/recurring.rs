use backend::{
    accounts::testing::account_of,
    both_engines,
    recurring::testing::subscription,
    transactions::testing::{Given, give_all},
};
use serde_json::json;
use time::{Date, macros::date};

use super::support::Site;

both_engines! {
    async fn what_repeats_is_listed_read_and_decided_on(db: TestDb) {
        let site = Site::new(db).await;
        let (backend, alice) = (&site.w.backend, site.w.alice.clone());
        let account = account_of(backend, &alice).await;
        let days = [date!(2026 - 02 - 15), date!(2026 - 03 - 15), date!(2026 - 04 - 15)];
        subscription(backend, &alice, &account, &days).await;

        let list = site.get(Some(&alice), "/api/recurring").await.json();
        let id = list["items"][0]["id"].as_str().unwrap().to_owned();
        let path = format!("/api/recurring/{id}");
        let said = site.patch(Some(&alice), &path, &json!({ "decision": "ignored" })).await;
        let one = site.get(Some(&alice), &path).await.json();

        assert_eq!((&list["total"], &list["items"][0]["nextDate"]), (&json!(1), &json!("2026-05-15")));
        assert_eq!((&list["items"][0]["amountMinor"], &list["items"][0]["cadence"]), (&json!(-1_549), &json!("monthly")));
        let mut back = Vec::new();
        for decision in ["open", "open", "confirmed", "open"] {
            let answer = site.patch(Some(&alice), &path, &json!({ "decision": decision })).await;
            back.push((answer.status, answer.json()["decision"].clone()));
        }

        assert_eq!((said.status, &said.json()["decision"]), (200, &json!("ignored")));
        let open = || (200, json!("open"));
        assert_eq!(back, [open(), open(), (200, json!("confirmed")), open()]);
        assert_eq!((&one["decision"], &one["transactions"]), (&json!("ignored"), &json!(3)));
    }

    async fn a_decision_that_is_none_is_named_and_nobody_decides_for_others(db: TestDb) {
        let site = Site::new(db).await;
        let (backend, alice, mallory) = (&site.w.backend, site.w.alice.clone(), site.w.mallory.clone());
        let account = account_of(backend, &alice).await;
        subscription(backend, &alice, &account, &[date!(2026 - 03 - 15), date!(2026 - 04 - 15)]).await;
        let list = site.get(Some(&alice), "/api/recurring").await.json();
        let path = format!("/api/recurring/{}", list["items"][0]["id"].as_str().unwrap());

        for decision in ["", "merged", "reopened"] {
            let refused = site.patch(Some(&alice), &path, &json!({ "decision": decision })).await;
            assert_eq!((refused.status, &refused.json()["fields"]["decision"][0]["code"]), (422, &json!("option_unknown")));
        }
        assert_eq!(site.patch(Some(&mallory), &path, &json!({ "decision": "ignored" })).await.status, 404);
        assert_eq!(site.get(Some(&mallory), &path).await.status, 404);
        assert_eq!(site.get(None, &path).await.status, 401);
        assert_eq!(site.get(Some(&alice), "/api/recurring?limit=0").await.status, 422);
    }

    async fn series_are_merged_rows_left_out_and_what_comes_is_told(db: TestDb) {
        let site = Site::new(db).await;
        let (backend, alice, mallory) = (&site.w.backend, site.w.alice.clone(), site.w.mallory.clone());
        let account = account_of(backend, &alice).await;
        let days = [date!(2026 - 02 - 15), date!(2026 - 03 - 15), date!(2026 - 04 - 15)];
        subscription(backend, &alice, &account, &days).await;
        let list = site.get(Some(&alice), "/api/recurring").await.json();
        let id = list["items"][0]["id"].as_str().unwrap().to_owned();
        let path = format!("/api/recurring/{id}");
        let rows = site.get(Some(&alice), "/api/transactions").await.json();
        let row = json!({ "transactionId": rows["items"][0]["id"] });

        let coming = site.get(Some(&alice), "/api/recurring/coming").await.json();
        let itself = site.post(Some(&alice), &format!("{path}/merge"), &json!({ "into": id })).await;
        let theirs = site.post(Some(&mallory), &format!("{path}/leave-out"), &row).await;
        let seen = site.put(Some(&alice), &format!("{path}/price-seen"), &json!({})).await;
        let back = site.delete(Some(&alice), &format!("{path}/price-seen")).await;
        let by_mallory = site.put(Some(&mallory), &format!("{path}/price-seen"), &json!({})).await;
        let left_out = site.post(Some(&alice), &format!("{path}/leave-out"), &row).await;
        let unknown = site.post(Some(&alice), &format!("{path}/leave-out"), &row).await;
        let their_row = site.post(Some(&mallory), &format!("{path}/put-back"), &row).await;
        let back_in = site.post(Some(&alice), &format!("{path}/put-back"), &row).await;
        let there = site.post(Some(&alice), &format!("{path}/put-back"), &row).await;
        let whole = site.get(Some(&alice), &path).await.json();

        assert_eq!((&coming["today"], &coming["items"][0]["seriesId"]), (&json!("2026-05-04"), &json!(id)));
        assert_eq!((&coming["items"][0]["date"], &coming["items"][0]["amountMinor"]), (&json!("2026-05-15"), &json!(-1_549)));
        assert_eq!((itself.status, itself.field("into")), (422, "option_unknown".to_owned()));
        assert_eq!((theirs.status, by_mallory.status), (404, 404));
        assert_eq!((seen.status, back.status), (204, 204));
        assert_eq!((left_out.status, unknown.status), (204, 404));
        assert_eq!((their_row.status, back_in.status, there.status), (404, 204, 404));
        assert_eq!(whole["transactions"], 3);
        assert_eq!(list["items"][0]["priceChange"], json!(null));
    }

    async fn a_merge_is_looked_at_before_it_is_made(db: TestDb) {
        let site = Site::new(db).await;
        let (backend, alice, mallory) = (&site.w.backend, site.w.alice.clone(), site.w.mallory.clone());
        let account = account_of(backend, &alice).await;
        let days = [date!(2026 - 02 - 20), date!(2026 - 03 - 20), date!(2026 - 04 - 20)];
        let gym = |date: &Date| Given { date: *date, minor: -2_000, description: "ACME GYM", ..Given::default() };
        give_all(backend, &alice, &account, &days.iter().map(gym).collect::<Vec<_>>()).await;
        subscription(backend, &alice, &account, &[date!(2026 - 02 - 15), date!(2026 - 03 - 15), date!(2026 - 04 - 15)]).await;
        let list = site.get(Some(&alice), "/api/recurring").await.json();
        let id = |at: usize| list["items"][at]["id"].as_str().unwrap().to_owned();
        let (film, gym) = (id(0), id(1));
        let path = format!("/api/recurring/{film}/merge");

        let look = site.get(Some(&alice), &format!("{path}?into={gym}")).await.json();
        let itself = site.get(Some(&alice), &format!("{path}?into={film}")).await;
        let nothing = site.get(Some(&alice), &path).await;
        let theirs = site.get(Some(&mallory), &format!("{path}?into={gym}")).await;
        let before = site.get(Some(&alice), "/api/recurring").await.json();
        let merged = site.post(Some(&alice), &path, &json!({ "into": gym })).await;
        let gone = site.get(Some(&alice), &format!("{path}?into={gym}")).await;

        assert_eq!((&look["series"], &look["into"]), (&list["items"][0], &list["items"][1]));
        let rows = |name: &str| {
            let rows = look[name].as_array().unwrap().iter();
            rows.map(|row| (row["date"].as_str().unwrap().to_owned(), row["amountMinor"].as_i64().unwrap())).collect::<Vec<_>>()
        };
        let of = |day: &str, minor: i64| ["04", "03", "02"].map(|month| (format!("2026-{month}-{day}"), minor));
        assert_eq!(rows("transactions"), of("15", -1_549));
        assert_eq!(rows("intoTransactions"), of("20", -2_000));
        assert_eq!((itself.field("into"), nothing.field("into")), ("option_unknown".to_owned(), "option_unknown".to_owned()));
        assert_eq!((theirs.status, gone.status), (404, 404));
        assert_eq!(before, list);
        assert_eq!((merged.status, &merged.json()["transactions"]), (200, &json!(6)));
    }
}
