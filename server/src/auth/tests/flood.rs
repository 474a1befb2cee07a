//! The whole site while sign-ins come faster than passwords can be hashed.

use std::collections::BTreeMap;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode, header},
};
use backend::{
    Backend, Random,
    auth::{HashParams, Passwords},
    testing::{TestDb, backend, limited},
};
use tempfile::TempDir;
use tower::ServiceExt;

use super::super::{Auth, AuthOptions};
use crate::{
    config::{Config, Vars},
    health::{self, Health, Readiness},
    http::{self, Deps, Shutdown, Sources},
    site,
};

/// Everything that a process serves, over one database.
struct Whole {
    backend: Backend,
    router: Router,
    _folder: TempDir,
}

impl Whole {
    fn new(backend: Backend) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let pairs = [("COFFER_ENV", "test"), ("DATA_DIR", folder.path().to_str().unwrap())];
        let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let vars = Vars::from(BTreeMap::from(pairs));
        let config = Config::read(&vars, &mut |buffer| buffer.fill(7)).unwrap();

        let (clock, random) = (backend.clock.clone(), backend.random.clone());
        let sources = Sources::new(move || clock.now(), move |buffer| random.fill(buffer));
        let probed = backend.clone();
        let probe = move || {
            let backend = probed.clone();
            async move {
                Readiness { database: backend.db.is_ready().await, auth: backend.passwords.moves() }
            }
        };
        let health = Health::new(probe, Shutdown::default(), sources.clone());
        let auth = Auth::new(backend.clone(), AuthOptions::from_config(&config));
        let router = site::router(&backend, &auth, &config).merge(health::routes(health));
        let deps = Deps {
            sources,
            limits: backend.limits.clone(),
            providers: backend.providers.clone(),
            payments: Vec::new(),
        };
        Self { backend, router: http::surface(router, &config, deps), _folder: folder }
    }

    async fn send(&self, request: Request<Body>) -> (StatusCode, HeaderMap, String) {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        (parts.status, parts.headers, String::from_utf8(bytes.to_vec()).unwrap())
    }

    async fn get(&self, path: &str) -> StatusCode {
        let request = Request::get(path).header(header::HOST, "localhost:3000");
        self.send(request.body(Body::empty()).unwrap()).await.0
    }

    /// A form of a page, as a browser without script sends it.
    async fn form(&self, path: &str, cookie: &str, body: &str) -> (StatusCode, HeaderMap, String) {
        let request = Request::post(path)
            .header(header::HOST, "localhost:3000")
            .header(header::ORIGIN, "http://localhost:3000")
            .header(header::ACCEPT, "text/html")
            .header(header::COOKIE, cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(body.to_owned())).unwrap()).await
    }
}

fn sign_in(number: usize) -> Request<Body> {
    let body = format!(r#"{{"email":"ann{number}@example.com","password":"a long password"}}"#);
    Request::post("/api/auth/sign-in/email")
        .header(header::HOST, "localhost:3000")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body))
        .unwrap()
}

fn one_at_a_time(db: &TestDb) -> Backend {
    let backend = backend(db.db.clone());
    Backend { passwords: Passwords::new(1, HashParams::CHEAP), random: Random::system(), ..backend }
}

/// `name=value` of a cookie that an answer sets.
fn set_cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let set = headers.get_all(header::SET_COOKIE).iter();
    let mut lines = set.filter_map(|line| line.to_str().ok()?.split(';').next());
    lines.find(|pair| pair.starts_with(&format!("{name}="))).map(str::to_owned)
}

