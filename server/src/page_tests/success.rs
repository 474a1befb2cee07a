//! Back from a checkout.

use axum::http::StatusCode;
use backend::{
    billing::testing::{checkout, checkout_of, subscription, user_of},
    both_engines, jobs,
};

use super::{call_with, leads_to, selling, selling_by_stand_in, submit, visit, words};

both_engines! {
    async fn the_customers_token_never_reaches_a_page(db: TestDb) {
        let site = selling(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        let back = "/success?checkout_id=c-1&customer_session_token=polar_cst_secret";

        let answer = visit(&mut ann, back).await;
        let stranger = visit(&mut site.browser(), back).await;

        assert_eq!(leads_to(&answer), "/success?checkout_id=c-1");
        assert_eq!(leads_to(&stranger), "/success?checkout_id=c-1");
        let next = visit(&mut site.browser(), "/success?checkout_id=c-1").await;
        assert_eq!(leads_to(&next), "/sign-in?next=%2Fsuccess%3Fcheckout_id%3Dc-1");
    }

    async fn a_plan_is_claimed_when_it_is_there_and_not_before(db: TestDb) {
        let site = selling(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        let user = user_of(&site.backend, "ann@example.com").await;
        checkout(&site.backend, &user, "c-paid", "confirmed").await;
        checkout(&site.backend, &user, "c-late", "expired").await;

        let paid = words(&visit(&mut ann, "/success?checkout_id=c-paid").await);
        let late = words(&visit(&mut ann, "/success?checkout_id=c-late").await);

        assert!(paid.contains("Confirming your payment…") && paid.contains("Check again"), "{paid}");
        assert!(!paid.contains("You have Plus"));
        assert!(late.contains("This checkout has expired"), "{late}");

        subscription(&site.backend, &user, "plus", "active").await;
        checkout(&site.backend, &user, "a-checkout", "succeeded").await;
        let done = words(&visit(&mut ann, "/success?checkout_id=a-checkout").await);
        assert!(done.contains("You have Plus now.") && done.contains("Plus renews on"), "{done}");
    }

    async fn while_nobody_can_be_asked_nothing_is_said_of_money(db: TestDb) {
        let site = selling(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        let user = user_of(&site.backend, "ann@example.com").await;
        checkout(&site.backend, &user, "c-1", "open").await;

        let page = words(&visit(&mut ann, "/success?checkout_id=c-1").await);
        let asked = call_with(&mut ann, "/api/fn/billing/progress", "checkout=c-1").await;

        assert!(page.contains("Confirming your payment…") && page.contains("Check again"), "{page}");
        assert!(!page.contains("charged") && !page.contains("Nothing was paid"), "{page}");
        assert_eq!((asked.status, &*asked.text), (StatusCode::OK, r#""confirming""#));
    }

    async fn polar_says_that_nothing_was_paid_and_can_be_asked_again(db: TestDb) {
        let site = selling_by_stand_in(db.db.clone()).await;
        let mut ann = site.person("ann@example.com").await;
        jobs::run_due(&site.backend).await.unwrap();
        let begun = submit(&mut ann, "/pricing", &[("slug", "plus")]).await;
        assert!(begun.status.is_redirection(), "{}", begun.text);
        let user = user_of(&site.backend, "ann@example.com").await;
        let id = checkout_of(&site.backend, &user).await;
        let here = format!("/success?checkout_id={id}");

        let page = words(&visit(&mut ann, &here).await);
        let again = submit(&mut ann, "/success", &[("checkoutId", &id), ("page", &here)]).await;

        assert!(page.contains("Nothing was paid yet") && page.contains("You haven't been charged."), "{page}");
        assert!(page.contains("Check again"), "{page}");
        assert_eq!(leads_to(&again), here);
    }

    async fn after_two_minutes_it_says_that_nothing_is_lost(db: TestDb) {
        let site = selling(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        let user = user_of(&site.backend, "ann@example.com").await;
        checkout(&site.backend, &user, "c-1", "confirmed").await;
        let since = site.backend.clock.now().unix_timestamp() - 121;

        let page = visit(&mut ann, &format!("/success?checkout_id=c-1&since={since}")).await;

        let sentence = "This is taking longer than usual. You have access to what you had; we'll mail you.";
        assert!(words(&page).contains(sentence), "{}", page.text);
    }

    async fn somebody_elses_checkout_is_not_there(db: TestDb) {
        let site = selling(db.db.clone());
        site.person("ann@example.com").await;
        let user = user_of(&site.backend, "ann@example.com").await;
        checkout(&site.backend, &user, "c-1", "succeeded").await;
        let mut mallory = site.person("mallory@example.com").await;

        let page = visit(&mut mallory, "/success?checkout_id=c-1").await;
        let posted = submit(&mut mallory, "/success", &[("checkoutId", "c-1")]).await;
        let asked = call_with(&mut mallory, "/api/fn/billing/progress", "checkout=c-1").await;
        let nothing = visit(&mut mallory, "/success").await;

        for answer in [page, posted, asked, nothing] {
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", answer.text);
        }
    }

    async fn a_script_learns_how_far_it_is(db: TestDb) {
        let site = selling(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        let user = user_of(&site.backend, "ann@example.com").await;
        checkout(&site.backend, &user, "c-1", "confirmed").await;

        let asked = call_with(&mut ann, "/api/fn/billing/progress", "checkout=c-1").await;

        assert_eq!((asked.status, &*asked.text), (StatusCode::OK, r#""confirming""#));
    }
}
