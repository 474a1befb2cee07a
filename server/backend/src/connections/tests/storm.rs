//! A storm in miniature: many connections, faults on, two runners; what is left is the ledger made in order.

use tokio::task::JoinSet;

use super::*;
use crate::{banks::simbank::Fault, both_engines, testing::person};

const PEOPLE: usize = 10;
const BANKS: [(&str, &str); 4] = [
    ("sim_flaky", "demo"),
    ("sim_expired", "demo"),
    ("sim_first_harbor", "demo"),
    ("sim_first_harbor", "mfa"),
];

/// Two runners until nothing is due.
async fn two_runners(backend: &Backend) {
    let mut runners = JoinSet::new();
    for _ in 0..2 {
        let backend = backend.clone();
        runners.spawn(async move { jobs::run_due(&backend).await.unwrap() });
    }
    while let Some(runs) = runners.join_next().await {
        runs.unwrap();
    }
}

both_engines! {
    async fn ten_connections_with_faults_and_two_runners_come_to_the_ledger_made_in_order(db: TestDb) {
        let w = World::new(db).await;
        let backend = &w.backend;
        let mut all = Vec::new();
        for n in 0..PEOPLE {
            let who = person(backend, &format!("person{n}")).await;
            let (institution, login) = BANKS[n % BANKS.len()];
            let connection = link(backend, &who, institution, login).await;
            all.push((who, connection, login));
        }
        for round in 0..6_u8 {
            for (n, (who, connection, login)) in all.iter().enumerate() {
                let item = item_of(backend, who, connection).await.unwrap();
                let fault = match (usize::from(round) + n) % 5 {
                    0 => Some(Fault::Down),
                    1 => Some(Fault::Changing(2)),
                    2 => Some(Fault::Repeated),
                    _ => None,
                };
                let waits = get(backend, who, connection).await.unwrap().state.asks_person();
                if waits {
                    repair(backend, who, connection, login).await;
                }
                bank(backend).set(&item, fault).await.unwrap();
                sync_now(backend, who, connection).await.unwrap();
            }
            bank(backend).advance_clock(2).await.unwrap();
            two_runners(backend).await;
            for _ in 0..3 {
                backend.clock.advance(Duration::from_secs(5));
                two_runners(backend).await;
            }
        }
        for (who, connection, login) in &all {
            let item = item_of(backend, who, connection).await.unwrap();
            repair(backend, who, connection, login).await;
            bank(backend).set(&item, None).await.unwrap();
        }
        for _ in 0..3 {
            for (who, connection, _) in &all {
                sync_now(backend, who, connection).await.unwrap();
            }
            two_runners(backend).await;
        }

        for (who, connection, _) in &all {
            assert_eq!(in_ledger(backend, who).await, at_bank(backend, who, connection).await, "{connection}");
            for (account, side) in crate::accounts::list(backend, who).await.unwrap().iter().zip(bank_sides(backend, who).await.unwrap()) {
                assert_eq!(side.balance_minor, Some(account.balance_minor));
            }
        }
        assert!(jobs::dead(backend, 1).await.unwrap().is_empty());
    }
}
