//! Events go in as Polar sends them; rows, letters and access come out.

mod allowance;
mod events;
mod helpers;
mod inbox;
mod lifecycles;
mod lost;
mod second;
mod tolerance;

use secrecy::ExposeSecret;

use super::{
    Headers, Received, Refused, receive,
    testing::{
        lives::{Line, fixtures, lines, text_of},
        rows, sign,
    },
};
use crate::{
    Backend, Clock, Db, jobs,
    testing::{backend, with_billing},
};

/// A backend that sells what the fixtures sell, with nobody to ask.
fn selling(db: Db) -> Backend {
    with_billing(backend(db), &"http://127.0.0.1:9".parse().unwrap())
}

/// Delivers one body, signed now.
async fn deliver(backend: &Backend, id: &str, body: &[u8]) -> Result<Received, Refused> {
    let secrets = &backend.settings.billing.as_ref().unwrap().webhook_secrets;
    let timestamp = backend.clock.now().unix_timestamp().to_string();
    let signature = sign(secrets[0].expose_secret(), id, &timestamp, body);
    receive(backend, Headers { id, timestamp: &timestamp, signature: &signature }, body).await
}

/// Delivers all, then applies what waits.
async fn deliver_all(backend: &Backend, lines: &[Line]) {
    for line in lines {
        deliver(backend, &line.webhook_id, line.body().as_bytes()).await.unwrap();
    }
    jobs::run_due(backend).await.unwrap();
}

/// The same backend at another time.
fn at(backend: &Backend, text: &str) -> Backend {
    let at = super::instant::Micros::parse(text).unwrap();
    let clock = Clock::frozen(crate::Timestamp::from(at).into());
    Backend { clock, ..backend.clone() }
}

/// Lets somebody live through a trial, a conversion and an end, told by webhooks.
pub(crate) async fn live_through(backend: &Backend, owner: &str, email: &str) {
    let told = lines("lifecycles/01-trial-cancel-revoke/ordered.jsonl");
    for line in told {
        let body = line.body().replace("7Yk2mQh0vT4sLr9ZbN6cXw1pJd8eUaG3", owner);
        let body = body.replace("mira.okafor@example.com", email);
        deliver(backend, &line.webhook_id, body.as_bytes()).await.unwrap();
    }
    jobs::run_due(backend).await.unwrap();
}
