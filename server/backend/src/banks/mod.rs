//! Where connected accounts come from: one trait, with the built-in bank and Plaid behind it. Use cases, routes and jobs
//! know only the trait.

pub mod plaid;
mod provider;
pub mod simbank;
mod trouble;

use std::sync::Arc;

pub use domain::verification::DepositKind;
pub use plaid::{Plaid, PlaidServer, PlaidSettings};
pub use provider::{
    BankEvent, BeginLink, Capabilities, DepositStatus, Deposits, EventKind, FinishLink, LinkStart,
    NewConnection, Numbers, Provider, ProviderAccount, ProviderKind, ProviderRow, Purpose,
    Readiness, StartDeposits, SyncPage,
};
pub use simbank::Simbank;
pub use trouble::{FailedLink, Trouble, TroubleKind};

/// What the use cases need to know about banks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BankSettings {
    /// Whether the built-in bank is open, with its switches: not where people's money is, unless somebody says so.
    pub simbank: bool,
}

/// The providers there are. Cheap to clone.
#[derive(Clone, Default)]
pub struct Banks {
    simbank: Option<Simbank>,
    plaid: Option<Arc<dyn Provider>>,
}

impl Banks {
    /// Those that are configured.
    pub fn new(simbank: Option<Simbank>, plaid: Option<Arc<dyn Provider>>) -> Self {
        Self { simbank, plaid }
    }

    /// A provider, where it is configured.
    pub fn provider(&self, kind: ProviderKind) -> Option<Arc<dyn Provider>> {
        match kind {
            ProviderKind::Simbank => {
                let simbank = self.simbank.clone()?;
                Some(Arc::new(simbank))
            }
            ProviderKind::Plaid => self.plaid.clone(),
        }
    }

    /// The provider behind a word of the database.
    pub(crate) fn named(&self, word: &str) -> Option<Arc<dyn Provider>> {
        self.provider(ProviderKind::parse(word)?)
    }

    /// The kinds that link at once, in the order in which people are offered them: the real one first.
    pub fn kinds(&self) -> Vec<ProviderKind> {
        let kinds = [ProviderKind::Plaid, ProviderKind::Simbank];
        kinds.into_iter().filter(|kind| self.provider(*kind).is_some()).collect()
    }

    /// The built-in bank with its page and its switches, where it is open.
    pub fn simbank(&self) -> Option<&Simbank> {
        self.simbank.as_ref()
    }
}
