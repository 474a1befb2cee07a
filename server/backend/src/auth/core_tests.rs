//! What becomes of a person's ways in and sessions: passwords, resets, deletions, linked accounts.

use std::sync::Arc;

use domain::UserId;

use super::{sessions::Extend, *};
use crate::{
    AuthProfile, Backend, Settings, both_engines, execute, fetch_one,
    testing::{World, backend, mails_of, token_in},
};

const PASSWORD: &str = "correct horse battery staple";
const NEW: &str = "an entirely different phrase";
const ANN: &str = "ann@example.com";

struct Ann {
    user: UserView,
    caller: SignedIn,
    token: SessionToken,
}

fn better_auth(mut backend: Backend) -> Backend {
    let mut settings = Settings::clone(&backend.settings);
    settings.auth.profile = AuthProfile::BetterAuth;
    settings.auth.password_min = 8;
    backend.settings = Arc::new(settings);
    backend
}

async fn ann(backend: &Backend) -> Ann {
    let request = SignUpRequest {
        name: "Ann Lee".into(),
        email: ANN.into(),
        password: PASSWORD.into(),
        image: None,
        callback: String::new(),
        remember: true,
        client: Client::default(),
    };
    let login = sign_up(backend, &request).await.unwrap().login.unwrap();
    seen(backend, login.token).await.unwrap()
}

async fn seen(backend: &Backend, token: SessionToken) -> Option<Ann> {
    let found = sessions::find(backend, &token, Extend::Never).await.unwrap()?;
    Some(Ann { user: found.user, caller: found.caller, token })
}

async fn enter(backend: &Backend, password: &str) -> Result<Login, AuthFailure> {
    let request = SignInRequest {
        email: ANN.into(),
        password: password.into(),
        remember: true,
        client: Client::default(),
        replaces: None,
    };
    let SignIn::Done(login) = sign_in(backend, &request).await? else {
        panic!("no second factor is switched on")
    };
    Ok(login)
}

fn change(current: &str, new: &str, revoke_others: Option<bool>) -> ChangePassword {
    ChangePassword {
        current: current.into(),
        new: new.into(),
        revoke_others,
        remember: true,
        client: Client::default(),
    }
}

async fn link_google(backend: &Backend, user: &UserId) {
    let mut tx = backend.db.system().write().await.unwrap();
    execute!(
        tx,
        r#"
        insert into "account" ("id", "accountId", "providerId", "userId", "scope", "createdAt", "updatedAt")
        values ('google-row', '114', 'google', $1, 'openid,email', $2, $2)
        "#,
        user,
        crate::Timestamp::from(backend.clock.now()),
    )
    .unwrap();
    tx.commit().await.unwrap();
}

