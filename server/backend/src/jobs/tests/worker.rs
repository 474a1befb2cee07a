use std::{future::pending, sync::Arc};

use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;

use super::*;
use crate::{both_engines, testing::World};

/// So long between two looks that only a wake-up can explain what happens sooner.
const QUIET: Pace = Pace {
    lease: Duration::from_mins(1),
    renew: Duration::from_hours(1),
    poll: Duration::from_hours(1),
    drain: Duration::from_hours(1),
};

/// Runs the product's jobs and tells of each mail.
fn telling(mails: mpsc::UnboundedSender<String>) -> impl Handler {
    probe(move |backend: Backend, id, job: Job| {
        let mails = mails.clone();
        async move {
            if let Job::SendMail(mail) = &job {
                mails.send(mail.to.clone()).unwrap();
            }
            Product.perform(&backend, &id, job).await
        }
    })
}

both_engines! {
    async fn a_commit_wakes_the_runner_of_the_same_process(db: TestDb) {
        let w = World::new(db).await;
        let (mails, mut told) = mpsc::unbounded_channel();
        let stop = CancellationToken::new();
        let worker = Worker::new(w.backend.clone(), telling(mails), 2, QUIET);
        let running = tokio::spawn(worker.work(stop.clone()));

        for name in ["ada", "ben", "eve"] {
            put(&w.backend, &letter(name), Options::default()).await;
            assert_eq!(told.recv().await.unwrap(), format!("{name}@example.com"));
        }

        stop.cancel();
        running.await.unwrap();
        assert_eq!(delivered(&w.backend).await.len(), 3);
    }

    async fn jobs_that_were_there_before_the_runner_are_found(db: TestDb) {
        let w = World::new(db).await;
        let (mails, mut told) = mpsc::unbounded_channel();
        for n in 0..5 {
            put(&w.backend, &letter(&format!("n{n}")), Options::default()).await;
        }

        let stop = CancellationToken::new();
        let worker = Worker::new(w.backend.clone(), telling(mails), 2, QUIET);
        let running = tokio::spawn(worker.work(stop.clone()));
        for _ in 0..5 {
            told.recv().await.unwrap();
        }
        stop.cancel();
        running.await.unwrap();

        assert_eq!(delivered(&w.backend).await.len(), 5);
    }

    async fn a_runner_that_is_told_to_stop_finishes_what_it_has_begun(db: TestDb) {
        let w = World::new(db).await;
        put(&w.backend, &letter("ada"), Options::default()).await;
        let (started, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (signal, wait) = (started.clone(), go_on.clone());
        let handler = probe(move |backend: Backend, id, job| {
            let (signal, wait) = (signal.clone(), wait.clone());
            async move {
                signal.notify_one();
                wait.notified().await;
                Product.perform(&backend, &id, job).await
            }
        });
        let stop = CancellationToken::new();
        let running = tokio::spawn(Worker::new(w.backend.clone(), handler, 1, QUIET).work(stop.clone()));
        started.notified().await;

        stop.cancel();
        put(&w.backend, &letter("late"), Options::default()).await;
        go_on.notify_one();
        running.await.unwrap();

        assert_eq!(delivered(&w.backend).await, ["ada@example.com"]);
    }

    async fn what_takes_longer_than_the_drain_goes_back_untried(db: TestDb) {
        let w = World::new(db).await;
        let id = put(&w.backend, &letter("ada"), Options::default()).await;
        let started = Arc::new(Notify::new());
        let signal = started.clone();
        let endless = probe(move |_, _, _| {
            signal.notify_one();
            pending()
        });
        let stop = CancellationToken::new();
        let pace = Pace { drain: Duration::ZERO, ..QUIET };
        let running = tokio::spawn(Worker::new(w.backend.clone(), endless, 1, pace).work(stop.clone()));
        started.notified().await;

        stop.cancel();
        running.await.unwrap();

        assert_eq!(state(&w.backend, &id).await, ("pending".to_owned(), 0));
        assert_eq!(run_due(&w.backend).await.unwrap(), 1 + SCHEDULES.len(), "the letter, and the sweeps that were due");
    }
}
