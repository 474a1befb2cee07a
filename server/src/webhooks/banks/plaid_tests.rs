use axum::{body::Body, http::Request};
use backend::{
    banks::plaid::testing::webhook_headers,
    both_engines,
    connections::testing::choose_at_plaid,
    jobs,
    testing::{PlaidStandIn, TestDb, World, backend, with_plaid},
};
use domain::states::connection::ConnectionState;
use tower::ServiceExt;

use super::*;

const SYNC: &str = include_str!(
    "../../../backend/fixtures/plaid/webhooks/transactions.sync_updates_available.json"
);
const OLD: &str =
    include_str!("../../../backend/fixtures/plaid/webhooks/transactions.default_update.json");
const LOGIN: &str = include_str!("../../../backend/fixtures/plaid/webhooks/item.error.json");

async fn linked(db: &TestDb) -> Backend {
    with_plaid(backend(db.db.clone()), &PlaidStandIn::start().await)
}

async fn send(
    backend: &Backend,
    method: &str,
    headers: HeaderMap,
    body: &'static str,
) -> (StatusCode, usize) {
    let mut request = Request::builder().method(method).uri(plaid::WEBHOOK_PATH);
    request.headers_mut().unwrap().extend(headers);
    let request = request.body(Body::from(body)).unwrap();
    let answer = routes(backend.clone()).oneshot(request).await.unwrap();
    let status = answer.status();
    (status, axum::body::to_bytes(answer.into_body(), 1_024).await.unwrap().len())
}

both_engines! {
    async fn what_plaid_signed_is_kept_and_acknowledged_each_time(db: TestDb) {
        let backend = linked(&db).await;
        let headers = webhook_headers(SYNC.as_bytes(), backend.clock.now());

        for _ in 0..2 {
            assert_eq!(send(&backend, "POST", headers.clone(), SYNC).await, (StatusCode::OK, 0));
        }

        assert_eq!(jobs::run_due(&backend).await.unwrap(), 2);
    }

    async fn what_plaid_says_of_a_connection_is_acted_on_once(db: TestDb) {
        let mut w = World::new(db).await;
        w.backend = with_plaid(w.backend.clone(), &PlaidStandIn::start().await);
        let connection = choose_at_plaid(&w.backend, &w.alice).await;
        jobs::run_due(&w.backend).await.unwrap();
        let state = async || connections::get(&w.backend, &w.alice, &connection).await.unwrap().state;
        assert_eq!(state().await, ConnectionState::Healthy);

        let headers = webhook_headers(LOGIN.as_bytes(), w.backend.clock.now());
        for _ in 0..2 {
            assert_eq!(send(&w.backend, "POST", headers.clone(), LOGIN).await, (StatusCode::OK, 0));
        }
        jobs::run_due(&w.backend).await.unwrap();

        assert_eq!(state().await, ConnectionState::LoginRequired);
        assert!(jobs::dead(&w.backend, 1).await.unwrap().is_empty());
    }

    async fn what_means_nothing_to_us_is_acknowledged_and_costs_no_job(db: TestDb) {
        let backend = linked(&db).await;
        let headers = webhook_headers(OLD.as_bytes(), backend.clock.now());

        assert_eq!(send(&backend, "POST", headers, OLD).await, (StatusCode::OK, 0));

        assert_eq!(jobs::run_due(&backend).await.unwrap(), 0);
    }

    async fn everything_else_is_refused_and_leaves_nothing(db: TestDb) {
        let backend = linked(&db).await;
        let of_another_body = webhook_headers(OLD.as_bytes(), backend.clock.now());

        for headers in [HeaderMap::new(), of_another_body] {
            let answer = send(&backend, "POST", headers, SYNC).await;
            assert_eq!(answer, (StatusCode::UNAUTHORIZED, 0));
        }

        assert_eq!(jobs::run_due(&backend).await.unwrap(), 0);
    }

    async fn there_is_no_other_method(db: TestDb) {
        let backend = linked(&db).await;
        let headers = webhook_headers(SYNC.as_bytes(), backend.clock.now());

        for method in ["GET", "PUT", "HEAD", "OPTIONS"] {
            let answer = send(&backend, method, headers.clone(), SYNC).await;
            assert_eq!(answer, (StatusCode::NOT_FOUND, 0), "{method}");
        }
    }

    async fn there_is_no_such_address_where_plaid_is_not_configured(db: TestDb) {
        let backend = backend(db.db.clone());
        let headers = webhook_headers(SYNC.as_bytes(), backend.clock.now());

        assert_eq!(send(&backend, "POST", headers, SYNC).await.0, StatusCode::NOT_FOUND);
        assert_eq!(jobs::run_due(&backend).await.unwrap(), 0);
    }

    async fn an_old_delivery_is_refused(db: TestDb) {
        let backend = linked(&db).await;
        let headers = webhook_headers(SYNC.as_bytes(), backend.clock.now());
        backend.clock.advance(std::time::Duration::from_secs(301));

        assert_eq!(send(&backend, "POST", headers, SYNC).await.0, StatusCode::UNAUTHORIZED);
    }

    async fn a_database_that_is_gone_asks_for_another_try(db: TestDb) {
        let backend = linked(&db).await;
        let headers = webhook_headers(SYNC.as_bytes(), backend.clock.now());
        backend.db.close().await;

        assert_eq!(send(&backend, "POST", headers, SYNC).await.0, StatusCode::SERVICE_UNAVAILABLE);
    }
}
