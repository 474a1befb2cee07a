use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use axum::{body::Body, http::StatusCode};
use backend::both_engines;
use serde_json::json;

use super::support::{Answer, ORIGIN, PASSWORD, Site};

const SIGN_IN: &str = "/api/auth/sign-in/email";

/// The display cache proves nothing, so nothing but `get-session` may read it, and the guard of those routes that
/// Better Auth's profile answers by it.
#[test]
fn one_handler_and_one_guard_look_at_the_cookie_cache() {
    fn files(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { files(&path, found) } else { found.push(path) }
        }
    }
    let mut all = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut all);

    let readers = all
        .into_iter()
        .filter(|path| {
            !["cookies/tests.rs", "tests/guards.rs", "tests/fuzz.rs"]
                .iter()
                .any(|at| path.ends_with(at))
        })
        .filter(|path| {
            let text = fs::read_to_string(path).unwrap();
            text.contains("read_cache") || text.contains("cached_login")
        })
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect::<BTreeSet<_>>();

    let named = ["cache.rs", "get_session.rs", "guard.rs"].map(str::to_owned);
    assert_eq!(readers, BTreeSet::from(named));
}

/// A request with exactly these headers.
async fn raw(
    site: &Site,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Answer {
    let mut browser = site.browser();
    let mut request = browser.request(method, path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    browser.send(request.body(Body::from(body.to_owned())).unwrap()).await
}

both_engines! {
    async fn an_ended_session_may_still_change_a_name_where_better_auths_rules_hold_and_nothing_else(db: TestDb) {
        for (site, status) in [(Site::better_auth(db.db.clone()), 200), (Site::new(db.db.clone()), 401)] {
            let mut ann = site.person(&format!("ann{status}@example.com")).await;
            let mut ended = ann.clone();
            ann.post("/api/auth/sign-out", &json!({})).await;

            let renamed = ended.clone().post("/api/auth/update-user", &json!({ "name": "Still here" })).await;
            let listed = ended.clone().get("/api/auth/list-accounts").await;
            let checked = ended.post("/api/auth/verify-password", &json!({ "password": PASSWORD })).await;

            let statuses = [renamed.status, listed.status, checked.status].map(|status| status.as_u16());
            assert_eq!(statuses, [status, status, 401]);
        }
    }

    async fn a_body_that_is_no_object_is_told_what_it_should_be(db: TestDb) {
        let site = Site::new(db.db.clone());
        let mut ann = site.person("ann@example.com").await;

        for (path, kind) in [("update-user", "record"), ("update-session", "record"), ("change-password", "object")] {
            let answer = ann.post(&format!("/api/auth/{path}"), &json!(["name"])).await;
            let message = format!("[body] Invalid input: expected {kind}, received array");
            assert_eq!(answer.json(), json!({ "message": message, "code": "VALIDATION_ERROR" }), "{path}");
        }
    }

    async fn bodies_of_other_kinds_are_refused(db: TestDb) {
        let site = Site::new(db.db.clone());
        let allowed = "Allowed types: application/x-www-form-urlencoded, application/json";
        for (kind, body, status, code, message) in [
            (Some("text/plain"), "email=a", 415, "UNSUPPORTED_MEDIA_TYPE", format!("Content-Type \"text/plain\" is not allowed. {allowed}")),
            (Some("application/ld+json"), "{}", 415, "UNSUPPORTED_MEDIA_TYPE", format!("Content-Type \"application/ld+json\" is not allowed. {allowed}")),
            (None, "{}", 415, "UNSUPPORTED_MEDIA_TYPE", format!("Content-Type is required. {allowed}")),
            (Some("application/json"), r#"{"email": "#, 400, "BAD_REQUEST", "Invalid JSON in request body".into()),
            (Some("application/json"), "", 400, "VALIDATION_ERROR", "[body] Invalid input: expected object, received undefined".into()),
            (Some("text/plain"), "", 400, "VALIDATION_ERROR", "[body] Invalid input: expected object, received undefined".into()),
        ] {
            let kind = kind.map(|kind| ("content-type", kind));
            let headers: Vec<_> = kind.into_iter().chain([("origin", ORIGIN)]).collect();
            let answer = raw(&site, "POST", SIGN_IN, &headers, body).await;
            assert_eq!(answer.status.as_u16(), status, "{}", answer.text);
            assert_eq!(answer.json(), json!({ "message": message, "code": code }));
        }
        let form = [("content-type", "application/x-www-form-urlencoded"), ("origin", ORIGIN)];
        let out = raw(&site, "POST", "/api/auth/sign-out", &form, "x=1").await;
        assert_eq!(out.json()["message"], "Content-Type \"application/x-www-form-urlencoded\" is not allowed. Allowed types: application/json");
        let large = format!("{{\"email\":\"{}\"}}", "x".repeat(70_000));
        assert_eq!(raw(&site, "POST", SIGN_IN, &[("content-type", "application/json")], &large).await.status.as_u16(), 413);
    }

    async fn forms_sign_up_and_in(db: TestDb) {
        let site = Site::new(db.db.clone());
        let form = [("content-type", "application/x-www-form-urlencoded; charset=utf-8"), ("origin", ORIGIN)];
        let up = raw(&site, "POST", "/api/auth/sign-up/email", &form, "name=F&email=f%40b.test&password=correct+horse+battery+staple").await;
        let upper = [("content-type", "Application/JSON; charset=x"), ("origin", ORIGIN)];
        let body = json!({ "email": "f@b.test", "password": PASSWORD }).to_string();
        let inside = raw(&site, "POST", SIGN_IN, &upper, &body).await;
        let flag = raw(&site, "POST", SIGN_IN, &form, "email=f%40b.test&password=x&rememberMe=false").await;

        assert_eq!((up.status.as_u16(), inside.status.as_u16()), (200, 200), "{}", up.text);
        assert_eq!(flag.json()["message"], "[body.rememberMe] Invalid input: expected boolean, received string");
    }

    async fn checks_come_in_better_auths_order(db: TestDb) {
        let site = Site::better_auth(db.db.clone());
        let kind = ("content-type", "application/json");
        let (evil, cookie) = (("origin", "https://evil.example"), ("cookie", "a=b"));
        let bad = r#"{"email":5,"callbackURL":"//evil"}"#;
        for (headers, body, code) in [
            (vec![evil, cookie], "{", "UNSUPPORTED_MEDIA_TYPE"),
            (vec![kind, evil, cookie], "{", "BAD_REQUEST"),
            (vec![kind, evil, cookie], bad, "INVALID_ORIGIN"),
            (vec![kind, cookie], bad, "MISSING_OR_NULL_ORIGIN"),
            (vec![kind, evil], bad, "INVALID_CALLBACK_URL"),
            (vec![kind, evil], r#"{"email":5}"#, "VALIDATION_ERROR"),
            (vec![kind, evil], r#"{"email":"a@b.co","password":"x"}"#, "INVALID_ORIGIN"),
            (vec![kind], r#"{"email":"a@b.co","password":"x"}"#, "INVALID_EMAIL_OR_PASSWORD"),
        ] {
            let answer = raw(&site, "POST", SIGN_IN, &headers, body).await;
            assert_eq!(answer.json()["code"], code, "{headers:?} {body}");
        }
        let out = raw(&site, "POST", "/api/auth/sign-out", &[kind, evil], "{}").await;
        assert_eq!(out.status.as_u16(), 200, "without a cookie there is nothing to forge");
        let trusted = [kind, cookie, ("origin", "https://app.wild.example")];
        assert_eq!(raw(&site, "POST", "/api/auth/sign-out", &trusted, "{}").await.status.as_u16(), 200);
    }

    async fn every_target_is_checked_under_its_own_name(db: TestDb) {
        let site = Site::new(db.db.clone());
        let headers = [("content-type", "application/json"), ("origin", ORIGIN)];
        for (field, code) in [
            ("callbackURL", "INVALID_CALLBACK_URL"),
            ("redirectTo", "INVALID_REDIRECT_URL"),
            ("errorCallbackURL", "INVALID_ERROR_CALLBACK_URL"),
            ("newUserCallbackURL", "INVALID_NEW_USER_CALLBACK_URL"),
        ] {
            let body = json!({ field: "https://evil.example/x" }).to_string();
            let answer = raw(&site, "POST", SIGN_IN, &headers, &body).await;
            assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (403, &json!(code)));
        }
        let query = format!("{SIGN_IN}?callbackURL=https%3A%2F%2Fevil.example");
        assert_eq!(raw(&site, "POST", &query, &headers, "{}").await.json()["code"], "INVALID_CALLBACK_URL");
        let twice = format!("{SIGN_IN}?callbackURL=/a&callbackURL=/b");
        assert_eq!(
            raw(&site, "POST", &twice, &headers, "{}").await.text,
            r#"{"message":"Invalid callbackURL: expected a string"}"#
        );
    }

    async fn whatever_is_no_route_is_an_empty_404(db: TestDb) {
        let mut site = Site::new(db.db.clone());
        // The pages around have a page for what they don't know.
        let pages = axum::Router::new().fallback(|| async { (StatusCode::NOT_FOUND, "a page") });
        site.router = pages.merge(site.router);
        for (method, path) in [
            ("GET", "/api/auth/no-such-route"),
            ("GET", "/api/auth"),
            ("GET", "/api/auth/"),
            ("GET", "/api/auth/ok/"),
            ("GET", "/api/auth//ok"),
            ("GET", "/api/auth/%6Fk"),
            ("GET", "/api/auth/OK"),
            ("HEAD", "/api/auth/ok"),
            ("HEAD", "/api/auth/get-session"),
            ("OPTIONS", "/api/auth/ok"),
            ("POST", "/api/auth/ok"),
            ("GET", "/api/auth/sign-in/email"),
            ("PUT", "/api/auth/sign-out"),
            ("POST", "/api/auth/sign-in/email/"),
            ("POST", "/api/auth/set-password"),
        ] {
            let answer = raw(&site, method, path, &[], "").await;
            assert_eq!((answer.status.as_u16(), &*answer.text), (404, ""), "{method} {path}");
            assert_eq!((answer.header("content-type"), answer.header("allow")), (None, None));
        }
    }

    async fn ok_is_ok_and_errors_lead_home(db: TestDb) {
        let site = Site::new(db.db.clone());
        let ok = raw(&site, "GET", "/api/auth/ok", &[], "").await;
        assert_eq!((ok.status.as_u16(), &*ok.text, ok.header("content-type")), (200, r#"{"ok":true}"#, Some("application/json")));
        for (query, target) in [
            ("", "/?error=UNKNOWN"),
            ("?error=a-b_c'd&error_description=x%20y%3Cz&foo=1", "/?error=a-b_c%27d&error_description=x+y%3Cz"),
            ("?error=%3Cscript%3E", "/?error=UNKNOWN"),
            ("?error=abc&error_description=", "/?error=abc"),
            ("?error=&error_description=abc", "/?error=UNKNOWN&error_description=abc"),
        ] {
            let answer = raw(&site, "GET", &format!("/api/auth/error{query}"), &[], "").await;
            assert_eq!((answer.status.as_u16(), answer.header("location")), (302, Some(target)));
        }
    }
}
