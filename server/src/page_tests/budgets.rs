//! Own categories by their names wherever they stand, budgets by plain forms, and what waits before the first row.

use axum::http::StatusCode;
use backend::{both_engines, jobs};

use super::{Browser, Site, leads_to, site, submit, visit, words};

const LEAF: &str = "food.school-lunch";

/// Somebody with an account of cash; its path.
async fn with_wallet(site: &Site) -> (Browser, String) {
    let mut ann = site.person("ann@example.com").await;
    let fields = [("bankName", "Wallet"), ("accountType", "cash"), ("currency", "USD")];
    let added = submit(&mut ann, "/accounts/link", &fields).await;
    (ann, leads_to(&added).to_owned())
}

/// A row of $12.50 in a category of their own.
async fn lunch(ann: &mut Browser, account: &str) {
    let account = account.trim_start_matches("/accounts/");
    let row = [
        ("accountId", account),
        ("date", "2026-05-03"),
        ("description", "Canteen"),
        ("amount", "12.50"),
        ("category", "food.restaurants"),
    ];
    let path = leads_to(&submit(ann, "/transactions/new", &row).await).to_owned();
    let change = [
        ("id", path.trim_start_matches("/transactions/")),
        ("merchant", "Canteen"),
        ("category", "food.restaurants"),
        ("group", "food"),
        ("label", "School lunch"),
        ("date", "2026-05-03"),
        ("note", ""),
        ("tags", ""),
    ];
    leads_to(&submit(ann, "/transactions/edit", &change).await);
}

async fn says(ann: &mut Browser, path: &str, texts: &[&str]) -> String {
    let page = words(&visit(ann, path).await);
    for text in texts {
        assert!(page.contains(text), "{text} on {path} in {page}");
    }
    page
}

fn monthly<'f>(category: &'f str, amount: &'f str) -> Vec<(&'f str, &'f str)> {
    vec![
        ("category", category),
        ("amount", amount),
        ("currency", "USD"),
        ("period", "monthly"),
        ("startDate", "2026-05-01"),
    ]
}

