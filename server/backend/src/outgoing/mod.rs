//! The one way out over HTTP: to servers the configuration names and nowhere else, with an end to every wait.
//!
//! No redirects, no proxies of the environment, 5 s to connect, 15 s in all and 1 MiB of answer unless a call says
//! otherwise. A host that keeps failing is left alone for a while. Private addresses are reached only under names an
//! operator wrote down.

mod again;
mod circuit;
mod reach;
#[cfg(feature = "testing")]
pub mod standin;

use std::{collections::BTreeSet, fmt, sync::Arc, time::Duration};

use http::{HeaderMap, Method, StatusCode};
use url::Url;

use crate::{Clock, Error, Random};
pub(crate) use again::{Hope, TRIES, Tries, retry_after};
use circuit::Circuits;
use reach::Reach;

/// A request with its whole body.
pub type Request = http::Request<Vec<u8>>;
/// An answer with its whole body.
pub type Response = http::Response<Vec<u8>>;

const CONNECT: Duration = Duration::from_secs(5);
const TOTAL: Duration = Duration::from_secs(15);
const MOST_BYTES: usize = 1024 * 1024;
/// The first wait between two tries; doubled for the next, with up to the same again at random.
const FIRST_WAIT_MS: u64 = 100;

/// How long a request may take, and how large its answer may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// From the first byte of the request to the last of the answer.
    pub time: Duration,
    /// Of the body.
    pub bytes: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { time: TOTAL, bytes: MOST_BYTES }
    }
}

/// Why there is no answer. Never names what was sent.
#[derive(Debug, thiserror::Error)]
pub enum OutgoingError {
    /// The address is none that this program may call.
    #[error("{0} is not a place this program may call")]
    Refused(String),
    /// The host failed again and again and is left alone for now.
    #[error("{0} is left alone after several failures")]
    LeftAlone(String),
    /// More than it may be.
    #[error("the answer of {0} is too large")]
    TooLarge(String),
    /// It could not be reached, or went silent.
    #[error("{0} could not be asked")]
    Unreachable(String, #[source] reqwest::Error),
    /// TLS could not be set up.
    #[error("TLS could not be set up: {0}")]
    Tls(String),
}

impl OutgoingError {
    /// As a failed use case, with the service's name.
    pub fn of(self, service: &'static str) -> Error {
        Error::Upstream { service, reason: crate::error::chain(&self) }
    }

    /// Whether the same request may work when sent once more.
    pub(crate) fn is_passing(&self) -> bool {
        matches!(self, Self::Unreachable(..))
    }
}

/// Marks the first answer of a host that was left alone: whatever it had to tell meanwhile may be lost.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IsBack;

/// The client. Cheap to clone; one for each process.
#[derive(Clone)]
pub struct Outgoing(Arc<Inner>);

struct Inner {
    client: reqwest::Client,
    reach: Reach,
    circuits: Circuits,
    random: Random,
}

impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outgoing").finish_non_exhaustive()
    }
}

impl Outgoing {
    /// A client. `named` are origins that an operator wrote into the configuration: they may be private and
    /// speak plain http. All others must be public and speak https.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(
        clock: &Clock,
        random: &Random,
        named: impl IntoIterator<Item = Url>,
    ) -> Result<Self, OutgoingError> {
        let named: BTreeSet<String> =
            named.into_iter().map(|url| url.origin().ascii_serialization()).collect();
        let reach = Reach::new(named);
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls()?)
            .dns_resolver(reach.resolver())
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT)
            .timeout(TOTAL)
            .user_agent(concat!("Coffer/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| OutgoingError::Tls(error.to_string()))?;
        Ok(Self(Arc::new(Inner {
            client,
            reach,
            circuits: Circuits::new(clock),
            random: random.clone(),
        })))
    }

    /// Sends a request once.
    pub async fn send(&self, request: Request) -> Result<Response, OutgoingError> {
        self.send_bounded(request, Bounds::default()).await
    }

    /// Sends a request once, and waits for the whole answer no longer than `limit`.
    pub async fn send_within(
        &self,
        request: Request,
        limit: Duration,
    ) -> Result<Response, OutgoingError> {
        self.send_bounded(request, Bounds { time: limit, ..Bounds::default() }).await
    }

    /// Sends a request once, with bounds of its own.
    pub async fn send_bounded(
        &self,
        request: Request,
        bounds: Bounds,
    ) -> Result<Response, OutgoingError> {
        let inner = &self.0;
        let (parts, body) = request.into_parts();
        let url = Url::parse(&parts.uri.to_string());
        let url = url.map_err(|_| OutgoingError::Refused("an address".to_owned()))?;
        let host = inner.reach.check(&url)?;
        if !inner.circuits.may_try(&host) {
            return Err(OutgoingError::LeftAlone(host));
        }
        let request = inner.client.request(parts.method, url).headers(parts.headers);
        let request = request.timeout(bounds.time).body(body);
        let outcome = read(&host, request, bounds.bytes).await;
        let works = match &outcome {
            Ok(response) => !response.status().is_server_error(),
            Err(error) => !error.is_passing(),
        };
        let is_back = inner.circuits.note(&host, works);
        outcome.map(|mut response| {
            if is_back {
                response.extensions_mut().insert(IsBack);
            }
            response
        })
    }

    /// Asks for something that changes nothing: up to three times, with growing waits, while the other side fails.
    pub async fn get(&self, url: &Url, headers: HeaderMap) -> Result<Response, OutgoingError> {
        let mut wait = FIRST_WAIT_MS;
        for left in (0..TRIES).rev() {
            let mut request = Request::new(Vec::new());
            *request.method_mut() = Method::GET;
            *request.uri_mut() = url
                .as_str()
                .parse()
                .map_err(|_| OutgoingError::Refused("an address".to_owned()))?;
            request.headers_mut().clone_from(&headers);
            let outcome = self.send(request).await;
            let passing = match &outcome {
                Ok(response) => is_passing(response.status()),
                Err(error) => error.is_passing(),
            };
            if left == 0 || !passing {
                return outcome;
            }
            tokio::time::sleep(Duration::from_millis(wait + self.0.random.below(wait))).await;
            wait *= 2;
        }
        unreachable!("the last try returns")
    }
}

/// Statuses that say "later" (RFC 9110 15.6).
fn is_passing(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT
    )
}

async fn read(
    host: &str,
    request: reqwest::RequestBuilder,
    most: usize,
) -> Result<Response, OutgoingError> {
    let unreachable = |error: reqwest::Error| {
        // The address of a token request may hold what must not be logged.
        OutgoingError::Unreachable(host.to_owned(), error.without_url())
    };
    let mut answer = request.send().await.map_err(unreachable)?;
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(unreachable)? {
        if body.len() + chunk.len() > most {
            return Err(OutgoingError::TooLarge(host.to_owned()));
        }
        body.extend_from_slice(&chunk);
    }
    let mut response = Response::new(body);
    *response.status_mut() = answer.status();
    response.headers_mut().clone_from(answer.headers());
    Ok(response)
}

/// rustls with the provider that everything here uses, and the certificates of the machine.
fn tls() -> Result<rustls::ClientConfig, OutgoingError> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| OutgoingError::Tls(error.to_string()))?;
    let mut config = builder.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

#[cfg(test)]
mod tests;
