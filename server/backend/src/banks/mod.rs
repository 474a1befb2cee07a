//! Where connected accounts come from: one trait, with the built-in bank and Plaid behind it. Use cases, routes and jobs
//! know only the trait.

mod provider;

pub use provider::{
    BankEvent, BeginLink, Capabilities, DepositKind, DepositStatus, Deposits, EventKind,
    FinishLink, LinkStart, NewConnection, Numbers, Provider, ProviderAccount, ProviderKind,
    ProviderRow, Purpose, Readiness, StartDeposits, SyncPage, Trouble, TroubleKind,
};
