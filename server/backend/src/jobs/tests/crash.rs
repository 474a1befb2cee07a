use std::{future::pending, sync::Arc};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::{both_engines, testing::World};

/// Starts a runner, lets it write its effect, and ends it before the commit, as a power cut would.
async fn crash_in_the_middle(backend: &Backend) {
    let written = Arc::new(Notify::new());
    let signal = written.clone();
    let handler = probe(move |backend: Backend, id, job| {
        let signal = signal.clone();
        async move {
            let _tx = Product.perform(&backend, &id, job).await?;
            signal.notify_one();
            pending().await
        }
    });
    let backend = backend.clone();
    let runner = tokio::spawn(async move { run_due_with(&backend, &handler).await });
    written.notified().await;
    runner.abort();
    assert!(runner.await.unwrap_err().is_cancelled());
}

both_engines! {
    async fn a_job_whose_runner_is_gone_runs_again_and_has_one_effect(db: TestDb) {
        let w = World::new(db).await;
        let id = put(&w.backend, &letter("ada"), Options::default()).await;

        crash_in_the_middle(&w.backend).await;

        assert_eq!(state(&w.backend, &id).await, ("running".to_owned(), 1));
        assert_eq!(run_due(&w.backend).await.unwrap(), 0, "the lease is not over");
        w.backend.clock.advance(LEASE_OVER);
        assert_eq!(run_due(&w.backend).await.unwrap(), 1);
        assert_eq!(delivered(&w.backend).await, ["ada@example.com"]);
        assert_eq!(jobs_left(&w.backend).await, 0);
    }

    async fn a_job_that_brings_its_process_down_does_so_a_limited_number_of_times(db: TestDb) {
        let w = World::new(db).await;
        let options = Options { max_attempts: Some(2), ..Options::default() };
        put(&w.backend, &letter("ada"), options).await;

        for _ in 0..2 {
            crash_in_the_middle(&w.backend).await;
            w.backend.clock.advance(LEASE_OVER);
        }

        assert_eq!(run_due(&w.backend).await.unwrap(), 0);
        let kept = dead(&w.backend, 10).await.unwrap();
        assert_eq!(kept[0].last_error, "the lease expired");
    }

    async fn a_runner_that_was_too_slow_has_no_effect(db: TestDb) {
        let w = World::new(db).await;
        put(&w.backend, &letter("ada"), Options::default()).await;
        let (started, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (signal, wait) = (started.clone(), go_on.clone());
        let slow = probe(move |backend: Backend, _, job| {
            let (signal, wait) = (signal.clone(), wait.clone());
            async move {
                signal.notify_one();
                wait.notified().await;
                Product.perform(&backend, "another id, so that both rows could be kept", job).await
            }
        });
        let backend = w.backend.clone();
        let runner = tokio::spawn(async move { run_due_with(&backend, &slow).await });
        started.notified().await;

        w.backend.clock.advance(LEASE_OVER);
        assert_eq!(run_due(&w.backend).await.unwrap(), 1);
        go_on.notify_one();
        runner.await.unwrap().unwrap();

        assert_eq!(delivered(&w.backend).await.len(), 1);
        assert_eq!(jobs_left(&w.backend).await, 0);
    }

    async fn a_lease_is_renewed_while_its_job_runs(db: TestDb) {
        let w = World::new(db).await;
        let id = put(&w.backend, &letter("ada"), Options::default()).await;
        let patient = probe(|backend: Backend, id: String, job| async move {
            let before = lease_until(&backend, &id).await;
            backend.clock.advance(Duration::from_secs(30));
            while lease_until(&backend, &id).await == before {
                tokio::task::yield_now().await;
            }
            Product.perform(&backend, &id, job).await
        });
        let pace = Pace { renew: Duration::from_millis(1), ..Pace::default() };
        let claim = queue::claim(&w.backend, pace.lease).await.unwrap().unwrap();

        let outcome = run::run(&w.backend, &patient, &claim, pace, &CancellationToken::new()).await;

        assert_eq!(outcome, run::Outcome::Done);
        assert_eq!(claim.id, id);
        assert_eq!(delivered(&w.backend).await, ["ada@example.com"]);
    }

    async fn a_runner_stops_when_it_finds_its_lease_gone(db: TestDb) {
        let w = World::new(db).await;
        put(&w.backend, &letter("ada"), Options::default()).await;
        let pace = Pace { renew: Duration::from_millis(1), ..Pace::default() };
        let claim = queue::claim(&w.backend, pace.lease).await.unwrap().unwrap();
        w.backend.clock.advance(LEASE_OVER);
        assert_eq!(run_due(&w.backend).await.unwrap(), 1);

        let never = probe(|_, _, _| pending());
        let outcome = run::run(&w.backend, &never, &claim, pace, &CancellationToken::new()).await;

        assert_eq!(outcome, run::Outcome::Lost);
    }
}

async fn lease_until(backend: &Backend, id: &str) -> Timestamp {
    let mut tx = backend.db.system().read().await.unwrap();
    let (until,): (Timestamp,) =
        fetch_one!(tx, r#"select "leaseUntil" from "job" where "id" = $1"#, id).unwrap();
    until
}
