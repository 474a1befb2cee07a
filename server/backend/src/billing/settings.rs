//! How Polar is reached, and what we sell there.

use std::collections::BTreeMap;

use domain::plan::{Plan, plan_of_slug};
use secrecy::SecretString;
use url::Url;

/// The version of Polar's API that every call names and every webhook should have.
pub const API_VERSION: &str = "2026-10";

/// Which Polar it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolarServer {
    /// `api.polar.sh`: real money.
    Production,
    /// `sandbox-api.polar.sh`: none.
    Sandbox,
    /// The stand-in of this program, or another local one.
    Local,
}

/// Settings of billing.
#[derive(Clone, Debug)]
pub struct BillingSettings {
    /// Which Polar it is.
    pub server: PolarServer,
    /// Where its API begins, ending in `/v1/`.
    pub api: Url,
    /// The organization's token (`polar_oat_…`).
    pub token: SecretString,
    /// Secrets of the webhook endpoint, the newest first; never empty.
    pub webhook_secrets: Vec<SecretString>,
    /// What we sell: our name of a product, and Polar's id of it.
    pub products: BTreeMap<String, String>,
    /// How long somebody who has not paid keeps what they had.
    pub grace: time::Duration,
}

impl BillingSettings {
    /// The origins of the pages where people pay, manage their payments and get their invoices.
    pub fn page_origins(&self) -> Vec<String> {
        match self.server {
            PolarServer::Production => {
                ["https://polar.sh", "https://buy.polar.sh"].map(str::to_owned).to_vec()
            }
            PolarServer::Sandbox => vec!["https://sandbox.polar.sh".to_owned()],
            PolarServer::Local => vec![self.api.origin().ascii_serialization()],
        }
    }

    /// Polar's id of the product with this name of ours.
    pub fn product(&self, slug: &str) -> Option<&str> {
        self.products.get(slug).map(String::as_str)
    }

    /// Our name of a product.
    pub fn slug(&self, product: &str) -> Option<&str> {
        self.products.iter().find(|(_, id)| *id == product).map(|(slug, _)| slug.as_str())
    }

    /// The plan a product gives; nothing for one that is no plan, or not ours.
    pub fn plan(&self, product: &str) -> Option<Plan> {
        self.slug(product).and_then(plan_of_slug)
    }
}
