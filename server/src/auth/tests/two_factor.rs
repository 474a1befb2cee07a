use backend::{
    Backend, Random,
    auth::two_factor::code_of_app,
    both_engines,
    testing::{backend, limited, mails_of},
};
use serde_json::{Value, json};

use super::support::{Answer, Browser, ORIGIN, PASSWORD, Site};

const BASE: &str = "/api/auth/two-factor";
const SIGN_IN: &str = "/api/auth/sign-in/email";
const WRONG: &str = "000000";

fn sites(db: &backend::Db) -> [(Site, &'static str); 2] {
    [
        (Site::new(db.clone()), "hardened@example.com"),
        (Site::better_auth(db.clone()), "better-auth@example.com"),
    ]
}

/// Somebody with an app, their browser, and what the app and the paper hold.
struct Person {
    browser: Browser,
    email: &'static str,
    uri: String,
    backup_codes: Vec<String>,
}

impl Person {
    async fn with_app(site: &Site, email: &'static str) -> Self {
        let mut browser = site.person(email).await;
        let set_up =
            browser.post(&format!("{BASE}/enable"), &json!({ "password": PASSWORD })).await.json();
        let uri = set_up["totpURI"].as_str().unwrap().to_owned();
        let code = code_of_app(&site.backend, &uri);
        let on = browser.post(&format!("{BASE}/verify-totp"), &json!({ "code": code })).await;
        assert_eq!(on.status, 200, "{}", on.text);
        site.backend.clock.advance(std::time::Duration::from_mins(1));
        let backup_codes = serde_json::from_value(set_up["backupCodes"].clone()).unwrap();
        Self { browser, email, uri, backup_codes }
    }

    fn code(&self, site: &Site) -> String {
        code_of_app(&site.backend, &self.uri)
    }

    /// A browser that has given the right password.
    async fn challenged(&self, site: &Site) -> Browser {
        let mut browser = site.browser();
        let answer = browser.post(SIGN_IN, &self.password()).await;
        assert_eq!(answer.json()["twoFactorRedirect"], true, "{}", answer.text);
        browser
    }

    fn password(&self) -> Value {
        json!({ "email": self.email, "password": PASSWORD })
    }
}

fn text(answer: &Answer) -> (u16, &str) {
    (answer.status.as_u16(), &answer.text)
}

const INVALID_CODE: &str = r#"{"message":"Invalid code","code":"INVALID_CODE"}"#;
const INVALID_COOKIE: &str =
    r#"{"message":"Invalid two factor cookie","code":"INVALID_TWO_FACTOR_COOKIE"}"#;

both_engines! {
    async fn enabling_answers_what_the_app_and_the_paper_need(db: TestDb) {
        for (site, email) in sites(&db.db) {
            let mut ann = site.person(email).await;

            let answer = ann.post(&format!("{BASE}/enable"), &json!({ "password": PASSWORD, "issuer": "My App" })).await;

            let body = answer.json();
            assert_eq!((answer.status.as_u16(), &body["method"]), (200, &json!("totp")));
            let uri = body["totpURI"].as_str().unwrap();
            assert!(uri.starts_with("otpauth://totp/My%20App:") && uri.ends_with("&issuer=My+App&digits=6&period=30"), "{uri}");
            assert_eq!(body["backupCodes"].as_array().unwrap().len(), 10);
            assert_eq!(answer.cookies(), ["session_data"]);
            let session = ann.get("/api/auth/get-session").await.json();
            assert!(session["user"].get("twoFactorEnabled").is_none(), "not before its first code");
        }
    }

    async fn the_first_right_code_replaces_the_session(db: TestDb) {
        for (site, email) in sites(&db.db) {
            let mut ann = site.person(email).await;
            let mut before = ann.clone();
            let set_up = ann.post(&format!("{BASE}/enable"), &json!({ "password": PASSWORD })).await.json();
            let wrong = ann.post(&format!("{BASE}/verify-totp"), &json!({ "code": WRONG })).await;
            assert_eq!(text(&wrong), (401, INVALID_CODE));

            let code = code_of_app(&site.backend, set_up["totpURI"].as_str().unwrap());
            let answer = ann.post(&format!("{BASE}/verify-totp"), &json!({ "code": code })).await;

            assert_eq!(answer.cookies(), ["session_token", "session_data"]);
            assert_eq!(answer.json()["user"]["twoFactorEnabled"], true);
            before.forget_cache();
            assert!(before.get("/api/auth/get-session").await.json().is_null());
            let session = ann.get("/api/auth/get-session").await.json();
            assert_eq!(session["user"]["twoFactorEnabled"], true);
            assert_eq!(session["session"]["token"], answer.json()["token"]);
            let again = ann.post(&format!("{BASE}/enable"), &json!({ "password": PASSWORD })).await;
            assert_eq!(text(&again), (400, r#"{"message":"TOTP is already enabled","code":"TOTP_ALREADY_ENABLED"}"#));
        }
    }

    async fn who_guesses_codes_too_often_is_told_when_to_come_back(db: TestDb) {
        let site = Site::of(limited(Backend { random: Random::system(), ..backend(db.db.clone()) }));
        let mut ann = Person::with_app(&site, "ann@example.com").await;
        // Ten in a row rest the factor for a quarter of an hour, in which five of the hour's twenty come back.
        for count in [10, 10, 10, 5] {
            site.backend.clock.advance(std::time::Duration::from_mins(15));
            for _ in 0..count {
                let wrong = ann.browser.post(&format!("{BASE}/verify-totp"), &json!({ "code": WRONG })).await;
                assert_eq!(text(&wrong), (401, INVALID_CODE));
            }
        }

        let code = json!({ "code": ann.code(&site) });
        let refused = ann.browser.post(&format!("{BASE}/verify-totp"), &code).await;

        assert_eq!(text(&refused), (429, r#"{"message":"Too many requests. Please try again later."}"#));
        assert_eq!((refused.header("retry-after"), refused.header("x-retry-after")), (Some("180"), Some("180")));
    }

    async fn a_right_password_sets_no_session_cookie(db: TestDb) {
        for (site, email) in sites(&db.db) {
            let ann = Person::with_app(&site, email).await;
            let mut browser = site.browser();
            let wish = json!({ "email": email, "password": PASSWORD, "rememberMe": false, "callbackURL": "/x" });

            let answer = browser.post(SIGN_IN, &wish).await;

            assert_eq!(answer.json(), json!({ "twoFactorRedirect": true, "twoFactorMethods": ["totp", "otp"] }));
            assert!(answer.header("location").is_none());
            assert_eq!(answer.cookies(), ["session_token ends", "session_data ends", "dont_remember", "two_factor"]);
            let set = answer.headers.get_all("set-cookie").iter().next_back().unwrap().to_str().unwrap();
            assert!(set.starts_with("better-auth.two_factor=2fa-") && set.ends_with("; Max-Age=600; Path=/; HttpOnly; SameSite=Lax"), "{set}");
            assert!(browser.get("/api/auth/get-session").await.json().is_null());
            for path in ["/api/auth/list-accounts", "/api/auth/list-sessions"] {
                assert_eq!(browser.get(path).await.status, 401);
            }

            let done = browser.post(&format!("{BASE}/verify-totp"), &json!({ "code": ann.code(&site) })).await;
            assert_eq!(done.cookies(), ["session_token", "dont_remember", "session_data", "two_factor ends"]);
            let token = done.headers.get_all("set-cookie").iter().next().unwrap().to_str().unwrap();
            assert!(!token.contains("Max-Age"), "not remembered: {token}");
        }
    }

    async fn the_password_ends_the_session_the_browser_had(db: TestDb) {
        for (site, email) in sites(&db.db) {
            let mut ann = Person::with_app(&site, email).await;

            let answer = ann.browser.post(SIGN_IN, &json!({ "email": email, "password": PASSWORD })).await;

            assert_eq!(answer.json()["twoFactorRedirect"], true);
            assert_eq!(ann.browser.held(), ["two_factor"]);
            assert!(ann.browser.get("/api/auth/get-session").await.json().is_null());
        }
    }

    async fn without_a_challenge_there_is_nothing_to_verify(db: TestDb) {
        for (site, email) in sites(&db.db) {
            let ann = Person::with_app(&site, email).await;
            for path in ["verify-totp", "verify-otp", "verify-backup-code"] {
                let answer = site.browser().post(&format!("{BASE}/{path}"), &json!({ "code": ann.code(&site) })).await;
                assert_eq!(text(&answer), (401, INVALID_COOKIE), "{path}");
            }
            let mut forged = site.browser();
            forged.cookies.insert("better-auth.two_factor".into(), "2fa-aaaaaaaaaaaaaaaaaaaa.AAAA".into());
            let answer = forged.post(&format!("{BASE}/send-otp"), &json!({})).await;
            assert_eq!(text(&answer), (401, INVALID_COOKIE));
            for path in ["enable", "disable", "get-totp-uri", "generate-backup-codes"] {
                let answer = site.browser().post(&format!("{BASE}/{path}"), &json!({ "password": PASSWORD })).await;
                assert_eq!(text(&answer), (401, r#"{"message":"Unauthorized","code":"UNAUTHORIZED"}"#), "{path}");
            }
        }
    }

    async fn bodies_are_judged_before_the_session(db: TestDb) {
        let site = Site::new(db.db.clone());
        for (path, body, message) in [
            ("enable", json!({}), "[body.password] Invalid input: expected string, received undefined"),
            ("enable", json!({ "password": "x", "method": "sms" }), r#"[body.method] Invalid option: expected one of \"otp\"|\"totp\""#),
            ("verify-totp", json!({ "code": 5 }), "[body.code] Invalid input: expected string, received number"),
            ("verify-otp", json!({ "code": "1", "trustDevice": "yes" }), "[body.trustDevice] Invalid input: expected boolean, received string"),
            ("verify-backup-code", json!({ "code": "1", "disableSession": 1 }), "[body.disableSession] Invalid input: expected boolean, received number"),
            ("send-otp", json!({ "trustDevice": 1 }), "[body.trustDevice] Invalid input: expected boolean, received number"),
            ("disable", json!([]), "[body] Invalid input: expected object, received array"),
        ] {
            let answer = site.browser().post(&format!("{BASE}/{path}"), &body).await;
            let expected = format!(r#"{{"message":"{message}","code":"VALIDATION_ERROR"}}"#);
            assert_eq!(text(&answer), (400, &*expected), "{path}");
        }
        assert_eq!(site.browser().get(&format!("{BASE}/enable")).await.status, 404);
    }

    async fn too_many_wrong_codes_end_the_challenge_and_its_cookie(db: TestDb) {
        for (site, email) in sites(&db.db) {
            let ann = Person::with_app(&site, email).await;
            let mut browser = ann.challenged(&site).await;
            for _ in 0..5 {
                let wrong = browser.post(&format!("{BASE}/verify-totp"), &json!({ "code": WRONG })).await;
                assert_eq!(text(&wrong), (401, INVALID_CODE));
                assert!(wrong.cookies().is_empty());
            }

            let over = browser.post(&format!("{BASE}/verify-totp"), &json!({ "code": ann.code(&site) })).await;

            assert_eq!(text(&over), (400, r#"{"message":"Too many attempts. Please request a new code.","code":"TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE"}"#));
            assert_eq!(over.cookies(), ["two_factor ends"]);
            let mut browser = ann.challenged(&site).await;
            for _ in 0..5 {
                browser.post(&format!("{BASE}/verify-backup-code"), &json!({ "code": WRONG })).await;
            }
            let mut browser = ann.challenged(&site).await;
            let locked = browser.post(&format!("{BASE}/verify-totp"), &json!({ "code": ann.code(&site) })).await;
            assert_eq!(locked.status, 429);
            assert_eq!(locked.json()["code"], "ACCOUNT_TEMPORARILY_LOCKED");
        }
    }

    async fn a_trusted_browser_is_signed_in_at_once_and_its_cookie_changes(db: TestDb) {
        for (site, email) in sites(&db.db) {
            let ann = Person::with_app(&site, email).await;
            let mut browser = ann.challenged(&site).await;
            let wish = json!({ "code": ann.code(&site), "trustDevice": true });
            let done = browser.post(&format!("{BASE}/verify-totp"), &wish).await;
            assert_eq!(done.cookies(), ["session_token", "session_data", "trust_device", "two_factor ends"]);
            let first = browser.cookies["better-auth.trust_device"].clone();
            browser.post("/api/auth/sign-out", &json!({})).await;
            let mut stolen = browser.clone();

            let again = browser.post(SIGN_IN, &json!({ "email": email, "password": PASSWORD })).await;

            assert_eq!(again.json()["user"]["email"], email);
            assert_eq!(again.cookies(), ["session_token", "session_data", "trust_device"]);
            assert_ne!(browser.cookies["better-auth.trust_device"], first);
            let replayed = stolen.post(SIGN_IN, &json!({ "email": email, "password": PASSWORD })).await;
            assert_eq!(replayed.json()["twoFactorRedirect"], true);
            assert_eq!(replayed.cookies(), ["session_token ends", "session_data ends", "trust_device ends", "two_factor"]);
        }
    }

    async fn a_mailed_code_is_sent_and_verified(db: TestDb) {
        for (site, email) in sites(&db.db) {
            let ann = Person::with_app(&site, email).await;
            let mut browser = ann.challenged(&site).await;
            let none = browser.post(&format!("{BASE}/verify-otp"), &json!({ "code": WRONG })).await;
            assert_eq!(text(&none), (400, r#"{"message":"OTP has expired","code":"OTP_HAS_EXPIRED"}"#));
            let request = browser.request("POST", &format!("{BASE}/send-otp")).header("origin", ORIGIN);
            let sent = browser.send(request.body(axum::body::Body::empty()).unwrap()).await;
            assert_eq!(text(&sent), (200, r#"{"status":true}"#));

            let mails = mails_of(&site.backend, email).await;
            let mail = mails.iter().find(|mail| mail.subject == "Your sign-in code").unwrap();
            let code = mail.text.split("Your code is ").nth(1).unwrap()[..6].to_owned();
            let done = browser.post(&format!("{BASE}/verify-otp"), &json!({ "code": code })).await;

            assert_eq!(done.json()["user"]["email"], email);
            assert!(done.json()["token"].is_string());
            assert_eq!(done.cookies(), ["session_token", "session_data", "two_factor ends"]);
        }
    }

    async fn a_backup_code_is_spent_with_or_without_a_session(db: TestDb) {
        for (site, email) in sites(&db.db) {
            let ann = Person::with_app(&site, email).await;
            let mut browser = ann.challenged(&site).await;
            let wish = json!({ "code": ann.backup_codes[0], "disableSession": true });

            let spent = browser.post(&format!("{BASE}/verify-backup-code"), &wish).await;

            assert!(spent.json().get("token").is_none() && spent.cookies().is_empty());
            assert_eq!(spent.json()["user"]["email"], email);
            let mut browser = ann.challenged(&site).await;
            let again = browser.post(&format!("{BASE}/verify-backup-code"), &wish).await;
            assert_eq!(text(&again), (401, r#"{"message":"Invalid backup code","code":"INVALID_BACKUP_CODE"}"#));
            let other = browser.post(&format!("{BASE}/verify-backup-code"), &json!({ "code": ann.backup_codes[1] })).await;
            assert!(other.json()["token"].is_string());
        }
    }

    async fn switching_off_asks_for_what_the_profile_wants(db: TestDb) {
        for (site, email) in sites(&db.db) {
            let hardened = email.starts_with("hardened");
            let mut ann = Person::with_app(&site, email).await;
            site.backend.clock.advance(std::time::Duration::from_mins(20));
            let wrong = ann.browser.post(&format!("{BASE}/disable"), &json!({ "password": "wrong" })).await;
            assert_eq!(text(&wrong), (400, r#"{"message":"Invalid password","code":"INVALID_PASSWORD"}"#));
            if hardened {
                let old = ann.browser.post(&format!("{BASE}/disable"), &json!({ "password": PASSWORD })).await;
                assert_eq!(text(&old), (403, r#"{"message":"Session is not fresh","code":"SESSION_NOT_FRESH"}"#));
                let proof = ann.browser.post(&format!("{BASE}/verify-totp"), &json!({ "code": ann.code(&site) })).await;
                assert_eq!(proof.cookies(), ["session_data"]);
            }

            let off = ann.browser.post(&format!("{BASE}/disable"), &json!({ "password": PASSWORD })).await;

            assert_eq!(text(&off), (200, r#"{"status":true}"#));
            assert_eq!(off.cookies(), ["session_token", "session_data"]);
            let session = ann.browser.get("/api/auth/get-session").await.json();
            assert!(session["user"].get("twoFactorEnabled").is_none());
            let signed_in = site.browser().post(SIGN_IN, &ann.password()).await;
            assert!(signed_in.json()["token"].is_string());
            for (path, body, code) in [
                ("get-totp-uri", json!({ "password": PASSWORD }), "TOTP_NOT_ENABLED"),
                ("verify-totp", json!({ "code": WRONG }), "TOTP_NOT_ENABLED"),
                ("verify-backup-code", json!({ "code": WRONG }), "BACKUP_CODES_NOT_ENABLED"),
                ("generate-backup-codes", json!({ "password": PASSWORD }), "TWO_FACTOR_NOT_ENABLED"),
            ] {
                let answer = ann.browser.post(&format!("{BASE}/{path}"), &body).await;
                assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (400, &json!(code)), "{path}");
            }
        }
    }

    async fn a_code_in_the_body_switches_off_as_well(db: TestDb) {
        let site = Site::new(db.db.clone());
        let mut ann = Person::with_app(&site, "ann@example.com").await;
        site.backend.clock.advance(std::time::Duration::from_mins(20));

        let wish = json!({ "password": PASSWORD, "code": ann.backup_codes[7] });
        let off = ann.browser.post(&format!("{BASE}/disable"), &wish).await;

        assert_eq!(text(&off), (200, r#"{"status":true}"#));
    }

    async fn codes_and_the_address_are_shown_again_to_whoever_proves_it(db: TestDb) {
        for (site, email) in sites(&db.db) {
            let mut ann = Person::with_app(&site, email).await;

            let uri = ann.browser.post(&format!("{BASE}/get-totp-uri"), &json!({ "password": PASSWORD })).await.json();
            let codes = ann.browser.post(&format!("{BASE}/generate-backup-codes"), &json!({ "password": PASSWORD })).await.json();

            assert_eq!(uri["totpURI"], ann.uri);
            assert_eq!((&codes["status"], codes["backupCodes"].as_array().unwrap().len()), (&json!(true), 10));
            let mut browser = ann.challenged(&site).await;
            let old = browser.post(&format!("{BASE}/verify-backup-code"), &json!({ "code": ann.backup_codes[0] })).await;
            assert_eq!(old.status, 401);
        }
    }

    async fn mailed_codes_alone_can_be_switched_on(db: TestDb) {
        for (site, email) in sites(&db.db) {
            let mut ann = site.person(email).await;

            let on = ann.post(&format!("{BASE}/enable"), &json!({ "password": PASSWORD, "method": "otp" })).await;

            assert_eq!(text(&on), (200, r#"{"method":"otp"}"#));
            assert_eq!(on.cookies(), ["session_token", "session_data"]);
            let asked = site.browser().post(SIGN_IN, &json!({ "email": email, "password": PASSWORD })).await;
            assert_eq!(asked.json()["twoFactorMethods"], json!(["otp"]));
        }
    }

    async fn a_new_password_does_not_skip_the_second_step(db: TestDb) {
        let site = Site::new(db.db.clone());
        let ann = Person::with_app(&site, "ann@example.com").await;
        // Of an address that nobody proved, a reset takes every factor away.
        backend::testing::set_email_verified(&site.backend, "ann@example.com", true).await;
        let mut browser = ann.challenged(&site).await;
        let wish = json!({ "code": ann.code(&site), "trustDevice": true });
        browser.post(&format!("{BASE}/verify-totp"), &wish).await;
        browser.post("/api/auth/sign-out", &json!({})).await;
        browser.post("/api/auth/request-password-reset", &json!({ "email": "ann@example.com" })).await;
        let mails = mails_of(&site.backend, "ann@example.com").await;
        let mail = mails.iter().find(|mail| mail.subject == "Reset your password").unwrap();
        let token = backend::testing::token_in(mail);
        let new = "another battery horse staple";
        let reset = browser.post("/api/auth/reset-password", &json!({ "token": token, "newPassword": new })).await;
        assert_eq!(reset.status, 200, "{}", reset.text);

        let answer = browser.post(SIGN_IN, &json!({ "email": "ann@example.com", "password": new })).await;

        assert_eq!(answer.json()["twoFactorRedirect"], true, "not even on a browser that was trusted");
    }
}
