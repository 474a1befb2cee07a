use backend::{
    accounts::testing::account_of,
    both_engines,
    transactions::testing::{Given, give_all},
};
use serde_json::{Value, json};
use time::macros::date;

use super::support::Site;

const PATH: &str = "/api/transactions";

async fn fill(site: &Site) -> String {
    let account = account_of(&site.w.backend, &site.w.alice).await;
    let coffee = Given::default();
    let given = [
        coffee,
        Given {
            date: date!(2026 - 05 - 02),
            description: "Salary",
            category: "income.salary",
            minor: 300_000,
            ..coffee
        },
        Given {
            date: date!(2026 - 05 - 01),
            description: "Rent",
            category: "housing.rent",
            minor: -90_000,
            ..coffee
        },
    ];
    give_all(&site.w.backend, &site.w.alice, &account, &given).await;
    account.to_string()
}

fn texts(body: &Value) -> Vec<&str> {
    body["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["description"].as_str().unwrap())
        .collect()
}

both_engines! {
    async fn a_page_has_rows_sums_and_its_place_in_the_list(db: TestDb) {
        let site = Site::new(db).await;
        let account = fill(&site).await;

        let body = site.get(Some(&site.w.alice), PATH).await.json();

        let id = body["items"][0]["id"].as_str().unwrap();
        assert_eq!(body["items"][0], json!({
            "id": id, "accountId": account, "accountName": "Wallet cash", "accountMask": null, "date": "2026-05-04",
            "description": "Coffee", "merchant": null, "category": "food.coffee", "type": "debit", "status": "completed",
            "amountCents": 450, "signedAmountCents": -450, "currency": "USD", "note": null,
            "tags": [], "split": false, "excluded": false,
        }));
        assert_eq!(texts(&body), ["Coffee", "Salary", "Rent"]);
        assert_eq!(body["sums"], json!([{ "currency": "USD", "inMinor": 300_000, "outMinor": -90_450 }]));
        assert_eq!((&body["page"], &body["limit"], &body["total"], &body["totalPages"]), (&json!(1), &json!(50), &json!(3), &json!(1)));
        assert_eq!((&body["nextCursor"], &body["prevCursor"]), (&Value::Null, &Value::Null));
    }

    async fn several_values_of_a_filter_mean_any_of_them_and_not_means_none(db: TestDb) {
        let site = Site::new(db).await;
        fill(&site).await;
        let alice = Some(&site.w.alice);

        for (query, found) in [
            ("category=food&category=housing.rent", vec!["Coffee", "Rent"]),
            ("notCategory=food&notCategory=income", vec!["Rent"]),
            ("tag=trip", vec![]),
            ("notTag=trip&type=credit", vec!["Salary"]),
        ] {
            let body = site.get(alice, &format!("{PATH}?{query}")).await.json();
            assert_eq!(texts(&body), found, "{query}");
        }
    }

    async fn pages_follow_by_number_and_by_cursor(db: TestDb) {
        let site = Site::new(db).await;
        fill(&site).await;
        let alice = Some(&site.w.alice);

        let first = site.get(alice, &format!("{PATH}?limit=2")).await.json();
        let second = site.get(alice, &format!("{PATH}?limit=2&page=2")).await.json();
        let next = site.get(alice, &format!("{PATH}?limit=2&cursor={}", first["nextCursor"].as_str().unwrap())).await.json();
        let back = site.get(alice, &format!("{PATH}?limit=2&cursor={}", next["prevCursor"].as_str().unwrap())).await.json();
        let past = site.get(alice, &format!("{PATH}?limit=2&page=9")).await.json();

        assert_eq!(texts(&first), ["Coffee", "Salary"]);
        assert_eq!((texts(&second), texts(&next)), (vec!["Rent"], vec!["Rent"]));
        assert_eq!(texts(&back), ["Coffee", "Salary"]);
        assert_eq!((past["items"].clone(), past["total"].clone()), (json!([]), json!(3)));
    }

    async fn filters_come_from_the_address(db: TestDb) {
        let site = Site::new(db).await;
        let account = fill(&site).await;

        for (query, wanted) in [
            ("q=coff".to_owned(), vec!["Coffee"]),
            ("category=income".to_owned(), vec!["Salary"]),
            ("type=debit&min=100".to_owned(), vec!["Rent"]),
            ("from=2026-05-02&to=2026-05-03".to_owned(), vec!["Salary"]),
            (format!("account={account}&limit=1"), vec!["Coffee"]),
            ("account=somebody-elses".to_owned(), vec![]),
        ] {
            let body = site.get(Some(&site.w.alice), &format!("{PATH}?{query}")).await.json();
            assert_eq!(texts(&body), wanted, "{query}");
        }
    }

    async fn what_does_not_fit_is_named(db: TestDb) {
        let site = Site::new(db).await;
        fill(&site).await;
        let alice = Some(&site.w.alice);
        let cursor = site.get(alice, &format!("{PATH}?limit=1")).await.json()["nextCursor"].as_str().unwrap().to_owned();

        for (query, field, code) in [
            ("page=0".to_owned(), "page", "page_range"),
            ("page=x".to_owned(), "page", "page_range"),
            ("limit=201".to_owned(), "limit", "limit_range"),
            ("page=201&limit=50".to_owned(), "page", "page_too_deep"),
            ("cursor=garbage".to_owned(), "cursor", "cursor_invalid"),
            (format!("q=coffee&cursor={cursor}"), "cursor", "cursor_mismatch"),
            ("from=2026-02-30".to_owned(), "from", "date_invalid"),
            ("from=2026-05-02&to=2026-05-01".to_owned(), "to", "date_order"),
            ("category=nothing".to_owned(), "category", "category_unknown"),
            ("type=gift".to_owned(), "type", "transaction_type_unknown"),
            ("min=abc".to_owned(), "min", "amount_number"),
        ] {
            let answer = site.get(alice, &format!("{PATH}?{query}")).await;
            assert_eq!((answer.status, answer.code().as_str()), (422, "VALIDATION_FAILED"), "{query}");
            assert_eq!(answer.field(field), code, "{query}");
        }
        assert_eq!(site.get(alice, &format!("{PATH}?page=200&limit=50")).await.status, 200);
    }

    async fn mallory_sees_none_of_it_and_nobody_is_told_to_sign_in(db: TestDb) {
        let site = Site::new(db).await;
        let account = fill(&site).await;
        let cursor = site.get(Some(&site.w.alice), &format!("{PATH}?limit=1")).await.json()["nextCursor"].as_str().unwrap().to_owned();

        for query in [String::new(), format!("account={account}"), "q=coffee".to_owned(), format!("cursor={cursor}")] {
            let body = site.get(Some(&site.w.mallory), &format!("{PATH}?{query}")).await.json();
            assert_eq!((&body["items"], &body["total"], &body["sums"]), (&json!([]), &json!(0), &json!([])), "{query}");
            assert_eq!(site.get(None, &format!("{PATH}?{query}")).await.status, 401);
        }
    }
}
