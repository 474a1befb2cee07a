use std::sync::Arc;

use super::*;
use crate::{
    AuthProfile, Settings,
    auth::{
        Client, Password, SessionToken, SignIn, SignInRequest, SignUpRequest, SignedIn,
        request_reset,
        sessions::{self, Extend},
        sign_in, sign_up,
    },
    both_engines,
    testing::{backend, link_in, mails_of, token_in},
};

const PASSWORD: &str = "correct horse battery staple";
const ANN: &str = "ann@example.com";
const NEW: &str = "ann.lee@example.net";

fn with_profile(mut backend: Backend, profile: AuthProfile) -> Backend {
    let mut settings = Settings::clone(&backend.settings);
    settings.auth.profile = profile;
    backend.settings = Arc::new(settings);
    backend
}

async fn ann(backend: &Backend) -> (UserView, SignedIn, SessionToken) {
    let request = SignUpRequest {
        name: "Ann Lee".into(),
        email: ANN.into(),
        password: PASSWORD.into(),
        image: None,
        callback: "/welcome".into(),
        remember: true,
        client: Client::default(),
    };
    let login = sign_up(backend, &request).await.unwrap().login.unwrap();
    let caller = caller(backend, &login.token).await.unwrap();
    (login.user, caller, login.token)
}

async fn caller(backend: &Backend, token: &SessionToken) -> Option<SignedIn> {
    let found = sessions::find(backend, token, Extend::Never).await.unwrap();
    found.map(|found| found.caller)
}

async fn user(backend: &Backend, email: &str) -> Option<UserView> {
    let mut tx = backend.db.system().read().await.unwrap();
    users::by_email(&mut tx, email).await.unwrap()
}

async fn newest_token(backend: &Backend, address: &str) -> String {
    token_in(&mails_of(backend, address).await[0])
}

fn second(backend: &Backend) {
    backend.clock.advance(std::time::Duration::from_secs(1));
}

fn nobody() -> Client {
    Client::default()
}

/// Ann, with her address proven.
async fn verified_ann(backend: &Backend) -> (UserView, SignedIn, SessionToken) {
    let (_, caller, token) = ann(backend).await;
    let link = newest_token(backend, ANN).await;
    verify(backend, &link, Some(&caller), &nobody()).await.unwrap();
    second(backend);
    (user(backend, ANN).await.unwrap(), caller, token)
}

async fn refuse_somebody_else(backend: Backend) {
    let (ann, ..) = verified_ann(&backend).await;
    let eve = crate::testing::person(&backend, "eve").await;
    change_email(&backend, &ann, NEW, "", &nobody()).await.unwrap();
    let agree = newest_token(&backend, ANN).await;

    let refused = verify(&backend, &agree, Some(&eve), &nobody()).await;

    assert!(matches!(refused, Err(AuthFailure::UserOther)), "{refused:?}");
    assert!(verify(&backend, &agree, None, &nobody()).await.is_ok());
}

