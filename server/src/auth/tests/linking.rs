use backend::{
    AuthProfile, SignedIn,
    auth::{oauth, sessions},
    both_engines,
    testing::{plant_passkey, set_email_verified, switch_second_factor_on, trail_of},
};
use serde_json::{Value, json};

use super::{
    provider::{back, round_trip, site, start, state_of, with},
    support::{Browser, PASSWORD, Site},
};

const SOCIAL: &str = "/api/auth/sign-in/social";
const LINK: &str = "/api/auth/link-social";
const PROFILES: [AuthProfile; 2] = [AuthProfile::Hardened, AuthProfile::BetterAuth];

fn google() -> Value {
    json!({ "provider": "google", "callbackURL": "/after", "errorCallbackURL": "/failed" })
}

fn claims(subject: &str, email: &str, verified: bool) -> Value {
    json!({ "sub": subject, "email": email, "email_verified": verified })
}

async fn providers(browser: &mut Browser) -> Vec<String> {
    let accounts = browser.get("/api/auth/list-accounts").await.json();
    let mut ids: Vec<String> = accounts
        .as_array()
        .unwrap()
        .iter()
        .map(|account| account["providerId"].as_str().unwrap().to_owned())
        .collect();
    ids.sort();
    ids
}

async fn password_works(site: &Site, email: &str) -> bool {
    let body = json!({ "email": email, "password": PASSWORD });
    site.browser().post("/api/auth/sign-in/email", &body).await.status.as_u16() == 200
}

async fn caller(site: &Site, browser: &Browser) -> SignedIn {
    let cookie =
        format!("better-auth.session_token={}", browser.cookies["better-auth.session_token"]);
    let mut headers = axum::http::HeaderMap::new();
    headers.insert("cookie", cookie.parse().unwrap());
    let jar = crate::auth::cookies::Jar::read(&headers);
    let token = site.auth.cookies.token(&jar).unwrap();
    let found = sessions::find(&site.backend, &token, sessions::Extend::Never).await.unwrap();
    found.unwrap().caller
}

