use std::sync::Arc;

use super::*;
use crate::{
    Settings,
    auth::{self, Login, Password, SignIn, SignInRequest, SignUpRequest},
    both_engines,
    limits::Wait,
    testing::{backend, limited},
};

const PASSWORD: &str = "correct horse battery staple";

fn from(ip: &str) -> Client {
    Client { ip: ip.into(), ..Client::default() }
}

fn request(email: &str, password: &str, client: Client) -> SignInRequest {
    let (email, password) = (email.to_owned(), Password::from(password.to_owned()));
    SignInRequest { email, password, remember: true, client, replaces: None }
}

async fn sign_up(
    backend: &Backend,
    email: &str,
    client: Client,
) -> Result<Option<Login>, AuthFailure> {
    let request = SignUpRequest {
        name: "Ann Lee".into(),
        email: email.into(),
        password: PASSWORD.into(),
        image: None,
        callback: String::new(),
        remember: true,
        client,
    };
    auth::sign_up(backend, &request).await.map(|made| made.login)
}

/// What a wrong password leads to: nothing when it was tried, the wait when it was not.
async fn guess(backend: &Backend, email: &str, client: Client) -> Option<u64> {
    match auth::sign_in(backend, &request(email, "a wrong password", client)).await {
        Err(AuthFailure::CredentialsWrong) => None,
        Err(AuthFailure::TooManyAttempts(wait)) => Some(wait.seconds()),
        other => panic!("{other:?}"),
    }
}

async fn enter(backend: &Backend, email: &str, client: Client) -> Result<Login, AuthFailure> {
    let outcome = auth::sign_in(backend, &request(email, PASSWORD, client)).await?;
    let SignIn::Done(login) = outcome else { panic!("no second factor is switched on") };
    Ok(login)
}

async fn guesses(backend: &Backend, email: &str, client: &Client, times: usize) -> usize {
    let mut tried = 0;
    for _ in 0..times {
        tried += usize::from(guess(backend, email, client.clone()).await.is_none());
    }
    tried
}

fn seconds(backend: &Backend, seconds: u64) {
    backend.clock.advance(Duration::from_secs(seconds));
}

