use backend::both_engines;
use serde_json::json;

use super::support::{PASSWORD, Site};

const PATH: &str = "/api/auth/sign-in/email";

both_engines! {
    async fn the_answer_is_the_token_the_person_and_the_way(db: TestDb) {
        let site = Site::new(db.db.clone());
        site.person("ann@example.com").await;
        let mut ann = site.browser();

        let plain = ann.post(PATH, &json!({ "email": "ANN@example.com", "password": PASSWORD })).await;
        let led = ann.post(PATH, &json!({ "email": "ann@example.com", "password": PASSWORD, "callbackURL": "/dashboard?tab=1" })).await;
        let empty = ann.post(PATH, &json!({ "email": "ann@example.com", "password": PASSWORD, "callbackURL": "" })).await;

        let (json, user) = (plain.json(), plain.json()["user"].clone());
        assert_eq!(plain.status.as_u16(), 200);
        assert_eq!(json, json!({ "redirect": false, "token": json["token"], "user": user }));
        assert_eq!(user["email"], "ann@example.com");
        assert_eq!((plain.header("location"), plain.cookies()), (None, vec!["session_token".into(), "session_data".into()]));
        let json = led.json();
        assert_eq!(json, json!({ "redirect": true, "token": json["token"], "url": "/dashboard?tab=1", "user": user }));
        assert_eq!((led.status.as_u16(), led.header("location")), (200, Some("/dashboard?tab=1")));
        assert_eq!((&empty.json()["redirect"], &empty.json()["url"]), (&json!(false), &json!("")));
    }

    async fn refusals_do_not_tell_who_has_an_account(db: TestDb) {
        let site = Site::new(db.db.clone());
        site.person("ann@example.com").await;
        let mut answers = Vec::new();
        let mut work = Vec::new();

        for (email, password) in [("ann@example.com", "not the password"), ("nobody@example.com", PASSWORD), ("ann@example.com", "")] {
            let before = site.backend.passwords.hashes_so_far();
            let mut browser = site.browser();
            let answer = browser.post(PATH, &json!({ "email": email, "password": password })).await;
            work.push(site.backend.passwords.hashes_so_far() - before);
            answers.push((answer.status.as_u16(), answer.text.clone(), answer.headers.keys().cloned().collect::<Vec<_>>()));
            assert!(browser.held().is_empty());
        }

        assert_eq!(answers[0].0, 401);
        assert_eq!(answers[0].1, r#"{"message":"Invalid email or password","code":"INVALID_EMAIL_OR_PASSWORD"}"#);
        assert!(answers.iter().all(|answer| *answer == answers[0]));
        assert_eq!(work, [1, 1, 1]);
    }

    async fn malformed_input_is_named(db: TestDb) {
        let site = Site::new(db.db.clone());
        let long = "x".repeat(129);
        for (body, text) in [
            (json!({ "email": "", "password": PASSWORD }), r#"{"message":"Invalid email","code":"INVALID_EMAIL"}"#),
            (json!({ "email": "ann", "password": PASSWORD }), r#"{"message":"Invalid email","code":"INVALID_EMAIL"}"#),
            (json!({ "email": "a!b@c.co", "password": PASSWORD }), r#"{"message":"Invalid email","code":"INVALID_EMAIL"}"#),
            (json!({ "email": "a@b.co", "password": long }), r#"{"message":"Password too long","code":"PASSWORD_TOO_LONG"}"#),
            (json!({ "email": 5, "password": ["x"] }), r#"{"message":"[body.email] Invalid input: expected string, received number; [body.password] Invalid input: expected string, received array","code":"VALIDATION_ERROR"}"#),
            (json!(null), r#"{"message":"[body] Invalid input: expected object, received null","code":"VALIDATION_ERROR"}"#),
        ] {
            let answer = site.browser().post(PATH, &body).await;
            assert_eq!((answer.status.as_u16(), &*answer.text), (400, text));
        }
    }

    async fn an_unproven_address_is_told_after_the_right_password_alone(db: TestDb) {
        let site = Site::new(db.db.clone());
        site.person("ann@example.com").await;
        let strict = Site::with(db.db.clone(), |auth| auth.require_email_verification = true);

        let right = strict.browser().post(PATH, &json!({ "email": "ann@example.com", "password": PASSWORD })).await;
        let wrong = strict.browser().post(PATH, &json!({ "email": "ann@example.com", "password": "not the password" })).await;

        assert_eq!((right.status.as_u16(), &*right.text), (403, r#"{"message":"Email not verified","code":"EMAIL_NOT_VERIFIED"}"#));
        assert_eq!(wrong.json()["code"], "INVALID_EMAIL_OR_PASSWORD");
        assert!(right.cookies().is_empty());
    }

    async fn a_remembered_sign_in_ends_the_wish_to_be_forgotten(db: TestDb) {
        let site = Site::new(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        let forget = json!({ "email": "ann@example.com", "password": PASSWORD, "rememberMe": false });
        let remember = json!({ "email": "ann@example.com", "password": PASSWORD, "rememberMe": true });

        assert_eq!(ann.post(PATH, &forget).await.cookies(), ["session_token", "dont_remember", "session_data"]);
        assert_eq!(ann.post(PATH, &remember).await.cookies(), ["session_token", "dont_remember ends", "session_data"]);
        assert_eq!(ann.held(), ["session_data", "session_token"]);
    }

    async fn the_hardened_profile_ends_the_session_that_is_replaced_and_better_auth_keeps_it(db: TestDb) {
        for (site, kept) in [(Site::new(db.db.clone()), false), (Site::better_auth(db.db.clone()), true)] {
            let mut ann = site.person(if kept { "ann@example.com" } else { "bob@example.com" }).await;
            let email = if kept { "ann@example.com" } else { "bob@example.com" };
            let mut before = ann.clone();
            ann.post(PATH, &json!({ "email": email, "password": PASSWORD })).await;

            before.forget_cache();
            let old = before.get("/api/auth/get-session").await.json();
            ann.forget_cache();
            let new = ann.get("/api/auth/get-session").await.json();

            assert_eq!(!old.is_null(), kept);
            assert_eq!(new["user"]["email"], email);
        }
    }

    async fn two_people_never_see_each_other(db: TestDb) {
        let site = Site::new(db.db.clone());
        let (mut ann, mut bob) = (site.person("ann@example.com").await, site.person("bob@example.com").await);

        ann.cookies.insert("better-auth.session_data".into(), bob.cookies["better-auth.session_data"].clone());
        let crossed = ann.get("/api/auth/get-session").await;
        bob.forget_cache();
        let theirs = bob.get("/api/auth/get-session").await;

        assert_eq!(crossed.json()["user"]["email"], "ann@example.com");
        assert_eq!(crossed.cookies(), ["session_data ends", "session_data"]);
        assert_eq!(theirs.json()["user"]["email"], "bob@example.com");
        bob.post("/api/auth/sign-out", &json!({})).await;
        ann.forget_cache();
        assert_eq!(ann.get("/api/auth/get-session").await.json()["user"]["email"], "ann@example.com");
    }
}
