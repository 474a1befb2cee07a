use axum::{body::Body, http::Request};
use backend::{
    Db,
    billing::{
        deliveries,
        testing::{sign, sign_with},
    },
    both_engines, jobs,
    testing::{WEBHOOK_SECRET, backend, with_billing},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::PageRequest;
use serde_json::Value;
use tower::ServiceExt;

use super::*;

const ACTIVE: &str =
    include_str!("../../../backend/fixtures/polar/events/subscription.active.json");
const CASES: &str = include_str!("../../../backend/fixtures/polar/negative/cases.json");
const UNKNOWN: &str = include_str!("../../../backend/fixtures/polar/negative/unknown-type.json");

fn selling(db: Db) -> Backend {
    with_billing(backend(db), &"http://127.0.0.1:9".parse().unwrap())
}

struct Attempt {
    method: &'static str,
    path: &'static str,
    headers: Vec<(&'static str, String)>,
    body: String,
}

impl Attempt {
    /// One that is right, at `now`.
    fn new(body: &str, now: i64) -> Self {
        let (id, timestamp) = ("6a1f", now.to_string());
        let signature = sign(WEBHOOK_SECRET, id, &timestamp, body.as_bytes());
        Self {
            method: "POST",
            path: PATHS[0],
            headers: vec![
                ("webhook-id", id.to_owned()),
                ("webhook-timestamp", timestamp),
                ("webhook-signature", signature),
            ],
            body: body.to_owned(),
        }
    }

    /// What a case of the fixtures asks for.
    fn spoil(&mut self, how: &str, now: i64) {
        let at = |seconds: i64| Self::new(ACTIVE, now + seconds).headers;
        match how {
            "valid" | "standard-scheme" => {}
            "tampered-body" => {
                self.body = self.body.replace(r#""active""#, r#""canceled""#);
            }
            "wrong-secret" => {
                self.headers[2].1 =
                    sign_with(b"other", "6a1f", &now.to_string(), self.body.as_bytes());
            }
            "stale" => self.headers = at(-360),
            "future" => self.headers = at(360),
            "missing-signature" => drop(self.headers.remove(2)),
            "missing-id" => drop(self.headers.remove(0)),
            "bad-timestamp" => self.headers[1].1 = "yesterday".to_owned(),
            "v1a-only" => self.headers[2].1 = self.headers[2].1.replace("v1,", "v1a,"),
            "second-of-two" => {
                let right = &self.headers[2].1;
                self.headers[2].1 = format!("v1,{} {right}", STANDARD.encode([0; 32]));
            }
            "legacy-scheme" => {
                let key = WEBHOOK_SECRET.as_bytes();
                self.headers[2].1 = sign_with(key, "6a1f", &now.to_string(), self.body.as_bytes());
            }
            "reformatted-body" => {
                let value: Value = serde_json::from_str(&self.body).unwrap();
                self.body = format!("{value:#}\n");
            }
            other => panic!("a case that nobody reads: {other}"),
        }
    }

    async fn send(self, router: &Router) -> Response {
        let mut request = Request::builder().method(self.method).uri(self.path);
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        router.clone().oneshot(request.body(Body::from(self.body)).unwrap()).await.unwrap()
    }
}

async fn kept(backend: &Backend) -> i64 {
    let page = PageRequest::Page { page: 1, limit: 1 };
    deliveries(backend, None, page).await.unwrap().1
}

both_engines! {
    async fn every_case_of_the_fixtures_gets_its_answer(db: TestDb) {
        let cases: Vec<Value> = serde_json::from_str(CASES).unwrap();
        assert_eq!(cases.len(), 13);
        for case in cases {
            let backend = selling(db.db.clone());
            let router = routes(backend.clone());
            let now = backend.clock.now().unix_timestamp();
            let body = if case["body"] == "unknown-type.json" { UNKNOWN } else { ACTIVE };
            let mut attempt = Attempt::new(body, now);
            attempt.spoil(case["signature"].as_str().unwrap(), now);
            let before = kept(&backend).await;
            let id = format!("case-{}", case["name"]);

            let answer = attempt.send(&router).await;

            assert_eq!(u64::from(answer.status().as_u16()), case["answer"].as_u64().unwrap(), "{id}");
            let body = axum::body::to_bytes(answer.into_body(), 1024).await.unwrap();
            assert!(body.is_empty(), "{id}");
            if case["answer"] == 403 {
                assert_eq!(kept(&backend).await, before, "{id}");
            }
        }
    }

    async fn both_addresses_share_one_inbox_and_know_no_other_method(db: TestDb) {
        let backend = selling(db.db.clone());
        let router = routes(backend.clone());
        let now = backend.clock.now().unix_timestamp();
        for path in PATHS {
            let attempt = Attempt { path, ..Attempt::new(ACTIVE, now) };
            assert_eq!(attempt.send(&router).await.status(), StatusCode::ACCEPTED);
            for method in ["GET", "PUT", "HEAD", "OPTIONS"] {
                let attempt = Attempt { method, path, ..Attempt::new(ACTIVE, now) };
                assert_eq!(attempt.send(&router).await.status(), StatusCode::NOT_FOUND, "{method}");
            }
        }
        assert_eq!(kept(&backend).await, 1);
        assert_eq!(jobs::run_due(&backend).await.unwrap(), 1);
    }

    async fn a_header_that_comes_twice_is_refused(db: TestDb) {
        let backend = selling(db.db.clone());
        let router = routes(backend.clone());
        let mut attempt = Attempt::new(ACTIVE, backend.clock.now().unix_timestamp());
        attempt.headers.push(("webhook-id", "6a1f".to_owned()));

        assert_eq!(attempt.send(&router).await.status(), StatusCode::FORBIDDEN);
    }

    async fn nobody_is_believed_where_nothing_is_sold(db: TestDb) {
        let backend = backend(db.db.clone());
        let attempt = Attempt::new(ACTIVE, backend.clock.now().unix_timestamp());

        let answer = attempt.send(&routes(backend)).await;

        assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    }

    async fn a_database_that_is_gone_asks_for_another_try(db: TestDb) {
        let backend = selling(db.db.clone());
        let router = routes(backend.clone());
        let attempt = Attempt::new(ACTIVE, backend.clock.now().unix_timestamp());
        backend.db.close().await;

        assert_eq!(attempt.send(&router).await.status(), StatusCode::SERVICE_UNAVAILABLE);
    }
}
