use std::time::Duration;

use axum::{body::Body, http::Request};
use backend::{
    Backend, Banks, accounts, both_engines,
    connections::{self, testing::choose_at_plaid},
    jobs,
    testing::{PlaidStandIn, World, with_plaid},
};
use serde_json::json;

use super::support::Site;

const PATH: &str = "/api/demo";

fn on() -> Request<Body> {
    Request::put(PATH).body(Body::empty()).unwrap()
}

both_engines! {
    async fn demo_data_is_switched_on_and_off_and_either_twice_is_once(db: TestDb) {
        let site = Site::new(db).await;
        let (backend, alice, mallory) = (&site.w.backend, site.w.alice.clone(), site.w.mallory.clone());

        let linked = site.send(Some(&alice), on()).await;
        let again = site.send(Some(&alice), on()).await;
        site.send(Some(&mallory), on()).await;
        jobs::run_due(backend).await.unwrap();
        let there = accounts::list(backend, &alice).await.unwrap();
        backend.clock.advance(Duration::from_mins(16));
        let off = [site.delete(Some(&alice), PATH).await.status, site.delete(Some(&alice), PATH).await.status];

        assert_eq!((linked.status, &linked.json()["provider"]), (200, &json!("simbank")), "{}", linked.text);
        assert_eq!(linked.json()["id"], again.json()["id"]);
        assert!(there.len() == 3 && there.iter().any(|account| account.transactions > 100));
        assert_eq!(off, [204, 204], "a sign-in of long ago will do");
        assert_eq!(accounts::list(backend, &alice).await.unwrap(), []);
        assert_eq!(connections::list(backend, &alice).await.unwrap(), []);
        assert_eq!(accounts::list(backend, &mallory).await.unwrap().len(), 3, "hers stays");
        assert_eq!([site.send(None, on()).await.status, site.delete(None, PATH).await.status], [401, 401]);
    }

    async fn a_bank_that_is_none_of_ours_stays(db: TestDb) {
        let plaid = PlaidStandIn::start().await;
        let mut w = World::new(db).await;
        w.backend = with_plaid(w.backend.clone(), &plaid);
        let site = Site::of(w);
        let (backend, alice) = (&site.w.backend, site.w.alice.clone());
        let real = choose_at_plaid(backend, &alice).await;
        site.send(Some(&alice), on()).await;

        let off = site.delete(Some(&alice), PATH).await;

        assert_eq!(off.status, 204);
        let left = connections::list(backend, &alice).await.unwrap();
        assert_eq!(left.iter().map(|one| &one.id).collect::<Vec<_>>(), [&real]);
    }

    async fn without_a_test_bank_there_is_nothing_to_switch_on(db: TestDb) {
        let mut w = World::new(db).await;
        w.backend = Backend { banks: Banks::default(), ..w.backend.clone() };
        let site = Site::of(w);
        let alice = Some(&site.w.alice);

        assert_eq!(site.send(alice, on()).await.status, 404);
        assert_eq!(site.delete(alice, PATH).await.status, 204);
    }
}
