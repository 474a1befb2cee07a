//! Whole lives of subscriptions, in every order of delivery: the rows end the same.

use rand::{SeedableRng, rngs::StdRng, seq::SliceRandom};

use super::{Line, at, deliver, deliver_all, selling};
use crate::{
    Backend, SignedIn,
    billing::{
        apply, entitlement,
        testing::{Life, check_lives, forget_lives, rows::effects},
        wire::Envelope,
    },
    both_engines,
    db::SystemTx,
    fetch_one, jobs,
    testing::{mails_of, person},
};

/// Random orders of each life, besides those of the fixtures.
const SHUFFLES: u64 = 200;

async fn count(backend: &Backend, state: &str) -> i64 {
    let mut tx = backend.db.system().read().await.unwrap();
    let (count,): (i64,) =
        fetch_one!(tx, r#"select count(*) from "polar_webhook" where "state" = $1"#, state)
            .unwrap();
    count
}

async fn apply_told(tx: &mut SystemTx, backend: &Backend, body: &str) {
    let envelope: Envelope<'_> = serde_json::from_str(body).unwrap();
    apply::apply(tx, backend, &envelope).await.unwrap();
}

/// Whether another transaction of this database waits for its turn. On SQLite it does: there is one writer.
async fn waits(tx: &mut SystemTx) -> bool {
    let (waiting,): (i64,) = fetch_one!(
        tx,
        sqlite: "select 1",
        postgres: r#"
        select count(*) from "pg_locks"
        where "locktype" = 'advisory' and not "granted"
            and "database" = (select "oid" from "pg_database" where "datname" = current_database())
        "#,
    )
    .unwrap();
    waiting > 0
}

both_engines! {
    async fn every_life_in_every_order_ends_in_the_same_rows(db: TestDb) {
        let backend = selling(db.db.clone());
        for life in Life::all() {
            person(&backend, life.owner()).await;
            for (order, lines) in life.deliveries() {
                forget_lives(&backend).await;

                deliver_all(&backend, &lines).await;

                let mut tx = backend.db.system().read().await.unwrap();
                check_lives(&mut tx, &[&life], &order).await;
                assert_eq!(count(&backend, "new").await + count(&backend, "failed").await, 0);
            }
        }
    }

    async fn two_hundred_shuffles_of_each_life_end_in_the_same_rows(db: TestDb) {
        let backend = selling(db.db.clone());
        let mut chance = StdRng::seed_from_u64(4);
        for life in Life::all() {
            person(&backend, life.owner()).await;
            for n in 0..SHUFFLES {
                let mut lines = life.ordered.clone();
                lines.shuffle(&mut chance);
                // Nothing is committed: dropping the transaction clears the tables.
                let mut tx = backend.db.system().write().await.unwrap();
                for line in &lines {
                    apply_told(&mut tx, &backend, line.body()).await;
                }
                check_lives(&mut tx, &[&life], &format!("shuffle {n}")).await;
            }
        }
    }

    async fn four_workers_at_once_end_in_the_same_rows(db: TestDb) {
        let backend = selling(db.db.clone());
        for life in Life::all() {
            person(&backend, life.owner()).await;
            forget_lives(&backend).await;
            let (_, lines) = life.deliveries().swap_remove(2);
            for line in &lines {
                deliver(&backend, &line.webhook_id, line.body().as_bytes()).await.unwrap();
            }

            let workers: Vec<_> = (0..4)
                .map(|_| {
                    let backend = backend.clone();
                    tokio::spawn(async move { jobs::run_due(&backend).await.unwrap() })
                })
                .collect();
            for worker in workers {
                worker.await.unwrap();
            }
            // What lost a race waits for its next try.
            backend.clock.advance(std::time::Duration::from_mins(30));
            jobs::run_due(&backend).await.unwrap();

            let mut tx = backend.db.system().read().await.unwrap();
            check_lives(&mut tx, &[&life], "four workers").await;
        }
    }

    async fn a_refund_told_while_its_customer_is_told_finds_its_owner(db: TestDb) {
        let backend = selling(db.db.clone());
        let life = Life::all().remove(3);
        person(&backend, life.owner()).await;
        let told = |kind: &str| {
            let mut bodies = life.ordered.iter().map(Line::body);
            bodies.find(|body| body.contains(kind)).unwrap().to_owned()
        };

        let mut first = backend.db.system().write().await.unwrap();
        apply_told(&mut first, &backend, &told(r#""type":"refund.updated""#)).await;
        let second = tokio::spawn({
            let (backend, customer) = (backend.clone(), told(r#""type":"customer.created""#));
            async move {
                let mut tx = backend.db.system().write().await.unwrap();
                apply_told(&mut tx, &backend, &customer).await;
                tx.commit().await.unwrap();
            }
        });
        while !waits(&mut first).await {
            assert!(!second.is_finished(), "it did not wait for its customer");
        }
        first.commit().await.unwrap();
        second.await.unwrap();

        let mut tx = backend.db.system().read().await.unwrap();
        let (owner,): (Option<String>,) =
            fetch_one!(tx, r#"select "userId" from "polar_refund""#).unwrap();
        assert_eq!(owner.as_deref(), Some(life.owner()));
        assert_eq!(effects(&mut tx, "refund_mail").await.len(), 1);
    }

    async fn access_holds_at_each_checkpoint(db: TestDb) {
        let backend = selling(db.db.clone());
        for life in Life::all() {
            let owner = person(&backend, life.owner()).await;
            for point in life.expected["access"].as_array().unwrap() {
                forget_lives(&backend).await;
                let moment = point["at"].as_str().unwrap();
                let until = crate::billing::instant::Micros::parse(moment).unwrap();
                let told: Vec<Line> =
                    life.ordered.iter().filter(|line| line.timestamp() <= until).cloned().collect();
                deliver_all(&backend, &told).await;

                let found = entitlement(&at(&backend, moment), &owner).await.unwrap();

                let context = format!("{} {point}", life.name);
                assert_eq!(found.is_subscribed(), point["access"].as_bool().unwrap(), "{context}");
                let product = point["product_id"].as_str();
                assert_eq!(found.products.first().map(String::as_str), product, "{context}");
            }
        }
    }

    async fn each_letter_is_sent_once_however_often_its_cause_is_told(db: TestDb) {
        let backend = selling(db.db.clone());
        let life = Life::all().remove(0);
        let owner = person(&backend, life.owner()).await;
        for (_, lines) in life.deliveries().into_iter().take(3) {
            deliver_all(&backend, &lines).await;
        }
        jobs::run_due(&backend).await.unwrap();

        let mut subjects = subjects(&backend, &owner).await;
        subjects.sort();

        assert_eq!(
            subjects,
            ["Coffer Starter has ended", "Receipt: $10.71", "Welcome to Coffer Starter", "You canceled Coffer Starter"]
        );
    }
}

async fn subjects(backend: &Backend, owner: &SignedIn) -> Vec<String> {
    let mails = mails_of(backend, &format!("{}@example.com", owner.user())).await;
    mails.into_iter().map(|mail| mail.subject).collect()
}
