//! The answers that other code asks for by name, for each way a subscription can stand.

use domain::{UserId, billing::State};

use super::selling;
use crate::{
    billing::{
        get_subscription_details, get_user_subscription_status, has_access_to_product,
        is_user_subscribed, testing::subscription, user_with_subscription,
    },
    both_engines,
    testing::person,
};

const PLUS: &str = "f48a2952-9ca3-4940-a2ea-d7978b0c2ca8";

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

    async fn a_person_comes_with_what_money_is_collected_for(db: TestDb) {
        let backend = selling(db.db.clone());
        for (name, status) in [("ann", "active"), ("ben", "canceled")] {
            person(&backend, name).await;
            subscription(&backend, name, "plus", status).await;
        }
        let mut tx = backend.db.system().read().await.unwrap();

        let (ann, hers) = user_with_subscription(&mut tx, &UserId::new("ann")).await.unwrap().unwrap();
        let (_, his) = user_with_subscription(&mut tx, &UserId::new("ben")).await.unwrap().unwrap();

        assert_eq!(ann.email, "ann@example.com");
        assert_eq!(hers, Some((PLUS.to_owned(), "active".to_owned())));
        assert_eq!(his, None);
        assert!(user_with_subscription(&mut tx, &UserId::new("nobody")).await.unwrap().is_none());
    }
}
