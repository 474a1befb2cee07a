//! SIGTERM: what runs is finished, and the exit code says that all went well.

use std::net::TcpStream;

use backend::both_engines;
use serde_json::json;
use tokio::task::spawn_blocking;

use crate::{client::Client, program::Home};

both_engines! {
    async fn a_request_that_has_begun_is_finished_after_sigterm(db: TestDb) {
        let home = Home::on(&db);
        let mut program = home.serve().await;
        let port = program.port;
        let account = json!({
            "bankName": "First Bank",
            "accountType": "checking",
            "routingNumber": "021000021",
            "accountNumber": "1234567890",
        });
        let half = spawn_blocking(move || {
            Client::signed_up(port, "ada").begin_post("/api/bank-accounts", &account)
        })
        .await
        .unwrap();

        program.terminate().await;
        program.wait_for_line("leaving").await;
        let answer = spawn_blocking(move || half.finish().unwrap()).await.unwrap();

        assert!((200..300).contains(&answer.status), "{answer:?}");
        assert_eq!(program.ended().await.code(), Some(0));
        assert!(TcpStream::connect(("127.0.0.1", port)).is_err(), "somebody still listens");
    }

    async fn an_idle_server_leaves_at_once(db: TestDb) {
        let home = Home::on(&db);
        let program = home.serve().await;

        program.terminate().await;

        assert_eq!(program.ended().await.code(), Some(0));
    }
}
