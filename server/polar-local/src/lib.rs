//! Stands in for Polar.sh on a developer's machine and in tests: the same API, the same signed webhooks, pages on
//! which a test card pays, and a clock that can be turned. No account, no internet, no money.

mod address;
mod api;
mod catalog;
mod delivery;
mod engine;
mod faults;
mod ids;
mod json;
mod local;
mod model;
mod moment;
mod pages;
mod refusal;
mod settings;
mod shared;
mod state_file;
mod usage;
mod wire;

#[cfg(test)]
mod testing;

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

pub use catalog::products;
pub use delivery::Scheme;
pub use settings::{Error, Settings};

/// The stand-in. Clones are the same one.
#[derive(Clone)]
pub struct PolarLocal(shared::Handle);

impl PolarLocal {
    /// Reads the state file, if there is one.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        Ok(Self(Arc::new(settings.build()?)))
    }

    /// The API, the pages and the switches, below the base address.
    pub fn router(&self) -> axum::Router {
        api::routes(&self.0).merge(local::routes(&self.0)).merge(pages::routes(&self.0))
    }

    /// Whether the application is to refuse this delivery, which has `id` as its `webhook-id`: what the switch `app_5xx`
    /// asks of an application that asks. True once for each.
    pub fn refuses(&self, id: &str) -> bool {
        id.parse().is_ok_and(|event| self.0.is_unwanted(event))
    }

    /// Delivers webhooks and fires what is due, until `stop`.
    pub async fn run(self, stop: CancellationToken) {
        delivery::run(self.0, stop).await;
    }
}
