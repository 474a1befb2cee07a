//! Whole lives of subscriptions as Polar tells them, in the orders in which they may arrive, and the rows they end in.

#![expect(clippy::unwrap_used, reason = "for tests alone")]

use std::{fs, path::PathBuf};

use serde::Deserialize;
use serde_json::{Value, value::RawValue};

use super::rows;
use crate::{Backend, billing::instant::Micros, db::SystemTx, execute};

/// One line of a life: the body as it is signed, and the id Polar sends it under.
#[derive(Clone, Deserialize)]
pub struct Line {
    /// `webhook-id`
    pub webhook_id: String,
    payload: Box<RawValue>,
}

impl Line {
    /// The body.
    pub fn body(&self) -> &str {
        self.payload.get()
    }

    /// When the picture in it was taken.
    #[cfg(test)]
    pub(crate) fn timestamp(&self) -> Micros {
        let value: Value = serde_json::from_str(self.body()).unwrap();
        Micros::parse(value["timestamp"].as_str().unwrap()).unwrap()
    }
}

pub(crate) fn fixtures(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/polar").join(path)
}

pub(crate) fn text_of(path: &str) -> String {
    fs::read_to_string(fixtures(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

pub(crate) fn lines(path: &str) -> Vec<Line> {
    text_of(path).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The life of one subscription. No two have a person, a customer or an object in common.
pub struct Life {
    /// The name of its folder.
    pub name: String,
    /// As Polar sends it.
    pub ordered: Vec<Line>,
    /// The rows at the end, what happens once only, and who has access when.
    pub expected: Value,
}

impl Life {
    /// All six.
    pub fn all() -> Vec<Self> {
        let mut names: Vec<String> = fs::read_dir(fixtures("lifecycles"))
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

    /// The id of the person whose life it is.
    pub fn owner(&self) -> &str {
        self.expected["subscription"]["user_external_id"].as_str().unwrap()
    }

    /// As sent, shuffled, duplicated, and the five more orders: eight, with their names.
    pub fn deliveries(&self) -> Vec<(String, Vec<Line>)> {
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

    fn list(&self, key: &str) -> Vec<Value> {
        self.expected[key].as_array().unwrap().clone()
    }

    fn state(&self) -> (i64, Value, Value) {
        let state = &self.expected["customer_state"];
        let at = Micros::parse(state["timestamp"].as_str().unwrap());
        (
            at.unwrap().0,
            state["active_subscription_ids"].clone(),
            state["granted_benefit_ids"].clone(),
        )
    }
}

/// Compares every table with what these lives, and no others, should end in.
///
/// # Panics
/// At the first difference; `order` says after what.
pub async fn check_lives(tx: &mut SystemTx, lives: &[&Life], order: &str) {
    let names: Vec<&str> = lives.iter().map(|life| &*life.name).collect();
    let context = format!("{} {order}", names.join(", "));
    check_sold(tx, lives, &context).await;
    let all = |key: &str| rows::sorted(lives.iter().flat_map(|life| life.list(key)));
    assert_eq!(rows::refunds(tx).await, all("refunds"), "{context}");
    assert_eq!(rows::grants(tx).await, all("benefit_grants"), "{context}");
    let mut states: Vec<_> = lives.iter().map(|life| life.state()).collect();
    states.sort_by_key(|(at, ..)| *at);
    let mut found = rows::states(tx).await;
    found.sort_by_key(|(at, ..)| *at);
    assert_eq!(found, states, "{context}");
    let mut paid: Vec<String> = lives
        .iter()
        .flat_map(|life| {
            let paid = life.expected["once_only"]["order_paid"].clone();
            serde_json::from_value::<Vec<String>>(paid).unwrap()
        })
        .collect();
    paid.sort();
    assert_eq!(rows::effects(tx, "receipt").await, paid, "{context}");
    assert_eq!(rows::effects(tx, "refund_mail").await.len(), all("refunds").len(), "{context}");
}

/// The same of subscriptions and orders alone: who has access, and what was paid.
async fn check_sold(tx: &mut SystemTx, lives: &[&Life], context: &str) {
    let wanted =
        lives.iter().map(|life| rows::expected_subscription(&life.expected["subscription"]));
    let found = rows::sorted(rows::subscriptions(tx).await);
    assert_eq!(found, rows::sorted(wanted), "{context}");
    let orders = rows::sorted(lives.iter().flat_map(|life| life.list("orders")));
    assert_eq!(rows::orders(tx).await, orders, "{context}");
}

/// Takes everything away that deliveries left.
pub async fn forget_lives(backend: &Backend) {
    let mut tx = backend.db.system().write().await.unwrap();
    execute!(tx, r#"delete from "polar_webhook""#).unwrap();
    execute!(tx, r#"delete from "polar_effect""#).unwrap();
    execute!(tx, r#"delete from "polar_customer""#).unwrap();
    execute!(tx, r#"delete from "polar_order""#).unwrap();
    execute!(tx, r#"delete from "polar_refund""#).unwrap();
    execute!(tx, r#"delete from "polar_grant""#).unwrap();
    execute!(tx, r#"delete from "polar_checkout""#).unwrap();
    execute!(tx, r#"delete from "polar_drift""#).unwrap();
    execute!(tx, r#"delete from "subscription""#).unwrap();
    execute!(tx, r#"delete from "job""#).unwrap();
    tx.commit().await.unwrap();
}
