use super::*;
use crate::{both_engines, testing::World};

fn failing() -> impl Handler {
    probe(|_, _, _| async { Err(Error::Upstream { service: "mail", reason: "down".to_owned() }) })
}

both_engines! {
    async fn a_job_exists_only_if_its_cause_is_committed(db: TestDb) {
        let w = World::new(db).await;
        let mut tx = w.backend.db.system().write().await.unwrap();
        enqueue(&mut tx, &w.backend, &letter("ada"), Options::default()).await.unwrap();

        drop(tx);

        assert_eq!(run_due(&w.backend).await.unwrap(), 0);
    }

    async fn a_persons_own_transaction_can_enqueue(db: TestDb) {
        let w = World::new(db).await;
        let mut tx = w.backend.db.as_user(w.alice.user()).write().await.unwrap();
        enqueue(&mut tx, &w.backend, &letter("alice"), Options::default()).await.unwrap();
        tx.commit().await.unwrap();

        assert_eq!(run_due(&w.backend).await.unwrap(), 1);
        assert_eq!(delivered(&w.backend).await, ["alice@example.com"]);
        assert_eq!(jobs_left(&w.backend).await, 0);
    }

    async fn a_job_for_later_waits_for_its_time(db: TestDb) {
        let w = World::new(db).await;
        let tomorrow = w.backend.clock.now() + Duration::from_hours(24);
        put(&w.backend, &letter("ada"), Options { run_at: Some(tomorrow), ..Options::default() }).await;

        assert_eq!(run_due(&w.backend).await.unwrap(), 0);
        w.backend.clock.advance(Duration::from_hours(24));
        assert_eq!(run_due(&w.backend).await.unwrap(), 1);
    }

    async fn a_failed_job_waits_and_is_tried_again(db: TestDb) {
        let w = World::new(db).await;
        let id = put(&w.backend, &letter("ada"), Options::default()).await;

        assert_eq!(run_due_with(&w.backend, &failing()).await.unwrap(), 1);
        assert_eq!(state(&w.backend, &id).await, ("pending".to_owned(), 1));
        assert_eq!(run_due(&w.backend).await.unwrap(), 0, "not before its wait is over");

        w.backend.clock.advance(LONGEST_WAIT);
        assert_eq!(run_due(&w.backend).await.unwrap(), 1);
        assert_eq!(delivered(&w.backend).await, ["ada@example.com"]);
    }

    async fn a_panic_is_a_failure_like_others(db: TestDb) {
        let w = World::new(db).await;
        let id = put(&w.backend, &letter("ada"), Options::default()).await;

        let panics = probe(|_, _, _| async { panic!("a bug") });
        assert_eq!(run_due_with(&w.backend, &panics).await.unwrap(), 1);

        assert_eq!(state(&w.backend, &id).await, ("pending".to_owned(), 1));
        w.backend.clock.advance(LONGEST_WAIT);
        assert_eq!(run_due(&w.backend).await.unwrap(), 1);
    }

    async fn what_a_failing_job_wrote_is_undone(db: TestDb) {
        let w = World::new(db).await;
        put(&w.backend, &letter("ada"), Options::default()).await;

        let half = probe(|backend: Backend, id, job| async move {
            let written = Product.perform(&backend, &id, job).await?;
            drop(written);
            Err(Error::Busy)
        });
        run_due_with(&w.backend, &half).await.unwrap();

        assert!(delivered(&w.backend).await.is_empty());
    }

    async fn after_the_last_try_a_job_is_kept_as_dead_and_can_be_replayed(db: TestDb) {
        let w = World::new(db).await;
        let options = Options { max_attempts: Some(3), ..Options::default() };
        let id = put(&w.backend, &letter("ada"), options).await;

        for _ in 0..5 {
            run_due_with(&w.backend, &failing()).await.unwrap();
            w.backend.clock.advance(LONGEST_WAIT);
        }

        let kept = dead(&w.backend, 10).await.unwrap();
        assert_eq!(kept.len(), 1);
        assert_eq!((&*kept[0].id, &*kept[0].kind, kept[0].attempts), (&*id, "sendMail", 3));
        assert_eq!(kept[0].last_error, "mail failed: down");

        replay(&w.backend, &id).await.unwrap();
        assert_eq!(run_due(&w.backend).await.unwrap(), 1);
        assert_eq!(delivered(&w.backend).await, ["ada@example.com"]);
        assert!(dead(&w.backend, 10).await.unwrap().is_empty());
    }

    async fn only_a_dead_job_can_be_replayed(db: TestDb) {
        let w = World::new(db).await;
        let id = put(&w.backend, &letter("ada"), Options::default()).await;

        for id in [&*id, "nothing"] {
            let error = replay(&w.backend, id).await.unwrap_err();
            assert!(matches!(error, Error::NotFound(_)), "{error:?}");
        }
    }

    async fn a_job_of_a_newer_release_waits_for_that_release(db: TestDb) {
        let w = World::new(db).await;
        let id = put(&w.backend, &letter("ada"), Options::default()).await;
        let mut tx = w.backend.db.system().write().await.unwrap();
        execute!(tx, r#"update "job" set "payload" = '{"kind":"fromTheFuture"}' where "id" = $1"#, &id).unwrap();
        tx.commit().await.unwrap();

        run_due(&w.backend).await.unwrap();

        assert_eq!(state(&w.backend, &id).await, ("pending".to_owned(), 1));
    }
}
