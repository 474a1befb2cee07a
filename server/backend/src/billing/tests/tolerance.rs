//! Bodies of other releases of Polar: unknown keys, missing keys, unknown words.

use serde_json::{Map, Value, json};

use super::{fixtures, rows, selling};
use crate::{
    billing::{apply, wire::Envelope},
    both_engines,
    testing::person,
};

/// Keys without which an object is none.
const NEEDED: [&str; 12] = [
    "id",
    "created_at",
    "status",
    "customer_id",
    "product_id",
    "order_id",
    "amount",
    "benefit_id",
    "is_granted",
    "name",
    "type",
    "timestamp",
];

fn events() -> Vec<(String, Value)> {
    let mut events: Vec<(String, Value)> = std::fs::read_dir(fixtures("events"))
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            (
                path.file_name().unwrap().to_string_lossy().into_owned(),
                serde_json::from_str(&text).unwrap(),
            )
        })
        .collect();
    events.sort_by(|(a, _), (b, _)| a.cmp(b));
    assert_eq!(events.len(), 54);
    events
}

fn reads(event: &Value) -> bool {
    let text = event.to_string();
    let envelope: Envelope<'_> = serde_json::from_str(&text).unwrap();
    matches!(apply::check(&envelope), Some(Ok(())))
}

/// A key nobody knows, at every level.
fn with_unknown_keys(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(with_unknown_keys).collect(),
        Value::Object(members) => {
            let known = members.iter().map(|(key, value)| (key.clone(), with_unknown_keys(value)));
            let mut members: Map<String, Value> = known.collect();
            members.insert("a_key_of_next_year".to_owned(), json!({"a": [1, null]}));
            Value::Object(members)
        }
        other => other.clone(),
    }
}

#[test]
fn every_event_is_read_with_unknown_keys_at_every_level() {
    for (name, event) in events() {
        assert!(reads(&event), "{name}");
        assert!(reads(&with_unknown_keys(&event)), "{name}");
    }
}

#[test]
fn every_key_that_we_can_do_without_may_be_missing_or_null() {
    for (name, event) in events() {
        let keys: Vec<String> = event["data"].as_object().unwrap().keys().cloned().collect();
        for key in keys.iter().filter(|key| !NEEDED.contains(&&***key)) {
            let mut without = event.clone();
            without["data"].as_object_mut().unwrap().remove(key);
            assert!(reads(&without), "{name} without {key}");
            // A list that is null is another type, and nobody has seen one.
            if !event["data"][key].is_array() {
                let mut null = event.clone();
                null["data"][key] = Value::Null;
                assert!(reads(&null), "{name} with {key} null");
            }
        }
    }
}

both_engines! {
    async fn an_unknown_status_keeps_the_last_answer(db: TestDb) {
        let backend = selling(db.db.clone());
        let (_, event) = events().into_iter().find(|(name, _)| name == "subscription.active.json").unwrap();
        let owner = event["data"]["customer"]["external_id"].as_str().unwrap().to_owned();
        let owner = crate::testing::person(&backend, &owner).await;
        let mut odd = event.clone();
        odd["timestamp"] = json!("2030-01-01T00:00:00Z");
        odd["data"]["modified_at"] = json!("2030-01-01T00:00:00Z");
        odd["data"]["status"] = json!("hibernating");

        let mut tx = backend.db.system().write().await.unwrap();
        for event in [&event, &odd] {
            let text = event.to_string();
            let envelope: Envelope<'_> = serde_json::from_str(&text).unwrap();
            apply::apply(&mut tx, &backend, &envelope).await.unwrap();
        }
        tx.commit().await.unwrap();

        let found = crate::billing::entitlement(&backend, &owner).await.unwrap();
        assert!(found.is_subscribed());
        assert_eq!(found.subscription.unwrap().status, "hibernating");
    }

    async fn text_that_postgres_cannot_keep_loses_that_character(db: TestDb) {
        let backend = selling(db.db.clone());
        let (_, mut event) = events().into_iter().find(|(name, _)| name == "subscription.active.json").unwrap();
        // Nobody's words are kept.
        person(&backend, event["data"]["customer"]["external_id"].as_str().unwrap()).await;
        event["data"]["customer_cancellation_comment"] = json!("a\0b");
        event["data"]["metadata"] = json!({"k\0": "v\0"});
        let text = event.to_string();
        let envelope: Envelope<'_> = serde_json::from_str(&text).unwrap();

        let mut tx = backend.db.system().write().await.unwrap();
        apply::apply(&mut tx, &backend, &envelope).await.unwrap();

        let rows = rows::subscriptions(&mut tx).await;
        assert_eq!(rows[0]["customer_cancellation_comment"], "ab");
        assert_eq!(rows[0]["metadata"], json!({"k": "v"}));
    }
}
