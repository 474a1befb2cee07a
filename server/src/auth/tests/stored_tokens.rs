use backend::{AuthProfile, both_engines};
use serde_json::{Value, json};

use super::{
    provider::{Errs, Provider, round_trip, site},
    support::{Browser, Site},
};

const SOCIAL: &str = "/api/auth/sign-in/social";
const ACCESS: &str = "/api/auth/get-access-token";
const REFRESH: &str = "/api/auth/refresh-token";
const INFO: &str = "/api/auth/account-info";
const PROFILES: [AuthProfile; 2] = [AuthProfile::Hardened, AuthProfile::BetterAuth];

/// Somebody who signed in with Google, and the id of the row.
async fn signed_in(site: &Site, provider: &Provider, subject: &str) -> (Browser, String) {
    let mut browser = site.browser();
    let body = json!({ "provider": "google", "callbackURL": "/after" });
    let claims = json!({ "sub": subject, "email": format!("{subject}@gmail.com"), "email_verified": true, "name": "Gil" });
    round_trip(provider, &mut browser, SOCIAL, &body, &claims).await;
    let accounts = browser.get("/api/auth/list-accounts").await.json();
    let id = accounts[0]["id"].as_str().unwrap().to_owned();
    (browser, id)
}

fn subject(profile: AuthProfile) -> &'static str {
    if profile == AuthProfile::Hardened { "hard" } else { "better" }
}

