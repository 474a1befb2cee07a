use std::{future::poll_fn, pin::pin, task::Poll};

use futures::future::join_all;

use crate::{
    Db, Result, Timestamp, both_engines, execute, fetch_one, fetch_optional,
    testing::{World, backend},
};

const WRITERS: i64 = 64;
const ROUNDS: i64 = 5;

/// Reads a number and writes it back one higher: wrong as soon as two do it at once.
async fn count_up(db: &Db, clock: &crate::Clock) -> Result<()> {
    let mut tx = db.system().write().await?;
    let (now,): (i64,) = fetch_one!(
        tx,
        sqlite: r#"select cast("value" as bigint) from "verification" where "id" = 'counter'"#,
        postgres: r#"select cast("value" as bigint) from "verification" where "id" = 'counter' for update"#,
    )?;
    execute!(
        tx,
        r#"update "verification" set "value" = $1, "updatedAt" = $2 where "id" = 'counter'"#,
        (now + 1).to_string(),
        Timestamp::from(clock.now()),
    )?;
    tx.commit().await?;
    Ok(())
}

/// Begins, and gives that up at the `patience`-th time it would have to wait: what becomes of a request whose browser
/// left.
async fn give_up<T>(beginning: impl Future<Output = Result<T, sqlx::Error>>, patience: usize) {
    let mut beginning = pin!(beginning);
    let mut waits = 0;
    poll_fn(|context| match beginning.as_mut().poll(context) {
        Poll::Ready(tx) => {
            assert!(tx.is_ok(), "{:?}", tx.err());
            Poll::Ready(())
        }
        Poll::Pending => {
            waits += 1;
            if waits == patience { Poll::Ready(()) } else { Poll::Pending }
        }
    })
    .await;
}

/// Writes a row of somebody's own and reads it by another transaction.
async fn write_and_read(w: &World, id: &str) {
    let alice = w.alice.user();
    let mut tx = w.backend.db.as_user(alice).write().await.expect("a transaction that writes");
    execute!(
        tx,
        r#"
        insert into "saved_view" ("id", "userId", "name", "query", "createdAt", "updatedAt")
        values ($1, $2, $1, '', $3, $3)
        "#,
        id,
        alice,
        Timestamp::from(w.backend.clock.now()),
    )
    .expect("a row");
    tx.commit().await.expect("a commit");
    let mut tx = w.backend.db.as_user(alice).read().await.expect("a transaction that reads");
    let found: Option<(String,)> = fetch_optional!(
        tx,
        r#"select "id" from "saved_view" where "userId" = $1 and "id" = $2"#,
        alice,
        id,
    )
    .expect("an answer");
    assert!(found.is_some(), "what was written a moment ago");
}

both_engines! {
    async fn whenever_a_request_is_given_up_the_next_writes_and_reads_what_is_there(db: TestDb) {
        let w = World::new(db).await;
        let (db, alice) = (&w.backend.db, w.alice.user());
        for n in 0..36 {
            let patience = n % 6 + 1;
            match n % 3 {
                0 => give_up(db.system().write(), patience).await,
                1 => give_up(db.as_user(alice).read(), patience).await,
                _ => give_up(db.as_user(alice).write(), patience).await,
            }

            write_and_read(&w, &format!("view-{n}")).await;
        }
    }

    async fn sixty_four_writers_at_once_all_get_through(db: TestDb) {
        let backend = backend(db.db.clone());
        let mut tx = backend.db.system().write().await.unwrap();
        execute!(
            tx,
            r#"insert into "verification" ("id", "identifier", "value", "expiresAt") values ('counter', 'c', '0', $1)"#,
            Timestamp::from(backend.clock.now()),
        ).unwrap();
        tx.commit().await.unwrap();

        for _ in 0..ROUNDS {
            let writers = (0..WRITERS).map(|_| count_up(&backend.db, &backend.clock));
            for done in join_all(writers).await {
                done.unwrap();
            }
        }

        let mut tx = backend.db.system().read().await.unwrap();
        let (total,): (i64,) = fetch_one!(
            tx,
            r#"select cast("value" as bigint) from "verification" where "id" = 'counter'"#
        ).unwrap();
        assert_eq!(total, WRITERS * ROUNDS);
    }

    async fn what_is_not_committed_never_happened(db: TestDb) {
        let w = World::new(db).await;

        let mut tx = w.backend.db.system().write().await.unwrap();
        execute!(tx, r#"delete from "user""#).unwrap();
        drop(tx);

        let mut tx = w.backend.db.system().read().await.unwrap();
        let (people,): (i64,) = fetch_one!(tx, r#"select count(*) from "user""#).unwrap();
        assert_eq!(people, 2);
    }
}