async fn people(backend: &Backend) -> i64 {
    let mut tx = backend.db.system().read().await.unwrap();
    let (count,): (i64,) = fetch_one!(tx, r#"select count(*) from "user""#).unwrap();
    count
}

both_engines! {
    async fn a_new_password_ends_every_other_session_unless_told_otherwise(db: TestDb) {
        let backend = backend(db.db.clone());
        let ann = ann(&backend).await;
        let phone = enter(&backend, PASSWORD).await.unwrap();

        let login = change_password(&backend, &ann.user, &change(PASSWORD, NEW, None)).await.unwrap();

        let login = login.unwrap();
        assert!(seen(&backend, ann.token).await.is_none() && seen(&backend, phone.token).await.is_none());
        assert!(seen(&backend, login.token).await.is_some());
        assert!(matches!(enter(&backend, PASSWORD).await, Err(AuthFailure::CredentialsWrong)));
        let phone = enter(&backend, NEW).await.unwrap();
        assert_eq!(mails_of(&backend, ANN).await[0].subject, "Your password was changed");

        let kept = change_password(&backend, &ann.user, &change(NEW, PASSWORD, Some(false))).await.unwrap();

        assert!(kept.is_none() && seen(&backend, phone.token).await.is_some());
    }

    async fn better_auths_profile_keeps_the_other_sessions_unless_asked(db: TestDb) {
        let backend = better_auth(backend(db.db.clone()));
        let ann = ann(&backend).await;

        let kept = change_password(&backend, &ann.user, &change(PASSWORD, NEW, None)).await.unwrap();
        assert!(kept.is_none() && seen(&backend, ann.token.clone()).await.is_some());

        let login = change_password(&backend, &ann.user, &change(NEW, PASSWORD, Some(true))).await.unwrap();
        assert!(seen(&backend, ann.token).await.is_none());
        assert!(seen(&backend, login.unwrap().token).await.is_some());
    }

    async fn a_password_is_changed_only_by_who_knows_it_and_only_to_a_good_one(db: TestDb) {
        let backend = backend(db.db.clone());
        let ann = ann(&backend).await;
        let long = "x".repeat(129);

        for (current, new, code) in [
            (PASSWORD, "short", "PASSWORD_TOO_SHORT"),
            (PASSWORD, &*long, "PASSWORD_TOO_LONG"),
            (&*long, NEW, "PASSWORD_TOO_LONG"),
            ("not the password", NEW, "INVALID_PASSWORD"),
            (PASSWORD, "password1234", "PASSWORD_COMPROMISED"),
        ] {
            let error = change_password(&backend, &ann.user, &change(current, new, None)).await.unwrap_err();
            assert_eq!(error.code(), Some(code), "{current} {new}");
        }
        assert!(enter(&backend, PASSWORD).await.is_ok());
        assert!(verify_password(&backend, &ann.caller, &PASSWORD.into()).await.is_ok());
        let wrong = verify_password(&backend, &ann.caller, &NEW.into()).await;
        assert!(matches!(wrong, Err(AuthFailure::PasswordWrong)), "{wrong:?}");
    }

    async fn whoever_came_by_a_provider_sets_a_first_password_once(db: TestDb) {
        let w = World::new(db).await;
        let missing = verify_password(&w.backend, &w.alice, &NEW.into()).await;
        assert!(matches!(missing, Err(AuthFailure::CredentialMissing)), "{missing:?}");

        set_password(&w.backend, &w.alice, &NEW.into()).await.unwrap();

        verify_password(&w.backend, &w.alice, &NEW.into()).await.unwrap();
        let again = set_password(&w.backend, &w.alice, &PASSWORD.into()).await;
        assert!(matches!(again, Err(AuthFailure::PasswordAlreadySet)), "{again:?}");
    }

    async fn a_reset_link_sets_a_password_once_and_ends_every_session(db: TestDb) {
        let backend = backend(db.db.clone());
        let ann = ann(&backend).await;
        link_google(&backend, &ann.user.id).await;
        backend.clock.advance(std::time::Duration::from_secs(1));
        request_reset(&backend, "ANN@example.com", "/reset-password", &Client::default()).await.unwrap();
        let token = token_in(&mails_of(&backend, ANN).await[0]);
        assert_eq!(check_reset(&backend, &token).await.unwrap(), ResetLink::Works);

        let weak = reset_password(&backend, &token, &"password1234".into()).await;
        reset_password(&backend, &token, &NEW.into()).await.unwrap();
        let again = reset_password(&backend, &token, &PASSWORD.into()).await;

        assert_eq!(weak.unwrap_err().code(), Some("PASSWORD_COMPROMISED"));
        assert!(matches!(again, Err(AuthFailure::TokenInvalid)), "{again:?}");
        assert_eq!(check_reset(&backend, &token).await.unwrap(), ResetLink::Used);
        assert!(seen(&backend, ann.token).await.is_none());
        let login = enter(&backend, NEW).await.unwrap();
        assert!(login.user.email_verified, "whoever reads the mail has proven the address");
        let now = seen(&backend, login.token).await.unwrap();
        let accounts = linked_accounts(&backend, &now.caller).await.unwrap();
        assert_eq!(accounts.len(), 1, "what was linked before the proof is gone");
    }

    async fn better_auths_reset_keeps_sessions_and_verification(db: TestDb) {
        let backend = better_auth(backend(db.db.clone()));
        let ann = ann(&backend).await;
        backend.clock.advance(std::time::Duration::from_secs(1));
        request_reset(&backend, ANN, "", &Client::default()).await.unwrap();
        let token = token_in(&mails_of(&backend, ANN).await[0]);

        reset_password(&backend, &token, &NEW.into()).await.unwrap();

        assert_eq!(token.len(), 24);
        assert_eq!(check_reset(&backend, &token).await.unwrap(), ResetLink::Unknown, "no mark is kept");
        assert!(!seen(&backend, ann.token).await.unwrap().user.email_verified);
        assert!(enter(&backend, NEW).await.is_ok());
    }

    async fn the_mark_of_a_used_link_stays_as_long_as_the_link_would_have(db: TestDb) {
        let backend = backend(db.db.clone());
        ann(&backend).await;
        backend.clock.advance(std::time::Duration::from_secs(1));
        request_reset(&backend, ANN, "", &Client::default()).await.unwrap();
        let token = token_in(&mails_of(&backend, ANN).await[0]);
        backend.clock.advance(std::time::Duration::from_mins(20));
        reset_password(&backend, &token, &NEW.into()).await.unwrap();

        backend.clock.advance(std::time::Duration::from_mins(39));
        let still = check_reset(&backend, &token).await.unwrap();
        backend.clock.advance(std::time::Duration::from_mins(1));
        let over = check_reset(&backend, &token).await.unwrap();

        assert_eq!((still, over), (ResetLink::Used, ResetLink::Unknown));
    }

    async fn a_newer_reset_link_a_new_password_and_an_hour_void_the_older_one(db: TestDb) {
        let backend = backend(db.db.clone());
        let ann = ann(&backend).await;
        let mut tokens = Vec::new();
        for _ in 0..2 {
            backend.clock.advance(std::time::Duration::from_secs(1));
            request_reset(&backend, ANN, "", &Client::default()).await.unwrap();
            tokens.push(token_in(&mails_of(&backend, ANN).await[0]));
        }
        assert_eq!(check_reset(&backend, &tokens[0]).await.unwrap(), ResetLink::Unknown);
        assert_eq!(check_reset(&backend, &tokens[1]).await.unwrap(), ResetLink::Works);

        change_password(&backend, &ann.user, &change(PASSWORD, NEW, None)).await.unwrap();
        assert_eq!(check_reset(&backend, &tokens[1]).await.unwrap(), ResetLink::Unknown);

        request_reset(&backend, ANN, "", &Client::default()).await.unwrap();
        backend.clock.advance(std::time::Duration::from_secs(1));
        let token = token_in(&mails_of(&backend, ANN).await[0]);
        backend.clock.advance(std::time::Duration::from_hours(1));
        assert_eq!(check_reset(&backend, &token).await.unwrap(), ResetLink::Expired);
    }

    async fn nobody_gets_a_reset_mail_and_the_work_is_the_same(db: TestDb) {
        let backend = backend(db.db.clone());
        ann(&backend).await;
        crate::jobs::run_due(&backend).await.unwrap();

        request_reset(&backend, "nobody@example.com", "", &Client::default()).await.unwrap();

        assert_eq!(crate::jobs::run_due(&backend).await.unwrap(), 1);
        assert!(mails_of(&backend, "nobody@example.com").await.is_empty());
    }

    async fn of_two_resets_at_once_one_sets_the_password(db: TestDb) {
        let backend = backend(db.db.clone());
        ann(&backend).await;
        backend.clock.advance(std::time::Duration::from_secs(1));
        request_reset(&backend, ANN, "", &Client::default()).await.unwrap();
        let token = token_in(&mails_of(&backend, ANN).await[0]);

        let tries = (0..4).map(|n| {
            let (backend, token) = (backend.clone(), token.clone());
            tokio::spawn(async move {
                reset_password(&backend, &token, &format!("{NEW} number {n}").as_str().into()).await
            })
        });
        let mut done = 0;
        for task in tries.collect::<Vec<_>>() {
            done += usize::from(task.await.unwrap().is_ok());
        }

        assert_eq!(done, 1);
    }

    async fn sessions_are_listed_and_ended_by_their_owner_alone(db: TestDb) {
        let backend = backend(db.db.clone());
        let laptop = ann(&backend).await;
        backend.clock.advance(std::time::Duration::from_secs(1));
        let phone = seen(&backend, enter(&backend, PASSWORD).await.unwrap().token).await.unwrap();
        let eve = crate::testing::person(&backend, "eve").await;

        let own = sessions::list(&backend, &laptop.caller).await.unwrap();

        assert_eq!(own.iter().map(|one| one.current).collect::<Vec<_>>(), [false, true]);
        let handle = own[0].handle.clone();
        assert_ne!(handle, phone.token.expose());
        assert!(!sessions::revoke(&backend, &eve, &handle).await.unwrap());
        assert!(seen(&backend, phone.token.clone()).await.is_some());
        assert!(!sessions::revoke(&backend, &laptop.caller, &handle).await.unwrap());
        assert!(seen(&backend, phone.token).await.is_none());
        assert!(sessions::revoke(&backend, &laptop.caller, laptop.token.expose()).await.unwrap());
        assert!(sessions::list(&backend, &laptop.caller).await.unwrap().is_empty());
    }

    async fn all_other_sessions_end_and_this_one_stays(db: TestDb) {
        let backend = backend(db.db.clone());
        let laptop = ann(&backend).await;
        enter(&backend, PASSWORD).await.unwrap();
        enter(&backend, PASSWORD).await.unwrap();

        assert_eq!(sessions::revoke_others(&backend, &laptop.caller).await.unwrap(), 2);
        assert!(seen(&backend, laptop.token.clone()).await.is_some());
        sessions::revoke_all(&backend, &laptop.caller).await.unwrap();
        assert!(seen(&backend, laptop.token).await.is_none());
    }

    async fn the_last_way_in_stays_and_somebody_elses_is_unknown(db: TestDb) {
        let backend = backend(db.db.clone());
        let ann = ann(&backend).await;
        let eve = crate::testing::person(&backend, "eve").await;
        let by_provider = Which::Provider { provider_id: "google".into(), account_id: None };

        let last = unlink(&backend, &ann.caller, &by_provider).await;
        assert!(matches!(last, Err(AuthFailure::LastAccount)), "{last:?}");
        link_google(&backend, &ann.user.id).await;
        let foreign = unlink(&backend, &eve, &Which::Row("google-row".into())).await;
        assert!(matches!(foreign, Err(AuthFailure::AccountUnknown)), "{foreign:?}");
        let unknown = unlink(&backend, &ann.caller, &Which::Row("other".into())).await;
        assert!(matches!(unknown, Err(AuthFailure::AccountUnknown)), "{unknown:?}");
        let accounts = linked_accounts(&backend, &ann.caller).await.unwrap();
        assert_eq!(accounts[1].scopes, ["openid", "email"]);

        unlink(&backend, &ann.caller, &by_provider).await.unwrap();

        assert_eq!(linked_accounts(&backend, &ann.caller).await.unwrap().len(), 1);
    }

    async fn a_mailed_link_deletes_the_account_of_its_owner_alone(db: TestDb) {
        let backend = backend(db.db.clone());
        let ann = ann(&backend).await;
        let eve = crate::testing::person(&backend, "eve").await;
        let eve = UserView { id: eve.user().clone(), ..ann.user.clone() };
        let ask = DeletionRequest::default();
        let mut tokens = Vec::new();
        for _ in 0..2 {
            backend.clock.advance(std::time::Duration::from_secs(1));
            let asked = request_deletion(&backend, &ann.user, &ask).await.unwrap();
            assert_eq!(asked, Deletion::LinkSent);
            tokens.push(token_in(&mails_of(&backend, ANN).await[0]));
        }

        let foreign = delete_with_token(&backend, &eve, &tokens[0]).await;
        let spent = delete_with_token(&backend, &ann.user, &tokens[0]).await;
        assert!(matches!(foreign, Err(AuthFailure::TokenInvalid)), "{foreign:?}");
        assert!(matches!(spent, Err(AuthFailure::TokenInvalid)), "{spent:?}");
        assert_eq!(people(&backend).await, 2);
        delete_with_token(&backend, &ann.user, &tokens[1]).await.unwrap();

        assert_eq!(people(&backend).await, 1);
        assert!(seen(&backend, ann.token).await.is_none());
        assert_eq!(mails_of(&backend, ANN).await[0].subject, "Your account was deleted");
    }

    async fn a_link_that_deletes_works_for_an_hour_and_in_better_auths_profile_for_a_day(db: TestDb) {
        let hardened = Backend { random: crate::Random::system(), ..backend(db.db.clone()) };
        let both = [(better_auth(hardened.clone()), 24, "24 hours"), (hardened, 1, "60 minutes")];
        for (backend, hours, words) in both {
            let ann = ann(&backend).await;
            let mut tokens = Vec::new();
            for _ in 0..2 {
                backend.clock.advance(std::time::Duration::from_secs(1));
                request_deletion(&backend, &ann.user, &DeletionRequest::default()).await.unwrap();
                let mail = &mails_of(&backend, ANN).await[0];
                assert!(mail.text.contains(&format!("once, for {words}, in")), "{}", mail.text);
                tokens.push(token_in(mail));
            }
            backend.clock.advance(std::time::Duration::from_secs(hours * 3_600 - 1));

            let late = delete_with_token(&backend, &ann.user, &tokens[0]).await;
            let in_time = delete_with_token(&backend, &ann.user, &tokens[1]).await;

            assert!(matches!(late, Err(AuthFailure::TokenInvalid)), "{words}: {late:?}");
            assert!(in_time.is_ok(), "{words}: {in_time:?}");
        }
    }

    async fn an_account_goes_at_once_after_a_fresh_sign_in_and_its_address(db: TestDb) {
        let w = World::new(db).await;

        let other = delete_account(&w.backend, &w.alice, "mallory@example.com").await;
        assert!(matches!(other, Err(AuthFailure::EmailMismatch)), "{other:?}");
        let mut off = Settings::clone(&w.backend.settings);
        off.auth.delete_user = false;
        let off = Backend { settings: Arc::new(off), ..w.backend.clone() };
        let refused = delete_account(&off, &w.alice, "alice@example.com").await;
        assert!(matches!(refused, Err(AuthFailure::DeletionOff)), "{refused:?}");
        w.backend.clock.advance(std::time::Duration::from_mins(15));
        let late = delete_account(&w.backend, &w.alice, "alice@example.com").await;
        assert!(matches!(late, Err(AuthFailure::NotFresh)), "{late:?}");
        let again = SignedIn::in_a_test(w.alice.user().clone(), w.backend.clock.now());

        delete_account(&w.backend, &again, " Alice@example.com ").await.unwrap();

        assert_eq!(people(&w.backend).await, 1);
    }
}
