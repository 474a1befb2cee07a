use std::sync::Arc;

use super::*;
use crate::{
    Settings,
    auth::{SessionToken, SignUpRequest, sessions::Extend, sign_up},
    both_engines, execute, fetch_one,
    testing::backend,
};

const PASSWORD: &str = "correct horse battery staple";

async fn person(backend: &Backend, email: &str) -> UserView {
    let request = SignUpRequest {
        name: "Ann Lee".into(),
        email: email.into(),
        password: PASSWORD.into(),
        image: None,
        callback: String::new(),
        remember: true,
        client: Client::default(),
    };
    sign_up(backend, &request).await.unwrap().user
}

fn request(email: &str, password: &str) -> SignInRequest {
    SignInRequest {
        email: email.into(),
        password: password.into(),
        remember: true,
        client: Client { ip: "192.0.2.7".into(), ..Client::default() },
        replaces: None,
    }
}

async fn enter(backend: &Backend, request: &SignInRequest) -> Login {
    let SignIn::Done(login) = sign_in(backend, request).await.unwrap() else {
        panic!("a second factor is asked for")
    };
    login
}

fn require_verification(backend: &mut Backend) {
    let mut settings = Settings::clone(&backend.settings);
    settings.auth.require_email_verification = true;
    backend.settings = Arc::new(settings);
}

