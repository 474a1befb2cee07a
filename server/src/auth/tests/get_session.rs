use std::time::Duration;

use axum::body::Body;
use backend::{AuthProfile, both_engines};
use serde_json::{Value, json};

use super::support::{Browser, Site};

const PATH: &str = "/api/auth/get-session";
const DAY: Duration = Duration::from_hours(24);

both_engines! {
    async fn nobody_is_null_and_no_answer_is_stored(db: TestDb) {
        let site = Site::new(db.db.clone());
        let mut nobody = site.browser();
        let mut forged = site.person("ann@example.com").await;
        let signed = forged.cookies["better-auth.session_token"].clone();
        let (bare, signature) = signed.split_once('.').unwrap();
        let first = if signature.starts_with('A') { 'B' } else { 'A' };
        let changed = format!("{bare}.{first}{}", &signature[signature.chars().next().map_or(0, |c| if c == '%' { 3 } else { 1 })..]);

        for cookie in [None, Some(bare.to_owned()), Some(changed)] {
            let browser = match cookie {
                None => &mut nobody,
                Some(cookie) => {
                    forged.cookies.insert("better-auth.session_token".into(), cookie);
                    &mut forged
                }
            };
            let answer = browser.get(PATH).await;
            assert_eq!((answer.status.as_u16(), &*answer.text), (200, "null"));
            assert_eq!((answer.header("cache-control"), answer.header("pragma")), (Some("no-store"), Some("no-cache")));
            assert!(answer.cookies().is_empty(), "a failed signature clears nothing");
        }
    }

    async fn the_row_answers_and_fills_the_cache_and_then_the_cache_answers(db: TestDb) {
        let site = Site::new(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        ann.forget_cache();

        let from_row = ann.get(PATH).await;
        let from_cache = ann.get(PATH).await;
        let refused = ann.get(&format!("{PATH}?disableCookieCache=true")).await;
        let meant = ann.get(&format!("{PATH}?disableCookieCache=false")).await;

        let json = from_row.json();
        assert_eq!(json["session"], json!({
            "id": json["session"]["id"], "token": json["session"]["token"], "userId": json["user"]["id"],
            "expiresAt": "2026-05-11T12:00:00.000Z", "createdAt": "2026-05-04T12:00:00.000Z",
            "updatedAt": "2026-05-04T12:00:00.000Z", "ipAddress": "", "userAgent": "",
        }));
        assert_eq!(from_row.cookies(), ["session_data"]);
        assert_eq!((from_cache.json(), from_cache.cookies()), (json.clone(), vec![]));
        assert_eq!((refused.json(), refused.cookies()), (json, vec!["session_data".to_owned()]));
        assert!(meant.cookies().is_empty());
    }

    async fn a_cache_that_cannot_be_used_is_ended_first(db: TestDb) {
        let site = Site::new(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        ann.cookies.insert("better-auth.session_data".into(), "zzz".into());
        let mut quiet = ann.clone();
        let mut pieces = ann.clone();
        pieces.forget_cache();
        pieces.cookies.insert("better-auth.session_data.0".into(), "zzz".into());

        assert_eq!(ann.get(PATH).await.cookies(), ["session_data ends", "session_data"]);
        assert_eq!(quiet.get(&format!("{PATH}?disableRefresh=true")).await.cookies(), ["session_data ends"]);
        assert_eq!(pieces.get(PATH).await.cookies(), ["session_data ends", "session_data.0 ends", "session_data"]);
        site.backend.clock.advance(Duration::from_mins(5));
        assert_eq!(ann.get(PATH).await.cookies(), ["session_data ends", "session_data"], "five minutes are over");
    }

    async fn an_ended_session_lives_on_in_the_cache_alone_and_for_five_minutes(db: TestDb) {
        let site = Site::new(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        let mut thief = ann.clone();

        let out = ann.post("/api/auth/sign-out", &json!({})).await;

        assert_eq!((out.status.as_u16(), &*out.text), (200, r#"{"success":true}"#));
        assert_eq!(out.cookies(), ["session_token ends", "session_data ends", "dont_remember ends"]);
        assert!(ann.held().is_empty());
        assert_ne!(thief.get(PATH).await.json(), Value::Null);
        site.backend.clock.advance(Duration::from_mins(5));
        let after = thief.get(PATH).await;
        assert_eq!(after.json(), Value::Null);
        assert_eq!(after.cookies(), ["session_token ends", "session_data ends", "dont_remember ends"]);
    }

    async fn signing_out_without_a_session_is_fine(db: TestDb) {
        let site = Site::new(db.db.clone());
        let mut nobody = site.browser();

        let request = nobody.request("POST", "/api/auth/sign-out").body(Body::empty()).unwrap();
        let empty = nobody.send(request).await;
        let wrong = nobody.post("/api/auth/sign-out", &json!({ "disableRedirect": "x" })).await;
        let list = nobody.post("/api/auth/sign-out", &json!([1])).await;

        assert_eq!((empty.status.as_u16(), &*empty.text), (200, r#"{"success":true}"#));
        assert_eq!(empty.cookies().len(), 3);
        assert_eq!(wrong.json()["message"], "[body.disableRedirect] Invalid input: expected boolean, received string");
        assert_eq!(list.json()["message"], "[body] Invalid input: expected object, received array");
    }

    async fn a_day_later_the_session_is_extended_and_its_cookies_are_set_again(db: TestDb) {
        let site = Site::new(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        site.backend.clock.advance(DAY);
        ann.forget_cache();

        let kept = ann.clone().get(&format!("{PATH}?disableRefresh=true")).await;
        let extended = ann.get(PATH).await;

        assert_eq!((&kept.json()["session"]["expiresAt"], kept.cookies()), (&json!("2026-05-11T12:00:00.000Z"), vec![]));
        assert_eq!(extended.json()["session"]["expiresAt"], "2026-05-12T12:00:00.000Z");
        assert_eq!(extended.json()["session"]["updatedAt"], "2026-05-05T12:00:00.000Z");
        assert_eq!(extended.cookies(), ["session_token", "session_data"]);
    }

    async fn when_the_database_is_gone_the_cookies_stay(db: TestDb) {
        for profile in [AuthProfile::Hardened, AuthProfile::BetterAuth] {
            let db = if profile == AuthProfile::Hardened { db.clone() } else { TestDb::sqlite().await };
            let site = Site::with(db.db.clone(), |auth| auth.profile = profile);
            let mut ann = site.person("ann@example.com").await;
            ann.forget_cache();
            db.db.close().await;

            let answer = ann.get(PATH).await;

            let hardened = profile == AuthProfile::Hardened;
            assert_eq!(answer.status.as_u16(), if hardened { 503 } else { 500 });
            assert_eq!(answer.header("retry-after"), hardened.then_some("1"));
            assert_eq!(answer.text, r#"{"message":"Failed to get session","code":"FAILED_TO_GET_SESSION"}"#);
            assert!(answer.cookies().is_empty());
        }
    }

    async fn the_cache_spares_the_one_statement_that_a_session_costs(db: TestDb) {
        for profile in [AuthProfile::Hardened, AuthProfile::BetterAuth] {
            let site = Site::with(db.db.clone(), |auth| auth.profile = profile);
            let email = if profile == AuthProfile::Hardened { "ann@example.com" } else { "ben@example.com" };
            let mut ann = site.person(email).await;
            let mut nobody = site.browser();
            let mut forged = ann.clone();
            forged.cookies.insert("better-auth.session_token".into(), "nobody's".into());

            let mut cost = Vec::new();
            let unspared = "/api/auth/get-session?disableCookieCache=true&disableRefresh=true";
            let mut ask = async |browser: &mut Browser, path: &str| {
                let before = db.db.statements_so_far();
                browser.get(path).await;
                cost.push(db.db.statements_so_far() - before);
            };
            ask(&mut ann, PATH).await;
            ask(&mut ann, unspared).await;
            ask(&mut nobody, PATH).await;
            ask(&mut forged, PATH).await;
            ann.forget_cache();
            ask(&mut ann, PATH).await;

            assert_eq!(cost, [0, 1, 0, 0, 1], "{profile:?}");
        }
    }

    async fn posting_is_refused(db: TestDb) {
        let answer = Site::new(db.db.clone()).browser().post(PATH, &json!({})).await;

        assert_eq!(answer.status.as_u16(), 405);
        assert_eq!(answer.json()["code"], "METHOD_NOT_ALLOWED_DEFER_SESSION_REQUIRED");
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
}
