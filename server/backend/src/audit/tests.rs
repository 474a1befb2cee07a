use domain::AccountId;

use super::*;
use crate::{
    Clock, both_engines, execute,
    request::{self, Request},
    testing::World,
};

const CHROME: &str =
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36";

async fn write(backend: &Backend, event: Event<'_>) {
    let mut tx = backend.db.system().write().await.unwrap();
    record(&mut tx, backend, event).await.unwrap();
    tx.commit().await.unwrap();
}

fn from_here() -> Request {
    Request {
        id: "0199-request".into(),
        ip_prefix: "198.51.100.0/24".into(),
        user_agent: CHROME.into(),
    }
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Stored {
    actor: String,
    subject_kind: Option<String>,
    subject_id: Option<String>,
    request_id: Option<String>,
    data: String,
}

both_engines! {
    async fn a_deed_is_told_with_its_browser_and_network_to_its_owner_alone(db: TestDb) {
        let w = World::new(db).await;
        let act = write(&w.backend, Event::by(Action::PasswordChanged, &w.alice));

        request::within(from_here(), act).await;
        w.backend.clock.advance(std::time::Duration::from_secs(1));
        write(&w.backend, Event::new(Action::SignIn, Some(w.alice.user())).refused()).await;

        let trail = recent(&w.backend, &w.alice).await.unwrap();
        assert_eq!(trail.len(), 2);
        assert_eq!((trail[0].action, trail[0].outcome), (Action::SignIn, Outcome::Refused));
        assert_eq!((trail[0].device.as_deref(), trail[0].here), (None, false));
        let act = &trail[1];
        assert_eq!((act.action, act.outcome, act.here), (Action::PasswordChanged, Outcome::Done, true));
        assert_eq!(act.device.as_deref(), Some("Chrome on Windows"));
        assert_eq!(act.ip_prefix.as_deref(), Some("198.51.100.0/24"));
        assert!(recent(&w.backend, &w.mallory).await.unwrap().is_empty());
    }

    async fn a_row_names_actor_subject_and_request(db: TestDb) {
        let w = World::new(db).await;
        let id = AccountId::new("acc-1");
        let event = Event::by(Action::BankAccountAdded, &w.alice).subject("bank_account", &id);
        request::within(from_here(), write(&w.backend, event.note("rows", 3))).await;
        write(&w.backend, Event::new(Action::SignIn, None).refused()).await;

        let mut tx = w.backend.db.system().read().await.unwrap();
        let rows: Vec<Stored> = fetch_all!(
            tx,
            r#"select "actor", "subjectKind", "subjectId", "requestId", "data" from "audit_event" order by "actor" desc"#
        )
        .unwrap();

        assert_eq!((&*rows[0].actor, &*rows[1].actor), ("user", "nobody"));
        assert_eq!(rows[0].subject_kind.as_deref(), Some("bank_account"));
        assert_eq!(rows[0].subject_id.as_deref(), Some("acc-1"));
        assert_eq!(rows[0].request_id.as_deref(), Some("0199-request"));
        assert_eq!(rows[0].data, r#"{"rows":3}"#);
    }

    async fn what_is_undone_was_never_told(db: TestDb) {
        let w = World::new(db).await;
        let mut tx = w.backend.db.as_user(w.alice.user()).write().await.unwrap();
        record(&mut tx, &w.backend, Event::by(Action::Imported, &w.alice)).await.unwrap();
        tx.rollback().await.unwrap();

        assert!(recent(&w.backend, &w.alice).await.unwrap().is_empty());
    }

    async fn nobody_changes_or_removes_what_happened(db: TestDb) {
        let w = World::new(db).await;
        let now = Backend { clock: Clock::system(), ..w.backend.clone() };
        write(&now, Event::by(Action::SignOut, &w.alice)).await;

        let mut tx = w.backend.db.system().write().await.unwrap();
        assert!(execute!(tx, r#"update "audit_event" set "outcome" = 'refused'"#).is_err());
        drop(tx);
        let mut tx = w.backend.db.system().write().await.unwrap();
        assert!(execute!(tx, r#"delete from "audit_event""#).is_err());
        drop(tx);

        assert_eq!(recent(&w.backend, &w.alice).await.unwrap()[0].outcome, Outcome::Done);
    }

    async fn the_trail_ends_after_400_days(db: TestDb) {
        let w = World::new(db).await;
        let old = Clock::frozen(Clock::system().now() - Duration::days(402));
        let old = Backend { clock: old, ..w.backend.clone() };
        write(&old, Event::by(Action::SignUp, &w.alice)).await;
        let now = Backend { clock: Clock::system(), ..w.backend.clone() };
        write(&now, Event::by(Action::SignOut, &w.alice)).await;

        let mut tx = w.backend.db.system().write().await.unwrap();
        assert_eq!(sweep(&mut tx, now.clock.now()).await.unwrap(), 1);
        tx.commit().await.unwrap();

        let left = recent(&w.backend, &w.alice).await.unwrap();
        assert_eq!(left.iter().map(|line| line.action).collect::<Vec<_>>(), [Action::SignOut]);
    }

    async fn the_trail_outlives_the_person(db: TestDb) {
        let w = World::new(db).await;
        write(&w.backend, Event::by(Action::AccountDeleted, &w.alice)).await;

        let mut tx = w.backend.db.system().write().await.unwrap();
        execute!(tx, r#"delete from "user" where "id" = $1"#, w.alice.user()).unwrap();
        tx.commit().await.unwrap();

        assert_eq!(recent(&w.backend, &w.alice).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn on_postgres_a_persons_own_work_adds_to_their_own_trail_and_reads_none() {
    let db = crate::testing::TestDb::postgres().await;
    let w = World::new(db.clone()).await;

    let mut tx = w.backend.db.as_user(w.alice.user()).write().await.unwrap();
    record(&mut tx, &w.backend, Event::by(Action::Imported, &w.alice)).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = w.backend.db.as_user(w.alice.user()).write().await.unwrap();
    let hers = record(&mut tx, &w.backend, Event::by(Action::Imported, &w.mallory)).await;
    drop(tx);
    let mut tx = w.backend.db.as_user(w.alice.user()).write().await.unwrap();
    let read = fetch_all!(tx, r#"select "action" from "audit_event""#);
    let read: Result<Vec<(String,)>, sqlx::Error> = read;

    assert!(hers.is_err() && read.is_err());
    drop(tx);
    assert_eq!(recent(&w.backend, &w.alice).await.unwrap().len(), 1);
    assert!(recent(&w.backend, &w.mallory).await.unwrap().is_empty());
    db.remove().await;
}