both_engines! {
    async fn signing_up_mails_a_link_that_proves_the_address_once(db: TestDb) {
        let backend = backend(db.db.clone());
        let (_, caller, _) = ann(&backend).await;
        let mails = mails_of(&backend, ANN).await;
        assert_eq!(mails.len(), 1);
        assert_eq!(link_in(&mails[0]).path(), "/verify-email");
        assert!(link_in(&mails[0]).query().unwrap().ends_with("&next=%2Fwelcome"));
        let token = token_in(&mails[0]);

        verify(&backend, &token, Some(&caller), &nobody()).await.unwrap();

        assert!(user(&backend, ANN).await.unwrap().email_verified);
        let again = verify(&backend, &token, Some(&caller), &nobody()).await;
        assert!(matches!(again, Err(AuthFailure::TokenInvalid)), "{again:?}");
    }

    async fn looking_at_a_link_says_what_it_does_and_spends_nothing(db: TestDb) {
        let backend = backend(db.db.clone());
        let (_, caller, _) = ann(&backend).await;
        let token = newest_token(&backend, ANN).await;
        let prove = |own| Link { email: ANN.into(), does: Does::Prove, own };
        assert_eq!(look(&backend, &token, Some(&caller)).await.unwrap(), prove(true));
        assert_eq!(look(&backend, &token, None).await.unwrap(), prove(false));
        verify(&backend, &token, Some(&caller), &nobody()).await.unwrap();
        let spent = look(&backend, &token, Some(&caller)).await;
        assert!(matches!(spent, Err(AuthFailure::TokenInvalid)), "{spent:?}");

        second(&backend);
        let user = user(&backend, ANN).await.unwrap();
        change_email(&backend, &user, NEW, "", &nobody()).await.unwrap();
        let agree = newest_token(&backend, ANN).await;
        assert_eq!(look(&backend, &agree, None).await.unwrap().does, Does::Agree(NEW.into()));
        verify(&backend, &agree, Some(&caller), &nobody()).await.unwrap();
        let change = newest_token(&backend, NEW).await;
        let link = look(&backend, &change, Some(&caller)).await.unwrap();
        assert_eq!(link, Link { email: ANN.into(), does: Does::Change(NEW.into()), own: true });
    }

    async fn better_auths_link_is_a_signed_token_that_works_again(db: TestDb) {
        let backend = with_profile(backend(db.db.clone()), AuthProfile::BetterAuth);
        ann(&backend).await;
        let mails = mails_of(&backend, ANN).await;
        assert_eq!(link_in(&mails[0]).path(), "/api/auth/verify-email");
        assert!(link_in(&mails[0]).query().unwrap().ends_with("&callbackURL=%2Fwelcome"));
        let token = token_in(&mails[0]);

        for _ in 0..2 {
            let done = verify(&backend, &token, None, &nobody()).await.unwrap();
            assert!(done.user.is_none() && user(&backend, ANN).await.unwrap().email_verified);
        }
        backend.clock.advance(std::time::Duration::from_hours(1));
        let late = verify(&backend, &token, None, &nobody()).await;
        assert!(matches!(late, Err(AuthFailure::TokenExpired)), "{late:?}");
    }

    async fn a_link_is_mailed_again_to_whom_it_may_concern_and_voids_the_first(db: TestDb) {
        let backend = backend(db.db.clone());
        let (ann, caller, _) = ann(&backend).await;
        let first = newest_token(&backend, ANN).await;
        second(&backend);

        send_verification(&backend, ANN, "/", Some(&ann), &nobody()).await.unwrap();
        send_verification(&backend, "nobody@example.com", "/", None, &nobody()).await.unwrap();
        let other = send_verification(&backend, "eve@example.com", "/", Some(&ann), &nobody()).await;

        assert!(matches!(other, Err(AuthFailure::EmailMismatch)), "{other:?}");
        assert!(mails_of(&backend, "nobody@example.com").await.is_empty());
        assert!(matches!(verify(&backend, &first, None, &nobody()).await, Err(AuthFailure::TokenInvalid)));
        let link = newest_token(&backend, ANN).await;
        verify(&backend, &link, Some(&caller), &nobody()).await.unwrap();
        let ann = user(&backend, ANN).await.unwrap();
        let done = send_verification(&backend, ANN, "/", Some(&ann), &nobody()).await;
        assert!(matches!(done, Err(AuthFailure::EmailAlreadyVerified)), "{done:?}");
        send_verification(&backend, ANN, "/", None, &nobody()).await.unwrap();
        assert_eq!(mails_of(&backend, ANN).await.len(), 2);
    }

    async fn reading_the_mail_is_not_enough_to_prove_an_account_somebody_else_made(db: TestDb) {
        let backend = backend(db.db.clone());
        ann(&backend).await;
        let ask = |password: Option<&str>| ConfirmRequest {
            token: String::new(),
            caller: None,
            password: password.map(Password::from),
            client: nobody(),
        };
        let token = newest_token(&backend, ANN).await;
        let with = |request: ConfirmRequest| ConfirmRequest { token: token.clone(), ..request };

        let without = confirm(&backend, &with(ask(None))).await;
        let wrong = confirm(&backend, &with(ask(Some("not the password at all")))).await;

        assert!(matches!(without, Err(AuthFailure::PasswordNeeded)), "{without:?}");
        assert!(matches!(wrong, Err(AuthFailure::CredentialsWrong)), "{wrong:?}");
        assert!(!user(&backend, ANN).await.unwrap().email_verified);
        let done = confirm(&backend, &with(ask(Some(PASSWORD)))).await.unwrap();
        assert!(matches!(done, Confirmed::SignedIn(SignIn::Done(_))), "{done:?}");
        assert!(user(&backend, ANN).await.unwrap().email_verified);
    }

    async fn an_address_changes_when_the_old_one_agrees_and_the_new_one_is_proven(db: TestDb) {
        let backend = backend(db.db.clone());
        let (ann, caller, old_token) = verified_ann(&backend).await;

        change_email(&backend, &ann, NEW, "", &nobody()).await.unwrap();
        let agree = newest_token(&backend, ANN).await;
        assert!(mails_of(&backend, NEW).await.is_empty());
        let half = verify(&backend, &agree, Some(&caller), &nobody()).await.unwrap();
        assert!(half.user.is_none() && user(&backend, NEW).await.is_none());
        second(&backend);
        request_reset(&backend, ANN, "", &nobody()).await.unwrap();
        let reset = newest_token(&backend, ANN).await;
        let prove = newest_token(&backend, NEW).await;
        second(&backend);
        let done = verify(&backend, &prove, Some(&caller), &nobody()).await.unwrap();

        let now = done.user.unwrap();
        assert_eq!((&*now.email, now.email_verified, &now.id), (NEW, true, &ann.id));
        assert!(super::caller(&backend, &old_token).await.is_none());
        assert!(super::caller(&backend, &done.login.unwrap().token).await.is_some());
        assert_eq!(crate::auth::check_reset(&backend, &reset).await.unwrap(), crate::auth::ResetLink::Unknown);
        assert_eq!(mails_of(&backend, ANN).await[0].subject, "Your address was changed");
        assert_eq!(mails_of(&backend, NEW).await[0].subject, "Your address was changed");
    }

    async fn the_old_address_takes_a_change_back_for_a_week(db: TestDb) {
        let backend = backend(db.db.clone());
        let (ann, caller, _) = verified_ann(&backend).await;
        change_email(&backend, &ann, NEW, "", &nobody()).await.unwrap();
        let agree = newest_token(&backend, ANN).await;
        verify(&backend, &agree, Some(&caller), &nobody()).await.unwrap();
        second(&backend);
        let prove = newest_token(&backend, NEW).await;
        let login = verify(&backend, &prove, Some(&caller), &nobody()).await.unwrap().login.unwrap();
        let undo = newest_token(&backend, ANN).await;

        assert_eq!(undo_change(&backend, &undo).await.unwrap(), ANN);

        assert!(user(&backend, NEW).await.is_none() && user(&backend, ANN).await.is_some());
        assert!(super::caller(&backend, &login.token).await.is_none());
        assert!(matches!(undo_change(&backend, &undo).await, Err(AuthFailure::TokenInvalid)));
    }

    async fn a_change_that_cannot_be_is_refused_or_silent(db: TestDb) {
        let backend = backend(db.db.clone());
        let (ann, ..) = verified_ann(&backend).await;
        let request = SignInRequest {
            email: ANN.into(),
            password: PASSWORD.into(),
            remember: true,
            client: nobody(),
            replaces: None,
        };
        let eve = SignUpRequest {
            name: "Eve".into(),
            email: "eve@example.com".into(),
            password: "another very fine password".into(),
            image: None,
            callback: String::new(),
            remember: true,
            client: nobody(),
        };
        sign_up(&backend, &eve).await.unwrap();
        let before = mails_of(&backend, ANN).await.len();

        change_email(&backend, &ann, "Eve@example.com", "", &nobody()).await.unwrap();
        assert!(matches!(change_email(&backend, &ann, "ANN@example.com", "", &nobody()).await, Err(AuthFailure::EmailSame)));
        assert!(matches!(change_email(&backend, &ann, "ann", "", &nobody()).await, Err(AuthFailure::EmailInvalid)));
        let mut off = Settings::clone(&backend.settings);
        off.auth.change_email = false;
        let off = Backend { settings: Arc::new(off), ..backend.clone() };
        assert!(matches!(change_email(&off, &ann, NEW, "", &nobody()).await, Err(AuthFailure::ChangeEmailOff)));

        assert_eq!(mails_of(&backend, ANN).await.len(), before);
        assert_eq!(mails_of(&backend, "eve@example.com").await.len(), 1);
        assert!(sign_in(&backend, &request).await.is_ok());
    }

    async fn a_link_of_a_change_is_refused_in_somebody_elses_session(db: TestDb) {
        refuse_somebody_else(backend(db.db.clone())).await;
    }

    async fn better_auths_profile_refuses_it_there_too(db: TestDb) {
        refuse_somebody_else(with_profile(backend(db.db.clone()), AuthProfile::BetterAuth)).await;
    }

    async fn in_better_auths_profile_an_unproven_address_is_replaced_by_the_new_ones_link(db: TestDb) {
        let backend = with_profile(backend(db.db.clone()), AuthProfile::BetterAuth);
        let (ann, caller, token) = ann(&backend).await;
        change_email(&backend, &ann, NEW, "/profile", &nobody()).await.unwrap();
        let link = newest_token(&backend, NEW).await;

        let done = verify(&backend, &link, Some(&caller), &nobody()).await.unwrap();

        let now = done.user.unwrap();
        assert_eq!((&*now.email, now.email_verified), (NEW, false));
        assert!(done.login.is_none() && super::caller(&backend, &token).await.is_some());
        let again = verify(&backend, &link, Some(&caller), &nobody()).await;
        assert!(matches!(again, Err(AuthFailure::TokenInvalid)), "{again:?}");
    }
}
