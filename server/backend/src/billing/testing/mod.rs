//! What tests tell a backend in Polar's place, and rows as its webhooks leave them.

pub(crate) mod lives;
pub(crate) mod rows;

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac};
use secrecy::SecretString;
use sha2::Sha256;
use time::Duration;
use url::Url;

use super::{BillingSettings, PolarServer, apply, wire::Envelope};
use crate::{Backend, Outgoing, Settings, Timestamp, execute, fetch_one};
pub use lives::{Life, Line, check_lives, forget_lives};

/// What [`with_billing`] sells: our names, and Polar's ids.
pub const PRODUCTS: [(&str, &str); 9] = [
    ("starter", "150fbdaf-7193-472f-b8f7-7cdcebb84548"),
    ("plus", "f48a2952-9ca3-4940-a2ea-d7978b0c2ca8"),
    ("premium", "8d0fb5cb-3b51-41ab-84de-b643e7d17e7d"),
    ("api", "e6b2d68f-3a4e-45ed-80d4-2becafc7e8db"),
    ("family", "90c0dea5-64b6-4197-9b64-c3c2def514a6"),
    ("archive", "00b8cb20-96ec-4aa0-9720-57eda7cfe061"),
    ("starter-yearly", "5f6f0c53-6d0e-4f0b-9a35-3a3c8f6d1a01"),
    ("plus-yearly", "5f6f0c53-6d0e-4f0b-9a35-3a3c8f6d1a02"),
    ("premium-yearly", "5f6f0c53-6d0e-4f0b-9a35-3a3c8f6d1a03"),
];

/// The secret that signs webhooks of [`with_billing`].
pub const WEBHOOK_SECRET: &str = "whsec_dGhlIHNlY3JldCBvZiB0aGUgd2ViaG9va3M6IHRlc3Q=";

/// The same with something to sell, by a stand-in of Polar at `api_url`: an origin, as `http://127.0.0.1:4242`.
pub fn with_billing(backend: Backend, api_url: &Url) -> Backend {
    let outgoing = Outgoing::new(&backend.clock, &backend.random, [api_url.clone()])
        .expect("TLS of the tests");
    let products = PRODUCTS.map(|(slug, id)| (slug.to_owned(), id.to_owned()));
    let billing = BillingSettings {
        server: PolarServer::Local,
        api: api_url.join("/v1/").expect("an address with a path"),
        token: SecretString::from("polar_oat_test"),
        webhook_secrets: vec![SecretString::from(WEBHOOK_SECRET)],
        products: products.into(),
        grace: time::Duration::days(7),
    };
    let settings = Settings { billing: Some(billing), ..Settings::clone(&backend.settings) };
    Backend { outgoing, settings: Arc::new(settings), ..backend }
}

/// `webhook-signature` by the standard key of a secret, made here and not by the code under test.
pub fn sign(secret: &str, id: &str, timestamp: &str, body: &[u8]) -> String {
    let key = secret.strip_prefix("whsec_").and_then(|key| STANDARD.decode(key).ok());
    sign_with(&key.expect("a secret of Standard Webhooks"), id, timestamp, body)
}

