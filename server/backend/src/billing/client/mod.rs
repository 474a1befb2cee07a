//! What we ask of Polar: exact paths with their slashes, one version of the API, no redirects, an end to every wait.
//! Neither the token nor a body, nor an address that lets somebody pay or look, is ever logged or part of an error.

mod answer;
mod budget;
mod call;
mod calls;
mod error;

use std::time::Duration;

use http::{HeaderValue, StatusCode, header};
use metrics::{counter, histogram};
use secrecy::ExposeSecret as _;

use super::{
    reconcile,
    settings::{API_VERSION, BillingSettings},
};
use crate::{
    Backend,
    outgoing::{IsBack, Request, Response},
};
pub(super) use answer::{Answer, Page};
use call::Call;
pub(super) use calls::{Change, Customer, Event, Find, NewCheckout, NewCustomer};
pub use error::PolarError;

/// Tries of a request that does no harm when it comes twice.
const TRIES: u32 = 3;
/// The first wait between two tries; doubled for the next, with up to the same again at random.
const FIRST_WAIT: Duration = Duration::from_millis(200);
/// The longest wait that Polar may ask for between two tries; whoever is told to wait longer hears of it.
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// What Polar means by "too many" without saying for how long.
const USUAL_WAIT: Duration = Duration::from_secs(1);

/// Polar, as the organization whose token we have.
pub(super) struct PolarClient<'a> {
    backend: &'a Backend,
    settings: &'a BillingSettings,
}

impl<'a> PolarClient<'a> {
    /// The client; none where nothing is sold.
    pub fn of(backend: &'a Backend) -> Option<Self> {
        let settings = backend.settings.billing.as_ref()?;
        Some(Self { backend, settings })
    }

    /// Sends a call, again where that does no harm, and counts how it ended.
    #[tracing::instrument(name = "polar.call", skip_all, fields(polar.call = call.name))]
    async fn send(&self, call: Call<'_>) -> Result<Response, PolarError> {
        let began = tokio::time::Instant::now();
        let outcome = self.persist(&call).await;
        let word = outcome.as_ref().err().map_or("done", PolarError::word);
        counter!("coffer_polar_calls_total", "call" => call.name, "outcome" => word).increment(1);
        histogram!("coffer_polar_call_seconds", "call" => call.name)
            .record(began.elapsed().as_secs_f64());
        match &outcome {
            Err(error) if error.is_ours() => {
                tracing::error!(error = crate::error::chain(error), "Polar refuses how we ask");
            }
            Err(error) if error.is_outage() => {
                tracing::warn!(error = crate::error::chain(error), "Polar could not be asked");
            }
            _ => {}
        }
        outcome
    }

    async fn persist(&self, call: &Call<'_>) -> Result<Response, PolarError> {
        let mut tried = 0;
        loop {
            budget::take(self.backend, self.settings.server).await?;
            let outcome = self.once(call).await;
            tried += 1;
            let Err(error) = &outcome else { return outcome };
            let jitter = self.backend.random.below(1_000);
            let wait = wait_after(error, tried, jitter).filter(|_| call.repeatable);
            match wait {
                Some(wait) => tokio::time::sleep(wait).await,
                None => return outcome,
            }
        }
    }

    async fn once(&self, call: &Call<'_>) -> Result<Response, PolarError> {
        let request = self.request(call).ok_or(PolarError::Unsendable)?;
        let response = self.backend.outgoing.send_within(request, call.limit).await?;
        if response.extensions().get::<IsBack>().is_some() {
            reconcile::after_outage(self.backend).await;
        }
        if response.status().is_success() { Ok(response) } else { Err(refusal(&response)) }
    }

    fn request(&self, call: &Call<'_>) -> Option<Request> {
        let url = call.url(&self.settings.api)?;
        let token = self.settings.token.expose_secret();
        let mut token = HeaderValue::try_from(format!("Bearer {token}")).ok()?;
        token.set_sensitive(true);
        let request = http::Request::builder()
            .method(&call.method)
            .uri(url.as_str())
            .header(header::AUTHORIZATION, token)
            .header("polar-version", API_VERSION)
            .header(header::ACCEPT, "application/json");
        match &call.body {
            Some(body) => request
                .header(header::CONTENT_TYPE, "application/json")
                .body(body.to_string().into_bytes()),
            None => request.body(Vec::new()),
        }
        .ok()
    }
}

/// How long to wait before the next try after the `tried`-th; none when there is no next one. `jitter` in thousandths.
fn wait_after(error: &PolarError, tried: u32, jitter: u64) -> Option<Duration> {
    if tried >= TRIES {
        return None;
    }
    let usual = FIRST_WAIT * 2_u32.pow(tried - 1);
    let more = Duration::from_millis(u64::try_from(usual.as_millis()).ok()? * jitter / 1_000);
    match error {
        PolarError::RateLimited(asked) if *asked > LONGEST_WAIT => None,
        PolarError::RateLimited(asked) => Some(usual.max(*asked) + more),
        PolarError::Unreachable(error) if error.is_passing() => Some(usual + more),
        PolarError::Broken(_) => Some(usual + more),
        _ => None,
    }
}

fn refusal(response: &Response) -> PolarError {
    match response.status() {
        StatusCode::TOO_MANY_REQUESTS => PolarError::RateLimited(retry_after(response)),
        status if status.is_server_error() => PolarError::Broken(status.as_u16()),
        status => PolarError::read(status, response.body()),
    }
}

fn retry_after(response: &Response) -> Duration {
    let header = response.headers().get(header::RETRY_AFTER);
    let seconds = header.and_then(|header| header.to_str().ok()?.trim().parse().ok());
    seconds.map_or(USUAL_WAIT, Duration::from_secs)
}

#[cfg(test)]
mod bodies;
#[cfg(test)]
pub(super) mod server;
#[cfg(test)]
mod tests;
