//! SQLite and Postgres behind one type. Every statement is written once, inside one of the four macros.
//!
//! There are two ways in, told apart by type: [`Db::system`] for sign-in, webhooks and jobs, and
//! [`Db::as_user`] for everything a person owns. See `docs/adr/0001-two-engines-one-sql-text.md`.

pub(crate) mod adopt;

#[cfg(feature = "testing")]
mod count;
mod engine;
mod migrate;
mod statement;
mod timestamp;
mod tx;

pub use engine::{ConnectError, Db, DbSettings, PostgresUrls};
#[cfg(feature = "testing")]
pub use migrate::schema_fingerprint;
pub use migrate::{MigrateError, migrate, pending_migrations};
pub use timestamp::Timestamp;
pub use tx::{Conn, SystemScope, SystemTx, Tx, UserScope, UserTx};

#[cfg(test)]
mod tests;
