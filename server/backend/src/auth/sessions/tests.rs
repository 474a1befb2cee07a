use std::sync::Arc;

use super::*;
use crate::{Settings, both_engines, fetch_one, testing::World};

const BROWSER: &str = "Mozilla/5.0";

async fn start_for(
    backend: &Backend,
    user: &SignedIn,
    remember: bool,
) -> (SessionView, SessionToken) {
    let mut tx = backend.db.system().write().await.unwrap();
    let client = Client { ip: "192.0.2.7".into(), user_agent: BROWSER.into(), ..Client::default() };
    let started = start(&mut tx, backend, user.user(), &client, remember).await.unwrap();
    tx.commit().await.unwrap();
    started
}

async fn find_now(backend: &Backend, token: &SessionToken) -> Option<Found> {
    find(backend, token, Extend::WhenDue).await.unwrap()
}

async fn rows(backend: &Backend) -> i64 {
    let mut tx = backend.db.system().read().await.unwrap();
    let (count,): (i64,) = fetch_one!(tx, r#"select count(*) from "session""#).unwrap();
    count
}

fn with_profile(backend: &mut Backend, profile: AuthProfile) {
    let mut settings = Settings::clone(&backend.settings);
    settings.auth.profile = profile;
    backend.settings = Arc::new(settings);
}

fn pass(backend: &Backend, time: Duration) {
    backend.clock.advance(time.unsigned_abs());
}

both_engines! {
    async fn a_token_finds_its_session_and_its_person(db: TestDb) {
        let w = World::new(db).await;
        let (session, token) = start_for(&w.backend, &w.alice, true).await;

        let found = find_now(&w.backend, &token).await.unwrap();

        assert_eq!(found.session, session);
        assert_eq!((found.caller.user(), found.caller.session()), (w.alice.user(), &session.id));
        assert_eq!((&*found.user.name, &*found.user.email), ("alice", "alice@example.com"));
        assert_eq!(session.expires_at - session.created_at, Duration::days(7));
        assert_eq!((&*session.ip_address, &*session.user_agent), ("192.0.2.7", BROWSER));
        assert!(!found.extended && !found.touch_due);
        let other = SessionToken::from_signed_cookie("0".repeat(32));
        assert!(find_now(&w.backend, &other).await.is_none());
    }

    async fn the_row_holds_a_hash_and_not_the_token(db: TestDb) {
        let mut w = World::new(db).await;
        let (session, token) = start_for(&w.backend, &w.alice, true).await;
        let hash_as_token = SessionToken::from_signed_cookie(token.at_rest(AuthProfile::Hardened));

        let mut tx = w.backend.db.system().read().await.unwrap();
        let (stored,): (String,) =
            fetch_one!(tx, r#"select "token" from "session" where "id" = $1"#, &session.id).unwrap();
        drop(tx);

        assert_eq!(stored.len(), 64);
        assert!(!stored.contains(token.expose()));
        assert!(find_now(&w.backend, &hash_as_token).await.is_none(), "what a thief of the database has");
        with_profile(&mut w.backend, AuthProfile::BetterAuth);
        let (_, shared) = start_for(&w.backend, &w.alice, true).await;
        assert!(find_now(&w.backend, &shared).await.is_some());
        assert!(find_now(&w.backend, &token).await.is_none());
    }

    async fn a_session_in_daily_use_is_extended_and_ends_after_thirty_days(db: TestDb) {
        let w = World::new(db).await;
        let (session, token) = start_for(&w.backend, &w.alice, true).await;

        pass(&w.backend, EXTEND_AFTER - Duration::milliseconds(1));
        assert!(!find_now(&w.backend, &token).await.unwrap().extended);
        pass(&w.backend, Duration::milliseconds(1));
        let never = find(&w.backend, &token, Extend::Never).await.unwrap().unwrap();
        let found = find_now(&w.backend, &token).await.unwrap();

        assert!(!never.extended && found.extended);
        assert_eq!(found.session.expires_at, w.backend.clock.now() + LIFETIME);
        assert_eq!(found.session.updated_at, w.backend.clock.now());
        assert_eq!(found.session.created_at, session.created_at);
        assert!(!find_now(&w.backend, &token).await.unwrap().extended);
        for _ in 0..28 {
            pass(&w.backend, Duration::days(1));
            assert!(find_now(&w.backend, &token).await.unwrap().session.expires_at <= session.created_at + ABSOLUTE);
        }
        pass(&w.backend, Duration::days(1));
        assert!(find_now(&w.backend, &token).await.is_none());
        assert_eq!(rows(&w.backend).await, 0, "the row of a dead session goes with its last use");
    }

    async fn better_auths_rules_know_no_last_day_and_no_idling(db: TestDb) {
        let mut w = World::new(db).await;
        with_profile(&mut w.backend, AuthProfile::BetterAuth);
        let (_, token) = start_for(&w.backend, &w.alice, true).await;
        for _ in 0..40 {
            pass(&w.backend, Duration::days(1));
            assert!(find_now(&w.backend, &token).await.is_some());
        }
        let (_, brief) = start_for(&w.backend, &w.alice, false).await;

        pass(&w.backend, Duration::hours(23));

        assert!(find_now(&w.backend, &brief).await.is_some());
    }

    async fn an_unremembered_session_lasts_a_day_of_use_and_half_an_hour_of_silence(db: TestDb) {
        let w = World::new(db).await;
        let (session, token) = start_for(&w.backend, &w.alice, false).await;
        assert_eq!(session.expires_at - session.created_at, Duration::days(1));

        for _ in 0..49 {
            pass(&w.backend, Duration::minutes(29));
            let found = find_now(&w.backend, &token).await.unwrap();
            assert!(!found.extended && found.touch_due);
            touch(&w.backend, &found.caller).await.unwrap();
        }
        pass(&w.backend, Duration::minutes(19));
        assert!(find_now(&w.backend, &token).await.is_none(), "a day is over");

        let (_, token) = start_for(&w.backend, &w.alice, false).await;
        pass(&w.backend, IDLE);
        assert!(find_now(&w.backend, &token).await.is_none(), "half an hour of silence");
    }

    async fn use_is_noted_once_a_minute(db: TestDb) {
        let w = World::new(db).await;
        let (_, token) = start_for(&w.backend, &w.alice, true).await;

        pass(&w.backend, Duration::seconds(59));
        assert!(!find_now(&w.backend, &token).await.unwrap().touch_due);
        pass(&w.backend, Duration::seconds(1));
        let found = find_now(&w.backend, &token).await.unwrap();
        assert!(found.touch_due);
        touch(&w.backend, &found.caller).await.unwrap();

        assert!(!find_now(&w.backend, &token).await.unwrap().touch_due);
    }

    async fn no_write_brings_an_ended_session_back(db: TestDb) {
        let w = World::new(db).await;
        let (_, token) = start_for(&w.backend, &w.alice, true).await;
        let found = find_now(&w.backend, &token).await.unwrap();
        let mut row = Row {
            session_id: found.session.id.as_str().to_owned(),
            expires_at: found.session.expires_at.into(),
            session_created_at: found.session.created_at.into(),
            session_updated_at: found.session.updated_at.into(),
            ip_address: None,
            user_agent: None,
            last_seen_at: None,
            absolute_at: None,
            remembered: true,
            user_id: found.user.id.as_str().to_owned(),
            name: String::new(),
            email: String::new(),
            email_verified: true,
            image: None,
            two_factor_enabled: false,
            created_at: found.user.created_at.into(),
            updated_at: found.user.updated_at.into(),
        };
        end(&w.backend, &token).await.unwrap();
        pass(&w.backend, Duration::days(2));

        let stored = token.at_rest(AuthProfile::Hardened);
        let extended = extend_row(&w.backend, &stored, &mut row, w.backend.clock.now()).await;
        touch(&w.backend, &found.caller).await.unwrap();

        assert!(matches!(extended, Err(Error::Expired("session"))), "{extended:?}");
        assert!(find_now(&w.backend, &token).await.is_none());
        assert_eq!(rows(&w.backend).await, 0);
    }

    async fn ending_one_session_leaves_the_others(db: TestDb) {
        let w = World::new(db).await;
        let (_, alices) = start_for(&w.backend, &w.alice, true).await;
        let (_, phone) = start_for(&w.backend, &w.alice, true).await;
        let (mallorys, _) = start_for(&w.backend, &w.mallory, true).await;

        end(&w.backend, &alices).await.unwrap();
        end(&w.backend, &alices).await.unwrap();
        let crossed = SignedIn::new(w.alice.user().clone(), mallorys.id.clone(), mallorys.created_at);
        crate::auth::sign_out(&w.backend, &crossed).await.unwrap();

        assert!(find_now(&w.backend, &alices).await.is_none());
        assert!(find_now(&w.backend, &phone).await.is_some());
        assert_eq!(rows(&w.backend).await, 2);
    }

    async fn the_sweep_takes_what_is_over_and_nothing_else(db: TestDb) {
        let w = World::new(db).await;
        let (_, old) = start_for(&w.backend, &w.alice, true).await;
        pass(&w.backend, Duration::days(6));
        let (_, brief) = start_for(&w.backend, &w.alice, false).await;
        pass(&w.backend, Duration::days(1));
        let (_, fresh) = start_for(&w.backend, &w.mallory, true).await;
        let (_, open) = start_for(&w.backend, &w.mallory, false).await;

        assert_eq!(delete_expired(&w.backend).await.unwrap(), 2);

        for (token, lives) in [(old, false), (brief, false), (fresh, true), (open, true)] {
            assert_eq!(find_now(&w.backend, &token).await.is_some(), lives);
        }
        assert_eq!(delete_expired(&w.backend).await.unwrap(), 0);
    }

    async fn a_row_that_better_auth_wrote_is_a_session(db: TestDb) {
        let w = World::new(db).await;
        let token = SessionToken::from_signed_cookie("GWZZ6DolvHNMKngXfq2f6kReAopeihQI");
        let now = w.backend.clock.now();
        let mut tx = w.backend.db.system().write().await.unwrap();
        execute!(
            tx,
            r#"
            insert into "session" ("id", "expiresAt", "token", "createdAt", "updatedAt", "userId")
            values ('theirs', $1, $2, $3, $3, $4)
            "#,
            Timestamp::from(now + LIFETIME),
            token.at_rest(AuthProfile::Hardened),
            Timestamp::from(now),
            w.alice.user(),
        ).unwrap();
        tx.commit().await.unwrap();

        let found = find_now(&w.backend, &token).await.unwrap();

        assert_eq!((&*found.session.ip_address, &*found.session.user_agent), ("", ""));
        assert!(found.session.remembered);
    }
}
