//! One call of Plaid: always a POST of JSON, with who we are in two headers.

use std::time::Duration;

use http::{HeaderValue, header};
use metrics::{counter, histogram};
use secrecy::ExposeSecret as _;
use serde_json::Value;

use super::{
    Plaid,
    error::{Failed, unreadable},
};
use crate::{
    banks::Trouble,
    outgoing::{Bounds, Hope, Request, Response, Tries},
};

/// The version of Plaid's API that every call names.
const VERSION: &str = "2020-09-14";
/// Plaid answers most calls from what it has: whoever waits has a page open.
const USUAL: Duration = Duration::from_secs(5);

/// One call, as far as calls differ from each other.
pub(super) struct Call {
    /// For logs and metrics: never an id.
    name: &'static str,
    path: &'static str,
    body: Value,
    bounds: Bounds,
    /// Whether a second one does no harm.
    repeatable: bool,
}

impl Call {
    /// A call that does no harm when it comes twice.
    pub fn new(name: &'static str, path: &'static str, body: Value) -> Self {
        let bounds = Bounds { time: USUAL, ..Bounds::default() };
        Self { name, path, body, bounds, repeatable: true }
    }

    /// One that must be sent once only.
    pub fn once(self) -> Self {
        Self { repeatable: false, ..self }
    }

    /// Waits no longer than this.
    pub fn within(self, time: Duration) -> Self {
        Self { bounds: Bounds { time, ..self.bounds }, ..self }
    }

    /// Takes an answer of so many bytes.
    pub fn up_to(self, bytes: usize) -> Self {
        Self { bounds: Bounds { bytes, ..self.bounds }, ..self }
    }
}

impl Plaid {
    /// Sends a call, again where that does no harm, and counts how it ended. The answer is JSON by its own word. Whoever
    /// asked writes trouble down.
    #[tracing::instrument(name = "plaid.call", skip_all, fields(plaid.call = call.name))]
    pub(super) async fn ask(&self, call: Call) -> Result<Response, Trouble> {
        let began = tokio::time::Instant::now();
        let outcome = self.persist(&call).await;
        let word = outcome.as_ref().err().map_or("done", |trouble| trouble.kind.as_str());
        counter!("coffer_plaid_calls_total", "call" => call.name, "outcome" => word).increment(1);
        histogram!("coffer_plaid_call_seconds", "call" => call.name)
            .record(began.elapsed().as_secs_f64());
        outcome
    }

    async fn persist(&self, call: &Call) -> Result<Response, Trouble> {
        let mut tries = Tries::new(&self.random);
        loop {
            let outcome = self.send(call).await;
            let hope = outcome.as_ref().err().filter(|_| call.repeatable).map(|failed| failed.hope);
            if !tries.again(hope.unwrap_or(Hope::None)).await {
                return outcome.map_err(Trouble::from);
            }
        }
    }

    async fn send(&self, call: &Call) -> Result<Response, Failed> {
        let request = self.request(call).ok_or_else(|| Failed::bad("UNSENDABLE"))?;
        let response = self.outgoing.send_bounded(request, call.bounds).await?;
        if !response.status().is_success() {
            return Err(Failed::of(&response));
        }
        if !is_json(&response) {
            return Err(Failed { trouble: unreadable(None), hope: Hope::None });
        }
        Ok(response)
    }

    fn request(&self, call: &Call) -> Option<Request> {
        let url = self.settings.api.join(call.path).ok()?;
        let mut secret = HeaderValue::try_from(self.settings.secret.expose_secret()).ok()?;
        secret.set_sensitive(true);
        http::Request::post(url.as_str())
            .header("plaid-client-id", &self.settings.client_id)
            .header("plaid-secret", secret)
            .header("plaid-version", VERSION)
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/json")
            .body(call.body.to_string().into_bytes())
            .ok()
    }
}

fn is_json(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let essence = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}
