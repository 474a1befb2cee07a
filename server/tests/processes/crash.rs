//! SIGKILL in the middle of writes: what was acknowledged is there after a restart.

use std::{
    sync::{Arc, Barrier, mpsc},
    thread,
};

use backend::both_engines;
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
        let all_here = Arc::new(Barrier::new(CLIENTS));
        let writers: Vec<_> = (1..=CLIENTS)
            .map(|number| {
                let (told, all_here) = (told.clone(), Arc::clone(&all_here));
                thread::spawn(move || {
                    let client = Client::signed_up(port, &format!("person{number}"));
                    all_here.wait();
                    add_accounts(client, number, told)
                })
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
