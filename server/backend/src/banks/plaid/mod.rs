//! Plaid: banks of the US by their customers' own logins.
//!
//! Neither a token nor a body nor a number is ever logged or part of an error.

mod accounts;
mod call;
mod error;
mod link;
mod numbers;
mod settings;
mod sync;
#[cfg(feature = "testing")]
pub mod testing;
mod webhook;

use async_trait::async_trait;
use http::HeaderMap;
use secrecy::SecretString;
use url::Url;

use super::{
    BankEvent, BeginLink, Capabilities, DepositStatus, Deposits, FailedLink, FinishLink, LinkStart,
    NewConnection, Numbers, Provider, ProviderAccount, ProviderKind, StartDeposits, SyncPage,
    Trouble, TroubleKind,
};
use crate::{Clock, Outgoing, Random};
pub(crate) use accounts::account_type;
pub use settings::{PlaidServer, PlaidSettings};
use webhook::read_event;

/// Where Plaid's webhooks arrive, below our own address.
pub const WEBHOOK_PATH: &str = "/api/webhooks/plaid";
/// Most characters of an id of Plaid's. They have 37.
const ID_MAX: usize = 200;

/// Plaid, as the team whose secret we have. One for each process: it keeps Plaid's public keys.
pub struct Plaid {
    settings: PlaidSettings,
    /// None where Plaid cannot reach us.
    webhook: Option<Url>,
    outgoing: Outgoing,
    clock: Clock,
    random: Random,
    keys: webhook::Keys,
}

impl Plaid {
    /// Plaid as `settings` say; `app_url` is our own address.
    pub fn new(
        settings: PlaidSettings,
        app_url: &Url,
        outgoing: &Outgoing,
        clock: &Clock,
        random: &Random,
    ) -> Self {
        let webhook = app_url.join(WEBHOOK_PATH).ok().filter(|url| url.scheme() == "https");
        Self {
            settings,
            webhook,
            outgoing: outgoing.clone(),
            clock: clock.clone(),
            random: random.clone(),
            keys: webhook::Keys::default(),
        }
    }
}

#[async_trait]
impl Provider for Plaid {
    fn kind(&self) -> ProviderKind {
        ProviderKind::Plaid
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            instant: true,
            // Its own deposits belong to its own window; others are sent by whoever sends ours.
            micro_deposits: false,
            transactions: true,
            pending: true,
            balances: true,
            // Sold as a product of its own, which nobody asks for.
            recurring: false,
        }
    }

    async fn begin_link(&self, ask: BeginLink<'_>) -> Result<LinkStart, Trouble> {
        self.begin(ask).await
    }

    async fn finish_link(&self, ask: FinishLink<'_>) -> Result<NewConnection, FailedLink> {
        self.finish(ask).await
    }

    async fn accounts(&self, token: &SecretString) -> Result<Vec<ProviderAccount>, Trouble> {
        self.ask_accounts(token).await
    }

    async fn numbers(
        &self,
        token: &SecretString,
        accounts: &[String],
    ) -> Result<Vec<Numbers>, Trouble> {
        self.ask_numbers(token, accounts).await
    }

    async fn sync(
        &self,
        token: &SecretString,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<SyncPage, Trouble> {
        self.ask_page(token, cursor, limit).await
    }

    async fn start_deposits(&self, _ask: StartDeposits<'_>) -> Result<Deposits, Trouble> {
        Err(no_deposits())
    }

    async fn check_deposits(&self, _reference: &str) -> Result<DepositStatus, Trouble> {
        Err(no_deposits())
    }

    async fn parse_webhook(&self, headers: &HeaderMap, body: &[u8]) -> Result<BankEvent, Trouble> {
        self.verify(headers, body).await?;
        Ok(read_event(body))
    }

    async fn remove(&self, token: &SecretString) -> Result<(), Trouble> {
        self.end(token).await
    }
}

/// Plaid's own deposits are seen in its window. How they stand decides which numbers [`Provider::numbers`] gives.
fn no_deposits() -> Trouble {
    error::trouble(TroubleKind::BadRequest, "NO_DEPOSITS", None)
}

/// An id as Plaid wrote it: letters count as they are. None for what cannot be one.
fn ident(text: &str) -> Option<String> {
    let is_id = (1..=ID_MAX).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
    is_id.then(|| text.to_owned())
}

#[cfg(test)]
mod tests;
