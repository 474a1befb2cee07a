//! The stand-in of Polar, mounted at `/dev/polar`: with no account, or when somebody asks for it by name.

use std::{collections::BTreeMap, net::SocketAddr, sync::Arc};

use axum::{
    Router,
    extract::{ConnectInfo, Request},
    middleware::{Next, from_fn},
    response::{Redirect, Response},
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

async fn say_who_asks(mut request: Request, next: Next) -> Response {
    let address = ClientAddress::of(request.extensions()).0;
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from((address, 0))));
    next.run(request).await
}
