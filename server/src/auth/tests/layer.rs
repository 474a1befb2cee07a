use std::time::Duration;

use app::session::Session;
use axum::{
    Extension, Router,
    body::Body,
    http::{HeaderMap, header},
    middleware::from_fn_with_state,
    response::IntoResponse,
    routing::{get, post},
};
use backend::{SignedIn, both_engines, testing::last_seen};
use serde_json::json;

use super::support::{Browser, Site};
use crate::session::{self, Caller};

/// The session layer around pages, an API route and the auth routes, as the program has it.
fn with_pages(mut site: Site) -> Site {
    async fn who(session: Option<Extension<Session>>) -> String {
        session.map_or_else(|| "nobody".to_owned(), |Extension(session)| session.email)
    }
    async fn mine(Caller(caller): Caller) -> String {
        caller.user().as_str().to_owned()
    }
    async fn carried(proof: Option<Extension<SignedIn>>) -> String {
        format!("{}", proof.is_some())
    }
    async fn signs_out(headers: HeaderMap) -> impl IntoResponse {
        assert!(headers.contains_key(header::COOKIE));
        (
            [(
                header::SET_COOKIE,
                "better-auth.session_token=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax",
            )],
            "out",
        )
    }
    let pages = Router::new()
        .route("/", get(who))
        .route("/dashboard", get(who).post(who))
        .route("/accounts/{id}", get(who))
        .route("/sign-in", get(who))
        .route("/sign-out", post(signs_out))
        .route("/api/mine", get(mine))
        .route("/api/payments/webhooks", post(carried));
    site.router =
        site.router.merge(pages).layer(from_fn_with_state(site.auth.clone(), session::layer));
    site
}

async fn post_empty(browser: &mut Browser, path: &str) -> super::support::Answer {
    let request = browser.request("POST", path).body(Body::empty()).unwrap();
    browser.send(request).await
}

both_engines! {
    async fn personal_pages_need_a_session_that_the_database_knows(db: TestDb) {
        let site = with_pages(Site::new(db.db.clone()));
        let mut ann = site.person("ann@example.com").await;
        let mut nobody = site.browser();

        assert_eq!(ann.get("/dashboard").await.text, "ann@example.com");
        assert_eq!(ann.get("/accounts/7").await.text, "ann@example.com");
        let answer = nobody.get("/accounts/7?tab=a").await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (303, Some("/sign-in?next=%2Faccounts%2F7%3Ftab%3Da")));
        assert_eq!(nobody.get("/").await.text, "nobody");

        let mut elsewhere = ann.clone();
        ann.post("/api/auth/sign-out", &json!({})).await;
        let ended = elsewhere.get("/dashboard").await;
        assert_eq!((ended.status.as_u16(), ended.header("location")), (303, Some("/sign-in?next=%2Fdashboard")));
        assert_eq!(ended.cookies(), ["session_token ends", "session_data ends", "dont_remember ends"], "the cache is no proof");
        assert!(elsewhere.held().is_empty());
    }

    async fn somebody_signed_in_leaves_the_sign_in_page(db: TestDb) {
        let site = with_pages(Site::new(db.db.clone()));
        let mut ann = site.person("ann@example.com").await;

        assert_eq!(ann.get("/sign-in").await.header("location"), Some("/dashboard"));
        assert_eq!(ann.get("/sign-in?next=%2Faccounts%2F7").await.header("location"), Some("/accounts/7"));
        assert_eq!(ann.get("/sign-in?next=%2F%2Fevil.example").await.header("location"), Some("/dashboard"));
        assert_eq!(site.browser().get("/sign-in?next=%2Faccounts").await.text, "nobody");
    }

    async fn the_api_answers_401_and_webhooks_know_no_session(db: TestDb) {
        let site = with_pages(Site::new(db.db.clone()));
        let mut ann = site.person("ann@example.com").await;

        let nobody = site.browser().get("/api/mine").await;
        let mine = ann.get("/api/mine").await;
        let webhook = post_empty(&mut ann, "/api/payments/webhooks").await;

        assert_eq!((nobody.status.as_u16(), &nobody.json()["error"]), (401, &json!("UNAUTHORIZED")));
        assert_eq!((mine.status.as_u16(), mine.text.len()), (200, 32));
        assert_eq!(webhook.text, "false");
    }

    async fn a_forged_or_bare_token_is_nobody(db: TestDb) {
        let site = with_pages(Site::new(db.db.clone()));
        let mut ann = site.person("ann@example.com").await;
        let signed = ann.cookies["better-auth.session_token"].clone();
        let bare = signed.split('.').next().unwrap().to_owned();
        for value in [bare.clone(), format!("{bare}."), signed.replace("%3D", "%3E"), format!("x{signed}")] {
            ann.cookies.insert("better-auth.session_token".into(), value);
            assert_eq!(ann.get("/api/mine").await.status.as_u16(), 401);
        }
        let mut bearer = site.browser();
        for (name, value) in [("authorization", format!("Bearer {bare}")), ("x-session-token", signed.clone())] {
            let request = bearer.request("GET", "/api/mine").header(name, value).body(Body::empty()).unwrap();
            assert_eq!(bearer.send(request).await.status.as_u16(), 401);
        }
        let queried = bearer.get(&format!("/api/mine?token={signed}")).await;
        assert_eq!(queried.status.as_u16(), 401);
    }

    async fn a_page_extends_the_session_and_sets_its_cookies_again(db: TestDb) {
        let site = with_pages(Site::new(db.db.clone()));
        let mut ann = site.person("ann@example.com").await;
        assert!(ann.get("/dashboard").await.cookies().is_empty());

        site.backend.clock.advance(Duration::from_hours(24));
        let mut leaving = ann.clone();
        assert_eq!(ann.get("/dashboard").await.cookies(), ["session_token", "session_data"]);
        assert!(ann.get("/dashboard").await.cookies().is_empty());

        site.backend.clock.advance(Duration::from_hours(24));
        let out = post_empty(&mut leaving, "/sign-out").await;
        assert_eq!(out.cookies(), ["session_token ends"], "the handler has the last word");
    }

    async fn use_is_noted_beside_the_request(db: TestDb) {
        let site = with_pages(Site::new(db.db.clone()));
        let mut ann = site.person("ann@example.com").await;
        let before = last_seen(&site.backend).await;

        ann.get("/dashboard").await;
        site.backend.clock.advance(Duration::from_mins(1));
        ann.get("/dashboard").await;
        site.auth.tasks.close();
        site.auth.tasks.wait().await;

        let noted = time::OffsetDateTime::from(last_seen(&site.backend).await);
        assert_eq!(noted - time::OffsetDateTime::from(before), time::Duration::seconds(60));
    }

    async fn without_a_database_nobody_is_signed_out(db: TestDb) {
        let site = with_pages(Site::new(db.db.clone()));
        let mut ann = site.person("ann@example.com").await;
        db.db.close().await;

        for path in ["/dashboard", "/", "/api/mine"] {
            let answer = ann.get(path).await;
            assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (503, Some("1")), "{path}");
            assert!(answer.cookies().is_empty());
        }
        assert_eq!(site.browser().get("/").await.text, "nobody", "who has no cookie needs no database");
    }
}
