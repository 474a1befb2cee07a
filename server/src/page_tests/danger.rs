//! Taking everything along, and leaving.

use std::time::Duration;

use axum::http::StatusCode;
use backend::both_engines;

use super::{call, leads_to, selling, site, submit, visit, words};

both_engines! {
    async fn the_export_is_a_file_that_nobody_keeps(db: TestDb) {
        let site = site(db.db.clone());
        let mut ann = site.person("ann@example.com").await;

        let answer = ann.get("/settings/export").await;

        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("content-type"), Some("application/json"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let disposition = "attachment; filename=\"coffer-2026-05-04.json\"";
        assert_eq!(answer.header("content-disposition"), Some(disposition));
        assert_eq!(answer.json()["profile"]["email"], "ann@example.com");
    }

    async fn an_old_sign_in_confirms_before_it_exports_or_deletes(db: TestDb) {
        let site = site(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        site.backend.clock.advance(Duration::from_mins(16));

        let export = ann.get("/settings/export").await;
        let deletion = submit(&mut ann, "/settings/danger", &[("email", "ann@example.com")]).await;

        assert_eq!(leads_to(&export), "/confirm?next=%2Fsettings%2Fdanger");
        assert_eq!(leads_to(&deletion), "/confirm?next=%2Fsettings%2Fdanger");
        assert_eq!(call(&mut ann, "/api/fn/session/get").await.status, StatusCode::OK);
    }

    async fn where_plans_are_sold_the_page_says_that_a_subscription_ends(db: TestDb) {
        let sentence = "your plan: a subscription is cancelled at once and not charged again";
        for (site, email, says) in [(site(db.db.clone()), "ann@example.com", false), (selling(db.db.clone()), "ben@example.com", true)] {
            let mut browser = site.person(email).await;

            for path in ["/settings/danger", "/delete-account?token=x"] {
                let page = words(&visit(&mut browser, path).await);
                assert_eq!(page.contains(sentence), says, "{path}: {page}");
            }
        }
    }

    async fn nobody_exports_nothing(db: TestDb) {
        let site = site(db.db.clone());

        let answer = site.browser().get("/settings/export").await;

        assert_eq!(leads_to(&answer), "/sign-in?next=%2Fsettings%2Fexport");
    }

    async fn the_account_goes_when_its_address_is_typed(db: TestDb) {
        let site = site(db.db.clone());
        let mut ann = site.person("ann@example.com").await;

        let other = submit(&mut ann, "/settings/danger", &[("email", "anna@example.com")]).await;
        assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(other.text.contains("That isn&#x27;t the address of this account.")
            || other.text.contains("That isn't the address of this account."), "{}", other.text);
        let gone = submit(&mut ann, "/settings/danger", &[("email", " Ann@Example.com ")]).await;

        assert_eq!(leads_to(&gone), "/account-deleted");
        assert!(!ann.held().contains(&"session_token"), "{:?}", ann.held());
        assert_eq!(ann.get("/account-deleted").await.status, StatusCode::OK);
        assert_eq!(leads_to(&ann.get("/dashboard").await), "/sign-in?next=%2Fdashboard");
    }
}