both_engines! {
    async fn an_own_category_has_its_name_on_every_page(db: TestDb) {
        let site = site(db.db.clone());
        let (mut ann, account) = with_wallet(&site).await;
        lunch(&mut ann, &account).await;

        says(&mut ann, "/budgets", &["Budget this", "School lunch"]).await;
        says(&mut ann, "/budgets/new", &["Food · School lunch"]).await;
        let made = submit(&mut ann, "/budgets/new", &monthly(LEAF, "10")).await;
        let budget = leads_to(&made).to_owned();
        let again = words(&submit(&mut ann, "/budgets/new", &monthly(LEAF, "20")).await);
        assert!(again.contains("You already have a monthly budget for School lunch."), "{again}");

        says(&mut ann, &budget, &["School lunch budget"]).await;
        for path in [&*account, "/dashboard", "/budgets"] {
            let page = says(&mut ann, path, &["School lunch"]).await;
            assert!(!page.contains("Uncategorized"), "{path}: {page}");
        }
        says(&mut ann, "/dashboard", &["School lunch is over its budget by $2.50"]).await;
    }

    async fn a_rule_keeps_the_own_category_it_sets(db: TestDb) {
        let site = site(db.db.clone());
        let (mut ann, account) = with_wallet(&site).await;
        lunch(&mut ann, &account).await;
        let mut rule = vec![
            ("name", "Lunch"), ("match", "all"), ("field", "description"), ("operator", "contains"),
            ("text", "canteen"), ("category", LEAF),
        ];
        leads_to(&submit(&mut ann, "/rules/new", &rule).await);

        let list = says(&mut ann, "/rules", &["Category: School lunch"]).await;
        let (_, row) = list.split_once(r#"data-testid="rule-row""#).unwrap();
        let (_, rest) = row.split_once(r#"href="/rules/"#).unwrap();
        let id = rest.split('"').next().unwrap().to_owned();
        let page = says(&mut ann, &format!("/rules/{id}"), &["Food · School lunch"]).await;
        let option = page.split("<option").find(|option| option.contains(LEAF)).unwrap();
        assert!(option.contains("selected"), "{option}");

        rule.extend([("id", &*id), ("enabled", "true")]);
        leads_to(&submit(&mut ann, "/rules/change", &rule).await);
        says(&mut ann, "/rules", &["Category: School lunch"]).await;
    }

    async fn what_was_carried_over_names_its_month(db: TestDb) {
        let site = site(db.db.clone());
        let (mut ann, _) = with_wallet(&site).await;
        let mut form = monthly("food", "40");
        form[4] = ("startDate", "2026-04-01");
        form.push(("rollover", "surplus"));

        let budget = leads_to(&submit(&mut ann, "/budgets/new", &form).await).to_owned();

        for path in [&*budget, "/budgets"] {
            says(&mut ann, path, &["+$40.00 from April"]).await;
        }
    }

    async fn a_new_budget_begins_in_the_currency_of_most_accounts(db: TestDb) {
        let site = site(db.db.clone());
        let (mut ann, _) = with_wallet(&site).await;
        for name in ["Girokonto", "Sparbuch"] {
            let fields = [("bankName", name), ("accountType", "cash"), ("currency", "EUR")];
            leads_to(&submit(&mut ann, "/accounts/link", &fields).await);
        }
        let chosen = |page: &str, code: &str| {
            let wanted = format!(r#"value="{code}""#);
            let option = page.split("<option").find(|option| option.contains(&wanted)).unwrap();
            option.contains("selected")
        };

        let page = says(&mut ann, "/budgets/new", &["New budget"]).await;
        let asked = says(&mut ann, "/budgets/new?currency=GBP", &["New budget"]).await;
        let preview = "/budgets/new?category=food&amount=10&preview=1";
        says(&mut ann, preview, &["Looking back", "€0.00"]).await;

        assert!(chosen(&page, "EUR") && !chosen(&page, "USD"), "{page}");
        assert!(chosen(&asked, "GBP") && !chosen(&asked, "EUR"), "{asked}");
    }

    async fn a_change_is_looked_back_over_with_what_is_typed(db: TestDb) {
        let site = site(db.db.clone());
        let (mut ann, account) = with_wallet(&site).await;
        lunch(&mut ann, &account).await;
        let mut form = monthly("food", "40");
        form[4] = ("startDate", "2026-04-01");
        form.extend([("rollover", "full"), ("alertPercents", "own"), ("alertOwn", "60")]);
        let budget = leads_to(&submit(&mut ann, "/budgets/new", &form).await).to_owned();
        let value = |page: &str, value: &str| page.contains(&format!(r#"value="{value}""#));

        let plain = says(&mut ann, &budget, &["$40.00 left in April would have made May $80.00."]).await;
        assert!(value(&plain, "40.00") && value(&plain, "60") && !plain.contains("Looking back"), "{plain}");
        let asked = format!("{budget}?preview=1&amount=7.50&rollover=surplus&cap=5&alertPercents=own&alertOwn=70");
        let looked = says(&mut ann, &asked, &["Looking back", "You would have stayed within it in all of the last 12 months."]).await;
        assert!(value(&looked, "7.50") && value(&looked, "70"), "{looked}");
        let example = "would have made May $12.50: at most $5.00 is carried over.";
        assert!(looked.contains(example), "{looked}");
        let wrong = visit(&mut ann, &format!("{budget}?preview=1&amount=0&rollover=none")).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.text);
        assert!(wrong.text.contains("Enter an amount above zero."), "{}", wrong.text);

        let change = [("id", budget.trim_start_matches("/budgets/")), ("page", &*budget), ("amount", "50"), ("alertPercents", "own"), ("alertOwn", "40")];
        let refused = submit(&mut ann, "/budgets/change", &change).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
        assert!(refused.text.contains("Enter up to four percentages from 50 to 100"), "{}", refused.text);
        assert!(value(&refused.text, "40"), "{}", refused.text);
    }

    async fn an_overrun_is_over_in_words(db: TestDb) {
        let site = site(db.db.clone());
        let (mut ann, account) = with_wallet(&site).await;
        lunch(&mut ann, &account).await;
        let budget = leads_to(&submit(&mut ann, "/budgets/new", &monthly("food", "10")).await).to_owned();

        let page = says(&mut ann, &budget, &[r#"<span class="amount">$2.50</span> over"#]).await;
        assert!(!page.contains("−$2.50"), "{page}");
        let list = says(&mut ann, "/budgets", &["Over by $2.50"]).await;
        assert!(!list.contains("−$2.50"), "{list}");
    }

    async fn the_same_form_twice_is_one_budget_and_another_one_is_refused(db: TestDb) {
        let site = site(db.db.clone());
        let (mut ann, _) = with_wallet(&site).await;
        let mut form = monthly("food", "10");
        form.push(("idempotencyKey", "0123456789abcdef"));

        let first = leads_to(&submit(&mut ann, "/budgets/new", &form).await).to_owned();
        let again = leads_to(&submit(&mut ann, "/budgets/new", &form).await).to_owned();
        assert_eq!(first, again);
        for other in [
            ("endDate", "2026-12-31"), ("rollover", "full"), ("cap", "5"), ("prorate", "true"), ("fromStart", "true"),
            ("alertPercents", "none"), ("alertOwn", "60"),
        ] {
            let mut form = form.clone();
            form.push(other);
            let refused = submit(&mut ann, "/budgets/new", &form).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{other:?} {}", refused.text);
        }
    }

    async fn deposits_wait_on_the_dashboard_before_the_first_row(db: TestDb) {
        let site = site(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        let fields = [
            ("how", "numbers"),
            ("bankName", "Harbor Bank"),
            ("accountType", "checking"),
            ("routingNumber", "021000021"),
            ("accountNumber", "000123456789"),
            ("accountNumberAgain", "000123456789"),
            ("currency", "USD"),
        ];
        let account = leads_to(&submit(&mut ann, "/accounts/link", &fields).await).to_owned();
        let id = account.trim_start_matches("/accounts/");
        leads_to(&submit(&mut ann, "/accounts/verify/start", &[("id", id), ("kind", "code")]).await);
        jobs::run_due(&site.backend).await.unwrap();

        leads_to(&submit(&mut ann, "/accounts/verify/arrive", &[("id", id)]).await);

        says(&mut ann, "/dashboard", &["No transactions yet.", "Confirm the deposits of an account"]).await;
    }
}
