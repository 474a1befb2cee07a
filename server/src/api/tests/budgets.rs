use backend::{
    accounts::testing::account_of,
    both_engines,
    transactions::testing::{Given, give_all},
};
use serde_json::{Value, json};
use time::macros::date;

use super::support::Site;

/// The path of a new budget of Alice.
async fn made(site: &Site, body: &Value) -> String {
    let made = site.post(Some(&site.w.alice), "/api/budgets", body).await;
    made.header("location").unwrap_or_else(|| panic!("{made:?}")).to_owned()
}

both_engines! {
    async fn a_budget_tells_how_it_stands_and_how_it_stood(db: TestDb) {
        let site = Site::new(db).await;
        let alice = Some(&site.w.alice);
        let account = account_of(&site.w.backend, &site.w.alice).await;
        let spent = |date, minor| Given { date, minor, category: "food.groceries", ..Given::default() };
        let rows = [spent(date!(2026 - 04 - 03), -46_000), spent(date!(2026 - 05 - 02), -30_000)];
        give_all(&site.w.backend, &site.w.alice, &account, &rows).await;
        let body = json!({ "category": "food", "amount": "500.00", "startDate": "2026-03-10", "rollover": "surplus", "cap": "200" });
        let path = made(&site, &body).await;

        let list = site.get(alice, "/api/budgets").await.json();
        let one = site.get(alice, &path).await.json();
        let april = site.get(alice, "/api/budgets?day=2026-04-30").await.json();
        let history = site.get(alice, &format!("{path}/history")).await.json();
        let second = site.get(alice, &format!("{path}/history?page=2&limit=2")).await.json();

        assert_eq!(one["window"], json!({
            "from": "2026-05-01", "to": "2026-05-31", "limitMinor": 50_000, "carryMinor": 20_000,
            "carriedFrom": { "from": "2026-04-01", "to": "2026-04-30" },
            "availableMinor": 70_000, "spentMinor": 30_000, "remainingMinor": 40_000, "state": "fine",
            "aheadOfPace": true, "leftPerDayMinor": 1_428,
        }));
        assert_eq!((&list["items"][0], &one["startDate"]), (&one, &json!("2026-03-01")));
        assert_eq!(april["items"][0]["window"], json!({
            "from": "2026-04-01", "to": "2026-04-30", "limitMinor": 50_000, "carryMinor": 20_000,
            "carriedFrom": { "from": "2026-03-01", "to": "2026-03-31" },
            "availableMinor": 70_000, "spentMinor": 46_000, "remainingMinor": 24_000, "state": "fine",
            "aheadOfPace": false, "leftPerDayMinor": null,
        }));
        assert_eq!((&history["total"], &history["items"][0]), (&json!(3), &one["window"]));
        assert_eq!(history["items"][1], april["items"][0]["window"]);
        assert_eq!(history["items"][2]["carriedFrom"], json!(null));
        assert_eq!((&second["totalPages"], &second["items"]), (&json!(2), &json!([history["items"][2]])));
        assert_eq!(site.get(alice, &format!("{path}/history?limit=0")).await.field("limit"), "limit_range");
    }

    async fn a_budget_counts_from_the_start_of_its_period_unless_it_is_told_not_to(db: TestDb) {
        let site = Site::new(db).await;
        let alice = Some(&site.w.alice);

        let whole = made(&site, &json!({ "category": "food", "amount": "310" })).await;
        let short = json!({ "category": "travel", "amount": "310", "fromStart": false, "prorate": true });
        let short = made(&site, &short).await;
        let window = async |path: &str| site.get(alice, path).await.json()["window"].clone();
        let (whole, short) = (window(&whole).await, window(&short).await);

        assert_eq!((&whole["from"], &whole["limitMinor"]), (&json!("2026-05-01"), &json!(31_000)));
        assert_eq!((&short["from"], &short["limitMinor"]), (&json!("2026-05-04"), &json!(28_000)));
    }

    async fn a_budget_is_changed_in_part_and_for_the_past_too(db: TestDb) {
        let site = Site::new(db).await;
        let alice = Some(&site.w.alice);
        let body = json!({ "category": "food", "amount": "100", "startDate": "2026-04-01", "rollover": "full", "cap": "30" });
        let path = made(&site, &body).await;
        let limits = async || {
            let history = site.get(alice, &format!("{path}/history")).await.json();
            history["items"].as_array().unwrap().iter().map(|window| window["limitMinor"].as_i64().unwrap()).collect::<Vec<_>>()
        };

        let dearer = site.patch(alice, &path, &json!({ "amount": "200.00" })).await;
        let from_now = limits().await;
        let past = site.patch(alice, &path, &json!({ "amount": "150", "alsoPast": true, "endDate": "2026-12-31" })).await.json();
        let always = limits().await;
        let open = site.patch(alice, &path, &json!({ "endDate": null, "cap": null, "rollover": "none", "prorate": true })).await.json();
        let nothing = site.patch(alice, &path, &json!({})).await.json();

        assert_eq!((dearer.status, &dearer.json()["amountMinor"]), (200, &json!(20_000)));
        assert_eq!((from_now, always), (vec![20_000, 10_000], vec![15_000, 15_000]));
        assert_eq!((&past["endDate"], &past["rollover"], &past["capMinor"]), (&json!("2026-12-31"), &json!("full"), &json!(3_000)));
        assert_eq!((&open["endDate"], &open["capMinor"], &open["rollover"]), (&json!(null), &json!(null), &json!("none")));
        assert_eq!((&open["prorate"], &open["amountMinor"]), (&json!(true), &json!(15_000)));
        assert_eq!(nothing, open);
    }

    async fn a_budget_says_when_its_owner_is_mailed(db: TestDb) {
        let site = Site::new(db).await;
        let alice = Some(&site.w.alice);
        let usual = made(&site, &json!({ "category": "food", "amount": "100" })).await;
        let own = made(&site, &json!({ "category": "travel", "amount": "100", "alertPercents": [90, 60] })).await;
        let percents = async |path: &str| site.get(alice, path).await.json()["alertPercents"].clone();

        assert_eq!((percents(&usual).await, percents(&own).await), (json!([80, 100]), json!([60, 90])));
        let never = site.patch(alice, &usual, &json!({ "alertPercents": [] })).await.json();
        let kept = site.patch(alice, &usual, &json!({ "amount": "120" })).await.json();
        let wrong = site.patch(alice, &usual, &json!({ "alertPercents": [49] })).await;
        let many = site.patch(alice, &usual, &json!({ "alertPercents": [50, 60, 70, 80, 90] })).await;

        assert_eq!((&never["alertPercents"], &kept["alertPercents"]), (&json!([]), &json!([])));
        assert_eq!((wrong.status, wrong.field("alertPercents"), many.field("alertPercents")), (422, "budget_alert".to_owned(), "budget_alert".to_owned()));
        let minus = json!({ "category": "giving", "amount": "1", "alertPercents": [-80] });
        assert_eq!(site.post(alice, "/api/budgets", &minus).await.field("alertPercents"), "budget_alert");
    }

    async fn what_no_budget_counts_stands_beside_the_list(db: TestDb) {
        let site = Site::new(db).await;
        let alice = Some(&site.w.alice);
        let account = account_of(&site.w.backend, &site.w.alice).await;
        let spent = |date, category, minor| Given { date, minor, category, ..Given::default() };
        let rows = [spent(date!(2026 - 05 - 02), "food.coffee", -700), spent(date!(2026 - 05 - 02), "travel", -6_000)];
        give_all(&site.w.backend, &site.w.alice, &account, &rows).await;
        made(&site, &json!({ "category": "food", "amount": "100" })).await;

        let list = site.get(alice, "/api/budgets?page=2&limit=1").await.json();

        assert_eq!((&list["total"], &list["items"]), (&json!(1), &json!([])));
        assert_eq!(list["unbudgeted"], json!([{ "category": "travel", "currency": "USD", "spentMinor": 6_000, "suggestedMinor": 6_000 }]));
        assert_eq!(site.get(Some(&site.w.mallory), "/api/budgets").await.json()["unbudgeted"], json!([]));
    }

    async fn settings_are_replayed_and_nothing_is_stored(db: TestDb) {
        let site = Site::new(db).await;
        let alice = Some(&site.w.alice);
        let account = account_of(&site.w.backend, &site.w.alice).await;
        let row = Given { date: date!(2026 - 04 - 03), minor: -46_000, category: "food.coffee", ..Given::default() };
        give_all(&site.w.backend, &site.w.alice, &account, &[row]).await;
        let body = json!({ "category": "food", "amount": "100", "rollover": "surplus", "cap": "50" });

        let replay = site.post(alice, "/api/budgets/replay", &body).await;
        let wrong = site.post(alice, "/api/budgets/replay", &json!({ "category": "x", "amount": "0", "alertPercents": [1] })).await;
        let theirs = site.post(Some(&site.w.mallory), "/api/budgets/replay", &body).await.json();

        let april = &replay.json()["windows"][11];
        assert_eq!((replay.status, replay.json()["windows"].as_array().unwrap().len()), (200, 12));
        assert_eq!((&replay.json()["over"], &april["from"], &april["remainingMinor"]), (&json!(1), &json!("2026-04-01"), &json!(-31_000)));
        assert_eq!((wrong.status, wrong.field("category"), wrong.field("amount")), (422, "category_unknown".to_owned(), "budget_amount".to_owned()));
        assert_eq!((wrong.field("alertPercents"), &theirs["over"]), ("budget_alert".to_owned(), &json!(0)));
        assert_eq!(site.get(alice, "/api/budgets").await.json()["total"], 0);
        assert_eq!(site.post(None, "/api/budgets/replay", &body).await.status, 401);
    }

    async fn what_is_wrong_with_a_change_is_named_by_field(db: TestDb) {
        let site = Site::new(db).await;
        let alice = Some(&site.w.alice);
        let path = made(&site, &json!({ "category": "food", "amount": "100" })).await;

        let wrong = json!({ "amount": "-5", "endDate": "2026-04-30", "cap": "0" });
        let wrong = site.patch(alice, &path, &wrong).await;
        let early = site.patch(alice, &path, &json!({ "endDate": "2026-04-30" })).await;
        let word = site.patch(alice, &path, &json!({ "rollover": "some", "endDate": "2026-02-30", "amount": "1.005" })).await;
        let again = site.post(alice, "/api/budgets", &json!({ "category": "food", "amount": "5" })).await;
        let other = site.patch(alice, &path, &json!({ "currency": "EUR" })).await;

        assert_eq!((wrong.status, wrong.field("amount"), wrong.field("cap")), (422, "budget_amount".to_owned(), "budget_amount".to_owned()));
        assert_eq!(wrong.json()["fields"]["amount"][0]["message"], "Enter an amount above zero.");
        assert_eq!(early.json()["fields"]["endDate"][0], json!({ "code": "budget_dates", "message": "The end can't be before the start." }));
        assert_eq!((word.field("rollover"), word.field("endDate"), word.field("amount")), ("option_unknown".to_owned(), "date_invalid".to_owned(), "amount_precision".to_owned()));
        assert_eq!(again.json()["fields"]["category"][0], json!({ "code": "budget_exists", "message": "You already have a monthly budget for Food." }));
        assert_eq!((other.status, site.get(alice, &path).await.json()["amountMinor"].clone()), (400, json!(10_000)));
    }

    async fn a_budget_ends_today_and_its_history_stays(db: TestDb) {
        let site = Site::new(db).await;
        let alice = Some(&site.w.alice);
        let path = made(&site, &json!({ "category": "food", "amount": "100", "startDate": "2026-03-01" })).await;

        let ended = site.post(alice, &format!("{path}/end"), &json!({})).await;
        site.w.backend.clock.advance(std::time::Duration::from_hours(48));
        let again = site.post(alice, &format!("{path}/end"), &json!({})).await.json();
        let history = site.get(alice, &format!("{path}/history")).await.json();

        assert_eq!((ended.status, &ended.json()["endDate"]), (200, &json!("2026-05-04")));
        assert_eq!((&again["endDate"], &again["window"]["to"]), (&json!("2026-05-04"), &json!("2026-05-04")));
        assert_eq!((&history["total"], &history["items"][0]["to"]), (&json!(3), &json!("2026-05-04")));
        assert_eq!(site.get(alice, "/api/budgets").await.json()["total"], 0);
    }

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
        assert_eq!(site.patch(Some(&mallory), &path, &json!({ "amount": "1" })).await.status, 404);
        assert_eq!(site.post(Some(&mallory), &format!("{path}/end"), &json!({})).await.status, 404);
        assert_eq!(site.get(Some(&mallory), &format!("{path}/history")).await.status, 404);
        assert_eq!(site.get(Some(&alice), &path).await.json()["amountMinor"], 500);
        assert_eq!(site.get(Some(&mallory), "/api/budgets").await.json()["total"], 0);
        assert_eq!(site.get(None, &path).await.status, 401);
    }
}
