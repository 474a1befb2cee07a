//! SIGKILL between storing a webhook and applying it: what was acknowledged is applied after the restart.

use std::{collections::BTreeSet, fs, time::Duration};

use backend::{
    Backend,
    billing::{
        self,
        testing::{Life, Line, check_lives, forget_lives, sign},
    },
    both_engines, testing,
};
use domain::PageRequest;
use serde_json::Value;
use tokio::time::{interval, timeout};

use crate::{
    client::{Answer, Client},
    program::Home,
};

const LIFE: &str = "backend/fixtures/polar/lifecycles/01-trial-cancel-revoke";
const STRANGER: &str = "7Yk2mQh0vT4sLr9ZbN6cXw1pJd8eUaG3";
const PATIENCE: Duration = Duration::from_mins(2);

/// The deliveries of one life, each event one to three times, shuffled; for `owner`.
fn deliveries(owner: &str) -> Vec<(String, String)> {
    let path = format!("{}/{LIFE}/duplicated.jsonl", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(path).unwrap();
    text.lines()
        .map(|line| {
            let line: Line = serde_json::from_str(line).unwrap();
            (line.webhook_id.clone(), line.body().replace(STRANGER, owner))
        })
        .collect()
}

fn deliver(client: &mut Client, (id, body): &(String, String)) -> Answer {
    let timestamp = backend::Clock::system().now().unix_timestamp().to_string();
    let signature = sign(testing::WEBHOOK_SECRET, id, &timestamp, body.as_bytes());
    let headers = format!(
        "webhook-id: {id}\r\nwebhook-timestamp: {timestamp}\r\nwebhook-signature: {signature}\r\n"
    );
    client.post_text("/api/auth/polar/webhooks", &headers, body).unwrap()
}

async fn count(backend: &Backend, state: Option<&str>) -> i64 {
    let page = PageRequest::Page { page: 1, limit: 1 };
    billing::deliveries(backend, state, page).await.unwrap().1
}

/// Waits until no more than so many deliveries wait.
async fn until_at_most(backend: &Backend, left: i64) {
    let applied = async {
        let mut look = interval(Duration::from_millis(20));
        while count(backend, Some("new")).await > left {
            look.tick().await;
        }
    };
    timeout(PATIENCE, applied).await.expect("the inbox is worked off");
}

/// Delivers everything in this order; each delivery is acknowledged.
async fn deliver_all(port: u16, told: Vec<(String, String)>) {
    let delivered = tokio::task::spawn_blocking(move || {
        let mut client = Client::new(port);
        for delivery in &told {
            assert_eq!(deliver(&mut client, delivery).status, 202);
        }
    });
    delivered.await.unwrap();
}

both_engines! {
    async fn every_life_in_every_order_survives_kills_between_storing_and_applying(db: TestDb) {
        let backend = testing::backend(db.db.clone());
        let home = Home::on(&db);
        let lives = Life::all();
        for life in &lives {
            testing::person(&backend, life.owner()).await;
        }
        let orders: Vec<_> = lives.iter().map(Life::deliveries).collect();
        let (mut sent, mut orders_done) = (0, 0);
        for n in 0..8 {
            forget_lives(&backend).await;
            let lines = orders.iter().flat_map(|orders| &orders[n].1);
            let told: Vec<_> = lines.map(|line: &Line| (line.webhook_id.clone(), line.body().to_owned())).collect();
            let ids: BTreeSet<&String> = told.iter().map(|(id, _)| id).collect();
            let stored = i64::try_from(ids.len()).unwrap();
            sent += told.len();

            // Stores and acknowledges, and applies nothing.
            let idle = home.serve_with(&["serve", "--no-worker"]).await;
            deliver_all(idle.port, told).await;
            assert_eq!(count(&backend, Some("new")).await, stored);
            idle.kill().await;
            // Dies in the middle of the work, where the lease of what it had in its hands has to run out first.
            let worker = home.worker().await;
            until_at_most(&backend, stored / 2).await;
            worker.kill().await;
            testing::end_leases(&backend).await;
            let worker = home.worker().await;
            until_at_most(&backend, 0).await;
            worker.kill().await;

            assert_eq!(count(&backend, Some("failed")).await, 0);
            let lives: Vec<&Life> = lives.iter().collect();
            let mut tx = backend.db.system().read().await.unwrap();
            check_lives(&mut tx, &lives, &orders[0][n].0).await;
            orders_done += lives.len();
        }
        eprintln!(
            "{}: {orders_done} lives and orders, {sent} deliveries, 16 kills, 0 differences",
            backend.db.engine_name()
        );
        assert_eq!(orders_done, 48);
    }

    async fn every_acknowledged_webhook_is_applied_after_a_kill(db: TestDb) {
        let backend = testing::backend(db.db.clone());
        let home = Home::on(&db);
        // Stores and acknowledges, and applies nothing.
        let idle = home.serve_with(&["serve", "--no-worker"]).await;
        let port = idle.port;
        let (mut client, told) = tokio::task::spawn_blocking(move || {
            let mut client = Client::signed_up(port, "ann");
            let session = client.get("/api/auth/get-session").unwrap().json();
            let told = deliveries(session["user"]["id"].as_str().unwrap());
            (client, told)
        })
        .await
        .unwrap();
        let ids: BTreeSet<&String> = told.iter().map(|(id, _)| id).collect();
        for delivery in &told {
            assert_eq!(deliver(&mut client, delivery).status, 202);
        }
        let stored = i64::try_from(ids.len()).unwrap();
        assert_eq!(count(&backend, Some("new")).await, stored);
        idle.kill().await;

        let program = home.serve().await;
        until_at_most(&backend, 0).await;

        // The person became a customer meanwhile, and Polar told of that, too.
        assert!(count(&backend, None).await >= stored);
        assert_eq!(count(&backend, Some("failed")).await, 0);
        let mut client = client.at(program.port);
        let answer = client.get("/api/subscription").unwrap();
        let standing: Value = answer.json();
        assert_eq!(standing["status"], "canceled", "{standing}");
        assert_eq!(standing["subscription"]["id"], "ad5c0922-46dc-43a2-a20c-a84c4c23e1e2");
        program.kill().await;
    }
}