#[tokio::test]
async fn two_hundred_sign_ins_at_once_cannot_starve_the_rest() {
    let db = TestDb::sqlite().await;
    let whole = std::sync::Arc::new(Whole::new(one_at_a_time(&db)));
    let held = whole.backend.passwords.occupy().await.unwrap();

    let mut flood: tokio::task::JoinSet<_> = (0..200)
        .map(|number| {
            let whole = whole.clone();
            async move { whole.send(sign_in(number)).await }
        })
        .collect();
    // 64 wait for their turn; the others are sent away while nothing moves at all.
    for _ in 0..136 {
        let (status, headers, body) = flood.join_next().await.unwrap().unwrap();
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{body}");
        assert_eq!(headers["retry-after"], "1");
    }
    assert_eq!(whole.backend.passwords.waiting(), 64);
    for path in ["/", "/sign-in", "/api/health", "/health/live", "/health/ready", "/api/auth/ok"] {
        assert_eq!(whole.get(path).await, StatusCode::OK, "{path}");
    }
    assert_eq!(whole.get("/api/auth/get-session").await, StatusCode::OK);

    drop(held);
    while let Some(answer) = flood.join_next().await {
        let status = answer.unwrap().0;
        // Whoever had waited for two seconds by now was sent away as well.
        assert!([401, 503].contains(&status.as_u16()), "{status}");
    }
    assert_eq!(whole.backend.passwords.waiting(), 0);
    db.remove().await;
}

#[tokio::test]
async fn with_limits_the_flood_of_one_address_does_not_reach_the_pool() {
    let db = TestDb::sqlite().await;
    let whole = Whole::new(limited(one_at_a_time(&db)));

    let mut refused = 0;
    for number in 0..200 {
        refused +=
            usize::from(whole.send(sign_in(number)).await.0 == StatusCode::TOO_MANY_REQUESTS);
    }

    assert_eq!(refused, 197);
    assert_eq!(whole.backend.passwords.hashes_so_far(), 3);
    assert_eq!(whole.get("/sign-in").await, StatusCode::OK);
    db.remove().await;
}

#[tokio::test]
async fn a_browser_that_signs_in_at_our_page_gets_a_device_cookie_and_another_each_time() {
    let db = TestDb::sqlite().await;
    let whole = Whole::new(one_at_a_time(&db));
    let fields = "name=Ann&email=ann%40example.com&password=correct+horse+battery+staple";

    let (status, headers, body) = whole.form("/sign-up", "", fields).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
    let first = set_cookie(&headers, "coffer.device").unwrap();
    let line = headers
        .get_all(header::SET_COOKIE)
        .iter()
        .find(|line| line.as_bytes().starts_with(b"coffer.device="));
    assert!(
        line.unwrap()
            .to_str()
            .unwrap()
            .ends_with("; Max-Age=34560000; Path=/; HttpOnly; SameSite=Lax")
    );

    let (status, headers, body) = whole.form("/sign-in", &first, fields).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
    let second = set_cookie(&headers, "coffer.device").unwrap();
    assert_ne!(first, second);

    let (status, headers, _) = whole.form("/sign-in", &second, &fields.replace("staple", "")).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert_eq!(set_cookie(&headers, "coffer.device"), None, "a refusal gives nothing");
    db.remove().await;
}

#[tokio::test]
async fn the_page_says_when_to_come_back_and_keeps_what_was_typed() {
    let db = TestDb::sqlite().await;
    let whole = Whole::new(limited(one_at_a_time(&db)));
    let mut failed = 0;
    let (headers, page) = loop {
        // Slowly enough for the limit of requests.
        whole
            .backend
            .clock
            .advance(std::time::Duration::from_secs(4 + u64::from(failed % 3 == 0) * 6));
        let body = format!("email=ann{failed}%40example.com&password=wrong");
        match whole.form("/sign-in", "", &body).await {
            (StatusCode::UNAUTHORIZED, ..) => failed += 1,
            (status, headers, page) => {
                assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
                break (headers, page);
            }
        }
    };

    assert!((15..=18).contains(&failed), "15, and one more each minute: {failed}");
    assert!(headers.contains_key("retry-after"));
    assert!(page.contains("Too many tries. Wait "), "{page}");
    assert!(page.contains("or reset your password."), "{page}");
    assert!(page.contains(&format!("ann{failed}@example.com")));
    db.remove().await;
}