async fn hash_of(backend: &Backend, user: &UserView) -> String {
    let mut tx = backend.db.system().read().await.unwrap();
    let (hash,): (String,) =
        fetch_one!(tx, r#"select "password" from "account" where "userId" = $1"#, &user.id)
            .unwrap();
    hash
}

async fn set_hash(backend: &Backend, user: &UserView, hash: Option<&str>) {
    let mut tx = backend.db.system().write().await.unwrap();
    execute!(tx, r#"update "account" set "password" = $1 where "userId" = $2"#, hash, &user.id)
        .unwrap();
    tx.commit().await.unwrap();
}

async fn is_alive(backend: &Backend, token: &SessionToken) -> bool {
    sessions::find(backend, token, Extend::Never).await.unwrap().is_some()
}

/// Better Auth's hash of "correct horse battery".
const LEGACY: &str = "00112233445566778899aabbccddeeff:267a33c2ae63f1c2d542f84d50b7d87c68900c8b9475f6a47ade71cf44b234822e0a34af1d226572b5caf52809319d4c486f3d209cc2fd022fb53bb4eaeb35b1";

both_engines! {
    async fn the_right_password_starts_a_session_of_its_own(db: TestDb) {
        let backend = backend(db.db.clone());
        let ann = person(&backend, "ann@example.com").await;

        let one = enter(&backend, &request("ANN@example.com", PASSWORD)).await;
        let two = enter(&backend, &request("ann@example.com", PASSWORD)).await;

        assert_eq!((&one.user, &two.user), (&ann, &ann));
        assert_ne!(one.token.expose(), two.token.expose());
        assert!(is_alive(&backend, &one.token).await && is_alive(&backend, &two.token).await);
    }

    async fn every_refusal_is_the_same_after_the_same_work(db: TestDb) {
        let backend = backend(db.db.clone());
        person(&backend, "ann@example.com").await;
        let gil = person(&backend, "gil@example.com").await;
        set_hash(&backend, &gil, None).await;

        let tries = [
            ("ann@example.com", "not the password"),
            ("nobody@example.com", PASSWORD),
            ("gil@example.com", PASSWORD),
            ("ann@example.com", ""),
            ("ann@example.com", "correct horse battery staple\0"),
        ];
        for (email, password) in tries {
            let before = backend.passwords.hashes_so_far();
            let refused = sign_in(&backend, &request(email, password)).await;

            assert!(matches!(refused, Err(AuthFailure::CredentialsWrong)), "{email}: {refused:?}");
            assert_eq!(backend.passwords.hashes_so_far() - before, 1, "{email}");
        }
    }

    async fn malformed_addresses_and_endless_passwords_are_named(db: TestDb) {
        let backend = backend(db.db.clone());

        for email in ["", "ann", " ann@example.com"] {
            let refused = sign_in(&backend, &request(email, PASSWORD)).await;
            assert!(matches!(refused, Err(AuthFailure::EmailInvalid)), "{refused:?}");
        }
        let refused = sign_in(&backend, &request("ann@example.com", &"x".repeat(129))).await;
        assert!(matches!(refused, Err(AuthFailure::PasswordTooLong)), "{refused:?}");
    }

    async fn an_unproven_address_is_mentioned_only_to_who_knows_the_password(db: TestDb) {
        let mut backend = backend(db.db.clone());
        person(&backend, "ann@example.com").await;
        require_verification(&mut backend);

        let right = sign_in(&backend, &request("ann@example.com", PASSWORD)).await;
        let wrong = sign_in(&backend, &request("ann@example.com", "not the password")).await;

        assert!(matches!(right, Err(AuthFailure::EmailNotVerified)), "{right:?}");
        assert!(matches!(wrong, Err(AuthFailure::CredentialsWrong)), "{wrong:?}");
    }

    async fn a_hash_of_better_auth_opens_once_and_is_replaced(db: TestDb) {
        let backend = backend(db.db.clone());
        let ann = person(&backend, "ann@example.com").await;
        set_hash(&backend, &ann, Some(LEGACY)).await;

        sign_in(&backend, &request("ann@example.com", "wrong horse battery")).await.unwrap_err();
        assert_eq!(hash_of(&backend, &ann).await, LEGACY, "only the right password replaces it");
        enter(&backend, &request("ann@example.com", "correct horse battery")).await;

        let new = hash_of(&backend, &ann).await;
        assert!(new.starts_with("$argon2id$"), "{new}");
        enter(&backend, &request("ann@example.com", "correct horse battery")).await;
        assert_eq!(hash_of(&backend, &ann).await, new, "a current hash stays");
    }

    async fn a_replacement_never_overwrites_a_password_that_was_changed_meanwhile(db: TestDb) {
        let backend = backend(db.db.clone());
        let ann = person(&backend, "ann@example.com").await;
        let (_, account, checked) = find(&backend, "ann@example.com").await.unwrap().unwrap();
        set_hash(&backend, &ann, Some("changed meanwhile")).await;

        let mut tx = backend.db.system().write().await.unwrap();
        let replaced = credential::replace(&mut tx, &backend, &account, &checked, "a replacement").await;
        assert!(!replaced.unwrap());
        tx.commit().await.unwrap();

        assert_eq!(hash_of(&backend, &ann).await, "changed meanwhile");
    }

    async fn signing_in_again_ends_the_session_this_browser_had(db: TestDb) {
        let mut backend = backend(db.db.clone());
        person(&backend, "ann@example.com").await;
        let old = enter(&backend, &request("ann@example.com", PASSWORD)).await;
        let phone = enter(&backend, &request("ann@example.com", PASSWORD)).await;
        let caller = SignedIn::new(old.user.id.clone(), old.session.id.clone(), old.session.created_at);
        let again = SignInRequest { replaces: Some(caller), ..request("ann@example.com", PASSWORD) };

        let wrong = SignInRequest { password: "not the password".into(), ..again.clone() };
        sign_in(&backend, &wrong).await.unwrap_err();
        assert!(is_alive(&backend, &old.token).await, "a refused sign-in ends nothing");
        let new = enter(&backend, &again).await;

        assert!(!is_alive(&backend, &old.token).await);
        assert!(is_alive(&backend, &phone.token).await && is_alive(&backend, &new.token).await);

        let mut settings = Settings::clone(&backend.settings);
        settings.auth.profile = crate::AuthProfile::BetterAuth;
        backend.settings = Arc::new(settings);
        let old = enter(&backend, &request("ann@example.com", PASSWORD)).await;
        let caller = SignedIn::new(old.user.id.clone(), old.session.id.clone(), old.session.created_at);
        enter(&backend, &SignInRequest { replaces: Some(caller), ..request("ann@example.com", PASSWORD) }).await;
        assert!(is_alive(&backend, &old.token).await, "Better Auth keeps it");
    }

    async fn two_credential_rows_are_nobody(db: TestDb) {
        let backend = backend(db.db.clone());
        let ann = person(&backend, "ann@example.com").await;
        let mut tx = backend.db.system().write().await.unwrap();
        execute!(
            tx,
            r#"
            insert into "account" ("id", "accountId", "providerId", "userId", "password", "createdAt", "updatedAt")
            select 'second', "accountId", "providerId", "userId", "password", "createdAt", "updatedAt"
            from "account" where "userId" = $1
            "#,
            &ann.id,
        ).unwrap();
        tx.commit().await.unwrap();

        let refused = sign_in(&backend, &request("ann@example.com", PASSWORD)).await;

        assert!(matches!(refused, Err(AuthFailure::CredentialsWrong)), "{refused:?}");
    }
}
