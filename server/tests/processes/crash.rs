//! SIGKILL in the middle of writes: what was acknowledged is there after a restart.

use std::{sync::mpsc, thread};

use backend::{billing, both_engines, testing};
use domain::plan::Plan;
use serde_json::json;

use crate::{client::Client, program::Home};

const CLIENTS: usize = 8;
const ENOUGH: usize = 80;

/// Adds accounts until the server is gone; answers the client and the ids that were acknowledged.
fn add_accounts(
    mut client: Client,
    number: usize,
    told: mpsc::Sender<()>,
) -> (Client, Vec<String>) {
    let mut acknowledged = Vec::new();
    for n in 0.. {
        let account = json!({
            "bankName": "First Bank",
            "accountType": "checking",
            "routingNumber": "021000021",
            "accountNumber": format!("{number}{n:06}"),
        });
        let Ok(answer) = client.post("/api/bank-accounts", &account) else { break };
        assert!((200..300).contains(&answer.status), "{answer:?}");
        acknowledged.push(answer.json()["bankAccount"]["id"].as_str().unwrap().to_owned());
        if told.send(()).is_err() {
            break;
        }
    }
    (client, acknowledged)
}

both_engines! {
    async fn every_acknowledged_row_outlives_a_kill(db: TestDb) {
        let home = Home::on(&db);
        let program = home.serve().await;
        let port = program.port;
        let (told, tellings) = mpsc::channel();
        // Nobody writes before everybody has signed up: a sign-up that the kill meets is no acknowledged row.
        let clients = tokio::task::spawn_blocking(move || {
            let names = (1..=CLIENTS).map(|number| format!("person{number}"));
            names.map(|name| Client::signed_up(port, &name)).collect::<Vec<_>>()
        });
        let backend = testing::backend(db.db.clone());
        let clients = clients.await.unwrap();
        for number in 1..=CLIENTS {
            let email = format!("person{number}@example.com");
            billing::give_plan(&backend, &email, Plan::Plus).await.unwrap();
        }
        let writers: Vec<_> = (1..)
            .zip(clients)
            .map(|(number, client)| {
                let told = told.clone();
                thread::spawn(move || add_accounts(client, number, told))
            })
            .collect();
        drop(told);
        let seen = tokio::task::spawn_blocking(move || tellings.iter().take(ENOUGH).count()).await.unwrap();
        assert_eq!(seen, ENOUGH, "the writers gave up early");

        program.kill().await;
        let written: Vec<_> = writers.into_iter().map(|writer| writer.join().unwrap()).collect();
        let program = home.serve().await;

        let port = program.port;
        let missing = tokio::task::spawn_blocking(move || {
            let missing = written.into_iter().map(|(client, acknowledged)| {
                let answer = client.at(port).get("/api/bank-accounts").unwrap();
                assert_eq!(answer.status, 200, "{}", answer.body);
                let there = answer.body;
                acknowledged.into_iter().filter(|id| !there.contains(&**id)).count()
            });
            missing.sum::<usize>()
        });
        assert_eq!(missing.await.unwrap(), 0, "acknowledged and lost");
        program.kill().await;
    }
}
