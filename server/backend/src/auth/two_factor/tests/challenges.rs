//! Codes that end a sign-in, and browsers that are trusted afterwards.

use super::*;

both_engines! {
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

    async fn twenty_wrong_codes_an_hour_are_enough_however_many_challenges(db: TestDb) {
        let [hardened, better_auth] = both(&db).map(limited);
        for (n, (backend, refused)) in [(hardened, true), (better_auth, false)].iter().enumerate() {
            let ann = Person::with_app(backend, &format!("ann{n}@example.com")).await;
            let wrong = async |count: usize| {
                let challenge = ann.challenge(backend).await;
                for _ in 0..count {
                    let wrong = answered(backend, &challenge.token, totp(NOWHERE)).await;
                    assert!(matches!(wrong, Err(FactorFailure::CodeWrong)), "{wrong:?}");
                }
            };
            // Each quarter of an hour, in which the factor rests, gives five back.
            for _ in 0..3 {
                wrong(5).await;
                wrong(5).await;
                backend.clock.advance(minutes(15));
            }
            wrong(5).await;

            let challenge = ann.challenge(backend).await;
            let more = answered(backend, &challenge.token, ann.code(backend)).await;

            if !refused {
                assert!(more.is_ok(), "{more:?}");
                continue;
            }
            assert!(matches!(more, Err(FactorFailure::TooManyCodes(wait)) if wait.seconds() == 180), "{more:?}");
            let signed_in = confirm(backend, &ann.caller, &ann.code(backend), &Client::default()).await;
            assert!(matches!(signed_in, Err(FactorFailure::TooManyCodes(_))), "{signed_in:?}");
            backend.clock.advance(minutes(3));
            assert!(answered(backend, &challenge.token, ann.code(backend)).await.is_ok());
        }
    }

    async fn right_codes_and_codes_that_nothing_was_compared_with_cost_nothing(db: TestDb) {
        let [backend, _] = both(&db).map(limited);
        let ann = Person::with_app(&backend, "ann@example.com").await;
        for _ in 0..30 {
            let right = confirm(&backend, &ann.caller, &ann.code(&backend), &Client::default()).await;
            assert!(right.is_ok(), "{right:?}");
            let none = FactorCode::Otp(NOWHERE.to_owned().into());
            let none = confirm(&backend, &ann.caller, &none, &Client::default()).await;
            assert!(matches!(none, Err(FactorFailure::OtpExpired)), "{none:?}");
            backend.clock.advance(Duration::from_secs(30));
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
}
