//! One call of Plaid: always a POST of JSON, with who we are in two headers.

use std::time::Duration;

use http::{HeaderValue, header};
use metrics::{counter, histogram};
use secrecy::ExposeSecret as _;
use serde_json::Value;

use super::{Plaid, error::Failed};
use crate::{
    banks::Trouble,
    outgoing::{Bounds, Request, Response, TRIES, Tries},
};

/// The version of Plaid's API that every call names.
const VERSION: &str = "2020-09-14";
/// One try. Plaid answers most calls from what it has.
const USUAL: Duration = Duration::from_secs(4);
/// All tries of a call together, and the waits between them: whoever waits has a page open.
pub(super) const ALL: Duration = Duration::from_secs(6);
/// The page itself is given up after so long, without a word about the bank.
pub(super) const PAGE: Duration = Duration::from_secs(15);

// A new connection is exchanged, and then looked at.
const _: () = assert!(2 * ALL.as_secs() < PAGE.as_secs(), "both within one page");

/// One call, as far as calls differ from each other.
pub(super) struct Call {
    /// For logs and metrics: never an id.
    name: &'static str,
    path: &'static str,
    body: Value,
    /// Of each try.
    bounds: Bounds,
    tries: u32,
    /// For all tries together.
    all: Duration,
}

impl Call {
    /// A call that does no harm when it comes twice, and that a page may wait for.
    pub fn new(name: &'static str, path: &'static str, body: Value) -> Self {
        let bounds = Bounds { time: USUAL, ..Bounds::default() };
        Self { name, path, body, bounds, tries: TRIES, all: ALL }
    }

    /// One that is sent at most so often.
    pub fn at_most(self, tries: u32) -> Self {
        Self { tries, ..self }
    }

    /// Waits so long, however often it is sent.
    pub fn within(self, all: Duration) -> Self {
        Self { bounds: Bounds { time: all, ..self.bounds }, all, ..self }
    }

    /// Waits so long each time that it is sent: nobody does in front of a page.
    pub fn each_within(self, time: Duration) -> Self {
        Self { bounds: Bounds { time, ..self.bounds }, all: time * (TRIES + 1), ..self }
    }

    /// Takes an answer of so many bytes.
    pub fn up_to(self, bytes: usize) -> Self {
        Self { bounds: Bounds { bytes, ..self.bounds }, ..self }
    }
}

impl Plaid {
    /// Sends a call, again where that does no harm, and counts how it ended. The answer is JSON by its own word. Whoever
    /// asked writes trouble down.
    pub(super) async fn ask(&self, call: Call) -> Result<Response, Trouble> {
        self.try_to_ask(call).await.map_err(Trouble::from)
    }

    /// The same, for whoever must know whether it was done all the same.
    #[tracing::instrument(name = "plaid.call", skip_all, fields(plaid.call = call.name))]
    pub(super) async fn try_to_ask(&self, call: Call) -> Result<Response, Failed> {
        let began = tokio::time::Instant::now();
        let outcome = self.persist(&call).await;
        let word = outcome.as_ref().err().map_or("done", |failed| failed.trouble.kind.as_str());
        counter!("coffer_plaid_calls_total", "call" => call.name, "outcome" => word).increment(1);
        histogram!("coffer_plaid_call_seconds", "call" => call.name)
            .record(began.elapsed().as_secs_f64());
        outcome
    }

    async fn persist(&self, call: &Call) -> Result<Response, Failed> {
        let mut tries = Tries::within(&self.random, call.tries, call.all);
        let mut may_be_done = false;
        loop {
            let time = call.bounds.time.min(tries.left());
            let failed = match self.send(call, Bounds { time, ..call.bounds }).await {
                Ok(response) => return Ok(response),
                Err(failed) => failed,
            };
            may_be_done |= failed.may_be_done;
            if !tries.again(failed.hope).await {
                return Err(Failed { may_be_done, ..failed });
            }
        }
    }

    async fn send(&self, call: &Call, bounds: Bounds) -> Result<Response, Failed> {
        let request = self.request(call).ok_or_else(|| Failed::bad("UNSENDABLE"))?;
        let response = self.outgoing.send_bounded(request, bounds).await?;
        if !response.status().is_success() {
            return Err(Failed::of(&response));
        }
        if !is_json(&response) {
            return Err(Failed::unreadable());
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
