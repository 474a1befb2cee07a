//! All layers in their order, around any router.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::{from_fn, from_fn_with_state},
};
use backend::auth::Providers;
use backend::limits;
use ipnet::IpNet;
use tokio::sync::Semaphore;
use tower::ServiceBuilder;

use super::{layers, request::Sources};
use crate::config::{AuthProfile, BillingConfig, Config, PlaidConfig};

/// What the layers need besides settings.
#[derive(Clone)]
pub struct Deps {
    /// Time and randomness.
    pub sources: Sources,
    /// How often one client may knock.
    pub limits: limits::Limits,
    /// Where people may be sent to sign in: those origins may stand in `Location` and take our forms.
    pub providers: Providers,
}

/// How much one request, and all requests together, may take.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Requests worked on at the same time.
    pub in_flight: usize,
    /// From the request's head to the answer's head.
    pub total: Duration,
    /// The same for [`layers::time_limit::LONG_ROUTES`].
    pub total_long: Duration,
    /// From the request's head to the end of its body.
    pub body: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            in_flight: 512,
            total: Duration::from_secs(15),
            total_long: Duration::from_mins(2),
            body: Duration::from_secs(30),
        }
    }
}

/// What the layers take from the configuration.
#[derive(Clone, Debug)]
pub struct SurfaceSettings {
    /// People reach us over TLS.
    pub https: bool,
    /// A developer's machine: refusals name the variable that would allow.
    pub development: bool,
    /// The origin people see.
    pub origin: String,
    /// Origins that may send forms, byte for byte.
    pub form_origins: Vec<String>,
    /// Other origins that may read our answers and send changes, byte for byte.
    pub cors_origins: Vec<String>,
    /// Origins that count as this server in `Location`.
    pub own_origins: Vec<String>,
    /// Other origins and application schemes that may stand in `Location`.
    pub redirect_origins: Vec<String>,
    /// Origins of checkouts and portals, which our forms lead to.
    pub payment_origins: Vec<String>,
    /// The origin that Plaid's window may speak to, where there is a Plaid.
    pub plaid_origin: Option<String>,
    /// Values of the `Host` header, lower case.
    pub allowed_hosts: Vec<String>,
    /// Peers whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// The routes below `/api/auth` check origins and redirects themselves, in Better Auth's order.
    pub auth_checks_itself: bool,
    /// Limits.
    pub limits: Limits,
}

impl SurfaceSettings {
    /// The settings of a configuration.
    pub fn from_config(config: &Config) -> Self {
        let address = &config.address;
        let exact = config.auth.trusted_origins.iter().filter(|origin| !origin.contains('*'));
        let exact: Vec<String> = exact.cloned().collect();
        let mut form_origins = address.own_origins.clone();
        form_origins.extend(exact.iter().filter(|origin| origin.starts_with("http")).cloned());
        Self {
            https: address.is_https(),
            development: config.is_development(),
            origin: address.origin(),
            form_origins,
            cors_origins: address.cors_origins.clone(),
            own_origins: address.own_origins.clone(),
            redirect_origins: exact,
            payment_origins: config.billing.iter().flat_map(BillingConfig::page_origins).collect(),
            plaid_origin: config.plaid.as_ref().map(PlaidConfig::origin),
            allowed_hosts: address.allowed_hosts.clone(),
            trusted_proxies: address.trusted_proxies.clone(),
            auth_checks_itself: config.auth.profile == AuthProfile::BetterAuth,
            limits: Limits::default(),
        }
    }
}

/// What every layer holds.
pub(super) struct Surface {
    pub(super) settings: SurfaceSettings,
    pub(super) deps: Deps,
    pub(super) in_flight: Arc<Semaphore>,
}

/// `router` behind all layers, with the settings of `config`.
pub fn surface(router: Router, config: &Config, deps: Deps) -> Router {
    wrap(router, SurfaceSettings::from_config(config), deps)
}

/// `router` behind all layers. The first layer is the outermost; they stand around routing, so that static
/// files, wrong methods and unknown paths pass them too.
pub fn wrap(router: Router, settings: SurfaceSettings, deps: Deps) -> Router {
    let in_flight = Arc::new(Semaphore::new(settings.limits.in_flight));
    let surface = Arc::new(Surface { settings, deps, in_flight });
    let inner = router
        // Extractors would stop at 2 MB; the body layer has the limit of each route.
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn(layers::access_log::note_route));

    let state = || surface.clone();
    let layers = ServiceBuilder::new()
        .layer(from_fn_with_state(state(), layers::request_id::layer))
        .layer(from_fn(layers::access_log::layer))
        .layer(from_fn_with_state(state(), layers::security_headers::layer))
        // Around refusals as well: whoever may read answers may read those.
        .layer(from_fn_with_state(state(), layers::cors::layer))
        .layer(from_fn_with_state(state(), layers::location::layer))
        // Writes what all inside of it refuse, and what a panic leaves behind.
        .layer(from_fn_with_state(state(), layers::errors::layer))
        .layer(from_fn(layers::catch_panic::layer))
        .layer(from_fn_with_state(state(), layers::in_flight::layer))
        .layer(from_fn_with_state(state(), layers::host::layer))
        .layer(from_fn(layers::path_canon::layer))
        .layer(from_fn_with_state(state(), layers::time_limit::layer))
        .layer(from_fn_with_state(state(), layers::body::layer))
        .layer(from_fn_with_state(state(), layers::throttle::layer))
        .layer(from_fn_with_state(state(), layers::csrf::layer));
    Router::new().fallback_service(inner).layer(layers)
}
