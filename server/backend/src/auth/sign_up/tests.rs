use std::sync::Arc;

use super::*;
use crate::AuthSettings;
use crate::{
    Settings, auth::Passwords, auth::passwords::HashParams, both_engines, fetch_all, fetch_one,
    testing::backend,
};

const PASSWORD: &str = "correct horse battery staple";

fn request(email: &str, password: &str) -> SignUpRequest {
    SignUpRequest {
        name: "Ann Lee".into(),
        email: email.into(),
        password: password.into(),
        image: None,
        callback: String::new(),
        remember: true,
        client: Client { ip: "192.0.2.7".into(), ..Client::default() },
    }
}

fn with(backend: &mut Backend, change: impl FnOnce(&mut AuthSettings)) {
    let mut settings = Settings::clone(&backend.settings);
    change(&mut settings.auth);
    backend.settings = Arc::new(settings);
}

async fn count(backend: &Backend) -> (i64, i64, i64) {
    let mut tx = backend.db.system().read().await.unwrap();
    fetch_one!(
        tx,
        r#"
        select (select count(*) from "user"), (select count(*) from "account"), (select count(*) from "session")
        "#
    )
    .unwrap()
}

both_engines! {
    async fn a_new_person_has_an_account_a_hash_and_a_session(db: TestDb) {
        let backend = backend(db.db.clone());

        let made = sign_up(&backend, &request("Ann@Example.COM", PASSWORD)).await.unwrap();

        let Login { session, token, .. } = made.login.unwrap();
        assert_eq!((&*made.user.email, made.user.email_verified), ("ann@example.com", false));
        assert_eq!(session.user_id, made.user.id);
        for id in [made.user.id.as_str(), session.id.as_str(), token.expose()] {
            assert!(id.len() == 32 && id.bytes().all(|b| b.is_ascii_alphanumeric()), "{id}");
        }
        let mut tx = backend.db.system().read().await.unwrap();
        let rows: Vec<(String, String, String, String)> =
            fetch_all!(tx, r#"select "accountId", "providerId", "userId", "password" from "account""#).unwrap();
        let [(account, provider, user, hash)] = &rows[..] else { panic!("{rows:?}") };
        assert_eq!((&**account, &**provider, &**user), (made.user.id.as_str(), "credential", made.user.id.as_str()));
        assert!(hash.starts_with("$argon2id$"), "{hash}");
    }

    async fn a_taken_address_is_refused_in_any_spelling_and_leaves_no_trace(db: TestDb) {
        let backend = backend(db.db.clone());
        sign_up(&backend, &request("ann@example.com", PASSWORD)).await.unwrap();

        let again = sign_up(&backend, &request("ANN@example.com", "another fine password")).await;

        assert!(matches!(again, Err(AuthFailure::EmailTaken)), "{again:?}");
        assert_eq!(count(&backend).await, (1, 1, 1));
    }

    async fn with_verification_a_taken_address_gets_the_same_answer_after_the_same_work(db: TestDb) {
        let mut backend = backend(db.db.clone());
        with(&mut backend, |auth| auth.require_email_verification = true);

        let mut work = Vec::new();
        let mut outcomes = Vec::new();
        for _ in 0..2 {
            let before = backend.passwords.hashes_so_far();
            outcomes.push(sign_up(&backend, &request("ann@example.com", PASSWORD)).await.unwrap());
            work.push(backend.passwords.hashes_so_far() - before);
        }

        assert_eq!(work, [1, 1]);
        assert!(outcomes.iter().all(|outcome| outcome.login.is_none()));
        assert_ne!(outcomes[0].user.id, outcomes[1].user.id);
        assert_eq!(outcomes[0].user.created_at, outcomes[1].user.created_at);
        assert_eq!(count(&backend).await, (1, 1, 0));
    }

    async fn of_many_with_one_address_one_gets_it(db: TestDb) {
        let backend = backend(db.db.clone());

        let tries = (0..8).map(|_| {
            let backend = backend.clone();
            tokio::spawn(async move { sign_up(&backend, &request("ann@example.com", PASSWORD)).await })
        });
        let mut made = 0;
        for task in tries.collect::<Vec<_>>() {
            match task.await.unwrap() {
                Ok(_) => made += 1,
                Err(AuthFailure::EmailTaken) => {}
                Err(error) => panic!("{error:?}"),
            }
        }

        assert_eq!(made, 1);
        assert_eq!(count(&backend).await, (1, 1, 1));
    }

    async fn what_is_typed_wrong_is_named_and_nothing_is_stored(db: TestDb) {
        let backend = backend(db.db.clone());
        let long = "x".repeat(129);
        let cases = [
            (" ann@example.com", PASSWORD, "INVALID_EMAIL"),
            ("ann", PASSWORD, "INVALID_EMAIL"),
            ("ann@example.com", "elevenchars", "PASSWORD_TOO_SHORT"),
            ("ann@example.com", &long, "PASSWORD_TOO_LONG"),
            ("ann@example.com", "correct horse\0battery", "VALIDATION_ERROR"),
            ("ann@example.com", "password1234", "PASSWORD_COMPROMISED"),
            ("ann.lovelace@example.com", "lovelace-2026!!", "PASSWORD_COMPROMISED"),
        ];

        for (email, password, code) in cases {
            let error = sign_up(&backend, &request(email, password)).await.unwrap_err();
            assert_eq!(error.code(), Some(code), "{email} {password}");
        }
        let named = SignUpRequest { name: "A\u{202e}nn".into(), ..request("ann@example.com", PASSWORD) };
        assert_eq!(sign_up(&backend, &named).await.unwrap_err().message(), "[body.name] Invalid input");
        for image in ["javascript:alert(1)", "http://img.test/a.png", "https:///x y"] {
            let pictured = SignUpRequest { image: Some(image.into()), ..request("ann@example.com", PASSWORD) };
            assert!(matches!(sign_up(&backend, &pictured).await, Err(AuthFailure::ImageInvalid)), "{image}");
        }
        assert_eq!(count(&backend).await, (0, 0, 0));
    }

    async fn better_auths_profile_asks_for_length_alone_and_writes_its_hashes(db: TestDb) {
        let mut backend = backend(db.db.clone());
        with(&mut backend, |auth| {
            auth.profile = AuthProfile::BetterAuth;
            auth.password_min = 8;
        });
        backend.passwords = Passwords::new(2, HashParams::BETTER_AUTH);

        let made = sign_up(&backend, &SignUpRequest { name: String::new(), ..request("a@b.test", "12345678") }).await;

        assert_eq!(made.unwrap().user.name, "");
        let mut tx = backend.db.system().read().await.unwrap();
        let (hash,): (String,) = fetch_one!(tx, r#"select "password" from "account""#).unwrap();
        assert_eq!(hash.len(), 161, "{hash}");
    }
}
