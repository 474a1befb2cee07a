use std::time::Duration;

use super::*;
use crate::{db::SystemTx, fetch_one, mail::mailbox};

mod contention;
mod crash;
mod retry;
mod scheduled;
mod worker;

struct Probe<F>(F);

impl<F, Work> Handler for Probe<F>
where
    F: Fn(Backend, String, Job) -> Work + Send + Sync + 'static,
    Work: Future<Output = Result<SystemTx>> + Send,
{
    fn perform(
        &self,
        backend: &Backend,
        id: &str,
        job: Job,
    ) -> impl Future<Output = Result<SystemTx>> + Send {
        (self.0)(backend.clone(), id.to_owned(), job)
    }
}

/// A closure as a handler; made by a function, so that the closure's arguments need no types.
fn probe<F, Work>(work: F) -> Probe<F>
where
    F: Fn(Backend, String, Job) -> Work + Send + Sync + 'static,
    Work: Future<Output = Result<SystemTx>> + Send,
{
    Probe(work)
}

/// A job whose effect is one row in the mailbox.
fn letter(to: &str) -> Job {
    Job::SendMail(Mail {
        to: format!("{to}@example.com"),
        subject: "Hello".to_owned(),
        text: "Hello.".to_owned(),
        html: "<p>Hello.</p>".to_owned(),
    })
}

async fn put(backend: &Backend, job: &Job, options: Options) -> String {
    let mut tx = backend.db.system().write().await.unwrap();
    let id = enqueue(&mut tx, backend, job, options).await.unwrap();
    tx.commit().await.unwrap();
    id
}

fn with_key(key: &str) -> Options {
    Options { key: Some(key.to_owned()), ..Options::default() }
}

/// The addresses in the mailbox, sorted.
async fn delivered(backend: &Backend) -> Vec<String> {
    let mut to: Vec<String> = mailbox::list(backend, 0, 1_000)
        .await
        .unwrap()
        .into_iter()
        .map(|message| message.recipient)
        .collect();
    to.sort();
    to
}

/// State and tries of one job.
async fn state(backend: &Backend, id: &str) -> (String, i64) {
    let mut tx = backend.db.system().read().await.unwrap();
    fetch_one!(tx, r#"select "state", "attempts" from "job" where "id" = $1"#, id).unwrap()
}

async fn jobs_left(backend: &Backend) -> i64 {
    let mut tx = backend.db.system().read().await.unwrap();
    let (left,): (i64,) = fetch_one!(tx, r#"select count(*) from "job""#).unwrap();
    left
}

const LEASE_OVER: Duration = Duration::from_secs(61);
const LONGEST_WAIT: Duration = Duration::from_hours(4);

#[test]
fn the_stored_name_of_a_job_is_its_kind() {
    for job in
        [letter("ada"), Job::SweepSessions, Job::SweepDrafts, Job::SweepMail, Job::SweepTrail]
    {
        let stored = serde_json::to_value(&job).unwrap();

        assert_eq!(stored["kind"], job.kind());
    }
}
