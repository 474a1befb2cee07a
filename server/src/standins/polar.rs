//! The stand-in of Polar, mounted at `/dev/polar`: with no account, or when somebody asks for it by name.

use std::{collections::BTreeMap, net::SocketAddr, sync::Arc};

use axum::{
    Router,
    extract::{ConnectInfo, Request, State},
    http::StatusCode,
    middleware::{Next, from_fn},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use backend::Backend;
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac};
use polar_local::{PolarLocal, Scheme, Settings};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use url::Url;

use crate::{
    config::{Config, Environment, billing::Server},
    http::ClientAddress,
};

/// Where it is mounted.
pub(crate) const PATH: &str = "/dev/polar";

/// Failed webhooks come again so much sooner than Polar's.
const SOONER: u32 = 100;

/// How the program reaches its own stand-in, where the configuration does not say. The secrets are made from the one that signs cookies, so that a restart,
/// or a second process, knows them.
pub(crate) struct Access {
    /// Where its API begins.
    pub api: Url,
    /// The only access token.
    pub token: SecretString,
    /// Signs its webhooks.
    pub webhook_secret: SecretString,
    /// What it sells.
    pub products: BTreeMap<String, String>,
}

impl Access {
    /// For one configuration.
    pub(crate) fn of(config: &Config) -> Self {
        let key = |purpose: &str| {
            let secret = config.secrets.auth.expose_secret();
            let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes())
                .expect("HMAC takes keys of any length");
            mac.update(format!("coffer:polar-local:{purpose}:v1").as_bytes());
            mac.finalize().into_bytes()
        };
        let products = polar_local::products().into_iter();
        Self {
            api: here(config, "/dev/polar/v1/"),
            token: format!("polar_oat_{}", hex::encode(key("token"))).into(),
            webhook_secret: format!("whsec_{}", STANDARD.encode(key("webhook"))).into(),
            products: products.map(|(slug, id)| (slug.to_owned(), id.to_owned())).collect(),
        }
    }
}

/// A path of this program, as the program itself reaches it: over loopback, whatever people's address is.
fn here(config: &Config, path: &str) -> Url {
    let port = config.address.bind.port();
    let url = format!("http://127.0.0.1:{port}{path}");
    url.parse().expect("a loopback address is an address")
}

/// The stand-in of this configuration; none when Polar is somewhere else, or nothing is sold.
///
/// # Errors
/// One sentence, when its state file cannot be read.
pub(crate) fn start(config: &Config, backend: &Backend) -> Result<Option<PolarLocal>, String> {
    let stood_in = config.billing.as_ref().is_some_and(|ours| ours.server == Server::StandIn);
    let Some(billing) = backend.settings.billing.as_ref().filter(|_| stood_in) else {
        return Ok(None);
    };
    let webhook_secret = billing.webhook_secrets.first().map(ExposeSecret::expose_secret);
    let webhook_secret = webhook_secret.unwrap_or_default();
    let origin = config.address.app_url.as_str().trim_end_matches('/');
    let clock = backend.clock.clone();
    let settings = Settings {
        base_url: format!("{origin}{PATH}").parse().expect("APP_URL with a path is an address"),
        webhook_url: here(config, "/api/auth/polar/webhooks"),
        webhook_secret: webhook_secret.to_owned(),
        scheme: if webhook_secret.starts_with("whsec_") {
            Scheme::Standard
        } else {
            Scheme::Legacy
        },
        envelope: Some(backend::billing::API_VERSION.to_owned()),
        token: billing.token.expose_secret().to_owned(),
        backoff_divisor: SOONER,
        // Tests begin with nothing.
        state_file: (config.environment != Environment::Test)
            .then(|| config.data_dir.join("polar-local.json")),
        seed: None,
        now: Arc::new(move || clock.now()),
    };
    let polar = PolarLocal::new(settings);
    polar.map(Some).map_err(|error| format!("The stand-in of Polar cannot start: {error}."))
}

