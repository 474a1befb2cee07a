use std::time::Duration;

use super::{testing::*, *};
use crate::{
    Timestamp,
    auth::{Password, member::Member, sign_in},
    both_engines, execute, fetch_all, fetch_one,
    testing::{TestDb, backend, mails_of},
};

const NOWHERE: &str = "000000";

/// One backend for each profile, on one database.
fn both(db: &TestDb) -> [Backend; 2] {
    let hardened = backend(db.db.clone());
    [in_profile(&hardened, AuthProfile::Hardened), in_profile(&hardened, AuthProfile::BetterAuth)]
}

fn minutes(count: u64) -> Duration {
    Duration::from_secs(count * 60)
}

async fn count(backend: &Backend, what: &str) -> i64 {
    let mut tx = backend.db.system().read().await.unwrap();
    let (count,): (i64,) = match what {
        "session" => fetch_one!(tx, r#"select count(*) from "session""#),
        "challenge" => {
            fetch_one!(tx, r#"select count(*) from "verification" where "identifier" like '2fa-%'"#)
        }
        other => panic!("{other}"),
    }
    .unwrap();
    count
}

fn totp(code: &str) -> FactorCode {
    FactorCode::Totp(code.to_owned().into())
}

fn backup(code: &str) -> FactorCode {
    FactorCode::Backup(code.to_owned().into())
}

async fn answered(
    backend: &Backend,
    token: &ChallengeToken,
    code: FactorCode,
) -> Result<Passed, FactorFailure> {
    answer(backend, token, &plain(code), &Client::default()).await
}

/// The code in the newest mail to this address.
async fn mailed_code(backend: &Backend, email: &str) -> String {
    let mails = mails_of(backend, email).await;
    let mail = mails.into_iter().find(|mail| mail.subject == "Your sign-in code").expect("a mail");
    let start = mail.text.find("Your code is ").expect("a code") + "Your code is ".len();
    mail.text[start..start + 6].to_owned()
}

both_engines! {
    async fn an_app_is_in_use_after_its_first_right_code(db: TestDb) {
        for (n, backend) in both(&db).iter().enumerate() {
            let ann = somebody(backend, &format!("ann{n}@example.com")).await;
            let setup = begin_totp(backend, &ann, Some(&password()), None).await.unwrap();
            assert_eq!(setup.backup_codes.len(), 10);
            let key = key_of(&setup.uri);
            let status_before = status(backend, &ann).await.unwrap();
            assert!(!status_before.enabled && !status_before.totp);

            let wrong = confirm(backend, &ann, &totp(NOWHERE), &Client::default()).await;
            assert!(matches!(wrong, Err(FactorFailure::CodeWrong)));
            let code = totp(&code_now(backend, &key));
            let passed = confirm(backend, &ann, &code, &Client::default()).await.unwrap();

            let login = passed.login.unwrap();
            assert!(passed.user.two_factor_enabled && login.remember);
            assert!(Member::load(backend, &ann).await.is_err(), "the session that switched it on is replaced");
            let ann = caller(backend, &login.token).await;
            let after = status(backend, &ann).await.unwrap();
            assert!(after.enabled && after.totp);
            assert_eq!(after.backup_codes_left, 10);
            assert!(after.recently_proved);
            let again = begin_totp(backend, &ann, Some(&password()), None).await;
            assert!(matches!(again, Err(FactorFailure::TotpAlreadyEnabled)));
        }
    }

    async fn beginning_again_before_the_first_code_replaces_the_secret(db: TestDb) {
        for (n, backend) in both(&db).iter().enumerate() {
            let ann = somebody(backend, &format!("ann{n}@example.com")).await;
            let first = begin_totp(backend, &ann, Some(&password()), None).await.unwrap();
            let second = begin_totp(backend, &ann, Some(&password()), Some("My App")).await.unwrap();
            assert!(second.uri.starts_with("otpauth://totp/My%20App:ann"));

            let old = totp(&code_now(backend, &key_of(&first.uri)));
            assert!(matches!(confirm(backend, &ann, &old, &Client::default()).await, Err(FactorFailure::CodeWrong)));
            assert_eq!(totp_uri(backend, &ann, Some(&password())).await.unwrap(), second.uri.replace("My%20App", "Coffer").replace("My+App", "Coffer"));
            let new = totp(&code_now(backend, &key_of(&second.uri)));
            assert!(confirm(backend, &ann, &new, &Client::default()).await.is_ok());
        }
    }

    async fn nothing_is_set_up_or_changed_without_the_password(db: TestDb) {
        for (n, backend) in both(&db).iter().enumerate() {
            let ann = Person::with_app(backend, &format!("ann{n}@example.com")).await;
            let bob = somebody(backend, &format!("bob{n}@example.com")).await;
            for password in [Some(Password::from("not the password")), None] {
                let password = password.as_ref();
                let refused = [
                    begin_totp(backend, &bob, password, None).await.err(),
                    enable_otp(backend, &bob, password, &Client::default()).await.err(),
                    totp_uri(backend, &ann.caller, password).await.err(),
                    new_backup_codes(backend, &ann.caller, password).await.err(),
                    disable(backend, &ann.caller, password, None, &Client::default()).await.err(),
                ];
                for (n, failure) in refused.into_iter().enumerate() {
                    assert!(matches!(failure, Some(FactorFailure::PasswordWrong)), "{n} {failure:?}");
                }
            }
            assert!(status(backend, &ann.caller).await.unwrap().enabled);
            assert!(!status(backend, &bob).await.unwrap().enabled);
        }
    }

    async fn a_right_password_opens_nothing(db: TestDb) {
        for (n, backend) in both(&db).iter().enumerate() {
            let ann = Person::with_app(backend, &format!("ann{n}@example.com")).await;
            let sessions = count(backend, "session").await;

            let challenge = ann.challenge(backend).await;

            assert_eq!(count(backend, "session").await, sessions);
            assert_eq!(challenge.methods, [FactorMethod::Totp, FactorMethod::Otp]);
            assert_eq!(challenge.token.expose().len(), 24);
            assert!(!format!("{challenge:?}").contains(challenge.token.token()));
            let shown = pending(backend, &challenge.token).await.unwrap();
            assert_eq!(shown.email, ann.email);
            assert!(shown.has_backup_codes && !shown.has_passkeys);
        }
    }

    async fn a_code_of_the_app_ends_the_sign_in(db: TestDb) {
        for (n, backend) in both(&db).iter().enumerate() {
            let ann = Person::with_app(backend, &format!("ann{n}@example.com")).await;
            let challenge = ann.challenge(backend).await;

            let passed = answered(backend, &challenge.token, ann.code(backend)).await.unwrap();

            let login = passed.login.unwrap();
            assert!(login.remember && login.trusted_device.is_none());
            assert_eq!(caller(backend, &login.token).await.user(), ann.id());
            let again = answered(backend, &challenge.token, ann.code(backend)).await;
            assert!(matches!(again, Err(FactorFailure::ChallengeOver)), "a challenge is answered once");
        }
    }

    async fn a_used_step_is_not_accepted_again(db: TestDb) {
        let [hardened, better_auth] = both(&db);
        for (backend, again) in [(hardened, false), (better_auth, true)] {
            let ann = Person::with_app(&backend, &format!("ann{again}@example.com")).await;
            let (one, two) = (ann.challenge(&backend).await, ann.challenge(&backend).await);
            let earlier = code_now(&backend, &ann.key);
            backend.clock.advance(Duration::from_secs(30));
            let now = code_now(&backend, &ann.key);

            answered(&backend, &one.token, totp(&now)).await.unwrap();

            for code in [&now, &earlier] {
                let repeated = answered(&backend, &two.token, totp(code)).await;
                if again {
                    assert!(repeated.is_ok() || matches!(repeated, Err(FactorFailure::ChallengeOver)));
                } else {
                    assert!(matches!(repeated, Err(FactorFailure::CodeWrong)), "{repeated:?}");
                }
            }
        }
    }

    async fn five_wrong_codes_end_a_challenge(db: TestDb) {
        for (n, backend) in both(&db).iter().enumerate() {
            let ann = Person::with_app(backend, &format!("ann{n}@example.com")).await;
            let challenge = ann.challenge(backend).await;
            for kind in [totp, backup, totp, backup, totp] {
                let wrong = answered(backend, &challenge.token, kind(NOWHERE)).await;
                assert!(matches!(wrong, Err(FactorFailure::CodeWrong | FactorFailure::BackupCodeWrong)));
            }

            let sixth = answered(backend, &challenge.token, ann.code(backend)).await;
            let later = answered(backend, &challenge.token, ann.code(backend)).await;

            assert!(matches!(sixth, Err(FactorFailure::TooManyAttempts)), "{sixth:?}");
            assert!(matches!(later, Err(FactorFailure::ChallengeOver)));
            let fresh = ann.challenge(backend).await;
            assert!(answered(backend, &fresh.token, ann.code(backend)).await.is_ok());
        }
    }

    async fn ten_wrong_codes_in_a_row_lock_the_factor_for_a_quarter_of_an_hour(db: TestDb) {
        for (n, backend) in both(&db).iter().enumerate() {
            let ann = Person::with_app(backend, &format!("ann{n}@example.com")).await;
            for _ in 0..2 {
                let challenge = ann.challenge(backend).await;
                for _ in 0..5 {
                    assert!(answered(backend, &challenge.token, totp(NOWHERE)).await.is_err());
                }
            }

            let challenge = ann.challenge(backend).await;
            for code in [ann.code(backend), backup(&ann.backup_codes[0])] {
                let locked = answered(backend, &challenge.token, code).await;
                assert!(matches!(locked, Err(FactorFailure::Locked)), "{locked:?}");
            }
            backend.clock.advance(minutes(15));
            let challenge = ann.challenge(backend).await;
            assert!(matches!(answered(backend, &challenge.token, totp(NOWHERE)).await, Err(FactorFailure::CodeWrong)));
            assert!(answered(backend, &challenge.token, ann.code(backend)).await.is_ok());
        }
    }

    async fn a_right_code_ends_the_count_of_wrong_ones(db: TestDb) {
        for (n, backend) in both(&db).iter().enumerate() {
            let ann = Person::with_app(backend, &format!("ann{n}@example.com")).await;
            for _ in 0..3 {
                let challenge = ann.challenge(backend).await;
                for _ in 0..4 {
                    assert!(matches!(answered(backend, &challenge.token, totp(NOWHERE)).await, Err(FactorFailure::CodeWrong)));
                }
                backend.clock.advance(minutes(1));
                assert!(answered(backend, &challenge.token, ann.code(backend)).await.is_ok());
            }
        }
    }

    async fn a_challenge_waits_ten_minutes(db: TestDb) {
        for (n, backend) in both(&db).iter().enumerate() {
            let ann = Person::with_app(backend, &format!("ann{n}@example.com")).await;
            let challenge = ann.challenge(backend).await;

            backend.clock.advance(minutes(10));

            let late = answered(backend, &challenge.token, ann.code(backend)).await;
            assert!(matches!(late, Err(FactorFailure::ChallengeOver)));
            assert!(matches!(pending(backend, &challenge.token).await, Err(FactorFailure::ChallengeOver)));
        }
    }

    async fn a_mailed_code_answers_a_challenge(db: TestDb) {
        for (n, backend) in both(&db).iter().enumerate() {
            let ann = Person::with_app(backend, &format!("ann{n}@example.com")).await;
            let challenge = ann.challenge(backend).await;
            let none = answered(backend, &challenge.token, FactorCode::Otp(NOWHERE.to_owned().into())).await;
            assert!(matches!(none, Err(FactorFailure::OtpExpired)));

            send_code(backend, CodeFor::Challenge(&challenge.token)).await.unwrap();
            let code = mailed_code(backend, &ann.email).await;
            let wrong = if code == NOWHERE { "000001" } else { NOWHERE };
            let wrong = answered(backend, &challenge.token, FactorCode::Otp(wrong.to_owned().into())).await;
            assert!(matches!(wrong, Err(FactorFailure::CodeWrong)));
            let passed = answered(backend, &challenge.token, FactorCode::Otp(code.into())).await.unwrap();

            assert_eq!(passed.login.unwrap().user.email, ann.email);
        }
    }

    async fn a_mailed_code_lives_three_minutes_and_five_tries(db: TestDb) {
        for (n, backend) in both(&db).iter().enumerate() {
            let ann = Person::with_app(backend, &format!("ann{n}@example.com")).await;
            let otp = |code: &str| FactorCode::Otp(code.to_owned().into());
            let challenge = ann.challenge(backend).await;
            send_code(backend, CodeFor::Challenge(&challenge.token)).await.unwrap();
            let code = mailed_code(backend, &ann.email).await;
            // A wrong answer does not make it live longer.
            backend.clock.advance(minutes(2));
            assert!(matches!(answered(backend, &challenge.token, otp("x")).await, Err(FactorFailure::CodeWrong)));
            backend.clock.advance(minutes(1));
            assert!(matches!(answered(backend, &challenge.token, otp(&code)).await, Err(FactorFailure::OtpExpired)));

            let challenge = ann.challenge(backend).await;
            send_code(backend, CodeFor::Challenge(&challenge.token)).await.unwrap();
            let code = mailed_code(backend, &ann.email).await;
            for _ in 0..5 {
                assert!(matches!(answered(backend, &challenge.token, otp("x")).await, Err(FactorFailure::CodeWrong)));
            }
            assert!(matches!(answered(backend, &challenge.token, otp(&code)).await, Err(FactorFailure::OtpSpent | FactorFailure::TooManyAttempts)));
        }
    }

    async fn a_newer_mailed_code_replaces_the_older_one(db: TestDb) {
        for (n, backend) in both(&db).iter().enumerate() {
            let ann = Person::with_app(backend, &format!("ann{n}@example.com")).await;
            let challenge = ann.challenge(backend).await;
            send_code(backend, CodeFor::Challenge(&challenge.token)).await.unwrap();
            let old = mailed_code(backend, &ann.email).await;
            backend.clock.advance(Duration::from_secs(1));
            send_code(backend, CodeFor::Challenge(&challenge.token)).await.unwrap();
            let new = mailed_code(backend, &ann.email).await;
            assert_ne!(old, new);

            let wrong = answered(backend, &challenge.token, FactorCode::Otp(old.into())).await;
            assert!(matches!(wrong, Err(FactorFailure::CodeWrong)));
            assert!(answered(backend, &challenge.token, FactorCode::Otp(new.into())).await.is_ok());
        }
    }

    async fn one_persons_challenge_takes_nobody_elses_code(db: TestDb) {
        for (n, backend) in both(&db).iter().enumerate() {
            let ann = Person::with_app(backend, &format!("ann{n}@example.com")).await;
            let eve = Person::with_app(backend, &format!("eve{n}@example.com")).await;
            let challenge = ann.challenge(backend).await;

            for code in [eve.code(backend), backup(&eve.backup_codes[0])] {
                assert!(answered(backend, &challenge.token, code).await.is_err());
            }
            send_code(backend, CodeFor::Session(&eve.caller)).await.unwrap();
            let code = mailed_code(backend, &eve.email).await;
            let crossed = answered(backend, &challenge.token, FactorCode::Otp(code.into())).await;
            assert!(matches!(crossed, Err(FactorFailure::OtpExpired)));
        }
    }

    async fn a_backup_code_is_good_once(db: TestDb) {
        for (n, backend) in both(&db).iter().enumerate() {
            let ann = Person::with_app(backend, &format!("ann{n}@example.com")).await;
            let (one, two) = (ann.challenge(backend).await, ann.challenge(backend).await);

            let passed = answered(backend, &one.token, backup(&ann.backup_codes[4])).await.unwrap();
            let again = answered(backend, &two.token, backup(&ann.backup_codes[4])).await;

            assert!(passed.login.is_some());
            assert_eq!(passed.backup_codes_left, Some(9));
            assert!(matches!(again, Err(FactorFailure::BackupCodeWrong)));
            assert!(answered(backend, &two.token, backup(&ann.backup_codes[5])).await.is_ok());
        }
    }

    async fn a_code_may_be_spent_without_a_session(db: TestDb) {
        for (n, backend) in both(&db).iter().enumerate() {
            let ann = Person::with_app(backend, &format!("ann{n}@example.com")).await;
            let challenge = ann.challenge(backend).await;
            let sessions = count(backend, "session").await;
            let wish = Answer { without_session: true, ..plain(backup(&ann.backup_codes[0])) };

            let passed = answer(backend, &challenge.token, &wish, &Client::default()).await.unwrap();

            assert!(passed.login.is_none());
            assert_eq!(count(backend, "session").await, sessions);
            let later = answered(backend, &challenge.token, backup(&ann.backup_codes[1])).await;
            assert!(matches!(later, Err(FactorFailure::ChallengeOver)));
        }
    }

    async fn of_two_equal_answers_at_once_one_wins(db: TestDb) {
        for (n, backend) in both(&db).iter().enumerate() {
            let ann = Person::with_app(backend, &format!("ann{n}@example.com")).await;
            for code in [ann.code(backend), backup(&ann.backup_codes[0])] {
                let challenge = ann.challenge(backend).await;
                let sessions = count(backend, "session").await;

                let tries = (0..6).map(|_| {
                    let (backend, token, code) = (backend.clone(), challenge.token.clone(), code.clone());
                    tokio::spawn(async move { answered(&backend, &token, code).await.is_ok() })
                });
                let mut won = 0;
                for task in tries.collect::<Vec<_>>() {
                    won += usize::from(task.await.unwrap());
                }

                assert_eq!(won, 1);
                assert_eq!(count(backend, "session").await, sessions + 1);
            }
        }
    }

    async fn one_code_at_once_for_several_challenges_opens_one(db: TestDb) {
        let backend = backend(db.db.clone());
        let ann = Person::with_app(&backend, "ann@example.com").await;
        for code in [ann.code(&backend), backup(&ann.backup_codes[0])] {
            let mut challenges = Vec::new();
            for _ in 0..4 {
                challenges.push(ann.challenge(&backend).await.token);
            }

            let tries = challenges.into_iter().map(|token| {
                let (backend, code) = (backend.clone(), code.clone());
                tokio::spawn(async move { answered(&backend, &token, code).await.is_ok() })
            });
            let mut won = 0;
            for task in tries.collect::<Vec<_>>() {
                won += usize::from(task.await.unwrap());
            }

            assert_eq!(won, 1);
        }
    }

    async fn a_trusted_browser_is_not_asked_and_gets_another_token_each_time(db: TestDb) {
        for (n, backend) in both(&db).iter().enumerate() {
            let ann = Person::with_app(backend, &format!("ann{n}@example.com")).await;
            let challenge = ann.challenge(backend).await;
            let wish = Answer { trust_device: true, ..plain(ann.code(backend)) };
            let passed = answer(backend, &challenge.token, &wish, &Client::default()).await.unwrap();
            let first = passed.login.unwrap().trusted_device.unwrap();

            let browser = Client { trusted: Some(first.expose().to_owned()), user_agent: "Mozilla/5.0".into(), ..Client::default() };
            let login = login_of(ann.sign_in(backend, &browser).await);

            let second = login.trusted_device.unwrap();
            assert_ne!(first.expose(), second.expose());
            challenge_of(ann.sign_in(backend, &browser).await);
            let browser = Client { trusted: Some(second.expose().to_owned()), ..Client::default() };
            assert_eq!(trusted_devices(backend, &ann.caller).await.unwrap().len(), 1);
            backend.clock.advance(Duration::from_hours(720));
            challenge_of(ann.sign_in(backend, &browser).await);
        }
    }

    async fn trust_in_one_person_is_none_in_another(db: TestDb) {
        for (n, backend) in both(&db).iter().enumerate() {
            let ann = Person::with_app(backend, &format!("ann{n}@example.com")).await;
            let eve = Person::with_app(backend, &format!("eve{n}@example.com")).await;
            let challenge = eve.challenge(backend).await;
            let wish = Answer { trust_device: true, ..plain(eve.code(backend)) };
            let passed = answer(backend, &challenge.token, &wish, &Client::default()).await.unwrap();
            let trusted = passed.login.unwrap().trusted_device.unwrap();
            let name = trusted.expose().split_once('!').unwrap().1;

            for text in [trusted.expose().to_owned(), format!("AAAA!{name}"), name.to_owned(), String::new()] {
                let browser = Client { trusted: Some(text), ..Client::default() };
                challenge_of(ann.sign_in(backend, &browser).await);
            }
            let id = &trusted_devices(backend, &eve.caller).await.unwrap()[0].id;
            assert!(forget_device(backend, &ann.caller, id).await.is_err());
            forget_device(backend, &eve.caller, id).await.unwrap();
            let browser = Client { trusted: Some(trusted.expose().to_owned()), ..Client::default() };
            challenge_of(eve.sign_in(backend, &browser).await);
        }
    }

    async fn a_code_in_a_session_proves_the_factor_and_changes_nothing_else(db: TestDb) {
        for (n, backend) in both(&db).iter().enumerate() {
            let ann = Person::with_app(backend, &format!("ann{n}@example.com")).await;
            backend.clock.advance(minutes(20));
            assert!(!status(backend, &ann.caller).await.unwrap().recently_proved);

            let passed = confirm(backend, &ann.caller, &ann.code(backend), &Client::default()).await.unwrap();

            assert!(passed.login.is_none());
            assert!(status(backend, &ann.caller).await.unwrap().recently_proved);
            let spent = confirm(backend, &ann.caller, &backup(&ann.backup_codes[0]), &Client::default()).await.unwrap();
            assert_eq!(spent.backup_codes_left, Some(9));
        }
    }

    async fn a_stolen_session_cannot_guess_codes(db: TestDb) {
        let [hardened, better_auth] = both(&db);
        for (backend, locks) in [(hardened, true), (better_auth, false)] {
            let ann = Person::with_app(&backend, &format!("ann{locks}@example.com")).await;
            for n in 0..10 {
                let code = if n % 2 == 0 { totp(NOWHERE) } else { backup(NOWHERE) };
                assert!(confirm(&backend, &ann.caller, &code, &Client::default()).await.is_err());
            }

            let right = confirm(&backend, &ann.caller, &ann.code(&backend), &Client::default()).await;

            assert_eq!(matches!(right, Err(FactorFailure::Locked)), locks);
        }
    }

    async fn switching_off_takes_the_factor_in_the_hardened_profile(db: TestDb) {
        let backend = backend(db.db.clone());
        let ann = Person::with_app(&backend, "ann@example.com").await;
        backend.clock.advance(minutes(20));
        let client = Client::default();

        let without = disable(&backend, &ann.caller, Some(&password()), None, &client).await;
        let wrong = disable(&backend, &ann.caller, Some(&password()), Some(&totp(NOWHERE)), &client).await;
        assert!(matches!(without, Err(FactorFailure::NotFresh)));
        assert!(matches!(wrong, Err(FactorFailure::CodeWrong)));
        assert!(matches!(new_backup_codes(&backend, &ann.caller, Some(&password())).await, Err(FactorFailure::NotFresh)));
        assert!(matches!(totp_uri(&backend, &ann.caller, Some(&password())).await, Err(FactorFailure::NotFresh)));
        assert!(status(&backend, &ann.caller).await.unwrap().enabled);

        let code = backup(&ann.backup_codes[0]);
        let login = disable(&backend, &ann.caller, Some(&password()), Some(&code), &client).await.unwrap();

        assert!(!login.user.two_factor_enabled);
        let ann_now = caller(&backend, &login.token).await;
        let after = status(&backend, &ann_now).await.unwrap();
        assert_eq!((after.enabled, after.totp, after.backup_codes_left), (false, false, 0));
        login_of(ann.sign_in(&backend, &client).await);
    }

    async fn switching_off_ends_trust_and_open_challenges(db: TestDb) {
        let backend = backend(db.db.clone());
        let ann = Person::with_app(&backend, "ann@example.com").await;
        let challenge = ann.challenge(&backend).await;
        let wish = Answer { trust_device: true, ..plain(ann.code(&backend)) };
        answer(&backend, &challenge.token, &wish, &Client::default()).await.unwrap();
        let open = ann.challenge(&backend).await;
        let proved = confirm(&backend, &ann.caller, &backup(&ann.backup_codes[1]), &Client::default()).await;
        assert!(proved.is_ok());

        disable(&backend, &ann.caller, Some(&password()), None, &Client::default()).await.unwrap();

        assert!(matches!(pending(&backend, &open.token).await, Err(FactorFailure::ChallengeOver)));
        assert_eq!(count(&backend, "challenge").await, 0);
        let ann_now = caller(&backend, &login_of(ann.sign_in(&backend, &Client::default()).await).token).await;
        assert!(trusted_devices(&backend, &ann_now).await.unwrap().is_empty());
    }

    async fn better_auths_profile_switches_off_by_the_password(db: TestDb) {
        let [_, backend] = both(&db);
        let ann = Person::with_app(&backend, "ann@example.com").await;
        backend.clock.advance(minutes(20));

        let codes = new_backup_codes(&backend, &ann.caller, Some(&password())).await.unwrap();
        assert_ne!(codes, ann.backup_codes);
        let login = disable(&backend, &ann.caller, Some(&password()), None, &Client::default()).await.unwrap();

        assert!(!login.user.two_factor_enabled);
        let ann = caller(&backend, &login.token).await;
        assert!(matches!(new_backup_codes(&backend, &ann, Some(&password())).await, Err(FactorFailure::NotEnabled)));
        // Switching off what is off is no error.
        assert!(disable(&backend, &ann, Some(&password()), None, &Client::default()).await.is_ok());
    }

    async fn new_backup_codes_void_the_old_ones(db: TestDb) {
        for (n, backend) in both(&db).iter().enumerate() {
            let ann = Person::with_app(backend, &format!("ann{n}@example.com")).await;

            let codes = new_backup_codes(backend, &ann.caller, Some(&password())).await.unwrap();

            let challenge = ann.challenge(backend).await;
            let old = answered(backend, &challenge.token, backup(&ann.backup_codes[0])).await;
            assert!(matches!(old, Err(FactorFailure::BackupCodeWrong)));
            assert!(answered(backend, &challenge.token, backup(&codes[0])).await.is_ok());
        }
    }

    async fn mailed_codes_alone_are_a_factor_too(db: TestDb) {
        for (n, backend) in both(&db).iter().enumerate() {
            let email = format!("ann{n}@example.com");
            let ann = somebody(backend, &email).await;

            let login = enable_otp(backend, &ann, Some(&password()), &Client::default()).await.unwrap();

            assert!(login.user.two_factor_enabled);
            let challenge = challenge_of(sign_in(backend, &request(&email, &Client::default())).await.unwrap());
            assert_eq!(challenge.methods, [FactorMethod::Otp]);
            let app = answered(backend, &challenge.token, totp(NOWHERE)).await;
            assert!(matches!(app, Err(FactorFailure::TotpNotEnabled)));
            send_code(backend, CodeFor::Challenge(&challenge.token)).await.unwrap();
            let code = mailed_code(backend, &email).await;
            assert!(answered(backend, &challenge.token, FactorCode::Otp(code.into())).await.is_ok());
        }
    }

    async fn a_mailed_code_in_a_session_switches_the_factor_on(db: TestDb) {
        for (n, backend) in both(&db).iter().enumerate() {
            let ann = somebody(backend, &format!("ann{n}@example.com")).await;
            send_code(backend, CodeFor::Session(&ann)).await.unwrap();
            let code = FactorCode::Otp(mailed_code(backend, &format!("ann{n}@example.com")).await.into());

            let passed = confirm(backend, &ann, &code, &Client::default()).await.unwrap();

            assert!(passed.login.unwrap().user.two_factor_enabled);
        }
    }

    async fn an_old_session_needs_a_new_sign_in_before_mail_switches_it_on(db: TestDb) {
        let backend = backend(db.db.clone());
        let ann = somebody(&backend, "ann@example.com").await;
        backend.clock.advance(minutes(14));
        send_code(&backend, CodeFor::Session(&ann)).await.unwrap();
        let code = FactorCode::Otp(mailed_code(&backend, "ann@example.com").await.into());
        backend.clock.advance(minutes(1));

        let refused = confirm(&backend, &ann, &code, &Client::default()).await;

        assert!(matches!(refused, Err(FactorFailure::NotFresh)));
    }

    async fn who_has_no_password_needs_a_recent_sign_in(db: TestDb) {
        let [hardened, better_auth] = both(&db);
        for (backend, may) in [(hardened, true), (better_auth, false)] {
            let ann = somebody(&backend, &format!("ann{may}@example.com")).await;
            let mut tx = backend.db.system().write().await.unwrap();
            execute!(tx, r#"delete from "account" where "userId" = $1"#, ann.user()).unwrap();
            tx.commit().await.unwrap();

            assert_eq!(begin_totp(&backend, &ann, None, None).await.is_ok(), may);
            backend.clock.advance(minutes(15));
            assert!(matches!(begin_totp(&backend, &ann, None, None).await, Err(FactorFailure::PasswordWrong)));
        }
    }

    async fn every_change_is_mailed_to_the_person(db: TestDb) {
        let backend = backend(db.db.clone());
        let ann = Person::with_app(&backend, "ann@example.com").await;
        new_backup_codes(&backend, &ann.caller, Some(&password())).await.unwrap();
        disable(&backend, &ann.caller, Some(&password()), None, &Client::default()).await.unwrap();

        let mails = mails_of(&backend, "ann@example.com").await;
        let subjects: Vec<_> = mails.iter().map(|mail| &*mail.subject).collect();

        for subject in ["Two-factor sign-in is on", "New recovery codes", "Two-factor sign-in is off"] {
            assert_eq!(subjects.iter().filter(|sent| **sent == subject).count(), 1, "{subject}: {subjects:?}");
        }
    }

    async fn rows_are_better_auths_or_sealed(db: TestDb) {
        let [hardened, better_auth] = both(&db);
        let ann = Person::with_app(&better_auth, "ann@example.com").await;
        let bob = Person::with_app(&hardened, "bob@example.com").await;
        ann.challenge(&better_auth).await;
        let bobs = bob.challenge(&hardened).await;

        let mut tx = hardened.db.system().read().await.unwrap();
        let rows: Vec<(String, String, bool, i64, Option<Timestamp>)> = fetch_all!(
            tx,
            r#"
            select "secret", "backupCodes", "verified", "failedVerificationCount", "lockedUntil"
            from "twoFactor"
            order by length("secret")
            "#,
        )
        .unwrap();
        let identifiers: Vec<(String, String)> = fetch_all!(
            tx,
            r#"select "identifier", "value" from "verification" where "identifier" like '2fa-%' order by "identifier""#,
        )
        .unwrap();

        let (sealed, plain) = (&rows[0], &rows[1]);
        assert!(sealed.0.starts_with("cfr1.") && sealed.1.starts_with('['), "{sealed:?}");
        assert_eq!((plain.0.len(), plain.1.len()), (2 * (24 + 32 + 16), 2 * (24 + 141 + 16)));
        assert!(rows.iter().all(|row| row.2 && row.3 == 0 && row.4.is_none()));
        assert_eq!(identifiers.len(), 4);
        assert!(identifiers.iter().any(|(name, value)| name.len() == 24 && value == ann.id().as_str()));
        assert!(identifiers.iter().all(|(name, _)| !name.contains(bobs.token.token())));
    }
}
