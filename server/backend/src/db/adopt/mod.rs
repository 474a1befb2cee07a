//! What `backend::adopt` needs of Postgres alone: catalogues, changes of tables, and our migrations on tables that
//! another application made. Everything runs in one transaction of the owner of the tables.

mod catalog;
mod plan;
mod rows;
mod schema;
mod statements;

use sqlx::{ConnectOptions, Connection, PgConnection, Postgres, Transaction, migrate::Migrate};

pub(crate) use catalog::{Schema, quoted, read};
pub(crate) use plan::{Plan, Sharing, plan};
pub(crate) use rows::{
    count, count_empty, count_plain_proofs, count_plain_sessions, duplicates, hash_proofs,
    hash_session_tokens, unlinked,
};
pub(crate) use schema::{Expected, expected, is_first, pending, run_first, run_rest, taken_names};

use super::{
    engine::{ConnectError, DbSettings, postgres_options},
    migrate::MigrateError,
};

/// Where the tables of Better Auth are.
pub(crate) const PUBLIC: &str = "public";

/// The connection of the tables' owner, with the lock of the migrations.
pub(crate) struct Owner(PgConnection);

impl Owner {
    /// Connects, and waits until nobody else migrates. None on SQLite.
    pub(crate) async fn connect(settings: &DbSettings) -> Result<Option<Self>, MigrateError> {
        let DbSettings::Postgres { urls, .. } = settings else { return Ok(None) };
        let unreachable =
            |error| ConnectError::new("The database in DATABASE_URL could not be reached", error);
        let mut connection =
            postgres_options(&urls.migrate)?.connect().await.map_err(unreachable)?;
        connection.lock().await?;
        Ok(Some(Self(connection)))
    }

    /// Begins the one transaction. A table that is in use is not waited for long.
    pub(crate) async fn begin(&mut self) -> Result<Transaction<'_, Postgres>, sqlx::Error> {
        let mut tx = self.0.begin().await?;
        execute(&mut tx, "set local lock_timeout = '10s'").await?;
        Ok(tx)
    }

    /// Ends the connection, and with it the lock.
    pub(crate) async fn close(self) -> Result<(), sqlx::Error> {
        self.0.close().await
    }
}

/// Runs a text that is ours, or made of quoted names.
pub(crate) async fn execute(
    connection: &mut PgConnection,
    statement: &str,
) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(statement).execute(connection).await.map(drop)
}
