//! The routes around a person's account: user, password, sessions, e-mail, reset, deletion, linked accounts.

use axum::http::StatusCode;
use backend::{
    both_engines,
    testing::{link_in, mails_of, switch_second_factor_on, token_in},
};
use serde_json::{Value, json};

use super::support::{Answer, Browser, PASSWORD, Site};

const ANN: &str = "ann@example.com";
const NEW: &str = "an entirely different phrase";

fn refused(answer: &Answer, status: u16, code: &str) {
    assert_eq!(
        (answer.status.as_u16(), answer.json()["code"].as_str()),
        (status, Some(code)),
        "{}",
        answer.text
    );
}

async fn newest_token(site: &Site, address: &str) -> String {
    site.backend.clock.advance(std::time::Duration::from_secs(1));
    token_in(&mails_of(&site.backend, address).await[0])
}

async fn me(browser: &mut Browser) -> Value {
    browser.get("/api/auth/get-session?disableCookieCache=true").await.json()
}

async fn sign_in(site: &Site, password: &str) -> (StatusCode, Browser) {
    let mut browser = site.browser();
    let body = json!({ "email": ANN, "password": password });
    let answer = browser.post("/api/auth/sign-in/email", &body).await;
    (answer.status, browser)
}

both_engines! {
    async fn every_guarded_route_refuses_nobody_after_it_has_read_the_body(db: TestDb) {
        let site = Site::new(db.db.clone());
        let mut nobody = site.browser();
        for (path, body) in [
            ("update-user", json!({ "name": "X" })),
            ("update-session", json!({})),
            ("change-password", json!({ "newPassword": NEW, "currentPassword": PASSWORD })),
            ("verify-password", json!({ "password": PASSWORD })),
            ("change-email", json!({ "newEmail": "x@example.com" })),
            ("delete-user", json!({})),
            ("revoke-session", json!({ "token": "x" })),
            ("revoke-sessions", json!({})),
            ("revoke-other-sessions", json!({})),
            ("unlink-account", json!({ "accountId": "x" })),
        ] {
            refused(&nobody.post(&format!("/api/auth/{path}"), &body).await, 401, "UNAUTHORIZED");
        }
        for path in ["list-sessions", "list-accounts"] {
            refused(&nobody.get(&format!("/api/auth/{path}")).await, 401, "UNAUTHORIZED");
        }
        refused(&nobody.post("/api/auth/revoke-session", &json!({})).await, 400, "VALIDATION_ERROR");
    }

    async fn name_and_picture_change_and_nothing_else(db: TestDb) {
        let site = Site::new(db.db.clone());
        let mut ann = site.person(ANN).await;

        let done = ann.post("/api/auth/update-user", &json!({ "name": "Ann L.", "image": "https://img.example/a.png", "role": "admin" })).await;
        assert_eq!((done.json(), done.cookies()), (json!({ "status": true }), vec!["session_token".to_owned(), "session_data".to_owned()]));
        let user = me(&mut ann).await["user"].clone();
        assert_eq!((&user["name"], &user["image"]), (&json!("Ann L."), &json!("https://img.example/a.png")));

        for (body, status, message) in [
            (json!({ "role": "admin", "id": "x" }), 400, "No fields to update"),
            (json!({ "email": "x@example.com" }), 400, "Email can not be updated"),
            (json!({ "name": 7 }), 400, "[body.name] Invalid input: expected string"),
            (json!({ "image": "javascript:alert(1)" }), 400, "[body.image] Invalid input"),
            (json!([]), 400, "[body] Invalid input: expected record, received array"),
        ] {
            let answer = ann.post("/api/auth/update-user", &body).await;
            assert_eq!((answer.status.as_u16(), &answer.json()["message"]), (status, &json!(message)));
        }
        let session = ann.post("/api/auth/update-session", &json!({ "any": 1 })).await;
        assert_eq!(session.json(), json!({ "message": "No fields to update" }));
    }

    async fn sessions_are_listed_without_their_secrets_and_ended(db: TestDb) {
        let site = Site::new(db.db.clone());
        let mut laptop = site.person(ANN).await;
        let (_, mut phone) = sign_in(&site, PASSWORD).await;
        let own = me(&mut laptop).await["session"]["token"].clone();
        let phones = me(&mut phone).await["session"]["token"].clone();

        let list = laptop.get("/api/auth/list-sessions").await.json();
        let tokens: Vec<&Value> = list.as_array().unwrap().iter().map(|one| &one["token"]).collect();
        assert!(tokens.len() == 2 && tokens.contains(&&own) && !tokens.contains(&&phones), "{list}");
        let handle = tokens.into_iter().find(|token| **token != own).unwrap().clone();

        let elsewhere = laptop.post("/api/auth/revoke-session", &json!({ "token": "0".repeat(32) })).await;
        assert_eq!(elsewhere.json(), json!({ "status": true }));
        assert_eq!(laptop.post("/api/auth/revoke-session", &json!({ "token": handle })).await.json(), json!({ "status": true }));
        assert_eq!(me(&mut phone).await, Value::Null);
        let last = laptop.post("/api/auth/revoke-session", &json!({ "token": own })).await;
        assert_eq!(last.cookies(), ["session_token ends", "session_data ends", "dont_remember ends"]);
        assert!(laptop.held().is_empty());
    }

    async fn risky_acts_ask_for_a_sign_in_of_the_last_quarter_of_an_hour(db: TestDb) {
        let site = Site::new(db.db.clone());
        let mut ann = site.person(ANN).await;
        site.backend.clock.advance(std::time::Duration::from_mins(15));

        refused(&ann.get("/api/auth/list-sessions").await, 403, "SESSION_NOT_FRESH");
        for (path, body) in [
            ("change-email", json!({ "newEmail": "x@example.com" })),
            ("revoke-sessions", json!({})),
            ("delete-user", json!({})),
            ("unlink-account", json!({ "accountId": "x" })),
        ] {
            refused(&ann.post(&format!("/api/auth/{path}"), &body).await, 403, "SESSION_NOT_FRESH");
        }
        let proven = ann.post("/api/auth/delete-user", &json!({ "password": PASSWORD })).await;
        assert_eq!(proven.json()["message"], "Verification email sent");
        refused(&ann.post("/api/auth/delete-user", &json!({ "password": NEW })).await, 400, "INVALID_PASSWORD");
    }

    async fn a_changed_password_answers_with_the_session_that_takes_over(db: TestDb) {
        let site = Site::new(db.db.clone());
        let mut ann = site.person(ANN).await;
        let (_, mut phone) = sign_in(&site, PASSWORD).await;

        let wrong = ann.post("/api/auth/change-password", &json!({ "newPassword": NEW, "currentPassword": NEW })).await;
        refused(&wrong, 400, "INVALID_PASSWORD");
        let done = ann.post("/api/auth/change-password", &json!({ "newPassword": NEW, "currentPassword": PASSWORD })).await;

        assert_eq!(done.json()["token"], me(&mut ann).await["session"]["token"]);
        assert_eq!(me(&mut phone).await, Value::Null);
        assert_eq!(sign_in(&site, PASSWORD).await.0, StatusCode::UNAUTHORIZED);
        let right = ann.post("/api/auth/verify-password", &json!({ "password": NEW })).await;
        assert_eq!(right.json(), json!({ "status": true }));
    }

    async fn opening_a_verification_link_alone_changes_nothing(db: TestDb) {
        let site = Site::new(db.db.clone());
        let mut ann = site.person(ANN).await;
        let link = link_in(&mails_of(&site.backend, ANN).await[0]);
        let token = newest_token(&site, ANN).await;
        assert_eq!(link.path(), "/verify-email");

        let opened = site.browser().get(&format!("/api/auth/verify-email?token={token}&callbackURL=%2Fx")).await;
        assert_eq!(opened.status, StatusCode::FOUND);
        assert_eq!(opened.header("location"), Some(&*format!("/verify-email?token={token}&next=%2Fx")));
        assert_eq!(me(&mut ann).await["user"]["emailVerified"], false);

        refused(&site.browser().post("/api/auth/verify-email", &json!({ "token": token })).await, 400, "PASSWORD_REQUIRED");
        let done = ann.post("/api/auth/verify-email", &json!({ "token": token })).await;
        assert_eq!(done.json(), json!({ "status": true }));
        assert_eq!(me(&mut ann).await["user"]["emailVerified"], true);
    }

    async fn a_proof_by_password_ends_in_the_challenge_of_whoever_owes_a_second_factor(db: TestDb) {
        let site = Site::new(db.db.clone());
        let mut ann = site.person(ANN).await;
        let token = newest_token(&site, ANN).await;
        let user = me(&mut ann).await["user"]["id"].as_str().unwrap().to_owned();
        switch_second_factor_on(&site.backend, &user).await;
        let mut elsewhere = site.browser();

        let body = json!({ "token": token, "password": PASSWORD });
        let answer = elsewhere.post("/api/auth/verify-email", &body).await;

        assert_eq!(answer.json()["twoFactorRedirect"], true, "{}", answer.text);
        assert_eq!(answer.cookies(), ["session_token ends", "session_data ends", "two_factor"]);
        assert_eq!(me(&mut elsewhere).await, Value::Null);
        assert_eq!(me(&mut ann).await["user"]["emailVerified"], true);
    }

    async fn better_auths_link_verifies_and_redirects(db: TestDb) {
        let site = Site::better_auth(db.db.clone());
        let mut ann = site.person(ANN).await;
        let token = newest_token(&site, ANN).await;

        let bad = site.browser().get("/api/auth/verify-email?token=nonsense&callbackURL=%2Fdone%3Fx%3D1").await;
        assert_eq!(bad.header("location"), Some("/done?x=1&error=INVALID_TOKEN"));
        refused(&site.browser().get("/api/auth/verify-email?token=nonsense").await, 401, "INVALID_TOKEN");
        refused(&site.browser().get("/api/auth/verify-email").await, 400, "VALIDATION_ERROR");
        refused(&site.browser().get("/api/auth/verify-email?token=x&callbackURL=https%3A%2F%2Fevil.example").await, 403, "INVALID_CALLBACK_URL");
        let done = site.browser().get(&format!("/api/auth/verify-email?token={token}&callbackURL=%2Fdone")).await;

        assert_eq!(done.header("location"), Some("/done"));
        assert_eq!(me(&mut ann).await["user"]["emailVerified"], true);
        assert_eq!(site.browser().post("/api/auth/verify-email", &json!({ "token": token })).await.status, StatusCode::NOT_FOUND);
    }

    async fn a_forgotten_password_is_reset_by_mail(db: TestDb) {
        let site = Site::new(db.db.clone());
        let mut ann = site.person(ANN).await;
        site.backend.clock.advance(std::time::Duration::from_secs(1));
        for (path, email) in [("request-password-reset", "nobody@example.com"), ("forget-password", ANN)] {
            let asked = site.browser().post(&format!("/api/auth/{path}"), &json!({ "email": email, "redirectTo": "/reset" })).await;
            assert_eq!(asked.json()["status"], true);
            assert_eq!(asked.json()["message"], "If this email exists in our system, check your email for the reset link");
        }
        let link = link_in(&mails_of(&site.backend, ANN).await[0]);
        let token = newest_token(&site, ANN).await;

        let opened = site.browser().get(&format!("{}?{}", link.path(), link.query().unwrap())).await;
        assert_eq!(opened.header("location"), Some(&*format!("http://localhost:3000/reset?token={token}")));
        let unknown = site.browser().get("/api/auth/reset-password/made-up?callbackURL=%2Freset%23top").await;
        assert_eq!(unknown.header("location"), Some("http://localhost:3000/reset?error=INVALID_TOKEN#top"));
        refused(&site.browser().get(&format!("/api/auth/reset-password/{token}")).await, 400, "VALIDATION_ERROR");
        let empty = site.browser().get(&format!("/api/auth/reset-password/{token}?callbackURL=")).await;
        assert_eq!(empty.header("location"), Some("http://localhost:3000/api/auth/error?error=INVALID_TOKEN"));

        refused(&site.browser().post("/api/auth/reset-password", &json!({ "newPassword": NEW })).await, 400, "INVALID_TOKEN");
        let path = format!("/api/auth/reset-password?token={token}");
        assert_eq!(site.browser().post(&path, &json!({ "newPassword": NEW })).await.json(), json!({ "status": true }));
        refused(&site.browser().post(&path, &json!({ "newPassword": PASSWORD })).await, 400, "INVALID_TOKEN");
        assert_eq!(me(&mut ann).await, Value::Null);
        assert_eq!(sign_in(&site, NEW).await.0, StatusCode::OK);
    }

    async fn an_account_is_deleted_by_a_mailed_link_in_the_own_session(db: TestDb) {
        let site = Site::better_auth(db.db.clone());
        let mut ann = site.person(ANN).await;
        let mut eve = site.person("eve@example.com").await;
        site.backend.clock.advance(std::time::Duration::from_secs(1));
        let asked = ann.post("/api/auth/delete-user", &json!({ "callbackURL": "/bye" })).await;
        assert_eq!(asked.json(), json!({ "success": true, "message": "Verification email sent" }));
        let first = newest_token(&site, ANN).await;

        refused(&site.browser().get(&format!("/api/auth/delete-user/callback?token={first}")).await, 404, "FAILED_TO_GET_USER_INFO");
        refused(&eve.get(&format!("/api/auth/delete-user/callback?token={first}")).await, 404, "INVALID_TOKEN");
        refused(&ann.get(&format!("/api/auth/delete-user/callback?token={first}")).await, 404, "INVALID_TOKEN");
        ann.post("/api/auth/delete-user", &json!({})).await;
        let second = newest_token(&site, ANN).await;
        let done = ann.get(&format!("/api/auth/delete-user/callback?token={second}&callbackURL=%2Fbye")).await;

        assert_eq!(done.header("location"), Some("/bye"));
        assert!(ann.held().is_empty());
        assert_eq!(sign_in(&site, PASSWORD).await.0, StatusCode::UNAUTHORIZED);
        assert_eq!(me(&mut eve).await["user"]["email"], "eve@example.com");
    }

    async fn what_is_switched_off_is_not_there(db: TestDb) {
        let site = Site::with(db.db.clone(), |auth| {
            auth.delete_user = false;
            auth.change_email = false;
        });
        let mut ann = site.person(ANN).await;

        let deletion = ann.post("/api/auth/delete-user", &json!({})).await;
        assert_eq!((deletion.status, &*deletion.text), (StatusCode::NOT_FOUND, ""));
        refused(&ann.post("/api/auth/change-email", &json!({ "newEmail": "x@example.com" })).await, 400, "CHANGE_EMAIL_DISABLED");
    }

    async fn ways_in_are_listed_in_the_words_of_both_client_generations(db: TestDb) {
        let site = Site::new(db.db.clone());
        let mut ann = site.person(ANN).await;

        let list = ann.get("/api/auth/list-accounts").await.json();

        let [account] = &list.as_array().unwrap()[..] else { panic!("{list}") };
        assert_eq!((&account["providerId"], &account["provider"]), (&json!("credential"), &json!("credential")));
        assert_eq!((&account["accountId"], &account["scopes"]), (&account["userId"], &json!([])));
        assert!(account.get("password").is_none());
        for body in [json!({ "accountId": account["id"] }), json!({ "providerId": "credential" })] {
            refused(&ann.post("/api/auth/unlink-account", &body).await, 400, "FAILED_TO_UNLINK_LAST_ACCOUNT");
        }
    }

    async fn in_better_auths_profile_a_plain_guard_goes_by_the_cache_and_in_ours_never(db: TestDb) {
        for (site, status) in [(Site::better_auth(db.db.clone()), 200), (Site::new(db.db.clone()), 401)] {
            let email = format!("ann{status}@example.com");
            let mut ann = site.person(&email).await;
            let mut copy = ann.clone();
            ann.post("/api/auth/revoke-sessions", &json!({})).await;

            let answer = copy.get("/api/auth/list-accounts").await;

            assert_eq!(answer.status.as_u16(), status, "{}", answer.text);
        }
    }
}
