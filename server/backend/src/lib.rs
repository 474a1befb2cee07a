//! Use cases, SQL and services. No HTTP, no HTML: `server` and `app` call these functions.

use std::sync::Arc;

use tokio_util::task::TaskTracker;

pub mod accounts;
pub mod admin;
pub mod adopt;
pub mod attention;
pub mod audit;
pub mod auth;
pub mod banks;
pub mod billing;
pub mod budgets;
pub mod categories;
pub mod checklist;
pub mod clock;
pub mod connections;
pub mod dashboard;
pub mod db;
pub mod error;
pub mod export;
pub mod idempotency;
pub mod imports;
pub mod jobs;
pub mod limits;
mod look;
pub mod mail;
pub mod notifications;
pub mod outgoing;
pub mod preferences;
pub mod random;
pub mod recurring;
pub mod request;
pub mod review;
pub mod rules;
pub mod seed;
pub mod settings;
#[cfg(feature = "testing")]
pub mod testing;
pub mod transactions;
pub mod vault;
pub mod verification;

pub use auth::SignedIn;
pub use banks::{BankSettings, Banks};
pub use billing::BillingSettings;
pub use clock::Clock;
pub use db::{Db, Timestamp};
pub use error::{Error, OnConflict, Result};
pub use limits::Limits;
pub use outgoing::Outgoing;
pub use random::Random;
pub use settings::{AuthProfile, AuthSettings, Settings};
pub use vault::{Vault, VaultKeys};

/// Everything a use case works with. Cheap to clone; one for each process, or for each test.
#[derive(Clone)]
pub struct Backend {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// Ids and tokens.
    pub random: Random,
    /// The pool that hashes passwords.
    pub passwords: auth::Passwords,
    /// Outgoing mail.
    pub mailer: mail::Mailer,
    /// The queue of work for later.
    pub jobs: jobs::Queue,
    /// What outlives the request that began it. Close it and wait for it before the database is closed.
    pub tasks: TaskTracker,
    /// Encrypts single fields.
    pub vault: Vault,
    /// How often something may be done.
    pub limits: Limits,
    /// Other people's servers.
    pub outgoing: Outgoing,
    /// Where people may sign in instead of here.
    pub providers: auth::Providers,
    /// Providers of bank data.
    pub banks: Banks,
    /// The configuration.
    pub settings: Arc<Settings>,
}

impl Backend {
    /// Whether `AUTH_PROFILE` is `hardened`, not Better Auth's contract to the letter.
    pub fn is_hardened(&self) -> bool {
        self.settings.auth.profile == AuthProfile::Hardened
    }

    /// A new id for one of our own rows: a version 7 UUID, so that it sorts by time.
    pub fn new_id(&self) -> String {
        self.random.uuid_v7(self.clock.now())
    }
}