/// Its API and pages. Where people can reach it from elsewhere (`exposed`), its switches and its clock answer this
/// machine alone.
pub(super) fn routes(polar: &PolarLocal, exposed: bool) -> Router {
    let router = polar.router();
    let router = if exposed { router.layer(from_fn(say_who_asks)) } else { router };
    Router::new().route(&format!("{PATH}/"), get(Redirect::permanent(PATH))).nest(PATH, router)
}

/// Refuses a delivery where a switch of the stand-in wants it refused, as if the program were in trouble.
pub(super) async fn refuse_as_told(
    State(polar): State<PolarLocal>,
    request: Request,
    next: Next,
) -> Response {
    let id = request.headers().get("webhook-id").and_then(|id| id.to_str().ok());
    if id.is_some_and(|id| polar.refuses(id)) {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    next.run(request).await
}

async fn say_who_asks(mut request: Request, next: Next) -> Response {
    let address = ClientAddress::of(request.extensions()).0;
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from((address, 0))));
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, http::Request};
    use backend::{both_engines, jobs, testing};
    use domain::PageRequest;
    use serde_json::{Value, json};
    use tokio::net::TcpListener;
    use tokio_util::sync::CancellationToken;
    use tower::ServiceExt as _;

    use super::*;

    async fn post(polar: &Router, path: &str, body: Value) -> Value {
        let request = Request::post(path)
            .header("content-type", "application/json")
            .header("authorization", "Bearer polar_oat_test")
            .header("polar-version", backend::billing::API_VERSION);
        let request = request.body(Body::from(body.to_string())).unwrap();
        let response = polar.clone().oneshot(request).await.unwrap();
        assert!(response.status().is_success(), "{path}: {}", response.status());
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }

    both_engines! {
        async fn a_delivery_that_we_refuse_comes_again_and_is_applied_once(db: TestDb) {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let here: Url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
            let backend = testing::with_billing(testing::backend(db.db.clone()), &here);
            let clock = backend.clock.clone();
            let polar = PolarLocal::new(Settings {
                base_url: here.clone(),
                webhook_url: here.join("/api/auth/polar/webhooks").unwrap(),
                webhook_secret: testing::WEBHOOK_SECRET.to_owned(),
                scheme: Scheme::Standard,
                envelope: Some(backend::billing::API_VERSION.to_owned()),
                token: "polar_oat_test".to_owned(),
                backoff_divisor: 1_000,
                state_file: None,
                seed: Some(4),
                now: Arc::new(move || clock.now()),
            })
            .unwrap();
            let hooks = crate::webhooks::routes(backend.clone());
            let hooks = crate::standins::refusing(hooks, &polar);
            tokio::spawn(async move { axum::serve(listener, hooks).await });
            let stop = CancellationToken::new();
            let running = tokio::spawn(polar.clone().run(stop.clone()));
            let api = polar.router();

            let switch = json!({ "app_5xx": 2, "match": { "type": "customer.created" } });
            post(&api, "/_local/faults", switch).await;
            let new = json!({ "email": "ann@example.com", "external_id": "ann", "name": "Ann" });
            post(&api, "/v1/customers/", new).await;
            post(&api, "/_local/settle", json!({ "retries": true })).await;
            jobs::run_due(&backend).await.unwrap();

            let request = Request::get("/_local/deliveries").body(Body::empty()).unwrap();
            let told = api.oneshot(request).await.unwrap();
            let told = axum::body::to_bytes(told.into_body(), usize::MAX).await.unwrap();
            let told: Vec<Value> = serde_json::from_slice(&told).unwrap();
            let created = told.iter().find(|event| event["type"] == "customer.created").unwrap();
            let answers: Vec<&Value> =
                created["attempts"].as_array().unwrap().iter().map(|attempt| &attempt["status"]).collect();
            assert_eq!(answers, [503, 503, 202], "{created}");
            let all = PageRequest::Page { page: 1, limit: 50 };
            let (kept, _) = backend::billing::deliveries(&backend, None, all).await.unwrap();
            let kept: Vec<_> =
                kept.iter().filter(|row| row.kind.as_deref() == Some("customer.created")).collect();
            assert_eq!((kept.len(), &*kept[0].state), (1, "applied"));
            stop.cancel();
            running.await.unwrap();
        }
    }
}
