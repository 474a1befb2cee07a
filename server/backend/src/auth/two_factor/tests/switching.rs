//! Setting the factor up, changing it, switching it off.

use super::*;

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
