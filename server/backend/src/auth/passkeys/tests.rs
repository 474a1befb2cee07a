use std::time::Duration;

use super::{testing::Authenticator, *};
use crate::{
    AuthProfile, Backend, SignedIn,
    auth::{
        Client, Login,
        two_factor::{
            self,
            testing::{Person, caller, challenge_of, in_profile, login_of, somebody},
        },
    },
    both_engines, fetch_all, fetch_one,
    testing::{TestDb, backend, mails_of},
};

const ORIGIN: &str = "http://localhost:3000";

fn both(db: &TestDb) -> [Backend; 2] {
    let hardened = backend(db.db.clone());
    [in_profile(&hardened, AuthProfile::Hardened), in_profile(&hardened, AuthProfile::BetterAuth)]
}

async fn add(
    backend: &Backend,
    who: &SignedIn,
    key: &Authenticator,
) -> Result<Passkey, PasskeyFailure> {
    let begun = begin_registration(backend, who, None, None).await.unwrap();
    register(backend, who, &begun.token, &key.create(&begun.options), Some("My key")).await
}

/// A sign-in from nowhere in particular.
fn plain<'a>(
    ceremony: &'a CeremonyToken,
    answer: &'a serde_json::Value,
    client: &'a Client,
) -> PasskeySignIn<'a> {
    PasskeySignIn {
        ceremony,
        answer,
        challenge: None,
        trust_device: false,
        remember: true,
        client,
        replaces: None,
    }
}

async fn come_in(backend: &Backend, key: &mut Authenticator) -> Result<Login, PasskeyFailure> {
    let begun = begin_sign_in(backend, CredentialsOf::Anybody).await.unwrap();
    sign_in(backend, &plain(&begun.token, &key.get(&begun.options), &Client::default())).await
}

