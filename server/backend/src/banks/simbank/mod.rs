//! The built-in bank: a provider without an outside. Its rows are a pure function of a seed and a day, its page is ours,
//! its faults are switched on by hand.

mod bulk;
mod clock;
mod cursor;
mod deposits;
mod dice;
mod faults;
mod institutions;
mod ledger;
mod lives;
mod logins;
mod page;
mod provider;
mod switches;
mod webhook;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use domain::UserId;
use url::Url;

use crate::{Clock, Db, Random, Vault};

pub use deposits::{RETURNS, SimDeposits};
pub use faults::Fault;
pub use institutions::{INSTITUTIONS, Institution, institution, institution_by_routing};
pub use ledger::ExtraRow;
pub use page::{BankAnswer, BankPage, BankSignIn};
pub use switches::BankRow;

/// The path of the bank's own page.
pub const PAGE: &str = "/dev/bank";

/// The built-in bank. Cheap to clone.
#[derive(Clone)]
pub struct Simbank {
    db: Db,
    clock: Clock,
    random: Random,
    vault: Vault,
    app_url: Arc<Url>,
}

impl Simbank {
    /// A bank whose memory is in `db` and whose page stands under `app_url`.
    pub fn new(db: &Db, clock: &Clock, random: &Random, vault: &Vault, app_url: &Url) -> Self {
        Self {
            db: db.clone(),
            clock: clock.clone(),
            random: random.clone(),
            vault: vault.clone(),
            app_url: Arc::new(app_url.clone()),
        }
    }
}

/// The seed of a person's money, unless somebody gives another.
fn seed_of(user: &UserId) -> String {
    dice::name(&["coffer:simbank:v1", user.as_str()])
}
