//! What somebody has and pays, and what can be done about it.

use std::sync::Arc;

use axum::http::StatusCode;
use backend::{
    Backend, Settings,
    billing::testing::{order, prices, subscription, used, user_of},
    both_engines,
};
use serde_json::json;

use super::{Browser, Site, leads_to, of, selling, sent_to, submit, visit, words};

/// Ann, with a subscription in this status.
async fn ann(site: &Site, slug: &str, status: &str) -> Browser {
    let browser = site.person("ann@example.com").await;
    let user = user_of(&site.backend, "ann@example.com").await;
    subscription(&site.backend, &user, slug, status).await;
    browser
}

both_engines! {
    async fn somebody_without_a_plan_sees_what_is_free(db: TestDb) {
        let site = selling(db.db.clone());
        let mut ann = site.person("ann@example.com").await;

        let text = words(&visit(&mut ann, "/billing").await);

        assert!(text.contains("You're on the Free plan."), "{text}");
        assert!(text.contains("0 of 3 accounts") && text.contains("0 of 10 files"), "{text}");
        assert!(text.contains("Your invoices will be here after the first payment."));
        assert!(text.contains("Test payments") && !text.contains("/billing/portal"));
    }

    async fn a_plan_is_shown_with_its_price_its_end_and_its_invoices(db: TestDb) {
        let site = selling(db.db.clone());
        let mut ann = ann(&site, "starter", "active").await;
        let user = user_of(&site.backend, "ann@example.com").await;
        order(&site.backend, &user, "order-1").await;
        let mut mallory = site.person("mallory@example.com").await;

        let text = words(&visit(&mut ann, "/billing").await);
        let hers = words(&visit(&mut mallory, "/billing").await);

        assert!(text.contains("Starter renews on 3 June 2026."), "{text}");
        assert!(text.contains("$9.00") && text.contains("0 of 10 accounts"), "{text}");
        assert!(text.contains("COFFER-0001") && text.contains("$10.71"), "{text}");
        assert!(text.contains(r#"action="/billing/portal""#) && text.contains(r#"href="/billing/invoice?order="#));
        assert!(!hers.contains("COFFER-0001") && hers.contains("You're on the Free plan."), "{hers}");
    }

    async fn a_payment_that_failed_is_told_on_the_overview_too(db: TestDb) {
        let site = selling(db.db.clone());
        let mut ann = ann(&site, "plus", "past_due").await;
        let sentence = "Your last payment failed. Update your card by 11 May 2026 to keep Plus.";

        let billing = words(&visit(&mut ann, "/billing").await);
        let dashboard = words(&visit(&mut ann, "/dashboard").await);

        assert!(billing.contains(sentence) && billing.contains("Update card"), "{billing}");
        assert!(dashboard.contains(sentence) && dashboard.contains("banner-payment"), "{dashboard}");
        assert!(!dashboard.contains("banner-verify-email"), "one line at a time, the most urgent");
    }

    async fn a_larger_plan_says_what_is_charged_and_a_smaller_one_what_stops(db: TestDb) {
        let site = selling(db.db.clone());
        prices(&site.backend, 1_900).await;
        let mut ann = ann(&site, "plus", "active").await;

        let up = words(&visit(&mut ann, "/billing/plan?to=premium").await);
        let down = words(&visit(&mut ann, "/billing/plan?to=starter").await);
        let same = words(&visit(&mut ann, "/billing/plan?to=plus").await);
        let none = visit(&mut ann, "/billing/plan?to=gold").await;

        assert!(up.contains("Premium begins at once.") && up.contains("$19.00 a month"), "{up}");
        assert!(!up.contains("What stops working"));
        assert!(down.contains("Until 3 June 2026 you keep Plus; then Starter begins."), "{down}");
        assert!(down.contains("Starter holds 10 bank accounts.") && down.contains("Nothing is deleted."));
        assert!(same.contains("This is your plan already.") && !same.contains(r#"name="slug""#), "{same}");
        assert_eq!(sent_to(&none), "/pricing");
    }

    async fn without_a_subscription_there_is_nothing_to_change_or_to_end(db: TestDb) {
        let site = selling(db.db.clone());
        let mut ann = site.person("ann@example.com").await;

        assert_eq!(sent_to(&visit(&mut ann, "/billing/plan?to=plus").await), "/pricing?plan=plus");
        assert_eq!(sent_to(&visit(&mut ann, "/billing/cancel").await), "/billing");
        let posted = submit(&mut ann, "/billing/plan", &[("slug", "plus")]).await;
        assert_eq!(leads_to(&posted), "/pricing?plan=plus");
    }

    async fn one_that_rests_is_not_offered_an_end_that_would_fail(db: TestDb) {
        let site = selling(db.db.clone());
        let mut ann = ann(&site, "plus", "paused").await;

        let page = words(&visit(&mut ann, "/billing").await);
        let cancel = visit(&mut ann, "/billing/cancel").await;

        assert!(page.contains("Resume Plus") && page.contains("Manage payment"), "{page}");
        assert!(!page.contains("/billing/cancel"), "{page}");
        assert_eq!(sent_to(&cancel), "/billing");
    }

    async fn what_is_metered_stands_with_what_is_used(db: TestDb) {
        let site = selling(db.db.clone());
        let mut ann = ann(&site, "api", "active").await;
        let user = user_of(&site.backend, "ann@example.com").await;
        used(&site.backend, &user, "api_call", 3).await;

        let page = words(&visit(&mut ann, "/billing").await);

        assert!(page.contains("API calls") && page.contains("3 since 4 May 2026."), "{page}");
    }

    async fn the_end_says_what_goes_and_keeps_what_was_typed(db: TestDb) {
        let site = selling(db.db.clone());
        let mut ann = ann(&site, "plus", "active").await;

        let page = words(&visit(&mut ann, "/billing/cancel").await);
        let fields = [("reason", "bored"), ("comment", "Thank you for everything")];
        let refused = submit(&mut ann, "/billing/cancel", &fields).await;

        assert!(page.contains("Plus ends on 3 June 2026."), "{page}");
        assert!(page.contains("Free holds 3 bank accounts.") && page.contains("Nothing is deleted."));
        assert_eq!(page.matches(r#"type="radio""#).count(), 8);
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(words(&refused).contains("Thank you for everything"));
    }

    async fn where_the_portal_is_down_people_learn_whom_to_write_to(db: TestDb) {
        let plain = selling(db.db.clone());
        let settings = Settings {
            support_email: Some("help@bank.example".to_owned()),
            ..Settings::clone(&plain.backend.settings)
        };
        let site = of(Backend { settings: Arc::new(settings), ..plain.backend.clone() });
        let mut ann = ann(&site, "plus", "active").await;

        let form = words(&submit(&mut ann, "/billing/portal", &[("page", "/billing")]).await);
        let called = ann.post("/api/auth/customer/portal", &json!({})).await;

        let sentence = "Billing can't be reached right now. Nothing was changed. Write to help@bank.example if it can't wait.";
        assert!(form.contains(sentence), "{form}");
        assert_eq!((called.status.as_u16(), &called.json()["message"]), (503, &json!(sentence)));
    }

    async fn while_polar_is_out_of_reach_nothing_changes_and_the_page_says_so(db: TestDb) {
        let site = selling(db.db.clone());
        let mut ann = ann(&site, "plus", "active").await;
        let user = user_of(&site.backend, "ann@example.com").await;
        order(&site.backend, &user, "order-1").await;

        for (path, field) in [
            ("/billing/portal", ("page", "/billing")),
            ("/billing/cancel", ("reason", "unused")),
            ("/billing/plan", ("slug", "starter")),
        ] {
            let answer = submit(&mut ann, path, &[field]).await;
            assert!(answer.status.is_server_error(), "{path}: {}", answer.status);
            let text = words(&answer);
            assert!(text.contains("Nothing was changed."), "{path}: {text}");
            assert_eq!(text.matches("error-summary").count(), 1, "{path}");
        }
    }
}
