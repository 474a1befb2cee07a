//! The dashboard's figures, the list of accounts with its lines and its order, and the line above every page.

use std::time::Duration;

use backend::{both_engines, jobs};

use super::{Browser, banks::linked, leads_to, site, submit, visit, words};

/// Adds an account of cash; its id.
async fn wallet(ann: &mut Browser, name: &str) -> String {
    let fields = [("bankName", name), ("accountType", "cash"), ("currency", "USD")];
    let added = submit(ann, "/accounts/link", &fields).await;
    leads_to(&added).trim_start_matches("/accounts/").to_owned()
}

/// A row typed in by hand.
async fn row(ann: &mut Browser, account: &str, day: &str, amount: &str, direction: &str) {
    let fields = [
        ("accountId", account),
        ("date", day),
        ("description", "Canteen"),
        ("amount", amount),
        ("direction", direction),
        ("category", if direction == "in" { "income.salary" } else { "food.restaurants" }),
    ];
    leads_to(&submit(ann, "/transactions/new", &fields).await);
}

/// Where the rows of a list stand.
fn order(page: &str, names: &[&str]) -> Vec<usize> {
    names.iter().map(|name| page.find(&format!(">{name}")).expect(name)).collect()
}

both_engines! {
    async fn the_dashboard_leads_from_every_figure_to_its_rows(db: TestDb) {
        let site = site(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        let cash = wallet(&mut ann, "Wallet").await;
        row(&mut ann, &cash, "2026-04-30", "500", "in").await;
        for _ in 0..9 {
            row(&mut ann, &cash, "2026-05-03", "10", "out").await;
        }
        let before = words(&visit(&mut ann, "/dashboard").await);
        assert!(!before.contains("Left in budgets") && !before.contains("chart-guide"), "{before}");
        let budget = [
            ("category", "food"), ("amount", "310"), ("currency", "USD"), ("period", "monthly"),
            ("startDate", "2026-05-01"), ("rollover", "none"),
        ];
        leads_to(&submit(&mut ann, "/budgets/new", &budget).await);

        let page = words(&visit(&mut ann, "/dashboard").await);

        assert_eq!(page.matches(r#"data-testid="tx-row""#).count(), 8);
        assert!(page.contains(r#"href="/transactions""#) && page.contains("All transactions"));
        assert!(page.contains("Down $90.00 this month") && page.contains("Up $410.00 in 90 days"), "{page}");
        assert!(page.contains("/transactions?status=completed&currency=USD&from=2026-05-01&to=2026-05-04"), "{page}");
        assert!(page.contains("Left in budgets") && page.contains("of $310.00"), "{page}");
        assert!(page.contains("chart-guide") && page.contains("Budgets, $310.00 this month"), "{page}");
        let april = words(&visit(&mut ann, "/dashboard?month=2026-04").await);
        assert!(!april.contains("Left in budgets") && !april.contains("chart-guide"), "{april}");
    }

    async fn each_account_has_its_line_and_stands_where_its_owner_puts_it(db: TestDb) {
        let site = site(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        let first = wallet(&mut ann, "Purse").await;
        site.backend.clock.advance(Duration::from_secs(1));
        wallet(&mut ann, "Drawer").await;
        row(&mut ann, &first, "2026-05-03", "98.76", "in").await;

        let page = words(&visit(&mut ann, "/accounts").await);
        assert_eq!(page.matches(r#"data-testid="sparkline""#).count(), 1, "an empty account has no line: {page}");
        assert!(page.contains("Up $98.76 in 90 days"), "{page}");
        assert!(page.contains(&format!(r#"href="/accounts/{first}?range=3m""#)), "{page}");
        let names = ["Purse", "Drawer"];
        assert!(order(&page, &names).is_sorted(), "{page}");
        assert_eq!(page.matches(r#"data-testid="account-up""#).count(), 1, "the first can't go up");

        let moved = submit(&mut ann, "/accounts/shift", &[("id", &first), ("way", "down")]).await;
        assert_eq!(leads_to(&moved), "/accounts");
        let page = words(&visit(&mut ann, "/accounts").await);
        assert!(!order(&page, &names).is_sorted(), "{page}");
        let mut mallory = site.person("mallory@example.com").await;
        let refused = submit(&mut mallory, "/accounts/shift", &[("id", &first), ("way", "up")]).await;
        assert_eq!(refused.status, 404);
    }

    async fn a_long_balance_is_exact_in_its_table(db: TestDb) {
        let site = site(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        let cash = wallet(&mut ann, "Wallet").await;
        for (day, amount) in [("2006-05-03", "100"), ("2016-02-29", "20.02"), ("2026-05-03", "3")] {
            row(&mut ann, &cash, day, amount, "in").await;
        }

        let page = words(&visit(&mut ann, &format!("/accounts/{cash}?range=all")).await);

        assert!(page.contains("From $100.00 to $123.02 since the first transaction."), "{page}");
        assert!(page.contains("$120.02") && page.contains("29 February 2016"), "{page}");
        assert!(page.contains("Days on which nothing changed are left out."), "{page}");
        let is_line = |path: &&str| path.contains(r#"class="chart-line""#);
        let line = page.split("<path").find(is_line).unwrap();
        let line = line.split(r#"d=""#).nth(1).unwrap().split('"').next().unwrap();
        assert_eq!(line.matches(['M', 'L']).count(), 1_000);
        assert_eq!(line.matches('M').count(), 1, "no gaps: {line}");
    }

    async fn one_line_stands_above_every_page_the_most_urgent_first(db: TestDb) {
        let site = site(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        let pages = ["/dashboard", "/accounts", "/transactions", "/budgets", "/recurring", "/settings/profile", "/billing"];
        for path in pages {
            let page = words(&visit(&mut ann, path).await);
            assert!(page.contains(r#"data-testid="banner-verify-email""#), "{path}: {page}");
        }

        let connection = linked(&site, &mut ann, "sim_expired").await;
        let id = ("id", connection.trim_start_matches("/connections/"));
        submit(&mut ann, "/connections/sync", &[id]).await;
        jobs::run_due(&site.backend).await.unwrap();

        for path in pages {
            let page = words(&visit(&mut ann, path).await);
            assert!(page.contains(r#"data-testid="banner-connection""#), "{path}: {page}");
            assert!(page.contains("Expired Federal needs you to sign in again."), "{path}: {page}");
            assert!(!page.contains(r#"data-testid="banner-verify-email""#), "{path}: one at a time");
        }
        let dashboard = words(&visit(&mut ann, "/dashboard").await);
        assert!(dashboard.contains(r#"data-testid="to-do-row""#), "{dashboard}");
        let missing = visit(&mut ann, "/nothing-is-here").await;
        assert_eq!(missing.status, 404);
        assert!(words(&missing).contains(r#"data-testid="banner-connection""#));
    }
}
