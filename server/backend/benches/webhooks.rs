//! How many webhooks a second are received and applied on each engine: `make bench`.

use std::time::Instant;

use backend::{
    Backend,
    billing::{Headers, receive, testing::sign},
    jobs,
    testing::{self, TestDb, WEBHOOK_SECRET},
};
use tokio::runtime::Runtime;

const EVENT: &str = include_str!("../fixtures/polar/events/subscription.updated.json");
const EVENTS: u32 = 2_000;
/// Jobs at once, as the program has it.
const WORKERS: usize = 4;

fn main() {
    let runtime = Runtime::new().expect("a runtime");
    runtime.block_on(async {
        report("SQLite", TestDb::sqlite().await).await;
        report("Postgres", TestDb::postgres().await).await;
    });
}

#[expect(clippy::print_stdout, reason = "a benchmark tells its numbers")]
async fn report(name: &str, db: TestDb) {
    let origin = "http://127.0.0.1:9".parse().expect("an address");
    let backend = testing::with_billing(testing::backend(db.db.clone()), &origin);
    let begun = Instant::now();
    receive_all(&backend).await;
    let received = a_second(begun);
    let begun = Instant::now();
    let workers: Vec<_> = (0..WORKERS)
        .map(|_| {
            let backend = backend.clone();
            tokio::spawn(async move { jobs::run_due(&backend).await.expect("the queue runs") })
        })
        .collect();
    for worker in workers {
        worker.await.expect("a worker ends");
    }
    let applied = a_second(begun);
    println!("{name}: {received} webhooks received and {applied} applied a second");
    db.remove().await;
}

fn a_second(begun: Instant) -> u128 {
    u128::from(EVENTS) * 1_000 / begun.elapsed().as_millis().max(1)
}

/// One event after another, as many subscriptions.
async fn receive_all(backend: &Backend) {
    let timestamp = backend.clock.now().unix_timestamp().to_string();
    for n in 0..EVENTS {
        let id = format!("event-{n}");
        let body = EVENT.replacen("\"id\": \"", &format!("\"id\": \"{n}-"), 1);
        let signature = sign(WEBHOOK_SECRET, &id, &timestamp, body.as_bytes());
        let headers = Headers { id: &id, timestamp: &timestamp, signature: &signature };
        receive(backend, headers, body.as_bytes()).await.expect("a webhook of ours");
    }
}
