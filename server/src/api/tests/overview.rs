use backend::{
    accounts::testing::account_of,
    both_engines, dashboard,
    recurring::testing::subscription,
    transactions::testing::{Given, give_all},
};
use serde_json::{Value, json};
use time::macros::date;

use super::support::Site;

const PATH: &str = "/api/overview";

/// Alice's wallet with a subscription, a salary and rows of two months; answers what is in it.
async fn fill(site: &Site) -> i64 {
    let (backend, alice) = (&site.w.backend, &site.w.alice);
    let account = account_of(backend, alice).await;
    let days = [date!(2026 - 02 - 15), date!(2026 - 03 - 15), date!(2026 - 04 - 15)];
    subscription(backend, alice, &account, &days).await;
    let coffee = Given::default();
    let rows = [
        Given { date: date!(2026 - 04 - 03), minor: -2_000, ..coffee },
        Given { date: date!(2026 - 04 - 20), minor: -9_000, ..coffee },
        Given { date: date!(2026 - 05 - 01), minor: 300_000, category: "income.salary", ..coffee },
        Given { date: date!(2026 - 05 - 02), minor: -3_000, ..coffee },
        Given { minor: -70, category: "uncategorized", description: "ZXQV 77", ..coffee },
    ];
    give_all(backend, alice, &account, &rows).await;
    rows.iter().map(|row| row.minor).sum::<i64>() - 3 * 1_549
}

both_engines! {
    async fn the_figures_are_those_of_the_dashboard(db: TestDb) {
        let site = Site::new(db).await;
        let held = fill(&site).await;
        let alice = Some(&site.w.alice);
        let budget = json!({ "category": "food", "amount": "25.00", "startDate": "2026-05-01" });
        assert_eq!(site.post(alice, "/api/budgets", &budget).await.status, 201);

        let body = site.get(alice, PATH).await.json();

        assert_eq!((&body["today"], &body["month"]), (&json!("2026-05-04"), &json!("2026-05")));
        let worth = &body["netWorth"][0];
        assert_eq!((&worth["currency"], &worth["balanceMinor"], &worth["changeMinor"]), (&json!("USD"), &json!(held), &json!(296_930)));
        assert_eq!((worth["days"].as_array().unwrap().len(), &worth["days"][90]), (91, &json!({ "date": "2026-05-04", "balanceMinor": held })));
        assert_eq!(body["spending"], json!([{ "currency": "USD", "spentMinor": 3_070, "beforeMinor": 2_000, "beforeUntil": "2026-04-04" }]));
        assert_eq!(body["income"], json!([{ "currency": "USD", "inMinor": 300_000 }]));
        assert_eq!(body["budgets"], json!([{ "currency": "USD", "leftMinor": -500, "availableMinor": 2_500 }]));
        let coming = &body["upcoming"][0];
        assert_eq!((&coming["date"], &coming["amountMinor"], &coming["balanceMinor"]), (&json!("2026-05-15"), &json!(-1_549), &json!(held - 1_549)));
        assert!(coming["merchant"].as_str().unwrap().starts_with("Netflix") && coming["seriesId"].is_string(), "{coming}");
        let waiting = &body["waiting"];
        assert_eq!((&waiting["budgetsOver"], &waiting["connections"], &waiting["deposits"]), (&json!(1), &json!(0), &json!(0)));
        assert_eq!(waiting["review"], site.get(alice, "/api/review").await.json());
        let page = dashboard::load(&site.w.backend, &site.w.alice, None).await.unwrap();
        assert_eq!((page.net_worth[0].change_minor, page.balances[0].minor), (296_930, held));
    }

    async fn another_month_has_its_spending_and_no_budgets(db: TestDb) {
        let site = Site::new(db).await;
        fill(&site).await;
        let alice = Some(&site.w.alice);
        site.post(alice, "/api/budgets", &json!({ "category": "food", "amount": "25.00", "startDate": "2026-05-01" })).await;

        let april = site.get(alice, &format!("{PATH}?month=2026-04")).await.json();
        let refused = site.get(alice, &format!("{PATH}?month=2026-13")).await;

        assert_eq!((&april["month"], &april["budgets"]), (&json!("2026-04"), &json!([])));
        assert_eq!((&april["spending"][0]["spentMinor"], &april["spending"][0]["beforeMinor"]), (&json!(12_549), &json!(1_549)));
        assert_eq!(april["spending"][0]["beforeUntil"], json!("2026-03-31"));
        assert_eq!((refused.status, refused.field("month")), (422, "month_invalid".to_owned()));
    }

    async fn nobody_is_told_what_is_somebody_elses(db: TestDb) {
        let site = Site::new(db).await;
        fill(&site).await;

        let hers = site.get(Some(&site.w.mallory), PATH).await.json();

        for list in ["netWorth", "spending", "income", "budgets", "upcoming"] {
            assert_eq!(hers[list], json!([]), "{list}");
        }
        let none: Vec<&Value> = ["connections", "deposits", "budgetsOver"].iter().map(|name| &hers["waiting"][*name]).collect();
        assert_eq!((none, &hers["waiting"]["review"]["total"]), (vec![&json!(0); 3], &json!(0)));
        assert_eq!(site.get(None, PATH).await.status, 401);
    }
}
