//! What stands between a socket and a handler: the accept loop and the layers around every route.

pub mod client;
pub mod failure;
pub mod json;
mod layers;
pub mod local_path;
pub mod request;
pub mod serve;
pub mod shutdown;
mod stall;
mod surface;

#[cfg(test)]
mod tests;

pub use client::ClientAddress;
pub use failure::Failure;
pub use layers::csp_report::routes as csp_report_routes;
pub(crate) use layers::throttle::{X_RETRY_AFTER, refusal};
pub use request::{Nonce, RequestId, RequestRecord, Sources};
pub use serve::{ServeSettings, bind, serve};
pub use shutdown::Shutdown;
pub use surface::{Deps, Limits, SurfaceSettings, surface, wrap};