both_engines! {
    async fn an_address_fails_15_times_and_then_once_a_minute(db: TestDb) {
        let backend = limited(backend(db.db.clone()));
        sign_up(&backend, "ann@example.com", from("192.0.2.1")).await.unwrap();
        let here = from("198.51.100.7");

        assert_eq!(guesses(&backend, "ann@example.com", &here, 17).await, 15);
        assert_eq!(guess(&backend, "ben@example.com", here.clone()).await, Some(60), "whoever for");
        let hashes = backend.passwords.hashes_so_far();
        assert!(matches!(
            enter(&backend, "ann@example.com", here.clone()).await,
            Err(AuthFailure::TooManyAttempts(_))
        ));
        assert_eq!(backend.passwords.hashes_so_far(), hashes, "nothing is hashed for them");
        assert!(enter(&backend, "ann@example.com", from("198.51.100.8")).await.is_ok());
        seconds(&backend, 60);
        assert_eq!(guesses(&backend, "ann@example.com", &here, 2).await, 1);
    }

    async fn a_success_refills_nothing_and_costs_nothing(db: TestDb) {
        let backend = limited(backend(db.db.clone()));
        sign_up(&backend, "ann@example.com", from("192.0.2.1")).await.unwrap();
        let here = from("198.51.100.7");

        assert_eq!(guesses(&backend, "ann@example.com", &here, 14).await, 14);
        for _ in 0..20 {
            enter(&backend, "ann@example.com", here.clone()).await.unwrap();
        }

        assert_eq!(guesses(&backend, "ann@example.com", &here, 5).await, 1);
    }

    async fn guesses_from_everywhere_slow_an_account_down_and_never_lock_it(db: TestDb) {
        let backend = limited(backend(db.db.clone()));
        let owner = Client { next_device: Some("owners".into()), ..from("192.0.2.1") };
        sign_up(&backend, "ann@example.com", owner).await.unwrap();
        let mut address = 0_u32;
        let mut elsewhere = || {
            address += 1;
            from(&format!("203.0.{}.{}", address / 250, address % 250 + 1))
        };
        for _ in 0..50 {
            assert_eq!(guess(&backend, "ann@example.com", elsewhere()).await, None);
        }

        for wait in [1, 2, 4, 8, 16, 32, 60, 60] {
            assert_eq!(guess(&backend, "ann@example.com", elsewhere()).await, Some(wait));
            seconds(&backend, wait);
            assert_eq!(guess(&backend, "ann@example.com", elsewhere()).await, None);
        }

        let stranger = enter(&backend, "ann@example.com", elsewhere()).await;
        assert!(matches!(stranger, Err(AuthFailure::TooManyAttempts(Wait(_)))));
        let known = Client { device: Some("owners".into()), ..elsewhere() };
        assert!(enter(&backend, "ann@example.com", known).await.is_ok(), "a browser known before");
        seconds(&backend, 60);
        assert!(enter(&backend, "ann@example.com", elsewhere()).await.is_ok());
    }

    async fn a_known_browser_fails_10_times_an_hour(db: TestDb) {
        let backend = limited(backend(db.db.clone()));
        let first = Client { next_device: Some("mine".into()), ..from("192.0.2.1") };
        sign_up(&backend, "ann@example.com", first).await.unwrap();
        let known = Client { device: Some("mine".into()), ..from("192.0.2.1") };

        assert_eq!(guesses(&backend, "ann@example.com", &known, 12).await, 10);
        assert_eq!(guess(&backend, "ben@example.com", known).await, None, "not known there");
    }

    async fn one_address_tries_30_accounts_an_hour(db: TestDb) {
        let backend = limited(backend(db.db.clone()));
        let here = from("198.51.100.7");
        let mut tried = 0;
        for round in 0..4 {
            for number in 0..15 {
                let email = format!("ann{round}x{number}@example.com");
                tried += guesses(&backend, &email, &here, 1).await;
            }
            if round < 3 {
                // Failures come back, so that they are not what counts.
                seconds(&backend, 900);
            }
        }
        assert_eq!(tried, 30 + 22, "30 at once and one more each two minutes, of which 45 have passed");

        assert_eq!(guess(&backend, "another@example.com", here.clone()).await, Some(60));
        assert_eq!(guess(&backend, "ann3x0@example.com", here).await, None, "one it has tried before");
    }

    async fn ten_accounts_an_hour_are_made_from_one_address(db: TestDb) {
        let backend = limited(backend(db.db.clone()));
        let here = from("198.51.100.7");
        for number in 0..10 {
            sign_up(&backend, &format!("ann{number}@example.com"), here.clone()).await.unwrap();
        }

        let more = sign_up(&backend, "more@example.com", here.clone()).await;
        let elsewhere = sign_up(&backend, "more@example.com", from("198.51.100.8")).await;

        assert!(matches!(more, Err(AuthFailure::TooManyAttempts(Wait(wait))) if wait.as_secs() == 360));
        assert!(elsewhere.is_ok());
    }

    async fn a_slip_of_the_pen_is_no_attempt(db: TestDb) {
        let backend = limited(backend(db.db.clone()));
        let here = from("198.51.100.7");
        for _ in 0..20 {
            let wrong = sign_up(&backend, "not an address", here.clone()).await;
            assert!(matches!(wrong, Err(AuthFailure::EmailInvalid)));
        }

        assert!(sign_up(&backend, "ann@example.com", here).await.is_ok());
    }

    async fn a_mailbox_gets_three_mails_an_hour_and_nobody_learns_of_the_fourth(db: TestDb) {
        let backend = limited(backend(db.db.clone()));
        let mut sent = 0;
        for number in 0..6 {
            let client = from(&format!("203.0.113.{number}"));
            sent += usize::from(mail(&backend, "ann@example.com", &client).await.unwrap());
        }
        assert_eq!(sent, 3);

        let here = from("198.51.100.7");
        for number in 0..10 {
            let target = format!("ann{number}@example.com");
            assert!(mail(&backend, &target, &here).await.unwrap());
        }
        assert!(matches!(mail(&backend, "ANN@example.com", &here).await, Err(AuthFailure::TooManyAttempts(_))));
    }

    async fn the_other_profile_and_limits_that_are_off_have_no_budgets(db: TestDb) {
        let off = backend(db.db.clone());
        assert_eq!(guesses(&off, "ann@example.com", &from("198.51.100.7"), 20).await, 20);

        let mut other = limited(off.clone());
        let mut settings = Settings::clone(&other.settings);
        settings.auth.profile = crate::AuthProfile::BetterAuth;
        other.settings = Arc::new(settings);
        assert_eq!(guesses(&other, "ann@example.com", &from("198.51.100.7"), 20).await, 20);
    }
}

#[tokio::test]
async fn guesses_at_the_same_time_are_counted_one_by_one() {
    let db = crate::testing::TestDb::sqlite().await;
    let backend = limited(backend(db.db.clone()));
    let here = from("198.51.100.7");

    let all = (0..40).map(|_| guess(&backend, "ann@example.com", here.clone()));
    let tried = futures::future::join_all(all).await.iter().filter(|wait| wait.is_none()).count();

    assert_eq!(tried, 15);
    db.remove().await;
}
