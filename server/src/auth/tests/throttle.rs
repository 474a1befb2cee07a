use backend::{
    Backend, Random,
    audit::{self, Outcome},
    auth::sessions::{self, Extend},
    both_engines,
    testing::{backend, limited},
};
use domain::activity::Action;
use serde_json::json;

use super::support::{PASSWORD, Site};

const SIGN_IN: &str = "/api/auth/sign-in/email";

both_engines! {
    async fn who_guesses_too_often_is_told_when_to_come_back(db: TestDb) {
        let site = Site::of(limited(Backend { random: Random::system(), ..backend(db.db.clone()) }));
        site.person("ann@example.com").await;
        let mut guesser = site.browser();
        for _ in 0..15 {
            let wrong = json!({ "email": "ann@example.com", "password": "not the password" });
            assert_eq!(guesser.post(SIGN_IN, &wrong).await.status.as_u16(), 401);
        }

        let body = json!({ "email": "ann@example.com", "password": PASSWORD });
        let refused = guesser.post(SIGN_IN, &body).await;

        assert_eq!(refused.status.as_u16(), 429);
        assert_eq!(refused.text, r#"{"message":"Too many requests. Please try again later."}"#);
        assert_eq!((refused.header("retry-after"), refused.header("x-retry-after")), (Some("60"), Some("60")));
        assert!(refused.cookies().is_empty());
    }

    async fn a_routes_answer_sets_no_cookie_that_its_clients_do_not_know(db: TestDb) {
        let site = Site::new(db.db.clone());
        let mut ann = site.person("ann@example.com").await;

        let answer = ann.post(SIGN_IN, &json!({ "email": "ann@example.com", "password": PASSWORD })).await;

        assert_eq!(answer.cookies(), ["session_token", "session_data"]);
    }

    async fn what_somebody_does_at_the_routes_is_on_their_trail(db: TestDb) {
        let site = Site::new(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        let wrong = json!({ "email": "ann@example.com", "password": "not the password" });
        ann.post(SIGN_IN, &wrong).await;
        ann.post("/api/auth/sign-out", &json!({})).await;
        site.backend.clock.advance(std::time::Duration::from_secs(1));
        ann.post(SIGN_IN, &json!({ "email": "ann@example.com", "password": PASSWORD })).await;

        let mut headers = axum::http::HeaderMap::new();
        let line = format!("better-auth.session_token={}", ann.cookies["better-auth.session_token"]);
        headers.insert("cookie", line.parse().unwrap());
        let jar = crate::auth::cookies::Jar::read(&headers);
        let token = site.auth.cookies.token(&jar).unwrap();
        let found = sessions::find(&site.backend, &token, Extend::Never).await.unwrap().unwrap();
        let trail = audit::recent(&site.backend, &found.caller).await.unwrap();
        let told: Vec<_> = trail.iter().map(|line| (line.action, line.outcome)).collect();
        assert_eq!(told[0], (Action::SignIn, Outcome::Done));
        assert!(trail[0].here);
        assert!(told.contains(&(Action::SignIn, Outcome::Refused)));
        assert!(told.contains(&(Action::SignOut, Outcome::Done)));
        assert!(told.contains(&(Action::SignUp, Outcome::Done)));
        assert_eq!(told.len(), 4);
    }
}
