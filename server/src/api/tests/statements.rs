use backend::{
    accounts::testing::account_of,
    both_engines,
    transactions::testing::{Given, give_all},
};
use serde_json::json;
use time::macros::date;

use super::support::Site;

/// The statements of an account of Alice with a salary of March and a coffee of May.
async fn fill(site: &Site) -> String {
    let account = account_of(&site.w.backend, &site.w.alice).await;
    let coffee = Given::default();
    let salary = Given {
        date: date!(2026 - 03 - 02),
        description: "Salary",
        category: "income.salary",
        minor: 300_000,
        ..coffee
    };
    give_all(&site.w.backend, &site.w.alice, &account, &[coffee, salary]).await;
    format!("/api/bank-accounts/{account}/statements")
}

both_engines! {
    async fn the_months_are_listed_and_lead_from_one_balance_to_the_next(db: TestDb) {
        let site = Site::new(db).await;
        let alice = Some(&site.w.alice);
        let path = fill(&site).await;

        let list = site.get(alice, &path).await.json();
        let march = site.get(alice, &format!("{path}/2026-03")).await.json();
        let may = site.get(alice, &format!("{path}/2026-05")).await;

        let months: Vec<_> = list["items"].as_array().unwrap().iter().map(|item| &item["month"]).collect();
        assert_eq!(months, [&json!("2026-05"), &json!("2026-04"), &json!("2026-03")]);
        assert_eq!((&list["items"][0]["from"], &list["items"][0]["to"]), (&json!("2026-05-01"), &json!("2026-05-31")));
        assert_eq!((&march["openingMinor"], &march["closingMinor"]), (&json!(0), &json!(300_000)));
        let may = may.json();
        assert_eq!(may, json!({
            "accountId": may["accountId"], "month": "2026-05", "currency": "USD", "openingMinor": 300_000, "inMinor": 0,
            "outMinor": 450, "closingMinor": 299_550,
            "rows": [{
                "id": may["rows"][0]["id"], "date": "2026-05-04", "title": "Coffee", "category": "food.coffee",
                "signedAmountCents": -450, "balanceMinor": 299_550,
            }],
        }));
        assert_eq!(site.get(alice, &format!("{path}?limit=2&page=2")).await.json()["items"][0]["month"], "2026-03");
    }

    async fn a_month_that_is_none_is_named_and_nobody_reads_for_others(db: TestDb) {
        let site = Site::new(db).await;
        let alice = Some(&site.w.alice);
        let path = fill(&site).await;

        for month in ["2026-13", "may", "2026-5"] {
            let refused = site.get(alice, &format!("{path}/{month}")).await;
            assert_eq!((refused.status, refused.field("month").as_str()), (422, "month_invalid"), "{month}");
        }
        assert_eq!(site.get(alice, &format!("{path}?limit=0")).await.field("limit"), "limit_range");
        for path in [path.clone(), format!("{path}/2026-05")] {
            assert_eq!(site.get(Some(&site.w.mallory), &path).await.status, 404);
            assert_eq!(site.get(None, &path).await.status, 401);
        }
    }
}
