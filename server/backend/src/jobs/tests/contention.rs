use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use futures::future::join_all;

use super::*;
use crate::{both_engines, testing::World};

const RUNNERS: usize = 4;

both_engines! {
    async fn several_runners_do_each_job_once(db: TestDb) {
        let w = World::new(db).await;
        for n in 0..40 {
            put(&w.backend, &letter(&format!("n{n:02}")), Options::default()).await;
        }

        let runs = join_all((0..RUNNERS).map(|_| run_due(&w.backend))).await;

        let total: usize = runs.into_iter().map(Result::unwrap).sum();
        assert_eq!(total, 40);
        let expected: Vec<String> = (0..40).map(|n| format!("n{n:02}@example.com")).collect();
        assert_eq!(delivered(&w.backend).await, expected);
    }

    async fn of_the_jobs_with_one_key_one_runs_at_a_time(db: TestDb) {
        let w = World::new(db).await;
        for n in 0..24 {
            put(&w.backend, &letter(&format!("n{n:02}")), with_key(["ada", "ben"][n % 2])).await;
        }
        let running = Arc::new([AtomicUsize::new(0), AtomicUsize::new(0)]);
        let counted = running.clone();
        let handler = probe(move |backend: Backend, id: String, job: Job| {
            let running = counted.clone();
            async move {
                let Job::SendMail(mail) = &job else { return Err(Error::Corrupt("job")) };
                let odd = mail.to.as_bytes()[2] % 2;
                let key = &running[usize::from(odd)];
                assert_eq!(key.fetch_add(1, Ordering::SeqCst), 0, "two of one key at once");
                for _ in 0..20 {
                    tokio::task::yield_now().await;
                }
                key.fetch_sub(1, Ordering::SeqCst);
                Product.perform(&backend, &id, job).await
            }
        });

        while jobs_left(&w.backend).await > 0 {
            let runs = join_all((0..RUNNERS).map(|_| run_due_with(&w.backend, &handler))).await;
            for run in runs {
                run.unwrap();
            }
        }

        assert_eq!(delivered(&w.backend).await.len(), 24);
    }

    async fn a_busy_key_does_not_hold_up_the_others(db: TestDb) {
        let w = World::new(db).await;
        let lease = Pace::default().lease;
        put(&w.backend, &letter("first"), with_key("ada")).await;
        w.backend.clock.advance(Duration::from_millis(1));
        put(&w.backend, &letter("second"), with_key("ada")).await;
        put(&w.backend, &letter("other"), with_key("ben")).await;
        put(&w.backend, &letter("keyless"), Options::default()).await;

        let held = queue::claim(&w.backend, lease).await.unwrap().unwrap();
        let runs = run_due(&w.backend).await.unwrap();

        assert!(!held.payload.contains("first@"), "a payload lies open");
        let payload = w.backend.vault.open_waiting(&held.id, &held.payload).unwrap();
        assert!(payload.contains("first@"));
        assert_eq!(runs, 2);
        assert_eq!(delivered(&w.backend).await, ["keyless@example.com", "other@example.com"]);

        w.backend.clock.advance(LEASE_OVER);
        assert_eq!(run_due(&w.backend).await.unwrap(), 2);
    }
}
