//! The providers of this process, with what was learned about them so far.

use std::sync::Arc;

use url::Url;

use super::{
    Kind, OAuthSettings, ProviderSettings,
    discovery::{Discovered, Discovery},
    endpoints::Endpoints,
    keys::Keys,
};
use crate::{Clock, Outgoing, Result};

/// Every configured provider. Cheap to clone.
#[derive(Clone, Default)]
pub struct Providers(Arc<Vec<Provider>>);

/// One of them.
#[derive(Clone)]
pub struct Provider(Arc<Inner>);

struct Inner {
    settings: ProviderSettings,
    outgoing: Outgoing,
    clock: Clock,
    fixed: Option<Endpoints>,
    discovery: Discovery,
    keys: Keys,
    /// One renewal at a time for one account: some refresh tokens work once.
    turns: [tokio::sync::Mutex<()>; TURNS],
}

/// Accounts share turns, so that there is no list of them.
const TURNS: usize = 64;

impl Providers {
    /// The providers of a configuration. Nothing is asked yet.
    pub fn new(settings: &OAuthSettings, outgoing: &Outgoing, clock: &Clock) -> Self {
        let make = |settings: &ProviderSettings| {
            Provider(Arc::new(Inner {
                fixed: Endpoints::fixed(settings),
                settings: settings.clone(),
                outgoing: outgoing.clone(),
                clock: clock.clone(),
                discovery: Discovery::default(),
                keys: Keys::default(),
                turns: [const { tokio::sync::Mutex::const_new(()) }; TURNS],
            }))
        };
        Self(Arc::new(settings.providers.iter().map(make).collect()))
    }

    /// The provider with this id.
    pub fn get(&self, id: &str) -> Option<&Provider> {
        self.0.iter().find(|provider| provider.id() == id)
    }

    /// All of them, in the order of their buttons.
    pub fn iter(&self) -> impl Iterator<Item = &Provider> {
        self.0.iter()
    }

    /// Asks every provider that has to be asked where its doors are. One that does not say is asked again when
    /// somebody wants to go there.
    pub async fn discover(&self) {
        for provider in self.iter() {
            if let Err(error) = provider.discover().await {
                tracing::warn!(provider = provider.id(), "discovery failed: {error}");
            }
        }
    }

    /// Origins that people are sent to, as far as they are known. Asking for them at the start
    /// ([`Provider::discover`]) makes them known.
    pub fn authorization_origins(&self) -> Vec<String> {
        let mut origins: Vec<String> = self
            .iter()
            .flat_map(Provider::authorization_addresses)
            .map(|url| url.origin().ascii_serialization())
            .collect();
        origins.sort();
        origins.dedup();
        origins
    }
}

impl Provider {
    /// Its id, as it stands in addresses and in the column `providerId`.
    pub fn id(&self) -> &str {
        &self.0.settings.id
    }

    /// What its button says behind "Continue with".
    pub fn label(&self) -> &str {
        &self.0.settings.label
    }

    /// Whether it has to be asked where its doors are.
    pub fn is_discovered(&self) -> bool {
        self.0.fixed.is_none()
    }

    /// Asks the provider where its doors are, if it has to be asked.
    ///
    /// # Errors
    /// [`crate::Error::Upstream`] when it does not say so in a usable way.
    pub async fn discover(&self) -> Result<()> {
        self.endpoints().await.map(drop)
    }

    /// Where its doors are.
    pub(super) async fn endpoints(&self) -> Result<Endpoints> {
        if let Some(fixed) = &self.0.fixed {
            return Ok(fixed.clone());
        }
        let Kind::Oidc { issuer } = self.kind() else {
            unreachable!("every other kind has fixed endpoints")
        };
        self.0.discovery.endpoints(self, issuer).await
    }

    fn authorization_addresses(&self) -> Vec<Url> {
        match (&self.0.fixed, self.kind()) {
            (Some(fixed), _) => vec![fixed.authorization.clone()],
            (None, Kind::Oidc { issuer }) => {
                let found = self.0.discovery.known().map(Discovered::authorization);
                Url::parse(issuer).into_iter().chain(found).collect()
            }
            (None, _) => Vec::new(),
        }
    }

    pub(super) fn kind(&self) -> &Kind {
        &self.0.settings.kind
    }

    pub(super) fn settings(&self) -> &ProviderSettings {
        &self.0.settings
    }

    pub(super) fn outgoing(&self) -> &Outgoing {
        &self.0.outgoing
    }

    pub(super) fn clock(&self) -> &Clock {
        &self.0.clock
    }

    pub(super) fn keys(&self) -> &Keys {
        &self.0.keys
    }

    /// Waits until nobody in this process renews this account.
    pub(super) async fn turn(&self, account: &str) -> tokio::sync::MutexGuard<'_, ()> {
        let sum: usize = account.bytes().map(usize::from).sum();
        self.0.turns[sum % TURNS].lock().await
    }
}
