use backend::{
    AuthProfile, both_engines,
    testing::{switch_second_factor_on, token_columns},
};
use serde_json::{Value, json};

use super::provider::{Errs, back, round_trip, site, start, state_of, with};
use super::support::Site;

const SOCIAL: &str = "/api/auth/sign-in/social";
const PROFILES: [AuthProfile; 2] = [AuthProfile::Hardened, AuthProfile::BetterAuth];

fn gil() -> Value {
    json!({ "sub": "g-1", "email": "Gil@gmail.com", "email_verified": true, "name": "Gil", "picture": "https://img.example/g" })
}

fn google() -> Value {
    json!({ "provider": "google", "callbackURL": "/after", "newUserCallbackURL": "/welcome", "errorCallbackURL": "/failed?x=1" })
}

both_engines! {
    async fn the_way_out_has_a_state_a_challenge_and_a_cookie(db: TestDb) {
        for profile in PROFILES {
            let (site, _) = site(db.db.clone(), profile).await;
            let mut browser = site.browser();
            let body = json!({ "provider": "google", "callbackURL": "/a", "scopes": ["more", "email"], "loginHint": "g@gmail.com", "additionalParams": { "hd": "x" } });

            let answer = browser.post(SOCIAL, &body).await;

            let json = answer.json();
            let url: url::Url = json["url"].as_str().unwrap().parse().unwrap();
            let value = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
            assert_eq!((answer.header("location"), &json["redirect"]), (Some(url.as_str()), &json!(true)));
            assert!(url.as_str().starts_with("https://accounts.google.com/o/oauth2/v2/auth?"), "{url}");
            assert_eq!(value("response_type").as_deref(), Some("code"));
            assert_eq!(value("scope").as_deref(), Some("email profile openid more"));
            assert_eq!(value("redirect_uri").as_deref(), Some("http://localhost:3000/api/auth/callback/google"));
            assert_eq!(value("code_challenge_method").as_deref(), Some("S256"));
            assert_eq!((value("include_granted_scopes").as_deref(), value("hd").as_deref()), (Some("true"), Some("x")));
            assert_eq!(value("login_hint").as_deref(), Some("g@gmail.com"));
            assert_eq!(value("nonce").is_some(), profile == AuthProfile::Hardened);
            let state = value("state").unwrap();
            assert!(state.len() == 32 && state.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)), "{state}");
            assert_eq!(answer.cookies(), ["state"]);
            let cookie = answer.header("set-cookie").unwrap();
            assert!(cookie.starts_with(&format!("better-auth.state={state}.")) && cookie.contains("; Max-Age=300; Path=/; HttpOnly; SameSite=Lax"), "{cookie}");
        }
    }

    async fn what_is_ours_or_unknown_is_refused_before_anything_is_written(db: TestDb) {
        let (site, _) = site(db.db.clone(), AuthProfile::Hardened).await;
        for (body, status, code) in [
            (json!({ "provider": "nobody" }), 404, "PROVIDER_NOT_FOUND"),
            (json!({ "callbackURL": "/x" }), 400, "VALIDATION_ERROR"),
            (json!({ "provider": "google", "additionalParams": { "state": "x" } }), 400, "VALIDATION_ERROR"),
            (json!({ "provider": "google", "scopes": "x" }), 400, "VALIDATION_ERROR"),
            (json!({ "provider": "google", "callbackURL": "https://evil.example" }), 403, "INVALID_CALLBACK_URL"),
            (json!({ "provider": "google", "errorCallbackURL": "https://evil.example" }), 403, "INVALID_ERROR_CALLBACK_URL"),
            (json!({ "provider": "google", "newUserCallbackURL": "//evil.example" }), 403, "INVALID_NEW_USER_CALLBACK_URL"),
        ] {
            let answer = site.browser().post(SOCIAL, &body).await;
            assert_eq!((answer.status.as_u16(), answer.json()["code"].as_str()), (status, Some(code)), "{body}");
            assert!(answer.cookies().is_empty());
        }
    }

    async fn somebody_new_gets_an_account_and_comes_back_to_it(db: TestDb) {
        for profile in PROFILES {
            let (site, provider) = site(db.db.clone(), profile).await;
            let claims = if profile == AuthProfile::Hardened { gil() } else { json!({ "sub": "g-2", "email": "Ann@gmail.com", "email_verified": "true", "name": "Ann" }) };
            let email = claims["email"].as_str().unwrap().to_lowercase();
            let (mut first, mut second) = (site.browser(), site.browser());

            let new = round_trip(&provider, &mut first, SOCIAL, &google(), &claims).await;
            let known = round_trip(&provider, &mut second, SOCIAL, &google(), &claims).await;

            assert_eq!((new.status.as_u16(), new.header("location")), (302, Some("/welcome")));
            assert_eq!(known.header("location"), Some("/after"));
            for answer in [&new, &known] {
                assert_eq!(answer.cookies(), ["state ends", "session_token", "session_data"]);
            }
            let user = first.get("/api/auth/get-session").await.json()["user"].clone();
            assert_eq!((user["email"].as_str(), &user["emailVerified"]), (Some(&*email), &json!(true)));
            assert_eq!(user["name"], claims["name"]);
            assert_eq!(second.get("/api/auth/get-session").await.json()["user"]["id"], user["id"]);
            let accounts = first.get("/api/auth/list-accounts").await.json();
            assert_eq!(accounts.as_array().unwrap().len(), 1);
            assert_eq!(accounts[0]["accountId"], claims["sub"]);
            assert_eq!(accounts[0]["scopes"], json!(["openid", "email"]));
        }
        for (_, access, refresh, id) in token_columns(&site(db.db.clone(), AuthProfile::Hardened).await.0.backend).await {
            let sealed = access.as_deref().unwrap().starts_with("cfr1.");
            assert_eq!(refresh.unwrap().starts_with("cfr1."), sealed);
            assert_eq!(id.is_none(), sealed);
            assert!(sealed || access.as_deref() == Some("at-g-2"));
        }
    }

    async fn only_a_browser_that_our_page_sent_out_keeps_the_way_it_came_in(db: TestDb) {
        for profile in PROFILES {
            let (site, provider) = site(db.db.clone(), profile).await;
            let mut browser = site.browser();
            browser.cookies.insert("coffer.way_in".into(), "google~password".into());

            let denied = start(&mut browser, SOCIAL, &google()).await;
            let denied = back(&mut browser, "google", &[("error", "access_denied"), ("state", &state_of(&denied))]).await;
            assert_eq!((denied.cookies(), &*browser.cookies["coffer.way_in"]), (vec!["state ends".to_owned()], "google~password"));
            let arrived = round_trip(&provider, &mut browser, SOCIAL, &google(), &gil()).await;

            assert_eq!(arrived.cookies(), ["state ends", "session_token", "session_data", "coffer.way_in"]);
            assert_eq!(browser.cookies["coffer.way_in"], "google");
        }
    }

    async fn a_name_that_was_changed_here_stays(db: TestDb) {
        let (site, provider) = site(db.db.clone(), AuthProfile::Hardened).await;
        let mut browser = site.browser();
        round_trip(&provider, &mut browser, SOCIAL, &google(), &gil()).await;
        let changed = browser.post("/api/auth/update-user", &json!({ "name": "Gilbert" })).await;
        assert_eq!(changed.status.as_u16(), 200, "{}", changed.text);

        round_trip(&provider, &mut browser, SOCIAL, &google(), &gil()).await;

        assert_eq!(browser.get("/api/auth/get-session").await.json()["user"]["name"], "Gilbert");
    }

    async fn states_that_are_missing_unknown_or_spent_lead_to_our_error_page(db: TestDb) {
        for profile in PROFILES {
            let (site, provider) = site(db.db.clone(), profile).await;
            let mut browser = site.browser();
            let ours = |code: &str| format!("http://localhost:3000/api/auth/error?error={code}");

            let none = back(&mut browser, "google", &[("code", "x")]).await;
            let unknown = back(&mut browser, "google", &[("code", "x"), ("state", &"x".repeat(32))]).await;
            let url = start(&mut browser, SOCIAL, &google()).await;
            let (code, state) = (provider.agree(&url, &gil()), state_of(&url));
            let query = [("code", &*code), ("state", &*state)];
            let kept = browser.clone();
            let first = back(&mut browser, "google", &query).await;
            let replayed = back(&mut kept.clone(), "google", &query).await;

            assert_eq!(none.header("location"), Some(&*ours("state_not_found")));
            assert_eq!(unknown.header("location"), Some(&*ours("state_mismatch")));
            assert!(!first.header("location").unwrap().contains("error"));
            assert_eq!(replayed.header("location"), Some(&*ours("state_mismatch")));
            assert!(replayed.cookies().is_empty());
        }
    }

    async fn of_two_callbacks_at_once_one_wins(db: TestDb) {
        for profile in PROFILES {
            let (site, provider) = site(db.db.clone(), profile).await;
            let mut browser = site.browser();
            let url = start(&mut browser, SOCIAL, &google()).await;
            let (code, state) = (provider.agree(&url, &gil()), state_of(&url));

            let tries = (0..6).map(|_| {
                let (mut browser, code, state) = (browser.clone(), code.clone(), state.clone());
                tokio::spawn(async move {
                    back(&mut browser, "google", &[("code", &code), ("state", &state)]).await
                })
            });
            let mut signed_in = 0;
            for task in tries.collect::<Vec<_>>() {
                let answer = task.await.unwrap();
                assert_eq!(answer.status.as_u16(), 302);
                signed_in += usize::from(answer.cookies().contains(&"session_token".to_owned()));
            }
            assert_eq!(signed_in, 1);
        }
    }

    async fn a_state_belongs_to_the_browser_that_was_sent_out(db: TestDb) {
        for profile in PROFILES {
            let (site, provider) = site(db.db.clone(), profile).await;
            let (mut right, mut wrong) = (site.browser(), site.browser());
            let url = start(&mut right, SOCIAL, &google()).await;
            let (code, state) = (provider.agree(&url, &gil()), state_of(&url));
            // A cookie of its own does not help, and neither does a made-up one.
            start(&mut wrong, SOCIAL, &google()).await;
            let query = [("code", &*code), ("state", &*state)];

            let foreign = back(&mut wrong, "google", &query).await;
            let late = back(&mut right, "google", &query).await;

            assert_eq!(foreign.header("location"), Some("/failed?x=1&error=state_mismatch"));
            assert!(!foreign.cookies().contains(&"session_token".to_owned()));
            let finished = late.cookies().contains(&"session_token".to_owned());
            // Better Auth lets the right browser finish; ours spends the state with its first use, whoever comes.
            assert_eq!(finished, profile == AuthProfile::BetterAuth);
        }
    }

    async fn a_cookie_that_is_not_signed_is_none(db: TestDb) {
        let (site, provider) = site(db.db.clone(), AuthProfile::BetterAuth).await;
        let mut browser = site.browser();
        let url = start(&mut browser, SOCIAL, &google()).await;
        let (code, state) = (provider.agree(&url, &gil()), state_of(&url));
        let signed = browser.cookies["better-auth.state"].clone();

        browser.cookies.insert("better-auth.state".into(), state.clone());
        let forged = back(&mut browser, "google", &[("code", &code), ("state", &state)]).await;
        browser.cookies.insert("better-auth.state".into(), signed);
        let real = back(&mut browser, "google", &[("code", &code), ("state", &state)]).await;

        assert_eq!(forged.header("location"), Some("/failed?x=1&error=state_mismatch"));
        assert_eq!(real.header("location"), Some("/welcome"));
    }

    async fn a_state_lasts_ten_minutes(db: TestDb) {
        for profile in PROFILES {
            let (site, provider) = site(db.db.clone(), profile).await;
            let mut browser = site.browser();
            let url = start(&mut browser, SOCIAL, &google()).await;
            let (code, state) = (provider.agree(&url, &gil()), state_of(&url));

            site.backend.clock.advance(std::time::Duration::from_secs(601));
            let late = back(&mut browser, "google", &[("code", &code), ("state", &state)]).await;

            assert_eq!(late.header("location"), Some("http://localhost:3000/api/auth/error?error=state_mismatch"));
        }
    }

    async fn every_refusal_goes_to_the_error_page_of_the_flow_with_its_code(db: TestDb) {
        let nobody = json!({ "email": "x@gmail.com" });
        let nameless = json!({ "sub": "g-9" });
        for profile in PROFILES {
            let (site, provider) = site(db.db.clone(), profile).await;
            for (id, query, claims, errs, code) in [
                ("google", vec![("error", "access_denied"), ("error_description", "no thanks")], gil(), Errs::default(), "access_denied&error_description=no+thanks"),
                ("google", vec![], gil(), Errs::default(), "no_code"),
                ("nobody", vec![("code", "x")], gil(), Errs::default(), "oauth_provider_not_found"),
                ("google", vec![("code", "x"), ("iss", "https://evil.example")], gil(), Errs::default(), "issuer_mismatch"),
                ("google", vec![("code", "x")], gil(), Errs::default(), "invalid_code"),
                ("google", vec![("code", "")], gil(), Errs { no_id_token: true, ..Errs::default() }, "unable_to_get_user_info"),
                ("google", vec![("code", "")], nobody.clone(), Errs::default(), "unable_to_get_user_info"),
                ("google", vec![("code", "")], nameless.clone(), Errs::default(), "email_not_found"),
            ] {
                provider.err(errs);
                let mut browser = site.browser();
                let url = start(&mut browser, SOCIAL, &google()).await;
                let (agreed, state) = (provider.agree(&url, &claims), state_of(&url));
                let mut query: Vec<(&str, &str)> = query;
                // An empty code stands for the right one.
                for (name, value) in &mut query {
                    if *name == "code" && value.is_empty() {
                        *value = &agreed;
                    }
                }
                query.push(("state", &state));

                let answer = back(&mut browser, id, &query).await;

                let expected = format!("/failed?x=1&error={code}");
                assert_eq!((answer.status.as_u16(), answer.header("location")), (302, Some(&*expected)));
                assert_eq!(answer.cookies(), ["state ends"], "{code}");
            }
        }
    }

    async fn sign_up_can_be_kept_from_strangers(db: TestDb) {
        use backend::auth::oauth::SocialSignUp;
        let (asked, provider) = with(db.db.clone(), AuthProfile::Hardened, |oauth| oauth.sign_up = SocialSignUp::Requested).await;
        let refused = round_trip(&provider, &mut asked.browser(), SOCIAL, &google(), &gil()).await;
        let mut body = google();
        body["requestSignUp"] = json!(true);
        let made = round_trip(&provider, &mut asked.browser(), SOCIAL, &body, &gil()).await;
        assert_eq!(refused.header("location"), Some("/failed?x=1&error=signup_disabled"));
        assert_eq!(made.header("location"), Some("/welcome"));

        let (off, provider) = with(db.db.clone(), AuthProfile::Hardened, |oauth| oauth.sign_up = SocialSignUp::Off).await;
        let stranger = json!({ "sub": "g-8", "email": "new@gmail.com", "email_verified": true });
        let refused = round_trip(&provider, &mut off.browser(), SOCIAL, &body, &stranger).await;
        let known = round_trip(&provider, &mut off.browser(), SOCIAL, &body, &gil()).await;
        assert_eq!(refused.header("location"), Some("/failed?x=1&error=signup_disabled"));
        assert_eq!(known.header("location"), Some("/after"));
    }

    async fn a_form_of_the_provider_is_sent_on_with_its_parameters_in_the_query(db: TestDb) {
        let (site, _) = site(db.db.clone(), AuthProfile::Hardened).await;
        let mut browser = site.browser();
        let request = browser.request("POST", "/api/auth/callback/google?x=1");
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let answer = browser.send(request.body("code=a&state=b+c".into()).unwrap()).await;

        let target = "http://localhost:3000/api/auth/callback/google?code=a&state=b+c&x=1";
        assert_eq!((answer.status.as_u16(), answer.header("location")), (302, Some(target)));
        assert_eq!(browser.get("/api/auth/callback").await.status.as_u16(), 404);
    }

    async fn github_says_who_somebody_is_by_its_own_doors(db: TestDb) {
        let (site, provider) = site(db.db.clone(), AuthProfile::Hardened).await;
        provider.set_emails(json!([
            { "email": "old@work.example", "primary": false, "verified": true },
            { "email": "octo@work.example", "primary": true, "verified": true },
        ]));
        let mut browser = site.browser();
        let body = json!({ "provider": "github", "callbackURL": "/after" });

        let answer = round_trip(&provider, &mut browser, SOCIAL, &body, &json!({ "sub": "583231" })).await;

        assert_eq!(answer.header("location"), Some("/after"));
        let user = browser.get("/api/auth/get-session").await.json()["user"].clone();
        assert_eq!((&user["name"], &user["email"], &user["emailVerified"]), (&json!("octo"), &json!("octo@work.example"), &json!(true)));
    }

    async fn another_provider_is_found_by_its_issuer(db: TestDb) {
        let (site, provider) = site(db.db.clone(), AuthProfile::Hardened).await;
        let issuer = provider.url.as_str().trim_end_matches('/').to_owned();
        let claims = json!({ "iss": issuer, "sub": "ann", "email": "ann@work.example", "email_verified": true });
        let mut browser = site.browser();
        let body = json!({ "provider": "work", "callbackURL": "/after" });

        let url = start(&mut browser, SOCIAL, &body).await;
        let (code, state) = (provider.agree(&url, &claims), state_of(&url));
        let answer = back(&mut browser, "work", &[("code", &code), ("state", &state), ("iss", &issuer)]).await;

        assert!(url.as_str().starts_with(provider.at("/authorize").as_str()), "{url}");
        assert_eq!(answer.header("location"), Some("/after"));
        let origins = site.backend.providers.authorization_origins();
        assert!(origins.contains(&issuer), "{origins:?}");
        // The address may also stand behind the other door.
        let without = json!({ "iss": issuer, "sub": "bob" });
        let mut bob = site.browser();
        round_trip(&provider, &mut bob, SOCIAL, &body, &without).await;
        assert_eq!(bob.get("/api/auth/get-session").await.json()["user"]["email"], "bob@work.example");
    }

    async fn an_answer_meant_for_another_provider_is_refused(db: TestDb) {
        let (site, provider) = site(db.db.clone(), AuthProfile::Hardened).await;
        let mut browser = site.browser();
        let url = start(&mut browser, SOCIAL, &google()).await;
        let (code, state) = (provider.agree(&url, &gil()), state_of(&url));

        let mixed = back(&mut browser, "work", &[("code", &code), ("state", &state)]).await;

        assert_eq!(mixed.header("location"), Some("/failed?x=1&error=issuer_mismatch"));
    }

    async fn an_address_must_be_proven_where_the_site_wants_it(db: TestDb) {
        let (mut strict, provider) = site(db.db.clone(), AuthProfile::Hardened).await;
        let mut settings = (*strict.backend.settings).clone();
        settings.auth.require_email_verification = true;
        let backend = backend::Backend { settings: settings.into(), ..strict.backend.clone() };
        strict = Site::of(backend);
        let unproven = json!({ "sub": "g-7", "email": "x@work.example", "email_verified": false });

        let refused = round_trip(&provider, &mut strict.browser(), SOCIAL, &google(), &unproven).await;
        let proven = round_trip(&provider, &mut strict.browser(), SOCIAL, &google(), &gil()).await;

        assert_eq!(refused.header("location"), Some("/failed?x=1&error=email_not_verified"));
        assert_eq!(proven.header("location"), Some("/welcome"));
    }

    async fn the_hardened_profile_ends_the_session_that_the_browser_had(db: TestDb) {
        for profile in PROFILES {
            let (site, provider) = site(db.db.clone(), profile).await;
            let email = if profile == AuthProfile::Hardened { "ann@work.example" } else { "bob@work.example" };
            let mut browser = site.person(email).await;
            let mut old = browser.clone();

            round_trip(&provider, &mut browser, SOCIAL, &google(), &gil()).await;

            old.forget_cache();
            let alive = !old.get("/api/auth/get-session").await.json().is_null();
            assert_eq!(alive, profile == AuthProfile::BetterAuth);
        }
    }

    async fn a_providers_word_opens_nothing_where_a_second_factor_is_owed(db: TestDb) {
        let (site, provider) = site(db.db.clone(), AuthProfile::Hardened).await;
        let mut first = site.browser();
        round_trip(&provider, &mut first, SOCIAL, &google(), &gil()).await;
        let user = first.get("/api/auth/get-session").await.json()["user"]["id"].clone();
        switch_second_factor_on(&site.backend, user.as_str().unwrap()).await;
        let mut browser = site.browser();

        let answer = round_trip(&provider, &mut browser, SOCIAL, &google(), &gil()).await;

        assert_eq!(answer.header("location"), Some("/two-factor?next=%2Fafter"));
        let held = browser.held();
        assert!(held.contains(&"two_factor") && !held.contains(&"session_token"), "{held:?}");
        assert!(browser.get("/api/auth/get-session").await.json().is_null());
    }
}
