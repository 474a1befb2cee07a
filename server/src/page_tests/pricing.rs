//! The page of plans, and the form that begins a checkout.

use axum::http::StatusCode;
use backend::{
    billing::testing::{prices, subscription, user_of},
    both_engines,
};
use serde_json::json;

use super::{leads_to, selling, site, submit, visit, words};
use crate::auth::tests::support::PASSWORD;

both_engines! {
    async fn a_stranger_sees_prices_and_signs_up_with_the_plan_remembered(db: TestDb) {
        let site = selling(db.db.clone());
        prices(&site.backend, 900).await;

        let page = visit(&mut site.browser(), "/pricing").await;
        let yearly = visit(&mut site.browser(), "/pricing?interval=year").await;

        assert_eq!(page.status, StatusCode::OK);
        let text = words(&page);
        assert!(text.contains("$9.00") && text.contains(r#"data-testid="pricing""#), "{text}");
        assert!(text.contains("/sign-up?next=%2Fpricing%3Fplan%3Dplus\""), "{text}");
        assert!(!text.contains(r#"name="slug""#), "a stranger buys nothing");
        assert!(words(&yearly).contains("/sign-up?next=%2Fpricing%3Fplan%3Dplus-yearly"));
    }

    async fn a_plan_chosen_before_the_sign_up_is_chosen_after_it(db: TestDb) {
        let site = selling(db.db.clone());
        let mut ann = site.browser();
        let fields = [
            ("name", "Ann Lee"),
            ("email", "ann@example.com"),
            ("password", PASSWORD),
            ("next", "/pricing?plan=plus-yearly"),
        ];

        let answer = submit(&mut ann, "/sign-up", &fields).await;
        let page = visit(&mut ann, leads_to(&answer)).await;

        assert_eq!(leads_to(&answer), "/pricing?plan=plus-yearly");
        let text = words(&page);
        assert!(text.contains(r#"data-id="plus" data-state="chosen""#) && text.contains("Your choice"), "{text}");
        assert!(text.contains(r#"value="plus-yearly""#), "{text}");
        assert!(text.contains("—"), "no price is known yet");
    }

    async fn a_checkout_that_does_not_start_costs_nothing_and_says_so(db: TestDb) {
        let site = selling(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        let fields = [("slug", "plus-yearly"), ("page", "/pricing?interval=year")];

        let answer = submit(&mut ann, "/pricing", &fields).await;
        let unknown = submit(&mut ann, "/pricing", &[("slug", "gold")]).await;

        assert!(answer.status.is_server_error(), "{}", answer.status);
        let text = words(&answer);
        assert!(text.contains("Checkout didn't start. You haven't been charged."), "{text}");
        assert!(text.contains(r#"value="plus-yearly""#), "the page is the one it was: {text}");
        assert_eq!(text.matches("error-summary").count(), 1);
        assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn who_pays_already_is_led_to_a_change_and_not_to_a_second_checkout(db: TestDb) {
        let site = selling(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        let user = user_of(&site.backend, "ann@example.com").await;
        subscription(&site.backend, &user, "starter", "active").await;

        let text = words(&visit(&mut ann, "/pricing").await);

        assert!(!text.contains(r#"name="slug""#), "{text}");
        assert!(text.contains(r#"href="/billing/plan?to=plus""#), "{text}");
        assert!(text.contains(r#"data-id="starter" data-state="current""#) && text.contains("Your plan"));
    }

    async fn without_billing_everything_is_included(db: TestDb) {
        let site = site(db.db.clone());
        let mut ann = site.person("ann@example.com").await;

        let stranger = words(&visit(&mut site.browser(), "/pricing").await);
        let pricing = words(&visit(&mut ann, "/pricing").await);
        let billing = words(&visit(&mut ann, "/billing").await);

        for text in [stranger, pricing, billing] {
            assert!(text.contains("verything is included"), "{text}");
            assert!(!text.contains("Choose Plus"), "{text}");
        }
    }
}

#[tokio::test]
async fn a_stranger_who_posts_signs_in_and_comes_back() {
    let db = backend::testing::TestDb::sqlite().await;
    let site = selling(db.db.clone());
    let fields = [("slug", "plus"), ("page", "/pricing?plan=plus")];

    let answer = submit(&mut site.browser(), "/pricing", &fields).await;
    let body = json!({ "slug": "plus" });
    let foreign = site.browser().post("/pricing", &body).await;

    assert_eq!(leads_to(&answer), "/sign-in?next=%2Fpricing%3Fplan%3Dplus");
    assert!(!foreign.status.is_success(), "{}", foreign.status);
}
