//! How Plaid is reached.

use secrecy::SecretString;
use url::Url;

/// Which Plaid it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaidServer {
    /// `production.plaid.com`: real banks.
    Production,
    /// `sandbox.plaid.com`: made-up ones.
    Sandbox,
    /// A stand-in on this machine.
    Local,
}

/// Settings of Plaid.
#[derive(Clone, Debug)]
pub struct PlaidSettings {
    /// Which Plaid it is.
    pub server: PlaidServer,
    /// The origin of its API.
    pub api: Url,
    /// Who we are there.
    pub client_id: String,
    /// Proves it.
    pub secret: SecretString,
}
