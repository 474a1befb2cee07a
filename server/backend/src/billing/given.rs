//! What tests of billing begin with.

use serde_json::{Value, json};

use super::{
    apply::{self, Snapshot},
    client::server::{Polar, fixture, with},
    instant::Micros,
    wire,
};
use crate::{
    Backend, execute,
    testing::{TestDb, World, with_billing},
};

/// The subscription of the fixtures.
pub const SUBSCRIPTION: &str = "ad5c0922-46dc-43a2-a20c-a84c4c23e1e2";
/// The checkout of the fixtures.
pub const CHECKOUT: &str = "65538994-4c28-40b0-982c-d438d5e03cc0";
/// The newer order of the fixtures.
pub const ORDER: &str = "6e9372b0-d1e6-4731-b399-9837da9f700e";

/// Two people, and a Polar to ask.
pub async fn world(db: TestDb) -> (World, Polar) {
    let polar = Polar::new().await;
    let w = World::new(db).await;
    let backend = with_billing(w.backend.clone(), &polar.url);
    (World { backend, ..w }, polar)
}

/// Polar's id of something we sell.
pub fn product(slug: &str) -> &'static str {
    let found = crate::testing::PRODUCTS.iter().find(|(name, _)| *name == slug);
    found.map(|(_, id)| *id).unwrap()
}

/// A subscription of Alice's to Starter that goes on, as Polar has it, with changes.
pub fn subscription(changes: Value) -> String {
    let going_on = json!({
        "cancel_at_period_end": false,
        "canceled_at": null,
        "ends_at": null,
        "current_period_end": "2026-06-01T09:00:00Z",
    });
    with(&with(&fixture!("subscription.get.response"), going_on), changes)
}

/// An order of Alice's, with changes.
pub fn order(changes: Value) -> String {
    let list: Value = serde_json::from_str(&fixture!("orders.list.response")).unwrap();
    with(&list["items"][0].to_string(), changes)
}

/// Writes a row as Polar had it at the beginning of the day.
pub async fn have_subscription(backend: &Backend, body: &str) {
    let data: wire::Subscription = wire::read(body).unwrap();
    let mut tx = backend.db.system().write().await.unwrap();
    let snapshot = Snapshot::new(data, morning());
    apply::write_subscription(&mut tx, backend, &snapshot).await.unwrap();
    tx.commit().await.unwrap();
}

/// The same of an order.
pub async fn have_order(backend: &Backend, body: &str) {
    let data: wire::Order = wire::read(body).unwrap();
    let mut tx = backend.db.system().write().await.unwrap();
    let snapshot = Snapshot::new(data, morning());
    apply::apply_order(&mut tx, backend, &snapshot, false).await.unwrap();
    tx.commit().await.unwrap();
}

/// The same of a checkout.
pub async fn have_checkout(backend: &Backend, body: &str) {
    let data: wire::Checkout = wire::read(body).unwrap();
    let mut tx = backend.db.system().write().await.unwrap();
    apply::apply_checkout(&mut tx, backend, &Snapshot::new(data, morning())).await.unwrap();
    tx.commit().await.unwrap();
}

fn morning() -> Micros {
    Micros::parse("2026-05-04T06:00:00Z").unwrap()
}

/// The catalogue of the fixtures.
pub async fn have_products(backend: &Backend) {
    let list: Value = serde_json::from_str(&fixture!("products.list.response")).unwrap();
    let mut tx = backend.db.system().write().await.unwrap();
    for item in list["items"].as_array().unwrap() {
        let data: wire::Product = wire::read(&item.to_string()).unwrap();
        let snapshot = Snapshot::new(data, morning());
        apply::apply_product(&mut tx, backend, &snapshot).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// Says of everything that waits that it is done: what a test is not about.
pub async fn forget_jobs(backend: &Backend) {
    let mut tx = backend.db.system().write().await.unwrap();
    execute!(tx, r#"delete from "job""#).unwrap();
    tx.commit().await.unwrap();
}

/// How many jobs of a kind wait.
pub async fn waiting(backend: &Backend, kind: &str) -> i64 {
    let mut tx = backend.db.system().read().await.unwrap();
    let (count,): (i64,) = crate::fetch_one!(
        tx,
        r#"select count(*) from "job" where "kind" = $1 and "state" = 'pending'"#,
        kind,
    )
    .unwrap();
    count
}