both_engines! {
    async fn the_owner_gets_the_access_token_by_the_row_and_by_the_provider(db: TestDb) {
        for profile in PROFILES {
            let (site, provider) = site(db.db.clone(), profile).await;
            let name = subject(profile);
            let (mut browser, id) = signed_in(&site, &provider, name).await;

            for body in [
                json!({ "accountId": id }),
                json!({ "accountId": id, "userId": "somebody else" }),
                json!({ "providerId": "google" }),
                json!({ "providerId": "google", "accountId": id }),
                json!({ "providerId": "google", "accountId": name }),
            ] {
                let answer = browser.post(ACCESS, &body).await;
                let json = answer.json();
                assert_eq!((answer.status.as_u16(), &json["accessToken"]), (200, &json!(format!("at-{name}"))), "{body}");
                assert_eq!((&json["scopes"], &json["accessTokenExpiresAt"]), (&json!(["openid", "email"]), &json!("2026-05-04T13:00:00.000Z")));
                assert_eq!(json.get("idToken").is_some(), profile == AuthProfile::BetterAuth);
            }
        }
    }

    async fn other_selections_are_refused(db: TestDb) {
        let (site, provider) = site(db.db.clone(), AuthProfile::BetterAuth).await;
        let (mut gil, id) = signed_in(&site, &provider, "gil").await;
        let mut ann = site.person("ann@work.example").await;
        let credential = ann.get("/api/auth/list-accounts").await.json()[0]["id"].clone();

        for path in [ACCESS, REFRESH] {
            assert_eq!((site.browser().post(path, &json!({ "accountId": id })).await.status.as_u16(), &*site.browser().post(path, &json!({ "accountId": id })).await.text), (401, ""));
            for (body, code) in [
                (json!({}), "VALIDATION_ERROR"),
                (json!({ "accountId": 5 }), "VALIDATION_ERROR"),
                (json!({ "accountId": id, "other": 1 }), "VALIDATION_ERROR"),
                (json!({ "accountId": id }), "ACCOUNT_NOT_FOUND"),
                (json!({ "useAccountCookie": true }), "ACCOUNT_NOT_FOUND"),
                (json!({ "providerId": "google" }), "ACCOUNT_NOT_FOUND"),
                (json!({ "accountId": credential }), "PROVIDER_NOT_SUPPORTED"),
            ] {
                let answer = ann.post(path, &body).await;
                assert_eq!((answer.status.as_u16(), answer.json()["code"].as_str()), (400, Some(code)), "{path} {body}");
            }
        }
        for (query, code) in [
            (String::new(), "VALIDATION_ERROR"),
            (format!("?accountId={id}"), "ACCOUNT_NOT_FOUND"),
            (format!("?accountId={}", credential.as_str().unwrap()), "PROVIDER_NOT_CONFIGURED"),
        ] {
            assert_eq!(ann.get(&format!("{INFO}{query}")).await.json()["code"], code, "{query}");
        }
        assert_eq!(site.browser().get(&format!("{INFO}?accountId={id}")).await.status.as_u16(), 401);
        assert_eq!(gil.get(&format!("{INFO}?providerId=google")).await.status.as_u16(), 200);
    }

    async fn a_token_that_ends_is_renewed_once_however_many_ask(db: TestDb) {
        for profile in PROFILES {
            let (site, provider) = site(db.db.clone(), profile).await;
            let (browser, id) = signed_in(&site, &provider, subject(profile)).await;
            site.backend.clock.advance(std::time::Duration::from_secs(3596));

            let tries = (0..4).map(|_| {
                let (mut browser, body) = (browser.clone(), json!({ "accountId": id }));
                tokio::spawn(async move { browser.post(ACCESS, &body).await.json() })
            });
            for task in tries.collect::<Vec<_>>() {
                let json = task.await.unwrap();
                assert_eq!(json["accessToken"], format!("at-{}-again", subject(profile)));
                assert_eq!(json["scopes"], json!(["openid", "email"]));
            }
            assert_eq!(provider.refreshed(), 1);
        }
    }

    async fn tokens_are_renewed_on_demand_and_refusals_are_told(db: TestDb) {
        for profile in PROFILES {
            let (site, provider) = site(db.db.clone(), profile).await;
            let (mut browser, id) = signed_in(&site, &provider, subject(profile)).await;
            let body = json!({ "accountId": id });

            let json = browser.post(REFRESH, &body).await.json();
            provider.err(Errs { no_refresh: true, ..Errs::default() });
            let refused = browser.post(REFRESH, &body).await;
            site.backend.clock.advance(std::time::Duration::from_hours(1));
            let ended = browser.post(ACCESS, &body).await;

            assert_eq!(json["accessToken"], format!("at-{}-again", subject(profile)));
            assert_eq!(json["refreshToken"], format!("rt-{}-again", subject(profile)));
            assert_eq!((&json["providerId"], &json["accountId"], &json["scope"]), (&json!("google"), &json!(id), &json!("openid,email")));
            assert_eq!(json["refreshTokenExpiresAt"], Value::Null);
            assert_eq!((refused.status.as_u16(), &refused.json()["code"]), (400, &json!("FAILED_TO_REFRESH_ACCESS_TOKEN")));
            assert_eq!((ended.status.as_u16(), &ended.json()["code"]), (400, &json!("FAILED_TO_GET_ACCESS_TOKEN")));
        }
    }

    async fn the_provider_is_asked_who_it_is(db: TestDb) {
        for profile in PROFILES {
            let (site, provider) = site(db.db.clone(), profile).await;
            let name = subject(profile);
            let (mut browser, id) = signed_in(&site, &provider, name).await;

            let json = browser.get(&format!("{INFO}?accountId={id}")).await.json();

            assert_eq!(json["account"], json!({ "id": id, "providerId": "google", "accountId": name }));
            assert_eq!((&json["data"]["sub"], &json["user"]["emailVerified"]), (&json!(name), &json!(true)));
            // The kept ID token says it in one profile, the provider's other door in the other.
            let email = if profile == AuthProfile::Hardened { "hard@work.example" } else { "better@gmail.com" };
            assert_eq!(json["user"]["email"], email);
        }
        let (site, provider) = site(db.db.clone(), AuthProfile::Hardened).await;
        let (mut browser, id) = signed_in(&site, &provider, "gone").await;
        let answer = browser.get(&format!("{INFO}?accountId={id}")).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (401, &json!("FAILED_TO_GET_USER_INFO")));
    }
}
