use axum::{body::Body, http::Request};
use backend::{both_engines, jobs, testing::World};
use domain::{ConnectionId, states::connection::ConnectionState};
use tower::ServiceExt;

use super::*;
use crate::api::tests::connections::link;

/// What the bank sends, as it is changed on the way.
async fn send(backend: &Backend, method: &str, header: Option<(&str, String)>, body: &str) -> u16 {
    let mut request = Request::builder().method(method).uri(SIMBANK_PATH);
    if let Some((name, value)) = header {
        request = request.header(name, value);
    }
    let request = request.body(Body::from(body.to_owned())).unwrap();
    routes(backend.clone()).oneshot(request).await.unwrap().status().as_u16()
}

both_engines! {
    async fn what_the_bank_says_is_acted_on_and_what_others_say_is_not(db: TestDb) {
        let w = World::new(db).await;
        let id = ConnectionId::new(link(&w.backend, &w.alice, "sim_first_harbor").await);
        jobs::run_due(&w.backend).await.unwrap();
        let item = connections::item_of(&w.backend, &w.alice, &id).await.unwrap();
        let bank = w.backend.banks.simbank().unwrap().clone();
        let (name, signature, body) = bank.webhook(Some(&item), "login_required", None);
        let state = async || connections::get(&w.backend, &w.alice, &id).await.unwrap().state;

        let changed = body.replace("login_required", "revoked");
        for (header, body) in [
            (None, &body),
            (Some((name, "x".to_owned())), &body),
            (Some((name, signature.clone())), &changed),
        ] {
            assert_eq!(send(&w.backend, "POST", header, body).await, 401);
        }
        jobs::run_due(&w.backend).await.unwrap();
        assert_eq!(state().await, ConnectionState::Healthy);
        assert_eq!(send(&w.backend, "GET", Some((name, signature.clone())), &body).await, 404);

        // It repeats, and means the same.
        for _ in 0..2 {
            assert_eq!(send(&w.backend, "POST", Some((name, signature.clone())), &body).await, 200);
        }
        jobs::run_due(&w.backend).await.unwrap();
        assert_eq!(state().await, ConnectionState::LoginRequired);
    }

    async fn news_of_nobodys_connection_is_taken_and_changes_nothing(db: TestDb) {
        let w = World::new(db).await;
        let bank = w.backend.banks.simbank().unwrap().clone();
        let (name, signature, body) = bank.webhook(Some("nobody"), "revoked", None);

        assert_eq!(send(&w.backend, "POST", Some((name, signature)), &body).await, 200);
        jobs::run_due(&w.backend).await.unwrap();

        assert!(connections::list(&w.backend, &w.alice).await.unwrap().is_empty());
        assert!(jobs::dead(&w.backend, 1).await.unwrap().is_empty());
    }
}
