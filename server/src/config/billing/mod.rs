//! Polar: who sells our plans. With nothing set a stand-in does in development and tests, and nobody does in production.

use std::collections::BTreeMap;

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::{Environment, address::is_loopback, reader::Reader};

/// Which Polar is spoken to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Server {
    /// The stand-in of this program.
    StandIn,
    /// `sandbox-api.polar.sh`.
    Sandbox,
    /// `api.polar.sh`.
    Production,
    /// A stand-in somewhere else on this machine.
    Local(Url),
}

/// Settings of billing.
#[derive(Clone, Debug)]
pub struct BillingConfig {
    /// Which Polar it is.
    pub server: Server,
    /// The organization's token; none for the stand-in, which makes one.
    pub token: Option<SecretString>,
    /// Secrets of the webhook endpoint, the newest first; none for the stand-in, which makes one.
    pub webhook_secrets: Vec<SecretString>,
    /// Our names of products, and Polar's ids; none for the stand-in, which has a catalogue.
    pub products: BTreeMap<String, String>,
    /// Days in which somebody who has not paid keeps what they had.
    pub grace_days: u32,
}

impl BillingConfig {
    /// Origins of checkouts, portals and invoices.
    pub fn page_origins(&self) -> Vec<String> {
        let fixed = |origins: &[&str]| origins.iter().map(|origin| (*origin).to_owned()).collect();
        match &self.server {
            // On our own origin.
            Server::StandIn => Vec::new(),
            Server::Sandbox => fixed(&["https://sandbox.polar.sh"]),
            Server::Production => fixed(&["https://polar.sh", "https://buy.polar.sh"]),
            Server::Local(url) => vec![url.origin().ascii_serialization()],
        }
    }
}

/// How long an unpaid plan goes on, unless somebody says otherwise.
const GRACE_DAYS: u32 = 7;
/// Polar itself gives up after this.
const MOST_GRACE_DAYS: u32 = 21;

pub(super) fn read(reader: &mut Reader<'_>, environment: Environment) -> Option<BillingConfig> {
    let named = reader.text("POLAR_SERVER");
    let token = reader.secret("POLAR_ACCESS_TOKEN");
    let webhook_secrets = secrets(reader);
    let products = products(reader);
    let grace_days =
        reader.number("POLAR_PAST_DUE_GRACE_DAYS", 0..=MOST_GRACE_DAYS).unwrap_or(GRACE_DAYS);
    let server = match named.as_deref() {
        None if token.is_some() && environment == Environment::Production => Server::Production,
        None if token.is_some() => Server::Sandbox,
        None if environment == Environment::Production => {
            for (name, set) in [
                ("POLAR_WEBHOOK_SECRET", !webhook_secrets.is_empty()),
                ("POLAR_PRODUCTS", !products.is_empty()),
            ] {
                if set {
                    reader.problems.push(name, "It means nothing without POLAR_ACCESS_TOKEN.");
                }
            }
            return None;
        }
        None | Some("stand-in") => Server::StandIn,
        Some("sandbox") => Server::Sandbox,
        Some("production") => Server::Production,
        Some(text) => {
            let Some(url) = text.parse::<Url>().ok().filter(is_loopback) else {
                reader.problems.push(
                    "POLAR_SERVER",
                    "The value must be production, sandbox, stand-in, or the address of a stand-in on this machine.",
                );
                return None;
            };
            Server::Local(url)
        }
    };
    if server != Server::StandIn {
        require(
            reader,
            token.is_some(),
            "POLAR_ACCESS_TOKEN",
            "Set the organization's access token.",
        );
        require(
            reader,
            !webhook_secrets.is_empty(),
            "POLAR_WEBHOOK_SECRET",
            "Set the secret of the webhook endpoint.",
        );
        require(
            reader,
            !products.is_empty(),
            "POLAR_PRODUCTS",
            "Name the products, as {\"plus\": \"<product id>\"}.",
        );
    }
    Some(BillingConfig { server, token, webhook_secrets, products, grace_days })
}

fn require(reader: &mut Reader<'_>, there: bool, name: &'static str, sentence: &str) {
    if !there {
        reader.problems.push(name, sentence);
    }
}

fn secrets(reader: &mut Reader<'_>) -> Vec<SecretString> {
    let Some(text) = reader.secret("POLAR_WEBHOOK_SECRET") else { return Vec::new() };
    let secrets: Vec<SecretString> =
        text.expose_secret().split(',').map(|secret| secret.trim().into()).collect();
    if secrets.iter().any(|secret| secret.expose_secret().len() < 16) {
        reader
            .problems
            .push("POLAR_WEBHOOK_SECRET", "A secret is empty or shorter than 16 characters.");
    }
    secrets
}

/// `{"plus": "<uuid>"}`, or the same as `plus=<uuid>,starter=<uuid>`.
fn products(reader: &mut Reader<'_>) -> BTreeMap<String, String> {
    let Some(text) = reader.text("POLAR_PRODUCTS") else { return BTreeMap::new() };
    let parsed: Option<BTreeMap<String, String>> = if text.trim_start().starts_with('{') {
        serde_json::from_str(&text).ok()
    } else {
        let pair = |pair: &str| {
            let (slug, id) = pair.split_once('=')?;
            Some((slug.trim().to_owned(), id.trim().to_owned()))
        };
        text.split(',').map(pair).collect()
    };
    let Some(products) = parsed else {
        reader.problems.push(
            "POLAR_PRODUCTS",
            "The value must be like {\"plus\": \"<product id>\"} or plus=<product id>,starter=<product id>.",
        );
        return BTreeMap::new();
    };
    for (slug, id) in &products {
        if uuid::Uuid::parse_str(id).is_err() {
            reader
                .problems
                .push("POLAR_PRODUCTS", format!("{slug}: {id} is not the id of a product."));
        }
    }
    products
}

#[cfg(test)]
mod tests;
