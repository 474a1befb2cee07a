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
    outgoing::{Hope, IsBack, Request, Response, Tries, retry_after},
};
pub(super) use answer::{Answer, Page};
use call::Call;
pub(super) use calls::{Change, Customer, Event, Find, NewCheckout, NewCustomer};
pub use error::PolarError;

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
        let mut tries = Tries::new(&self.backend.random);
        loop {
            budget::take(self.backend, self.settings.server).await?;
            let outcome = self.once(call).await;
            let hope = outcome.as_ref().err().filter(|_| call.repeatable).map(PolarError::hope);
            if !tries.again(hope.unwrap_or(Hope::None)).await {
                return outcome;
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

fn refusal(response: &Response) -> PolarError {
    match response.status() {
        StatusCode::TOO_MANY_REQUESTS => {
            PolarError::RateLimited(retry_after(response.headers()).unwrap_or(USUAL_WAIT))
        }
        status if status.is_server_error() => PolarError::Broken(status.as_u16()),
        status => PolarError::read(status, response.body()),
    }
}

#[cfg(test)]
mod bodies;
#[cfg(test)]
pub(super) mod server;
#[cfg(test)]
mod tests;
