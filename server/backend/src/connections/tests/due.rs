//! What happens by itself.

use domain::states::connection::ConnectionState;

use super::*;
use crate::{both_engines, fetch_one};

async fn look(w: &World) -> usize {
    sync_due(&w.backend).await.unwrap().commit().await.unwrap();
    jobs::run_due(&w.backend).await.unwrap()
}

async fn rest(w: &World) {
    crate::connections::sweep(&w.backend).await.unwrap().commit().await.unwrap();
    run(&w.backend).await;
}

async fn count(w: &World, attempts: bool) -> i64 {
    let mut tx = w.backend.db.as_user(w.alice.user()).read().await.unwrap();
    let (count,): (i64,) = if attempts {
        fetch_one!(tx, r#"select count(*) from "link_attempt" where "userId" = $1"#, w.alice.user())
            .unwrap()
    } else {
        fetch_one!(
            tx,
            r#"select count(*) from "connection" where "userId" = $1 and "removedAt" is null"#,
            w.alice.user(),
        )
        .unwrap()
    };
    count
}

both_engines! {
    async fn a_healthy_connection_is_read_about_every_six_hours(db: TestDb) {
        let w = World::new(db).await;
        let connection = link(&w.backend, &w.alice, "sim_first_harbor", "demo").await;
        run(&w.backend).await;
        let wait = view(&w, &connection).await.next_sync_at.unwrap() - w.backend.clock.now();
        assert!((360..=390).contains(&wait.whole_minutes()), "{wait}");

        assert_eq!(look(&w).await, 0);
        w.backend.clock.advance(MINUTE * 391);
        let before = view(&w, &connection).await.last_sync_at;
        sync_due(&w.backend).await.unwrap().commit().await.unwrap();
        sync_due(&w.backend).await.unwrap().commit().await.unwrap();
        assert_eq!(jobs::run_due(&w.backend).await.unwrap(), 1, "two looks, one sync");

        assert!(view(&w, &connection).await.last_sync_at > before);
        assert_eq!(look(&w).await, 0);
    }

    async fn a_connection_that_waits_for_its_owner_is_left_alone(db: TestDb) {
        let w = World::new(db).await;
        let connection = link(&w.backend, &w.alice, "sim_expired", "demo").await;
        run(&w.backend).await;
        read(&w.backend, &w.alice, &connection).await;
        run(&w.backend).await;
        assert_eq!(view(&w, &connection).await.state, ConnectionState::LoginRequired);

        w.backend.clock.advance(MINUTE * 60 * 24 * 30);

        assert_eq!(look(&w).await, 0);
    }

    async fn connections_that_nobody_wanted_and_old_attempts_go(db: TestDb) {
        let w = World::new(db).await;
        let unwanted = linked(link_only(&w.backend, &w.alice, "sim_flaky", "demo").await);
        let wanted = link(&w.backend, &w.alice, "sim_first_harbor", "demo").await;
        run(&w.backend).await;
        begin(&w.backend, &w.alice, Purpose::New).await.unwrap();

        rest(&w).await;
        assert_eq!((count(&w, true).await, count(&w, false).await), (3, 2));
        w.backend.clock.advance(MINUTE * 60 * 25);
        rest(&w).await;

        assert_eq!((count(&w, true).await, count(&w, false).await), (0, 1));
        assert_eq!(list(&w.backend, &w.alice).await.unwrap()[0].id, wanted);
        assert_eq!(view(&w, &unwanted).await.state, ConnectionState::Removed);
        assert_eq!(bank(&w.backend).open_logins().await.unwrap(), 1);
    }
}
