use backend::{AuthProfile, both_engines};
use serde_json::{Map, Value, json};

use super::provider::{Errs, Provider, round_trip, site, with};

const SOCIAL: &str = "/api/auth/sign-in/social";
const LINK: &str = "/api/auth/link-social";
const GOOGLE: &str = "https://accounts.google.com";
/// The hour at which the clock of these tests stands still.
const NOON: i64 = 1_777_896_000;

fn gil() -> Value {
    json!({ "sub": "g-1", "email": "gil@gmail.com", "email_verified": true, "name": "Gil" })
}

fn map(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

/// Everything that can be wrong with a token, by the rule it breaks.
fn wrong() -> Vec<(&'static str, Errs)> {
    let claims = |value: Value| Errs { claims: map(value), ..Errs::default() };
    let header = |value: Value| Errs { header: map(value), ..Errs::default() };
    vec![
        ("signature", Errs { other_key: true, ..Errs::default() }),
        ("iss", claims(json!({ "iss": "https://evil.example" }))),
        ("no iss", claims(json!({ "iss": null }))),
        ("aud", claims(json!({ "aud": "another-client" }))),
        ("one of two audiences", claims(json!({ "aud": ["the-client", "another"] }))),
        ("no aud", claims(json!({ "aud": null }))),
        ("azp", claims(json!({ "azp": "another-client" }))),
        ("expired", claims(json!({ "exp": NOON - 31 }))),
        ("no exp", claims(json!({ "exp": null }))),
        ("iat in the future", claims(json!({ "iat": NOON + 31 }))),
        ("iat too old", claims(json!({ "iat": NOON - 3_700, "exp": NOON + 60 }))),
        ("no iat", claims(json!({ "iat": null }))),
        ("nbf", claims(json!({ "nbf": NOON + 120 }))),
        ("no sub", claims(json!({ "sub": null }))),
        ("alg none", header(json!({ "alg": "none" }))),
        ("alg HS256", header(json!({ "alg": "HS256" }))),
        ("alg RS512", header(json!({ "alg": "RS512" }))),
        ("kid", header(json!({ "kid": "another-key" }))),
        ("crit", header(json!({ "crit": ["x"] }))),
        ("typ", header(json!({ "typ": "at+jwt" }))),
    ]
}

fn posted(token: &str) -> Value {
    json!({ "provider": "google", "idToken": { "token": token, "accessToken": "at-app" } })
}

fn token(provider: &Provider, nonce: Option<&str>) -> String {
    provider.id_token(GOOGLE, &gil(), nonce)
}

both_engines! {
    async fn a_token_from_the_callback_is_judged_by_every_rule(db: TestDb) {
        let (site, provider) = site(db.db.clone(), AuthProfile::Hardened).await;
        let body = json!({ "provider": "google", "callbackURL": "/after", "errorCallbackURL": "/failed" });
        let nonce = ("nonce", Errs { claims: map(json!({ "nonce": "another" })), ..Errs::default() });
        let none = ("no nonce", Errs { claims: map(json!({ "nonce": null })), ..Errs::default() });
        for (rule, errs) in wrong().into_iter().chain([nonce, none]) {
            provider.err(errs);
            let mut browser = site.browser();

            let answer = round_trip(&provider, &mut browser, SOCIAL, &body, &gil()).await;

            assert_eq!(answer.header("location"), Some("/failed?error=unable_to_get_user_info"), "{rule}");
            assert!(browser.held().is_empty(), "{rule}");
        }
        provider.err(Errs { claims: map(json!({ "iss": "accounts.google.com", "aud": ["the-client"], "azp": "the-client" })), ..Errs::default() });
        let answer = round_trip(&provider, &mut site.browser(), SOCIAL, &body, &gil()).await;
        assert_eq!(answer.header("location"), Some("/after"));
    }

    async fn an_unknown_key_is_asked_for_once_a_minute(db: TestDb) {
        let (site, provider) = site(db.db.clone(), AuthProfile::BetterAuth).await;
        provider.err(Errs { header: map(json!({ "kid": "another-key" })), ..Errs::default() });
        let strange = token(&provider, None);
        provider.err(Errs::default());
        let known = token(&provider, None);
        let mut browser = site.browser();

        for text in [&known, &strange, &known, &strange, &strange] {
            browser.post(SOCIAL, &posted(text)).await;
        }
        let within_a_minute = provider.keys_asked();
        site.backend.clock.advance(std::time::Duration::from_secs(61));
        for text in [&strange, &known, &strange] {
            browser.post(SOCIAL, &posted(text)).await;
        }

        assert_eq!((within_a_minute, provider.keys_asked()), (1, 2));
    }

    async fn an_application_signs_in_with_its_own_token(db: TestDb) {
        let (site, provider) = site(db.db.clone(), AuthProfile::BetterAuth).await;
        let mut app = site.browser();

        let answer = app.post(SOCIAL, &posted(&token(&provider, None))).await;

        let json = answer.json();
        assert_eq!((&json["redirect"], json.get("url")), (&json!(false), None));
        assert_eq!(json["user"]["email"], "gil@gmail.com");
        assert_eq!(answer.cookies(), ["session_token", "session_data"]);
        assert_eq!(app.get("/api/auth/get-session").await.json()["session"]["token"], json["token"]);
        let mut body = posted(&token(&provider, Some("n-1")));
        body["idToken"]["nonce"] = json!("n-1");
        assert_eq!(site.browser().post(SOCIAL, &body).await.status.as_u16(), 200);
        body["idToken"]["nonce"] = json!("n-2");
        assert_eq!(site.browser().post(SOCIAL, &body).await.json()["code"], "INVALID_TOKEN");
    }

    async fn a_posted_token_is_judged_by_every_rule(db: TestDb) {
        let (site, provider) = site(db.db.clone(), AuthProfile::BetterAuth).await;
        for (rule, errs) in wrong() {
            provider.err(errs);
            let answer = site.browser().post(SOCIAL, &posted(&token(&provider, None))).await;
            assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (401, &json!("INVALID_TOKEN")), "{rule}");
        }
        provider.err(Errs::default());
        for text in ["", "x", "a.b.c", "é.é.é"] {
            let answer = site.browser().post(SOCIAL, &posted(text)).await;
            assert_eq!(answer.json()["code"], "INVALID_TOKEN", "{text:?}");
        }
        let nameless = provider.id_token(GOOGLE, &json!({ "sub": "g-2" }), None);
        assert_eq!(site.browser().post(SOCIAL, &posted(&nameless)).await.json()["code"], "USER_EMAIL_NOT_FOUND");
        let github = json!({ "provider": "github", "idToken": { "token": "x" } });
        let answer = site.browser().post(SOCIAL, &github).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (404, &json!("ID_TOKEN_NOT_SUPPORTED")));
    }

    async fn a_posted_token_does_not_open_somebodys_account(db: TestDb) {
        let (site, provider) = site(db.db.clone(), AuthProfile::BetterAuth).await;
        site.person("gil@gmail.com").await;

        let answer = site.browser().post(SOCIAL, &posted(&token(&provider, None))).await;

        assert_eq!(answer.status.as_u16(), 401);
        assert_eq!(answer.json(), json!({ "message": "account not linked", "code": "OAUTH_LINK_ERROR" }));
    }

    async fn an_application_connects_an_account_with_its_own_token(db: TestDb) {
        let (site, provider) = site(db.db.clone(), AuthProfile::BetterAuth).await;
        let mut gil = site.person("gil@gmail.com").await;
        let mut ann = site.person("ann@gmail.com").await;
        let body = posted(&token(&provider, None));

        let linked = gil.post(LINK, &body).await;
        let again = gil.post(LINK, &body).await;
        let foreign = ann.post(LINK, &body).await;
        provider.err(Errs { claims: map(json!({ "email": "ann@gmail.com" })), ..Errs::default() });
        let taken = ann.post(LINK, &posted(&token(&provider, None))).await;
        provider.err(Errs { claims: map(json!({ "email": "ann@gmail.com", "sub": "g-3", "email_verified": false })), ..Errs::default() });
        let unproven = ann.post(LINK, &posted(&token(&provider, None))).await;

        for answer in [linked, again] {
            assert_eq!(answer.json(), json!({ "url": "", "status": true, "redirect": false }));
        }
        assert_eq!((foreign.status.as_u16(), &foreign.json()["code"]), (401, &json!("LINKING_DIFFERENT_EMAILS_NOT_ALLOWED")));
        assert_eq!((taken.status.as_u16(), &taken.json()["code"]), (409, &json!("SOCIAL_ACCOUNT_ALREADY_LINKED")));
        assert_eq!((unproven.status.as_u16(), &unproven.json()["code"]), (401, &json!("LINKING_NOT_ALLOWED")));
    }

    async fn the_hardened_profile_takes_no_posted_token_unless_told_to_and_then_with_its_own_nonce(db: TestDb) {
        let (site, provider) = site(db.db.clone(), AuthProfile::Hardened).await;
        let off = site.browser().post(SOCIAL, &posted(&token(&provider, None))).await;
        assert_eq!((off.status.as_u16(), &off.json()["code"]), (404, &json!("ID_TOKEN_NOT_SUPPORTED")));
        let nonce = site.browser().post("/api/auth/sign-in/social/nonce", &json!({ "provider": "google" })).await;
        assert_eq!(nonce.status.as_u16(), 404);

        let (site, provider) = with(db.db.clone(), AuthProfile::Hardened, |oauth| oauth.id_tokens = true).await;
        let answer = site.browser().post("/api/auth/sign-in/social/nonce", &json!({ "provider": "google" })).await;
        let nonce = answer.json()["nonce"].as_str().unwrap().to_owned();
        let mut body = posted(&token(&provider, Some(&nonce)));
        let without = site.browser().post(SOCIAL, &body).await;
        body["idToken"]["nonce"] = json!("made-up");
        let made_up = site.browser().post(SOCIAL, &body).await;
        body["idToken"]["nonce"] = json!(nonce);
        let first = site.browser().post(SOCIAL, &body).await;
        let replayed = site.browser().post(SOCIAL, &body).await;

        assert_eq!((without.status.as_u16(), made_up.status.as_u16()), (401, 401));
        assert_eq!((first.status.as_u16(), replayed.status.as_u16()), (200, 401), "{}", first.text);
    }
}
