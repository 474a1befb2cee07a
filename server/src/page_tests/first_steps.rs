//! The first steps on the dashboard, and the balance of an account by day.

use backend::both_engines;

use super::{leads_to, site, submit, visit, words};

both_engines! {
    async fn the_first_steps_are_ticked_put_away_and_brought_back(db: TestDb) {
        let site = site(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        let page = words(&visit(&mut ann, "/dashboard").await);
        assert!(page.contains(r#"data-testid="onboarding""#) && page.contains("0 of 5 done"), "{page}");

        let cash = [("bankName", "Wallet"), ("accountType", "cash"), ("currency", "USD")];
        submit(&mut ann, "/accounts/link", &cash).await;
        let page = words(&visit(&mut ann, "/dashboard").await);
        assert!(page.contains("1 of 5 done"), "{page}");
        let away = submit(&mut ann, "/dashboard/checklist", &[("hidden", "true")]).await;
        assert_eq!(leads_to(&away), "/dashboard");
        let page = words(&visit(&mut ann, "/dashboard").await);
        assert!(!page.contains(r#"data-testid="onboarding""#), "{page}");
        assert!(page.contains("The first steps are put away."), "{page}");

        let settings = words(&visit(&mut ann, "/settings/profile").await);
        assert!(settings.contains("Show the first steps"), "{settings}");
        submit(&mut ann, "/dashboard/checklist", &[("hidden", "false")]).await;
        let page = words(&visit(&mut ann, "/dashboard").await);
        assert!(page.contains("1 of 5 done"), "{page}");
        let settings = words(&visit(&mut ann, "/settings/profile").await);
        assert!(!settings.contains("Show the first steps"), "{settings}");
    }

    async fn an_account_shows_its_balance_by_day_in_the_range_of_the_address(db: TestDb) {
        let site = site(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        let cash = [("bankName", "Wallet"), ("accountType", "cash"), ("currency", "USD")];
        let account = leads_to(&submit(&mut ann, "/accounts/link", &cash).await).to_owned();
        let page = words(&visit(&mut ann, &account).await);
        assert!(!page.contains("Balance by day"), "without rows there is no line: {page}");

        let row = [
            ("accountId", account.trim_start_matches("/accounts/")),
            ("date", "2026-05-03"),
            ("description", "Wages"),
            ("amount", "98.76"),
            ("direction", "in"),
        ];
        submit(&mut ann, "/transactions/new", &row).await;

        for (range, sentence) in [
            ("", "From $0.00 to $98.76 in three months."),
            ("?range=1m", "From $0.00 to $98.76 in 30 days."),
            ("?range=1y", "From $0.00 to $98.76 in a year."),
            ("?range=all", "From $98.76 to $98.76 since the first transaction."),
        ] {
            let page = words(&visit(&mut ann, &format!("{account}{range}")).await);
            assert!(page.contains(sentence), "{sentence} in {page}");
        }
    }
}
