//! Two workers, one killed in the middle: nothing is lost, nothing happens twice.

use std::time::Duration;

use backend::{
    Backend, both_engines,
    jobs::{self, Job, Options},
    mail::{Mail, mailbox},
    testing,
};
use tokio::time::{interval, timeout};

use crate::program::Home;

const JOBS: i64 = 400;
const PATIENCE: Duration = Duration::from_mins(2);

async fn enqueue_mails(backend: &Backend) {
    let mut tx = backend.db.system().write().await.unwrap();
    for n in 0..JOBS {
        let mail = Mail {
            to: format!("n{n:03}@example.com"),
            subject: "Hello".to_owned(),
            text: "Hello.".to_owned(),
            html: "<p>Hello.</p>".to_owned(),
        };
        jobs::enqueue(&mut tx, backend, &Job::SendMail(mail), Options::default()).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// Looks until `enough` mails are in the mailbox; leases whose runner is gone end meanwhile.
async fn wait_for(backend: &Backend, enough: i64, end_leases: bool) {
    let mut look = interval(Duration::from_millis(20));
    let all = async {
        while mailbox::count(backend).await.unwrap() < enough {
            look.tick().await;
            if end_leases {
                testing::end_leases(backend).await;
            }
        }
    };
    timeout(PATIENCE, all).await.expect("the workers get through");
}

both_engines! {
    async fn a_killed_worker_loses_no_job_and_no_job_has_two_effects(db: TestDb) {
        let backend = testing::backend(db.db.clone());
        enqueue_mails(&backend).await;
        let home = Home::on(&db);
        let (first, second) = (home.worker().await, home.worker().await);

        wait_for(&backend, JOBS / 4, false).await;
        first.kill().await;
        assert!(mailbox::count(&backend).await.unwrap() < JOBS, "all was done before the kill");
        wait_for(&backend, JOBS, true).await;
        second.terminate().await;

        assert_eq!(second.ended().await.code(), Some(0));
        let mut to: Vec<String> = mailbox::list(&backend, 0, 2 * JOBS)
            .await
            .unwrap()
            .into_iter()
            .map(|message| message.recipient)
            .collect();
        to.sort();
        let expected: Vec<String> = (0..JOBS).map(|n| format!("n{n:03}@example.com")).collect();
        assert_eq!(to, expected);
        assert!(jobs::dead(&backend, 1).await.unwrap().is_empty());
    }
}