both_engines! {
    async fn a_passkey_is_added_and_signs_in(db: TestDb) {
        for (n, backend) in both(&db).iter().enumerate() {
            let ann = somebody(backend, &format!("ann{n}@example.com")).await;
            let mut key = Authenticator::new(&format!("key {n}"), ORIGIN);

            let passkey = add(backend, &ann, &key).await.unwrap();
            let login = come_in(backend, &mut key).await.unwrap();

            assert_eq!(passkey.name.as_deref(), Some("My key"));
            assert_eq!((&*passkey.device_type, passkey.backed_up, passkey.counter), ("singleDevice", false, 0));
            assert_eq!(passkey.transports.as_deref(), Some("internal,hybrid"));
            assert_eq!(passkey.aaguid.as_deref(), Some("00000000-0000-0000-0000-000000000000"));
            assert_eq!(login.user.id, *ann.user());
            let held = passkeys(backend, &ann).await.unwrap();
            assert_eq!(held.len(), 1);
            assert!(held[0].last_used_at.is_some());
            let now = caller(backend, &login.token).await;
            assert!(two_factor::status(backend, &now).await.unwrap().recently_proved);
        }
    }

    async fn options_say_what_is_wanted(db: TestDb) {
        for (n, backend) in both(&db).iter().enumerate() {
            let ann = somebody(backend, &format!("ann{n}@example.com")).await;
            let key = Authenticator::new(&format!("key {n}"), ORIGIN);
            add(backend, &ann, &key).await.unwrap();

            let options = begin_registration(backend, &ann, Some(Attachment::Platform), Some("Ann's laptop")).await.unwrap().options;
            let again = begin_registration(backend, &ann, None, None).await.unwrap().options;
            let own = begin_sign_in(backend, CredentialsOf::Caller(&ann)).await.unwrap().options;
            let anybody = begin_sign_in(backend, CredentialsOf::Anybody).await.unwrap().options;

            assert_eq!(options["rp"]["id"], "localhost");
            assert_eq!(options["user"]["name"], "Ann's laptop");
            assert_eq!(options["user"]["id"], again["user"]["id"]);
            assert_ne!(options["challenge"], again["challenge"]);
            assert_eq!(options["attestation"], "none");
            assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
            assert_eq!(options["authenticatorSelection"]["authenticatorAttachment"], "platform");
            assert_eq!(options["excludeCredentials"].as_array().unwrap().len(), 1);
            assert_eq!(options["pubKeyCredParams"][0]["alg"], -8);
            assert_eq!(own["allowCredentials"][0]["transports"], serde_json::json!(["internal", "hybrid"]));
            assert_eq!((&anybody["userVerification"], anybody.get("allowCredentials")), (&"required".into(), None));
        }
    }

    async fn several_passkeys_belong_to_one_person_and_no_credential_to_two(db: TestDb) {
        for (n, backend) in both(&db).iter().enumerate() {
            let ann = somebody(backend, &format!("ann{n}@example.com")).await;
            let eve = somebody(backend, &format!("eve{n}@example.com")).await;
            let (mut one, mut two) = (Authenticator::new(&format!("one {n}"), ORIGIN), Authenticator::new(&format!("two {n}"), ORIGIN));
            add(backend, &ann, &one).await.unwrap();
            add(backend, &ann, &two).await.unwrap();

            for who in [&ann, &eve] {
                assert!(matches!(add(backend, who, &one).await, Err(PasskeyFailure::RegistrationFailed)));
            }

            assert_eq!(passkeys(backend, &ann).await.unwrap().len(), 2);
            assert!(passkeys(backend, &eve).await.unwrap().is_empty());
            for key in [&mut one, &mut two] {
                assert_eq!(come_in(backend, key).await.unwrap().user.id, *ann.user());
            }
        }
    }

    async fn a_ceremony_is_ended_once_in_time_and_by_its_own_kind(db: TestDb) {
        for (n, backend) in both(&db).iter().enumerate() {
            let ann = somebody(backend, &format!("ann{n}@example.com")).await;
            let mut key = Authenticator::new(&format!("key {n}"), ORIGIN);
            add(backend, &ann, &key).await.unwrap();
            let client = Client::default();

            let begun = begin_sign_in(backend, CredentialsOf::Anybody).await.unwrap();
            let answer = key.get(&begun.options);
            assert!(sign_in(backend, &plain(&begun.token, &answer, &client)).await.is_ok());
            let again = sign_in(backend, &plain(&begun.token, &answer, &client)).await;
            assert!(matches!(again, Err(PasskeyFailure::ChallengeNotFound)));

            let registration = begin_registration(backend, &ann, None, None).await.unwrap();
            let crossed = sign_in(backend, &plain(&registration.token, &answer, &client)).await;
            assert!(matches!(crossed, Err(PasskeyFailure::ChallengeNotFound)));
            let begun = begin_sign_in(backend, CredentialsOf::Anybody).await.unwrap();
            let crossed = register(backend, &ann, &begun.token, &answer, None).await;
            assert!(matches!(crossed, Err(PasskeyFailure::ChallengeNotFound)));

            let begun = begin_sign_in(backend, CredentialsOf::Anybody).await.unwrap();
            let answer = key.get(&begun.options);
            backend.clock.advance(Duration::from_mins(5));
            let late = sign_in(backend, &plain(&begun.token, &answer, &client)).await;
            assert!(matches!(late, Err(PasskeyFailure::ChallengeNotFound)));
        }
    }

    async fn of_equal_answers_at_once_one_signs_in(db: TestDb) {
        for (n, backend) in both(&db).iter().enumerate() {
            let ann = somebody(backend, &format!("ann{n}@example.com")).await;
            let mut key = Authenticator::new(&format!("key {n}"), ORIGIN);
            add(backend, &ann, &key).await.unwrap();
            let begun = begin_sign_in(backend, CredentialsOf::Anybody).await.unwrap();
            let answer = key.get(&begun.options);

            let tries = (0..6).map(|_| {
                let (backend, token, answer) = (backend.clone(), begun.token.clone(), answer.clone());
                tokio::spawn(async move {
                    sign_in(&backend, &plain(&token, &answer, &Client::default())).await.is_ok()
                })
            });
            let mut won = 0;
            for task in tries.collect::<Vec<_>>() {
                won += usize::from(task.await.unwrap());
            }

            assert_eq!(won, 1);
        }
    }

    async fn a_ceremony_belongs_to_whoever_began_it(db: TestDb) {
        for (n, backend) in both(&db).iter().enumerate() {
            let ann = somebody(backend, &format!("ann{n}@example.com")).await;
            let eve = somebody(backend, &format!("eve{n}@example.com")).await;
            let key = Authenticator::new(&format!("key {n}"), ORIGIN);
            let begun = begin_registration(backend, &ann, None, None).await.unwrap();

            let stolen = register(backend, &eve, &begun.token, &key.create(&begun.options), None).await;

            assert!(matches!(stolen, Err(PasskeyFailure::NotAllowed)));
            assert!(passkeys(backend, &eve).await.unwrap().is_empty());
        }
    }

    async fn other_pages_unverified_people_and_unknown_keys_are_refused(db: TestDb) {
        for (n, backend) in both(&db).iter().enumerate() {
            let ann = somebody(backend, &format!("ann{n}@example.com")).await;
            let seed = format!("key {n}");
            let mut key = Authenticator::new(&seed, ORIGIN);
            let unverified = Authenticator { verifies: false, ..key.clone() };
            assert!(matches!(add(backend, &ann, &unverified).await, Err(PasskeyFailure::RegistrationFailed)));
            assert!(matches!(add(backend, &ann, &Authenticator::new(&seed, "http://localhost:3001")).await, Err(PasskeyFailure::RegistrationFailed)));
            assert!(matches!(come_in(backend, &mut key).await, Err(PasskeyFailure::NotFound)));
            add(backend, &ann, &key).await.unwrap();

            let mut unverified = Authenticator { verifies: false, ..key.clone() };
            assert!(matches!(come_in(backend, &mut unverified).await, Err(PasskeyFailure::AuthenticationFailed)));
            let mut elsewhere = Authenticator::new(&seed, "https://evil.example");
            assert!(matches!(come_in(backend, &mut elsewhere).await, Err(PasskeyFailure::AuthenticationFailed)));
            let mut forger = Authenticator { id: key.id.clone(), ..Authenticator::new("other", ORIGIN) };
            assert!(matches!(come_in(backend, &mut forger).await, Err(PasskeyFailure::AuthenticationFailed)));
            assert!(come_in(backend, &mut key).await.is_ok());
        }
    }

    async fn a_count_that_does_not_grow_is_a_copy(db: TestDb) {
        for (n, backend) in both(&db).iter().enumerate() {
            let ann = somebody(backend, &format!("ann{n}@example.com")).await;
            let mut key = Authenticator { counter: Some(u32::MAX - 3), ..Authenticator::new(&format!("key {n}"), ORIGIN) };
            add(backend, &ann, &key).await.unwrap();
            let mut copy = key.clone();

            come_in(backend, &mut key).await.unwrap();

            assert!(matches!(come_in(backend, &mut copy).await, Err(PasskeyFailure::AuthenticationFailed)));
            copy.counter = None;
            assert!(matches!(come_in(backend, &mut copy).await, Err(PasskeyFailure::AuthenticationFailed)));
            come_in(backend, &mut key).await.unwrap();
            assert_eq!(passkeys(backend, &ann).await.unwrap()[0].counter, i64::from(u32::MAX - 1));
        }
    }

    async fn a_passkey_answers_a_challenge_of_its_owner(db: TestDb) {
        for (n, backend) in both(&db).iter().enumerate() {
            let ann = Person::with_app(backend, &format!("ann{n}@example.com")).await;
            let mut key = Authenticator::new(&format!("key {n}"), ORIGIN);
            add(backend, &ann.caller, &key).await.unwrap();
            let challenge = ann.challenge(backend).await;
            assert!(two_factor::pending(backend, &challenge.token).await.unwrap().has_passkeys);
            let begun = begin_sign_in(backend, CredentialsOf::Challenged(&challenge.token)).await.unwrap();
            assert_eq!(begun.options["allowCredentials"].as_array().unwrap().len(), 1);
            let (answer, client) = (key.get(&begun.options), Client::default());

            let request = PasskeySignIn { challenge: Some(&challenge.token), trust_device: true, remember: false, ..plain(&begun.token, &answer, &client) };
            let login = sign_in(backend, &request).await.unwrap();

            assert!(!login.remember);
            let trusted = login.trusted_device.unwrap();
            assert!(two_factor::pending(backend, &challenge.token).await.is_err(), "the challenge is spent");
            let browser = Client { trusted: Some(trusted.expose().to_owned()), ..Client::default() };
            login_of(ann.sign_in(backend, &browser).await);
        }
    }

    async fn somebody_elses_challenge_stays_open(db: TestDb) {
        for (n, backend) in both(&db).iter().enumerate() {
            let ann = Person::with_app(backend, &format!("ann{n}@example.com")).await;
            let eve = somebody(backend, &format!("eve{n}@example.com")).await;
            let mut key = Authenticator::new(&format!("key {n}"), ORIGIN);
            add(backend, &eve, &key).await.unwrap();
            let challenge = ann.challenge(backend).await;
            let begun = begin_sign_in(backend, CredentialsOf::Challenged(&challenge.token)).await.unwrap();
            let (answer, client) = (key.get(&begun.options), Client::default());

            let request = PasskeySignIn { challenge: Some(&challenge.token), trust_device: true, ..plain(&begun.token, &answer, &client) };
            let login = sign_in(backend, &request).await.unwrap();

            assert_eq!(login.user.id, *eve.user());
            assert!(login.trusted_device.is_none());
            assert!(two_factor::pending(backend, &challenge.token).await.is_ok());
        }
    }

    async fn a_passkey_is_a_second_factor_by_itself(db: TestDb) {
        for (n, backend) in both(&db).iter().enumerate() {
            let ann = Person::with_app(backend, &format!("ann{n}@example.com")).await;
            let mut key = Authenticator::new(&format!("key {n}"), ORIGIN);
            add(backend, &ann.caller, &key).await.unwrap();

            assert!(come_in(backend, &mut key).await.is_ok());
            challenge_of(ann.sign_in(backend, &Client::default()).await);
        }
    }

    async fn names_are_changed_and_passkeys_removed_by_their_owner_alone(db: TestDb) {
        for (n, backend) in both(&db).iter().enumerate() {
            let email = format!("ann{n}@example.com");
            let ann = somebody(backend, &email).await;
            let eve = somebody(backend, &format!("eve{n}@example.com")).await;
            let mut key = Authenticator::new(&format!("key {n}"), ORIGIN);
            let id = add(backend, &ann, &key).await.unwrap().id;

            assert!(matches!(rename(backend, &eve, &id, "Mine").await, Err(PasskeyFailure::NotFound)));
            assert!(matches!(remove(backend, &eve, &id).await, Err(PasskeyFailure::NotFound)));
            for name in ["", "  ", "a\0b", &"x".repeat(61)] {
                assert!(matches!(rename(backend, &ann, &id, name).await, Err(PasskeyFailure::NameInvalid)), "{name:?}");
            }
            assert_eq!(rename(backend, &ann, &id, " Work laptop ").await.unwrap().name.as_deref(), Some("Work laptop"));
            remove(backend, &ann, &id).await.unwrap();

            assert!(matches!(come_in(backend, &mut key).await, Err(PasskeyFailure::NotFound)));
            assert!(matches!(remove(backend, &ann, &id).await, Err(PasskeyFailure::NotFound)));
            let subjects: Vec<_> = mails_of(backend, &email).await.into_iter().map(|mail| mail.subject).collect();
            for subject in ["A passkey was added", "A passkey was removed"] {
                assert_eq!(subjects.iter().filter(|sent| *sent == subject).count(), 1, "{subjects:?}");
            }
        }
    }

    async fn rows_are_those_of_better_auth(db: TestDb) {
        let [_, backend] = both(&db);
        let ann = somebody(&backend, "ann@example.com").await;
        let key = Authenticator::new("key", ORIGIN);
        add(&backend, &ann, &key).await.unwrap();
        let begun = begin_registration(&backend, &ann, None, None).await.unwrap();

        let mut tx = backend.db.system().read().await.unwrap();
        let (public_key, counter): (String, i64) = fetch_one!(tx, r#"select "publicKey", "counter" from "passkey""#).unwrap();
        let rows: Vec<(String,)> = fetch_all!(tx, r#"select "value" from "verification" where "identifier" = $1"#, begun.token.expose()).unwrap();

        // 77 bytes of a COSE key on P-256, with padding.
        assert_eq!((public_key.len(), counter), (104, 0));
        let value: serde_json::Value = serde_json::from_str(&rows[0].0).unwrap();
        assert_eq!(value["type"], "registration");
        assert_eq!(value["expectedChallenge"], begun.options["challenge"]);
        assert_eq!(value["userData"]["id"], ann.user().as_str());
        assert_eq!(begun.token.expose().len(), 32);
    }
}
