use backend::{auth::passkeys::testing::Authenticator, both_engines};
use serde_json::{Value, json};

use super::support::{Answer, Browser, ORIGIN, PASSWORD, Site};

const BASE: &str = "/api/auth/passkey";

fn sites(db: &backend::Db) -> [(Site, &'static str); 2] {
    [
        (Site::new(db.clone()), "hardened@example.com"),
        (Site::better_auth(db.clone()), "better-auth@example.com"),
    ]
}

fn text(answer: &Answer) -> (u16, &str) {
    (answer.status.as_u16(), &answer.text)
}

async fn add(browser: &mut Browser, key: &Authenticator) -> Answer {
    let options = browser.get(&format!("{BASE}/generate-register-options")).await;
    assert_eq!(options.status, 200, "{}", options.text);
    let body = json!({ "response": key.create(&options.json()), "name": " Laptop " });
    browser.post(&format!("{BASE}/verify-registration"), &body).await
}

async fn come_in(browser: &mut Browser, key: &mut Authenticator) -> Answer {
    let options = browser.get(&format!("{BASE}/generate-authenticate-options")).await.json();
    let body = json!({ "response": key.get(&options) });
    browser.post(&format!("{BASE}/verify-authentication"), &body).await
}

both_engines! {
    async fn a_passkey_is_added_and_signs_in(db: TestDb) {
        for (site, email) in sites(&db.db) {
            let mut ann = site.person(email).await;
            let mut key = Authenticator::new(email, ORIGIN);

            let added = add(&mut ann, &key).await;

            let body = added.json();
            assert_eq!((added.status.as_u16(), &body["name"]), (200, &json!("Laptop")), "{}", added.text);
            for field in ["id", "publicKey", "userId", "credentialID", "deviceType", "createdAt", "aaguid"] {
                assert!(body[field].is_string(), "{field}");
            }
            assert_eq!((&body["counter"], &body["backedUp"], &body["transports"]), (&json!(0), &json!(false), &json!("internal,hybrid")));
            let listed = ann.get(&format!("{BASE}/list-user-passkeys")).await.json();
            assert_eq!(listed, json!([body]));

            let mut browser = site.browser();
            let done = come_in(&mut browser, &mut key).await;
            assert_eq!(done.json()["user"]["email"], email, "{}", done.text);
            assert_eq!(done.cookies(), ["session_token", "session_data"]);
            assert_eq!(browser.get("/api/auth/get-session").await.json()["session"]["token"], done.json()["session"]["token"]);
        }
    }

    async fn a_page_of_ours_has_the_way_in_marked(db: TestDb) {
        let site = Site::new(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        let mut key = Authenticator::new("ann", ORIGIN);
        add(&mut ann, &key).await;
        let mut browser = site.browser();
        let options = browser.get(&format!("{BASE}/generate-authenticate-options")).await.json();
        let request = browser
            .request("POST", &format!("{BASE}/verify-authentication"))
            .header("origin", ORIGIN)
            .header("content-type", "application/json")
            .header("x-coffer-page", "true");
        let body = json!({ "response": key.get(&options) }).to_string();

        let done = browser.send(request.body(body.into()).unwrap()).await;

        assert_eq!(done.cookies(), ["session_token", "session_data", "coffer.way_in"]);
        assert_eq!(browser.cookies["coffer.way_in"], "passkey");
    }

    async fn the_cookie_of_a_ceremony_lives_five_minutes_and_ends_one(db: TestDb) {
        for (site, email) in sites(&db.db) {
            let mut ann = site.person(email).await;
            let mut key = Authenticator::new(email, ORIGIN);
            add(&mut ann, &key).await;
            let mut browser = site.browser();

            let options = browser.get(&format!("{BASE}/generate-authenticate-options")).await;

            let set = options.header("set-cookie").unwrap();
            assert!(set.starts_with("better-auth.better-auth-passkey=") && set.ends_with("; Max-Age=300; Path=/; HttpOnly; SameSite=Lax"), "{set}");
            let body = json!({ "response": key.get(&options.json()) });
            assert_eq!(browser.clone().post(&format!("{BASE}/verify-authentication"), &body).await.status, 200);
            let again = browser.post(&format!("{BASE}/verify-authentication"), &body).await;
            assert_eq!(text(&again), (400, r#"{"message":"Challenge not found","code":"CHALLENGE_NOT_FOUND"}"#));
        }
    }

    async fn the_client_of_1_2_8_asks_for_options_by_post(db: TestDb) {
        let site = Site::better_auth(db.db.clone());
        let mut browser = site.browser();

        let options = browser.post(&format!("{BASE}/generate-authenticate-options"), &json!({ "email": "x@y.zz" })).await;

        assert_eq!(options.status, 200);
        assert_eq!((&options.json()["rpId"], &options.json()["userVerification"]), (&json!("localhost"), &json!("required")));
    }

    async fn nobody_and_no_stale_session_adds_one(db: TestDb) {
        for (site, email) in sites(&db.db) {
            let hardened = email.starts_with("hardened");
            for path in ["generate-register-options", "list-user-passkeys"] {
                let answer = site.browser().get(&format!("{BASE}/{path}")).await;
                assert_eq!(text(&answer), (401, r#"{"message":"Unauthorized","code":"UNAUTHORIZED"}"#), "{path}");
            }
            let mut ann = site.person(email).await;
            let added = add(&mut ann, &Authenticator::new(email, ORIGIN)).await.json();
            let minutes = if hardened { 15 } else { 24 * 60 };
            site.backend.clock.advance(std::time::Duration::from_secs(minutes * 60));

            let stale = ann.get(&format!("{BASE}/generate-register-options")).await;

            assert_eq!(text(&stale), (403, r#"{"message":"Session is not fresh","code":"SESSION_NOT_FRESH"}"#));
            let removed = ann.post(&format!("{BASE}/delete-passkey"), &json!({ "id": added["id"] })).await;
            assert_eq!(removed.status.as_u16(), if hardened { 403 } else { 200 });
        }
    }

    async fn what_is_missing_or_wrong_is_named(db: TestDb) {
        for (site, email) in sites(&db.db) {
            let mut ann = site.person(email).await;
            let mut key = Authenticator::new(email, ORIGIN);
            let bad = ann.get(&format!("{BASE}/generate-register-options?authenticatorAttachment=x")).await;
            assert_eq!((bad.status.as_u16(), &bad.json()["code"]), (400, &json!("VALIDATION_ERROR")));
            for (path, body, message) in [
                ("verify-authentication", json!({}), "[body.response] Invalid input: expected record, received undefined"),
                ("update-passkey", json!({ "id": "x", "name": "" }), "[body.name] Too small: expected string to have >=1 characters"),
                ("delete-passkey", json!({}), "[body.id] Invalid input: expected string, received undefined"),
            ] {
                let answer = ann.post(&format!("{BASE}/{path}"), &body).await;
                assert_eq!((answer.status.as_u16(), &answer.json()["message"]), (400, &json!(message)), "{path}");
            }
            let none = ann.clone().post(&format!("{BASE}/verify-registration"), &json!({ "response": {} })).await;
            assert_eq!(none.json()["code"], "CHALLENGE_NOT_FOUND");
            let unknown = come_in(&mut site.browser(), &mut key).await;
            assert_eq!(text(&unknown), (401, r#"{"message":"Passkey not found","code":"PASSKEY_NOT_FOUND"}"#));
            let elsewhere = add(&mut ann, &Authenticator::new(email, "https://evil.example")).await;
            assert_eq!(text(&elsewhere), (400, r#"{"message":"Failed to verify registration","code":"FAILED_TO_VERIFY_REGISTRATION"}"#));
            add(&mut ann, &key).await;
            let mut forger = Authenticator::new("forger", ORIGIN);
            forger.id.clone_from(&key.id);
            let forged = come_in(&mut site.browser(), &mut forger).await;
            assert_eq!(text(&forged), (401, r#"{"message":"Authentication failed","code":"AUTHENTICATION_FAILED"}"#));
        }
    }

    async fn names_change_and_passkeys_go_for_their_owner_alone(db: TestDb) {
        for (site, email) in sites(&db.db) {
            let mut ann = site.person(email).await;
            let mut eve = site.person(&format!("eve-{email}")).await;
            let id = add(&mut ann, &Authenticator::new(email, ORIGIN)).await.json()["id"].clone();

            for (path, body) in [("update-passkey", json!({ "id": id, "name": "Mine" })), ("delete-passkey", json!({ "id": id }))] {
                let answer = eve.post(&format!("{BASE}/{path}"), &body).await;
                assert_eq!(text(&answer), (401, r#"{"message":"Passkey not found","code":"PASSKEY_NOT_FOUND"}"#));
            }
            let renamed = ann.post(&format!("{BASE}/update-passkey"), &json!({ "id": id, "name": "Phone" })).await;
            assert_eq!(renamed.json()["passkey"]["name"], "Phone");
            let removed = ann.post(&format!("{BASE}/delete-passkey"), &json!({ "id": id })).await;
            assert_eq!(text(&removed), (200, r#"{"status":true}"#));
            assert_eq!(ann.get(&format!("{BASE}/list-user-passkeys")).await.json(), json!([]));
        }
    }

    async fn a_passkey_answers_a_second_factor(db: TestDb) {
        for (site, email) in sites(&db.db) {
            let mut ann = site.person(email).await;
            let mut key = Authenticator::new(email, ORIGIN);
            add(&mut ann, &key).await;
            let on = ann.post("/api/auth/two-factor/enable", &json!({ "password": PASSWORD, "method": "otp" })).await;
            assert_eq!(on.status, 200, "{}", on.text);
            let mut browser = site.browser();
            let asked = browser.post("/api/auth/sign-in/email", &json!({ "email": email, "password": PASSWORD })).await;
            assert_eq!(asked.json()["twoFactorRedirect"], true);
            let options: Value = browser.get(&format!("{BASE}/generate-authenticate-options")).await.json();
            assert_eq!(options["allowCredentials"].as_array().unwrap().len(), 1);

            let body = json!({ "response": key.get(&options), "trustDevice": true });
            let done = browser.post(&format!("{BASE}/verify-authentication"), &body).await;

            assert_eq!(done.cookies(), ["session_token", "session_data", "trust_device", "two_factor ends"]);
            assert_eq!(done.json()["user"]["email"], email);
        }
    }

    async fn a_session_may_come_with_the_passkey(db: TestDb) {
        for (site, email) in sites(&db.db) {
            let mut ann = site.person(email).await;
            let key = Authenticator::new(email, ORIGIN);
            let options = ann.get(&format!("{BASE}/generate-register-options?name=Ann")).await.json();
            assert_eq!(options["user"]["name"], "Ann");

            let body = json!({ "response": key.create(&options), "createSession": true });
            let added = ann.post(&format!("{BASE}/verify-registration"), &body).await;

            assert_eq!(added.cookies(), ["session_token", "session_data"]);
            assert_eq!((&added.json()["user"]["email"], &added.json()["name"]), (&json!(email), &Value::Null));
            assert!(added.json()["session"]["token"].is_string());
        }
    }
}
