//! The security page: password and sessions.

use std::time::Duration;

use axum::http::StatusCode;
use backend::both_engines;
use serde_json::{Value, json};

use super::{Browser, Site, call, leads_to, site, submit};
use crate::auth::tests::support::PASSWORD;

const NEW_PASSWORD: &str = "a violet bicycle in the rain";

/// Another browser of Ann's.
async fn another(site: &Site) -> Browser {
    let mut browser = site.browser();
    let body = json!({ "email": "ann@example.com", "password": PASSWORD });
    assert_eq!(browser.post("/api/auth/sign-in/email", &body).await.status, StatusCode::OK);
    browser
}

async fn rows(browser: &mut Browser) -> Value {
    call(browser, "/api/fn/sessions/list").await.json()
}

/// The ids of the caller's other sessions.
async fn others(browser: &mut Browser) -> Vec<String> {
    let all = rows(browser).await;
    let rows = all["rows"].as_array().unwrap().iter();
    rows.filter(|row| row["current"] == false)
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect()
}

async fn is_in(browser: &mut Browser) -> bool {
    call(browser, "/api/fn/session/get").await.status == StatusCode::OK
}

both_engines! {
    async fn a_new_password_signs_out_every_other_browser_and_keeps_this_one(db: TestDb) {
        let site = site(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        let mut other = another(&site).await;
        let fields = [("currentPassword", PASSWORD), ("newPassword", NEW_PASSWORD)];

        let answer = submit(&mut ann, "/settings/security/password", &fields).await;

        assert_eq!(leads_to(&answer), "/settings/security");
        assert!(is_in(&mut ann).await);
        assert!(!is_in(&mut other).await);
    }

    async fn a_wrong_password_is_named_at_its_field_and_changes_nothing(db: TestDb) {
        let site = site(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        let page = ("page", "/settings/security");
        let fields = [page, ("currentPassword", NEW_PASSWORD), ("newPassword", NEW_PASSWORD)];
        let short = [page, ("currentPassword", PASSWORD), ("newPassword", "short")];

        let wrong = submit(&mut ann, "/settings/security/password", &fields).await;
        let short = submit(&mut ann, "/settings/security/password", &short).await;

        assert_eq!((wrong.status, short.status), (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::UNPROCESSABLE_ENTITY));
        assert!(wrong.text.contains(r##"href="#currentPassword""##), "{}", wrong.text);
        assert!(short.text.contains(r##"href="#newPassword""##), "{}", short.text);
        assert!(short.text.contains(r#"id="newPassword-error""#), "{}", short.text);
        assert!(!wrong.text.contains(NEW_PASSWORD));
        another(&site).await;
    }

    async fn one_browser_is_signed_out_and_then_all_others(db: TestDb) {
        let site = site(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        let (mut first, mut second, mut third) =
            (another(&site).await, another(&site).await, another(&site).await);
        let ids = others(&mut ann).await;
        assert_eq!(ids.len(), 3);

        let answer = submit(&mut ann, "/settings/security/sessions/end", &[("id", &ids[0])]).await;
        assert_eq!(leads_to(&answer), "/settings/security");
        let mut left = 0;
        for browser in [&mut first, &mut second, &mut third] {
            left += usize::from(is_in(browser).await);
        }
        assert_eq!(left, 2);

        submit(&mut ann, "/settings/security/sessions/end-others", &[]).await;
        for browser in [&mut first, &mut second, &mut third] {
            assert!(!is_in(browser).await);
        }
        assert!(is_in(&mut ann).await);
    }

    async fn somebody_elses_session_is_out_of_reach(db: TestDb) {
        let site = site(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        let mut mallory = site.person("mallory@example.com").await;
        let hers = rows(&mut ann).await["rows"][0]["id"].as_str().unwrap().to_owned();

        let answer = submit(&mut mallory, "/settings/security/sessions/end", &[("id", &hers)]).await;

        assert_eq!(leads_to(&answer), "/settings/security");
        assert!(is_in(&mut ann).await);
    }

    async fn after_a_quarter_of_an_hour_other_browsers_are_counted_and_not_shown(db: TestDb) {
        let site = site(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        another(&site).await;
        site.backend.clock.advance(Duration::from_mins(16));

        let all = rows(&mut ann).await;
        let page = [("page", "/settings/security")];
        let answer = submit(&mut ann, "/settings/security/sessions/end-others", &page).await;

        assert_eq!((all["rows"].as_array().unwrap().len(), &all["hidden"]), (1, &json!(1)));
        assert_eq!(leads_to(&answer), "/confirm?next=%2Fsettings%2Fsecurity");
    }

    async fn a_session_shows_no_secret_and_says_its_browser_in_words(db: TestDb) {
        let site = site(db.db.clone());
        let mut ann = site.person("ann@example.com").await;

        let answer = call(&mut ann, "/api/fn/sessions/list").await;

        let row = &answer.json()["rows"][0];
        assert_eq!((&row["current"], &row["device"]), (&json!(true), &json!("An unknown device")));
        let token = ann.cookies["better-auth.session_token"].clone();
        let token = token.split(['.', '%']).next().unwrap();
        assert!(!answer.text.contains(token));
    }
}