/// The same by any key.
pub fn sign_with(key: &[u8], id: &str, timestamp: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(format!("{id}.{timestamp}.").as_bytes());
    mac.update(body);
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// Applies one event, as its webhook would.
pub async fn tell(backend: &Backend, event: &str) {
    let envelope: Envelope<'_> = serde_json::from_str(event).expect("an event");
    let mut tx = backend.db.system().write().await.expect("a transaction");
    apply::apply(&mut tx, backend, &envelope).await.expect("an event that can be applied");
    tx.commit().await.expect("a commit");
}

/// The id of the person with this address.
pub async fn user_of(backend: &Backend, email: &str) -> String {
    let mut tx = backend.db.system().read().await.expect("a connection");
    let (id,): (String,) =
        fetch_one!(tx, r#"select "id" from "user" where lower("email") = $1"#, email)
            .expect("a person");
    id
}

fn billing(backend: &Backend) -> &BillingSettings {
    backend.settings.billing.as_ref().expect("a backend that sells")
}

/// A monthly price in US cents for everything that is sold.
pub async fn prices(backend: &Backend, minor: i64) {
    let mut tx = backend.db.system().write().await.expect("a transaction");
    let prices = format!(
        r#"[{{"amount_type":"fixed","price_amount":{minor},"price_currency":"usd","is_archived":false,"created_at":"2026-01-01T00:00:00Z"}}]"#
    );
    for (slug, id) in &billing(backend).products {
        execute!(
            tx,
            r#"
            insert into "polar_product" ("id", "name", "recurringInterval", "recurringIntervalCount", "prices",
                                         "seenAt", "polarVersion", "polarEventAt")
            values ($1, $2, 'month', 1, $3, $4, 1, 1)
            "#,
            id,
            slug,
            &prices,
            Timestamp::from(backend.clock.now()),
        )
        .expect("a product");
    }
    tx.commit().await.expect("a commit");
}

/// A subscription of the person with this id, for a month from now, in Polar's status, from `a-checkout`.
pub async fn subscription(backend: &Backend, user: &str, slug: &str, status: &str) {
    let now = backend.clock.now();
    let late = (status == "past_due").then(|| Timestamp::from(now));
    let mut tx = backend.db.system().write().await.expect("a transaction");
    execute!(
        tx,
        r#"
        insert into "subscription" (
            "id", "createdAt", "amount", "currency", "recurringInterval", "status", "knownStatus",
            "currentPeriodStart", "currentPeriodEnd", "customerId", "productId", "userId", "pastDueAt", "checkoutId")
        values ($1, $2, 900, 'usd', 'month', $3, $3, $2, $4, 'a-customer', $5, $6, $7, 'a-checkout')
        "#,
        backend.new_id(),
        Timestamp::from(now),
        status,
        Timestamp::from(now + Duration::days(30)),
        billing(backend).product(slug),
        user,
        late,
    )
    .expect("a subscription");
    tx.commit().await.expect("a commit");
}

/// A paid order of the person with this id.
pub async fn order(backend: &Backend, user: &str, id: &str) {
    let mut tx = backend.db.system().write().await.expect("a transaction");
    execute!(
        tx,
        r#"
        insert into "polar_order" (
            "id", "userId", "customerId", "subscriptionId", "status", "paid", "billingReason", "currency",
            "subtotalAmount", "discountAmount", "netAmount", "taxAmount", "totalAmount", "refundedAmount",
            "refundedTaxAmount", "invoiceNumber", "description", "createdAt", "polarVersion", "polarEventAt")
        values ($1, $2, 'a-customer', 'a-subscription', 'paid', $3, 'subscription_create', 'usd', 900, 0, 900, 171,
                1071, 0, 0, 'COFFER-0001', 'Starter', $4, 1, 1)
        "#,
        id,
        user,
        true,
        Timestamp::from(backend.clock.now()),
    )
    .expect("an order");
    tx.commit().await.expect("a commit");
}

/// Something metered that the person with this id has used so often just now.
pub async fn used(backend: &Backend, user: &str, event: &str, times: usize) {
    let mut tx = backend.db.system().write().await.expect("a transaction");
    for _ in 0..times {
        let (user, id) = (domain::UserId::new(user), backend.new_id());
        super::record_usage(&mut tx, backend, &user, event, &serde_json::json!({}), &id)
            .await
            .expect("a use");
    }
    tx.commit().await.expect("a commit");
}

/// A checkout of the person with this id, in Polar's status.
pub async fn checkout(backend: &Backend, user: &str, id: &str, status: &str) {
    let mut tx = backend.db.system().write().await.expect("a transaction");
    execute!(
        tx,
        r#"
        insert into "polar_checkout" ("id", "userId", "status", "createdAt", "polarVersion", "polarEventAt")
        values ($1, $2, $3, $4, 1, 1)
        "#,
        id,
        user,
        status,
        Timestamp::from(backend.clock.now()),
    )
    .expect("a checkout");
    tx.commit().await.expect("a commit");
}

/// The id of the only checkout of the person with this id.
pub async fn checkout_of(backend: &Backend, user: &str) -> String {
    let mut tx = backend.db.system().read().await.expect("a connection");
    let (id,): (String,) =
        fetch_one!(tx, r#"select "id" from "polar_checkout" where "userId" = $1"#, user)
            .expect("a checkout");
    id
}

/// A delivery in one state of its life.
pub async fn delivery(backend: &Backend, id: &str, state: &str) {
    let mut tx = backend.db.system().write().await.expect("a transaction");
    execute!(
        tx,
        r#"
        insert into "polar_webhook" ("webhookId", "type", "objectId", "body", "receivedAt", "state", "error")
        values ($1, 'order.paid', 'an-order', 'sealed', $2, $3, $4)
        "#,
        id,
        Timestamp::from(backend.clock.now()),
        state,
        (state == "failed").then_some("unreadable"),
    )
    .expect("a delivery");
    tx.commit().await.expect("a commit");
}

/// A difference that a comparison found and nobody has put right.
pub async fn drift(backend: &Backend, object: &str) {
    let mut tx = backend.db.system().write().await.expect("a transaction");
    execute!(
        tx,
        r#"
        insert into "polar_drift" ("id", "at", "kind", "objectId", "field", "ours", "theirs", "repaired")
        values ($1, $2, 'subscription', $3, 'status', 'active', 'canceled', $4)
        "#,
        backend.new_id(),
        Timestamp::from(backend.clock.now()),
        object,
        false,
    )
    .expect("a difference");
    tx.commit().await.expect("a commit");
}

/// A job that was given up; answers its id.
pub async fn dead_job(backend: &Backend) -> String {
    let mut tx = backend.db.system().write().await.expect("a transaction");
    let job = crate::jobs::Job::Nothing;
    let id = crate::jobs::enqueue(&mut tx, backend, &job, crate::jobs::Options::default())
        .await
        .expect("a job");
    execute!(
        tx,
        r#"update "job" set "state" = 'dead', "lastError" = 'no route to host' where "id" = $1"#,
        &id,
    )
    .expect("an update");
    tx.commit().await.expect("a commit");
    id
}
