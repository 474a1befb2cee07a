use futures::future::join_all;

use crate::{
    Db, Result, Timestamp, both_engines, execute, fetch_one,
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

both_engines! {
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
