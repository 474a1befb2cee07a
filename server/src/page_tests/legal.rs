//! What people agree to, and what is kept about them.

use backend::{
    Backend, Random, both_engines,
    testing::{self, PlaidStandIn, with_plaid},
};

use super::{of, selling, site, visit, words};

both_engines! {
    async fn strangers_find_terms_and_privacy_from_every_page_and_before_they_sign_up(db: TestDb) {
        let site = site(db.db.clone());
        let mut browser = site.browser();

        for path in ["/", "/help", "/sign-in", "/nowhere"] {
            let page = visit(&mut browser, path).await.text;
            for link in [r#"href="/terms""#, r#"href="/privacy""#] {
                assert!(page.contains(link), "{path}: {link}");
            }
        }
        let sign_up = words(&visit(&mut browser, "/sign-up").await);
        assert!(sign_up.contains("By creating an account you agree to the "), "{sign_up}");
        for (path, says) in [("/terms", "your bank's statement counts"), ("/privacy", "for 400 days")] {
            let page = visit(&mut browser, path).await;
            assert_eq!(page.status, 200);
            assert!(words(&page).contains(says), "{path}");
        }
    }

    async fn they_speak_of_payments_only_where_plans_are_sold(db: TestDb) {
        for (site, sells) in [(site(db.db.clone()), false), (selling(db.db.clone()), true)] {
            let mut browser = site.browser();
            for path in ["/terms", "/privacy"] {
                assert_eq!(words(&visit(&mut browser, path).await).contains("Polar"), sells, "{path}");
            }
        }
    }

    async fn they_name_plaid_only_where_it_is_asked(db: TestDb) {
        let plaid = PlaidStandIn::start().await;
        let backend = Backend { random: Random::system(), ..testing::backend(db.db.clone()) };
        let asking = of(with_plaid(backend, &plaid));
        for (site, asks) in [(site(db.db.clone()), false), (asking, true)] {
            let mut browser = site.browser();
            assert_eq!(words(&visit(&mut browser, "/privacy").await).contains("Plaid"), asks);
        }
    }
}
