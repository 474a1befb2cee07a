//! Proof that an account is its owner's: deposits are sent, looked after and answered. The rules are in
//! [`domain::verification`] and the tables of states beside it.

mod answer;
mod check;
mod demo;
mod kept;
mod letters;
mod numbers;
mod rows;
mod send;
mod start;
mod state;
#[cfg(test)]
mod tests;
mod views;

use std::sync::Arc;

use domain::verification::DepositKind;

use crate::{
    Backend,
    banks::{Provider, ProviderKind},
};

pub use answer::answer;
pub(crate) use check::{check_deposits, check_round};
pub use demo::{post_now, statement};
pub(crate) use kept::{Kept, all};
pub use numbers::enter_numbers;
pub(crate) use rows::close;
pub(crate) use send::send;
pub use start::{Ask, start};
pub use views::{of_account, open};

/// The word for a missing round, in errors.
pub(crate) const VERIFICATION: &str = "verification";

/// Whether somebody sends deposits for us.
pub fn is_available(backend: &Backend) -> bool {
    sender(backend).is_some()
}

/// Who sends them.
fn sender(backend: &Backend) -> Option<(ProviderKind, Arc<dyn Provider>)> {
    let kinds = backend.banks.kinds().into_iter();
    let mut providers = kinds.filter_map(|kind| Some((kind, backend.banks.provider(kind)?)));
    providers.find(|(_, provider)| provider.capabilities().micro_deposits)
}

/// The field at which something is said about an answer.
const fn field(kind: DepositKind) -> &'static str {
    match kind {
        DepositKind::Amounts => "amount2",
        DepositKind::Code => "code",
    }
}
