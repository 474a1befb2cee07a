//! What pages cost: the statements of each.

use backend::both_engines;

use super::{Browser, Site, site, submit, visit};

async fn statements(site: &Site, browser: &mut Browser, path: &str) -> u64 {
    let before = site.backend.db.statements_so_far();
    let answer = visit(browser, path).await;
    assert!(!answer.status.is_server_error(), "{path}");
    site.backend.db.statements_so_far() - before
}

both_engines! {
    async fn a_page_for_everybody_asks_for_nothing_and_for_a_person_for_their_session(db: TestDb) {
        let site = site(db.db.clone());
        let (mut nobody, mut ann) = (site.browser(), site.person("ann@example.com").await);

        for path in ["/", "/help", "/terms", "/privacy", "/sign-up"] {
            assert_eq!(statements(&site, &mut nobody, path).await, 0, "{path}");
        }
        for path in ["/", "/help"] {
            assert_eq!(statements(&site, &mut ann, path).await, 1, "{path}");
        }
    }

    async fn a_page_costs_the_same_however_often_and_by_whom_it_is_opened(db: TestDb) {
        let site = site(db.db.clone());
        let mut ann = site.person("ann@example.com").await;

        for path in ["/dashboard", "/accounts", "/transactions", "/settings/profile", "/settings/security", "/activity"] {
            let first = statements(&site, &mut ann, path).await;
            let second = statements(&site, &mut ann, path).await;
            site.person(&format!("x{}@example.com", path.replace('/', "-"))).await;
            let third = statements(&site, &mut ann, path).await;

            assert!((1..=40).contains(&first), "{path}: {first}");
            assert_eq!((second, third), (first, first), "{path}");
        }
    }

    async fn an_account_more_costs_no_statement_more(db: TestDb) {
        let site = site(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        let mut costs = Vec::new();

        for name in ["One", "Two", "Three", "Four"] {
            let cash = [("bankName", name), ("accountType", "cash"), ("currency", "USD")];
            submit(&mut ann, "/accounts/link", &cash).await;
            let accounts = statements(&site, &mut ann, "/accounts").await;
            costs.push((accounts, statements(&site, &mut ann, "/dashboard").await));
        }

        assert!(costs.iter().all(|cost| *cost == costs[0]), "{costs:?}");
    }

    async fn the_line_above_a_page_costs_one_statement(db: TestDb) {
        let site = site(db.db.clone());
        let mut ann = site.person("ann@example.com").await;

        // Who asks, what needs their attention.
        assert_eq!(statements(&site, &mut ann, "/nothing-is-here").await, 2);
    }
}
