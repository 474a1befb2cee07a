//! One file a layer. `surface.rs` puts them in order.

pub(super) mod access_log;
pub(super) mod body;
pub(super) mod catch_panic;
pub(super) mod cors;
pub mod csp_report;
pub(super) mod csrf;
pub(super) mod errors;
pub(super) mod host;
pub(super) mod in_flight;
pub(super) mod location;
pub(super) mod path_canon;
pub(super) mod request_id;
pub(super) mod security_headers;
pub mod throttle;
pub(super) mod time_limit;

/// Where Polar's deliveries arrive, with limits of their own.
const WEBHOOK_PATHS: [&str; 2] = ["/api/auth/polar/webhooks", "/api/payments/webhooks"];

/// Below this, providers of bank data tell us that there is something to read.
const BANK_WEBHOOKS: &str = "/api/webhooks/";

/// Whether `path` belongs to the routes that speak Better Auth's protocol.
fn is_auth(path: &str) -> bool {
    path == "/api/auth" || path.starts_with("/api/auth/")
}

/// Probes of an orchestrator, which knows no host name and must get its answer under load.
fn is_probe(path: &str) -> bool {
    matches!(path, "/health/live" | "/health/ready")
}