both_engines! {
    async fn an_address_alone_connects_only_what_is_proven_on_both_sides(db: TestDb) {
        // Whether the provider vouches, whether it runs the mailbox, whether we know the address to be theirs.
        for (n, (domain, vouched, proven, hardened, better_auth)) in [
            ("gmail.com", true, true, true, true),
            ("gmail.com", false, true, false, false),
            ("work.example", true, true, false, true),
            ("work.example", false, true, false, false),
            ("work.example", true, false, false, false),
            ("gmail.com", false, false, false, false),
        ]
        .into_iter()
        .enumerate()
        {
            for (profile, linked) in [(AuthProfile::Hardened, hardened), (AuthProfile::BetterAuth, better_auth)] {
                let (site, provider) = site(db.db.clone(), profile).await;
                let name = format!("p{n}{}", if profile == AuthProfile::Hardened { "h" } else { "b" });
                let email = format!("{name}@{domain}");
                let mut owner = site.person(&email).await;
                set_email_verified(&site.backend, &email, proven).await;

                let answer = round_trip(&provider, &mut site.browser(), SOCIAL, &google(), &claims(&name, &email, vouched)).await;

                let expected = if linked { "/after" } else { "/failed?error=account_not_linked" };
                assert_eq!(answer.header("location"), Some(expected), "{email} {vouched} {proven} {profile:?}");
                let accounts = providers(&mut owner).await;
                assert_eq!(accounts.contains(&"google".to_owned()), linked);
                assert!(password_works(&site, &email).await);
            }
        }
    }

    async fn an_account_planted_on_somebodys_mailbox_is_theirs_and_opens_to_nobody_else(db: TestDb) {
        let (site, provider) = site(db.db.clone(), AuthProfile::Hardened).await;
        let email = "victim@gmail.com";
        let mut planted = site.person(email).await;
        let before = planted.get("/api/auth/get-session").await.json()["user"]["id"].clone();
        let id = before.as_str().unwrap();
        switch_second_factor_on(&site.backend, id).await;
        plant_passkey(&site.backend, &id.into()).await;
        let mut victim = site.browser();

        let answer = round_trip(&provider, &mut victim, SOCIAL, &google(), &claims("v", email, true)).await;

        assert_eq!(answer.header("location"), Some("/after"));
        let user = victim.get("/api/auth/get-session").await.json()["user"].clone();
        assert_eq!((&user["id"], &user["emailVerified"]), (&before, &json!(true)));
        assert_eq!(providers(&mut victim).await, ["google"]);
        assert_eq!(victim.get("/api/auth/passkey/list-user-passkeys").await.json(), json!([]));
        planted.forget_cache();
        assert!(planted.get("/api/auth/get-session").await.json().is_null());
        assert!(!password_works(&site, email).await);
    }

    async fn a_planted_account_is_not_connected_in_better_auths_profile(db: TestDb) {
        let (site, provider) = site(db.db.clone(), AuthProfile::BetterAuth).await;
        let email = "victim@gmail.com";
        let mut planted = site.person(email).await;

        let answer = round_trip(&provider, &mut site.browser(), SOCIAL, &google(), &claims("v", email, true)).await;

        assert_eq!(answer.header("location"), Some("/failed?error=account_not_linked"));
        assert_eq!(providers(&mut planted).await, ["credential"]);
    }

    async fn an_operator_may_trust_a_provider(db: TestDb) {
        for (profile, vouched) in [(AuthProfile::Hardened, true), (AuthProfile::BetterAuth, false)] {
            let (site, provider) = with(db.db.clone(), profile, |oauth| oauth.trusted = vec!["google".into()]).await;
            let email = if vouched { "ann@work.example" } else { "bob@work.example" };
            site.person(email).await;
            set_email_verified(&site.backend, email, true).await;

            let answer = round_trip(&provider, &mut site.browser(), SOCIAL, &google(), &claims(email, email, vouched)).await;

            assert_eq!(answer.header("location"), Some("/after"), "{profile:?}");
        }
    }

    async fn whoever_wants_it_so_is_connected_in_the_settings_alone(db: TestDb) {
        let (site, provider) = site(db.db.clone(), AuthProfile::Hardened).await;
        let email = "ann@gmail.com";
        let owner = site.person(email).await;
        set_email_verified(&site.backend, email, true).await;
        let ann = caller(&site, &owner).await;
        assert!(!oauth::explicit_linking_only(&site.backend, &ann).await.unwrap());

        oauth::set_explicit_linking_only(&site.backend, &ann, true).await.unwrap();
        oauth::set_explicit_linking_only(&site.backend, &ann, true).await.unwrap();
        let refused = round_trip(&provider, &mut site.browser(), SOCIAL, &google(), &claims("a", email, true)).await;
        oauth::set_explicit_linking_only(&site.backend, &ann, false).await.unwrap();
        let linked = round_trip(&provider, &mut site.browser(), SOCIAL, &google(), &claims("a", email, true)).await;

        assert_eq!(refused.header("location"), Some("/failed?error=account_not_linked"));
        assert_eq!(linked.header("location"), Some("/after"));
    }

    async fn somebody_signed_in_connects_an_account_and_signs_in_with_it(db: TestDb) {
        for profile in PROFILES {
            let (site, provider) = site(db.db.clone(), profile).await;
            let email = if profile == AuthProfile::Hardened { "ann@work.example" } else { "bob@work.example" };
            let mut owner = site.person(email).await;
            let who = claims(email, email, true);

            let linked = round_trip(&provider, &mut owner, LINK, &google(), &who).await;
            let again = round_trip(&provider, &mut owner, LINK, &google(), &who).await;
            let mut elsewhere = site.browser();
            round_trip(&provider, &mut elsewhere, SOCIAL, &google(), &who).await;

            assert_eq!((linked.header("location"), again.header("location")), (Some("/after"), Some("/after")));
            assert_eq!(linked.cookies(), ["state ends"]);
            assert_eq!(providers(&mut owner).await, ["credential", "google"]);
            assert_eq!(elsewhere.get("/api/auth/get-session").await.json()["user"]["email"], email);
        }
    }

    async fn the_trail_says_once_that_an_account_was_connected(db: TestDb) {
        for profile in PROFILES {
            let (site, provider) = site(db.db.clone(), profile).await;
            let name = if profile == AuthProfile::Hardened { "ann" } else { "bob" };
            let (asked, implied) = (format!("{name}@work.example"), format!("{name}@gmail.com"));
            let mut owner = site.person(&asked).await;
            let other = site.person(&implied).await;
            set_email_verified(&site.backend, &implied, true).await;
            let mut stranger = site.browser();

            for _ in 0..2 {
                round_trip(&provider, &mut owner, LINK, &google(), &claims(&asked, &asked, true)).await;
                round_trip(&provider, &mut stranger, SOCIAL, &google(), &claims(&implied, &implied, true)).await;
            }

            for browser in [owner, other] {
                let user = caller(&site, &browser).await.user().clone();
                let lines = trail_of(&site.backend, user.as_str(), "provider_linked").await;
                assert_eq!(lines.len(), 1, "{profile:?}: {lines:?}");
                assert!(lines[0].0.is_some());
                assert_eq!(lines[0].1, r#"{"provider":"google"}"#);
            }
        }
    }

    async fn a_link_is_refused_for_other_addresses_other_peoples_accounts_and_unproven_ones(db: TestDb) {
        for profile in PROFILES {
            let (site, provider) = site(db.db.clone(), profile).await;
            let email = if profile == AuthProfile::Hardened { "ann@work.example" } else { "bob@work.example" };
            let mut owner = site.person(email).await;
            let taken = format!("taken-{email}");
            round_trip(&provider, &mut site.browser(), SOCIAL, &google(), &claims(&taken, &format!("x{email}"), true)).await;

            for (who, code) in [
                (claims("other", "other@gmail.com", true), "email_does_not_match"),
                (claims("unproven", email, false), "unable_to_link_account"),
                (claims(&taken, email, true), "account_already_linked_to_different_user"),
            ] {
                let answer = round_trip(&provider, &mut owner, LINK, &google(), &who).await;
                let expected = format!("/failed?error={code}");
                assert_eq!(answer.header("location"), Some(&*expected), "{profile:?}");
            }
            assert_eq!(providers(&mut owner).await, ["credential"]);
        }
    }

    async fn a_link_ends_with_the_session_that_asked_for_it(db: TestDb) {
        for profile in PROFILES {
            let (site, provider) = site(db.db.clone(), profile).await;
            let email = if profile == AuthProfile::Hardened { "ann@work.example" } else { "bob@work.example" };
            let mut owner = site.person(email).await;
            let url = start(&mut owner, LINK, &google()).await;
            let (code, state) = (provider.agree(&url, &claims(email, email, true)), state_of(&url));
            owner.post("/api/auth/sign-out", &json!({})).await;

            let answer = back(&mut owner, "google", &[("code", &code), ("state", &state)]).await;

            assert_eq!(answer.header("location"), Some("/failed?error=unable_to_link_account"));
        }
    }

    async fn a_link_needs_a_session_and_in_the_hardened_profile_a_fresh_one(db: TestDb) {
        let (site, _) = site(db.db.clone(), AuthProfile::Hardened).await;
        let nobody = site.browser().post(LINK, &google()).await;
        let mut owner = site.person("ann@work.example").await;

        site.backend.clock.advance(std::time::Duration::from_mins(16));
        let stale = owner.post(LINK, &google()).await;

        assert_eq!((nobody.status.as_u16(), &nobody.json()["code"]), (401, &json!("UNAUTHORIZED")));
        assert_eq!((stale.status.as_u16(), &stale.json()["code"]), (403, &json!("SESSION_NOT_FRESH")));
    }

    async fn the_subject_of_another_issuer_is_somebody_else(db: TestDb) {
        let (old, provider) = site(db.db.clone(), AuthProfile::Hardened).await;
        let issuer = provider.url.as_str().trim_end_matches('/').to_owned();
        let work = json!({ "provider": "work", "callbackURL": "/after", "errorCallbackURL": "/failed" });
        let ann = json!({ "iss": issuer, "sub": "1", "email": "ann@work.example", "email_verified": true });
        round_trip(&provider, &mut old.browser(), SOCIAL, &work, &ann).await;

        // The operator points the same name at another provider, where somebody has the same subject.
        let (new, other) = site(db.db.clone(), AuthProfile::Hardened).await;
        let issuer = other.url.as_str().trim_end_matches('/').to_owned();
        let eve = json!({ "iss": issuer, "sub": "1", "email": "eve@work.example", "email_verified": true });
        let answer = round_trip(&other, &mut new.browser(), SOCIAL, &work, &eve).await;

        assert_eq!(answer.header("location"), Some("/failed?error=account_not_linked"));
    }
}
