//! Whole lives of subscriptions, in every order of delivery: the rows end the same.

use rand::{SeedableRng, rngs::StdRng, seq::SliceRandom};
use serde_json::Value;

use super::{Line, at, deliver, deliver_all, fixtures, lines, rows, selling, text_of};
use crate::{
    Backend, SignedIn,
    billing::{apply, entitlement, wire::Envelope},
    both_engines,
    db::SystemTx,
    execute, fetch_one, jobs,
    testing::{mails_of, person},
};

/// Random orders of each life, besides those of the fixtures.
const SHUFFLES: u64 = 200;

struct Life {
    name: String,
    ordered: Vec<Line>,
    expected: Value,
}

impl Life {
    fn all() -> Vec<Self> {
        let mut names: Vec<String> = std::fs::read_dir(fixtures("lifecycles"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names.len(), 6);
        names.into_iter().map(Self::read).collect()
    }

    fn read(name: String) -> Self {
        let ordered = lines(&format!("lifecycles/{name}/ordered.jsonl"));
        let expected = text_of(&format!("lifecycles/{name}/expected.json"));
        Self { ordered, expected: serde_json::from_str(&expected).unwrap(), name }
    }

    fn owner(&self) -> &str {
        self.expected["subscription"]["user_external_id"].as_str().unwrap()
    }

    /// As sent, shuffled, duplicated, and the five more orders.
    fn deliveries(&self) -> Vec<(String, Vec<Line>)> {
        let path = |file: &str| format!("lifecycles/{}/{file}", self.name);
        let mut all = vec![
            ("ordered".to_owned(), self.ordered.clone()),
            ("shuffled".to_owned(), lines(&path("shuffled.jsonl"))),
            ("duplicated".to_owned(), lines(&path("duplicated.jsonl"))),
        ];
        let orders: serde_json::Map<String, Value> =
            serde_json::from_str(&text_of(&path("orders.json"))).unwrap();
        all.extend(orders.into_iter().map(|(name, numbers)| {
            let numbers = numbers.as_array().unwrap().iter();
            let index = |n: &Value| usize::try_from(n.as_u64().unwrap()).unwrap() - 1;
            (name, numbers.map(|n| self.ordered[index(n)].clone()).collect())
        }));
        assert_eq!(all.len(), 8);
        all
    }

    /// Compares every table with what it should end in.
    async fn check(&self, tx: &mut SystemTx, order: &str) {
        let context = format!("{} {order}", self.name);
        let expected = &self.expected;
        let wanted = rows::expected_subscription(&expected["subscription"]);
        assert_eq!(rows::subscriptions(tx).await, [wanted], "{context}");
        let list = |key: &str| rows::sorted(expected[key].as_array().unwrap().clone());
        assert_eq!(rows::orders(tx).await, list("orders"), "{context}");
        assert_eq!(rows::refunds(tx).await, list("refunds"), "{context}");
        assert_eq!(rows::grants(tx).await, list("benefit_grants"), "{context}");
        let state = &expected["customer_state"];
        let at = crate::billing::instant::Micros::parse(state["timestamp"].as_str().unwrap());
        let wanted = (
            at.unwrap().0,
            state["active_subscription_ids"].clone(),
            state["granted_benefit_ids"].clone(),
        );
        assert_eq!(rows::states(tx).await, [wanted], "{context}");
        let mut paid: Vec<String> =
            serde_json::from_value(expected["once_only"]["order_paid"].clone()).unwrap();
        paid.sort();
        assert_eq!(rows::effects(tx, "receipt").await, paid, "{context}");
        let refunds = expected["refunds"].as_array().unwrap().len();
        assert_eq!(rows::effects(tx, "refund_mail").await.len(), refunds, "{context}");
    }
}

/// Takes everything away that a delivery left.
async fn clear(backend: &Backend) {
    let mut tx = backend.db.system().write().await.unwrap();
    execute!(tx, r#"delete from "polar_webhook""#).unwrap();
    execute!(tx, r#"delete from "polar_effect""#).unwrap();
    execute!(tx, r#"delete from "polar_customer""#).unwrap();
    execute!(tx, r#"delete from "polar_order""#).unwrap();
    execute!(tx, r#"delete from "polar_refund""#).unwrap();
    execute!(tx, r#"delete from "polar_grant""#).unwrap();
    execute!(tx, r#"delete from "polar_checkout""#).unwrap();
    execute!(tx, r#"delete from "subscription""#).unwrap();
    execute!(tx, r#"delete from "job""#).unwrap();
    tx.commit().await.unwrap();
}

async fn count(backend: &Backend, state: &str) -> i64 {
    let mut tx = backend.db.system().read().await.unwrap();
    let (count,): (i64,) =
        fetch_one!(tx, r#"select count(*) from "polar_webhook" where "state" = $1"#, state)
            .unwrap();
    count
}

both_engines! {
    async fn every_life_in_every_order_ends_in_the_same_rows(db: TestDb) {
        let backend = selling(db.db.clone());
        for life in Life::all() {
            person(&backend, life.owner()).await;
            for (order, lines) in life.deliveries() {
                clear(&backend).await;

                deliver_all(&backend, &lines).await;

                let mut tx = backend.db.system().read().await.unwrap();
                life.check(&mut tx, &order).await;
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
                    let envelope: Envelope<'_> = serde_json::from_str(line.body()).unwrap();
                    apply::apply(&mut tx, &backend, &envelope).await.unwrap();
                }
                life.check(&mut tx, &format!("shuffle {n}")).await;
            }
        }
    }

    async fn four_workers_at_once_end_in_the_same_rows(db: TestDb) {
        let backend = selling(db.db.clone());
        for life in Life::all() {
            person(&backend, life.owner()).await;
            clear(&backend).await;
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
            life.check(&mut tx, "four workers").await;
        }
    }

    async fn access_holds_at_each_checkpoint(db: TestDb) {
        let backend = selling(db.db.clone());
        for life in Life::all() {
            let owner = person(&backend, life.owner()).await;
            for point in life.expected["access"].as_array().unwrap() {
                clear(&backend).await;
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
