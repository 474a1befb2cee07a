use backend::both_engines;
use serde_json::json;

use super::support::{PASSWORD, Site};

const PATH: &str = "/api/auth/sign-up/email";

both_engines! {
    async fn the_answer_is_the_token_and_the_person(db: TestDb) {
        let site = Site::new(db.db.clone());
        let mut ann = site.browser();
        let body = json!({
            "name": "Ann Lee", "email": "Ann@Example.com", "password": PASSWORD, "image": "https://img.test/a.png",
            "id": "mine", "emailVerified": true, "role": "admin", "createdAt": "2020-01-01T00:00:00.000Z",
        });

        let answer = ann.post(PATH, &body).await;

        let json = answer.json();
        let (token, id) = (json["token"].as_str().unwrap(), json["user"]["id"].as_str().unwrap());
        assert_eq!((answer.status.as_u16(), token.len(), id.len()), (200, 32, 32));
        assert_eq!(json, json!({
            "token": token,
            "user": {
                "id": id, "name": "Ann Lee", "email": "ann@example.com", "emailVerified": false,
                "image": "https://img.test/a.png",
                "createdAt": "2026-05-04T12:00:00.000Z", "updatedAt": "2026-05-04T12:00:00.000Z",
            },
        }));
        assert_eq!(answer.header("content-type"), Some("application/json"));
        assert_eq!(answer.cookies(), ["session_token", "session_data"]);
        assert!(ann.cookies["better-auth.session_token"].starts_with(&format!("{token}.")));
    }

    async fn a_taken_address_is_refused_and_sets_no_cookie(db: TestDb) {
        let site = Site::new(db.db.clone());
        site.person("ann@example.com").await;
        let mut eve = site.browser();

        let answer = eve.post(PATH, &json!({ "name": "Eve", "email": "ANN@example.com", "password": "another good password" })).await;

        assert_eq!(answer.status.as_u16(), 422);
        assert_eq!(
            answer.text,
            r#"{"message":"User already exists. Use another email.","code":"USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL"}"#
        );
        assert!(eve.held().is_empty());
    }

    async fn with_verification_nobody_learns_whether_an_address_is_taken(db: TestDb) {
        let site = Site::with(db.db.clone(), |auth| auth.require_email_verification = true);
        let body = json!({ "name": "Ann", "email": "ann@example.com", "password": PASSWORD });

        let first = site.browser().post(PATH, &body).await;
        let second = site.browser().post(PATH, &body).await;

        for answer in [&first, &second] {
            assert_eq!(answer.status.as_u16(), 200);
            assert!(answer.cookies().is_empty());
            assert_eq!(answer.json()["token"], json!(null));
        }
        let (mut first, mut second) = (first.json(), second.json());
        assert_ne!(first["user"]["id"], second["user"]["id"]);
        first["user"]["id"] = json!("");
        second["user"]["id"] = json!("");
        assert_eq!(first, second);
    }

    async fn not_remembered_is_a_cookie_of_its_own(db: TestDb) {
        let site = Site::new(db.db.clone());
        let mut ann = site.browser();
        let body = json!({ "name": "Ann", "email": "ann@example.com", "password": PASSWORD, "rememberMe": false });

        let answer = ann.post(PATH, &body).await;

        assert_eq!(answer.cookies(), ["session_token", "dont_remember", "session_data"]);
        let lines: Vec<_> = answer.headers.get_all("set-cookie").iter().collect();
        assert!(lines.iter().all(|line| !line.to_str().unwrap().contains("Max-Age")));
        ann.forget_cache();
        let who = ann.get("/api/auth/get-session").await;
        assert_eq!(who.json()["session"]["expiresAt"], "2026-05-05T12:00:00.000Z");
        assert!(who.cookies().is_empty(), "no cache for a session that ends with the browser");
    }

    async fn refusals_have_better_auths_codes(db: TestDb) {
        let site = Site::new(db.db.clone());
        let long = "x".repeat(129);
        for (body, status, text) in [
            (json!({}), 400, r#"{"message":"[body.name] Invalid input: expected string, received undefined; [body.email] Invalid input: expected string, received undefined; [body.password] Invalid input: expected string, received undefined","code":"VALIDATION_ERROR"}"#),
            (json!([]), 400, r#"{"message":"[body] Invalid input: expected object, received array; [body] Invalid input: expected record, received array","code":"VALIDATION_ERROR"}"#),
            (json!({ "name": "A", "email": " a@b.co", "password": PASSWORD }), 400, r#"{"message":"[body.email] Invalid email address","code":"VALIDATION_ERROR"}"#),
            (json!({ "name": "A", "email": "a@b.co", "password": "" }), 400, r#"{"message":"[body.password] Too small: expected string to have >=1 characters","code":"VALIDATION_ERROR"}"#),
            (json!({ "name": "A", "email": "a@b.co", "password": PASSWORD, "image": null }), 400, r#"{"message":"[body.image] Invalid input: expected string, received null","code":"VALIDATION_ERROR"}"#),
            (json!({ "name": "A\u{0}", "email": "a@b.co", "password": PASSWORD }), 400, r#"{"message":"[body.name] Invalid input","code":"VALIDATION_ERROR"}"#),
            (json!({ "name": "A", "email": "a@b.co", "password": "elevenchars" }), 400, r#"{"message":"Password too short","code":"PASSWORD_TOO_SHORT"}"#),
            (json!({ "name": "A", "email": "a@b.co", "password": long }), 400, r#"{"message":"Password too long","code":"PASSWORD_TOO_LONG"}"#),
            (json!({ "name": "A", "email": "a@b.co", "password": "password1234" }), 400, r#"{"message":"The password you entered has been compromised. Please choose a different password.","code":"PASSWORD_COMPROMISED"}"#),
            (json!({ "name": "A", "email": "a@b.co", "password": PASSWORD, "callbackURL": "//evil.example" }), 403, r#"{"message":"Invalid callbackURL","code":"INVALID_CALLBACK_URL"}"#),
            (json!({ "name": "A", "email": 5, "callbackURL": 5 }), 400, r#"{"message":"Invalid callbackURL: expected a string"}"#),
        ] {
            let answer = site.browser().post(PATH, &body).await;
            assert_eq!((answer.status.as_u16(), &*answer.text), (status, text));
            assert!(answer.cookies().is_empty());
        }
    }

    async fn the_contracts_profile_takes_what_better_auth_takes(db: TestDb) {
        let site = Site::better_auth(db.db.clone());
        for (email, name, password) in [("a@b.co", "", "12345678"), ("c@b.co", "  x  ", "passwordpassword")] {
            let answer = site.browser().post(PATH, &json!({ "name": name, "email": email, "password": password })).await;
            assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
            assert_eq!(answer.json()["user"]["name"], name);
        }
        let nul = json!({ "name": "A\u{0}", "email": "e@b.co", "password": PASSWORD });
        let answer = site.browser().post(PATH, &nul).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (422, &json!("FAILED_TO_CREATE_USER")));
    }
}
