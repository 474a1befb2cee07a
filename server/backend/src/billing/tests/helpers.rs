//! The answers that other code asks for by name, for each way a subscription can stand.

use domain::{
    UserId,
    billing::{Entitlement, State},
    plan::Plan,
};
use serde_json::json;

use super::selling;
use crate::{
    Backend,
    billing::{
        client::server::with,
        entitlement, get_subscription_details, get_user_subscription_status, give_plan,
        given::{self, product},
        has_access_to_product, is_user_subscribed,
        testing::subscription,
        user_with_subscription,
    },
    both_engines,
    testing::{World, backend, person},
};

const PLUS: &str = "f48a2952-9ca3-4940-a2ea-d7978b0c2ca8";

/// What administrators see of somebody.
async fn seen(backend: &Backend, name: &str) -> Entitlement {
    let mut tx = backend.db.system().read().await.unwrap();
    let (user, found) =
        user_with_subscription(&mut tx, backend, &UserId::new(name)).await.unwrap().unwrap();
    assert_eq!(user.email, format!("{name}@example.com"));
    found
}

both_engines! {
    async fn each_standing_has_the_same_answer_by_every_name(db: TestDb) {
        let backend = selling(db.db.clone());
        for (status, access, word, state) in [
            ("trialing", true, "active", State::Trialing),
            ("active", true, "active", State::Active),
            ("past_due", true, "active", State::PastDue),
            ("paused", false, "expired", State::Paused),
            ("unpaid", false, "expired", State::Ended),
            ("canceled", false, "expired", State::Ended),
        ] {
            let who = person(&backend, status).await;
            assert_eq!(get_user_subscription_status(&backend, &who).await.unwrap(), ("none", State::None));
            subscription(&backend, status, "plus", status).await;

            assert_eq!(is_user_subscribed(&backend, &who).await.unwrap(), access, "{status}");
            assert_eq!(has_access_to_product(&backend, &who, PLUS).await.unwrap(), access, "{status}");
            assert!(!has_access_to_product(&backend, &who, "another").await.unwrap(), "{status}");
            assert_eq!(get_user_subscription_status(&backend, &who).await.unwrap(), (word, state));
            let details = get_subscription_details(&backend, &who).await.unwrap().unwrap();
            assert_eq!((&*details.status, details.access), (status, access));
        }
    }

    async fn a_plan_has_what_smaller_ones_have_and_no_more(db: TestDb) {
        let backend = selling(db.db.clone());
        let buyer = async |name: &str, slug: &str, status: &str| {
            let who = person(&backend, name).await;
            subscription(&backend, name, slug, status).await;
            who
        };
        let ann = buyer("ann", "plus", "trialing").await;
        let ben = buyer("ben", "plus", "canceled").await;
        let eve = buyer("eve", "api", "active").await;
        let gil = person(&backend, "gil").await;
        give_plan(&backend, "gil@example.com", Plan::Starter).await.unwrap();
        let has = async |who, slug| {
            has_access_to_product(&backend, who, product(slug)).await.unwrap()
        };

        for slug in ["starter", "starter-yearly", "plus", "plus-yearly", "family"] {
            assert!(has(&ann, slug).await, "{slug}");
            assert!(!has(&ben, slug).await, "{slug}");
            assert!(!has(&eve, slug).await, "{slug}");
        }
        for slug in ["premium", "premium-yearly", "archive", "api"] {
            assert!(!has(&ann, slug).await, "{slug}");
        }
        assert!(has(&eve, "api").await && !has(&eve, "archive").await);
        assert!(has(&gil, "starter").await && !has(&gil, "plus").await, "a present is a plan");
    }

    async fn where_nothing_is_sold_everybody_has_everything(db: TestDb) {
        let backend = backend(db.db.clone());
        let ann = person(&backend, "ann").await;

        assert!(is_user_subscribed(&backend, &ann).await.unwrap());
        assert!(has_access_to_product(&backend, &ann, "anything").await.unwrap());
        assert_eq!(seen(&backend, "ann").await.plan, Plan::Premium);
    }

    async fn a_person_comes_with_what_is_decided_of_them(db: TestDb) {
        let (w, _polar) = given::world(db).await;
        let backend = &w.backend;
        let of = |id: &str, slug: &str, changes: serde_json::Value| {
            let own = json!({ "id": id, "product_id": product(slug) });
            with(&given::subscription(changes), own)
        };
        // The newest is over, the older one rests, the oldest is late and in its grace.
        let late = json!({ "status": "past_due", "past_due_at": "2026-05-03T00:00:00Z", "created_at": "2026-03-01T00:00:00Z" });
        let paused = json!({ "status": "paused", "created_at": "2026-04-01T00:00:00Z" });
        let ended = json!({ "status": "canceled", "ended_at": "2026-05-02T00:00:00Z", "created_at": "2026-05-01T00:00:00Z" });
        given::have_subscription(backend, &of("s1", "starter", late)).await;
        given::have_subscription(backend, &of("s2", "plus", paused)).await;
        given::have_subscription(backend, &of("s3", "premium", ended)).await;

        let alice = seen(backend, "alice").await;

        assert_eq!((alice.plan, alice.state(), alice.billable), (Plan::Starter, State::PastDue, true));
        assert_eq!(alice.subscription.as_ref().unwrap().id, "s1");
        let own = entitlement(backend, &w.alice).await.unwrap();
        assert_eq!(Entitlement { metered: None, ..own }, alice, "the same as they see themselves");

        w.backend.clock.advance(std::time::Duration::from_hours(24 * 7));
        let later = seen(backend, "alice").await;
        assert_eq!((later.plan, later.is_subscribed()), (Plan::Free, false), "the grace is over");
        assert_eq!(seen(backend, "mallory").await, Entitlement::default());
        let mut tx = backend.db.system().read().await.unwrap();
        let nobody = user_with_subscription(&mut tx, backend, &UserId::new("nobody")).await.unwrap();
        assert!(nobody.is_none());
    }

    async fn administrators_see_purchases_and_presents_too(db: TestDb) {
        let (World { backend, .. }, _polar) = given::world(db).await;
        given::have_order(
            &backend,
            &given::order(json!({ "subscription_id": null, "product_id": product("archive") })),
        )
        .await;
        give_plan(&backend, "alice@example.com", Plan::Plus).await.unwrap();

        let alice = seen(&backend, "alice").await;

        assert_eq!((alice.plan, alice.gift), (Plan::Plus, true));
        assert_eq!(alice.products, [product("archive")]);
    }
}
