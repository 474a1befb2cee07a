//! Brings the schema up to date: forward only, under a lock on Postgres.

use sqlx::{
    ConnectOptions, Connection, PgConnection,
    migrate::{Migrate, MigrateError as SqlxMigrateError, Migrator},
};

use super::engine::{ConnectError, DbSettings, postgres_options, sqlite_options};

static SQLITE: Migrator = sqlx::migrate!("../../migrations/sqlite");
pub(super) static POSTGRES: Migrator = sqlx::migrate!("../../migrations/postgres");

/// Why the schema could not be brought up to date: one sentence.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The database could not be opened.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// A newer release has been here.
    #[error(
        "The database has migration {0}, which this version of Coffer doesn't know. Start the newer version, or restore a backup"
    )]
    NewerDatabase(i64),
    /// A migration that has run was edited since.
    #[error("Migration {0} has changed since it ran on this database")]
    Edited(i64),
    /// Somebody else's tables have the names of ours.
    #[error(
        "The database has a table \"user\" that Coffer did not make. If it is Better Auth's, run coffer adopt-better-auth"
    )]
    ForeignTables,
    /// A statement failed.
    #[error("The database could not be migrated")]
    Failed(#[source] SqlxMigrateError),
}

impl From<SqlxMigrateError> for MigrateError {
    fn from(error: SqlxMigrateError) -> Self {
        match error {
            SqlxMigrateError::VersionMissing(version) => Self::NewerDatabase(version),
            SqlxMigrateError::VersionMismatch(version) => Self::Edited(version),
            other => Self::Failed(other),
        }
    }
}

/// Runs every migration that has not run yet.
pub async fn migrate(settings: &DbSettings) -> Result<(), MigrateError> {
    match settings {
        DbSettings::Sqlite { path } => {
            let mut connection = sqlite_options(path).connect().await.map_err(|error| {
                ConnectError::new(
                    "The database file could not be opened. Check that DATA_DIR (or the path in DATABASE_URL) is writable",
                    error,
                )
            })?;
            SQLITE.run(&mut connection).await?;
            connection.close().await.map_err(|error| MigrateError::Failed(error.into()))
        }
        DbSettings::Postgres { urls, .. } => {
            let mut connection =
                postgres_options(&urls.migrate)?.connect().await.map_err(|error| {
                    ConnectError::new("The database in DATABASE_URL could not be reached", error)
                })?;
            refuse_foreign_tables(&mut connection).await?;
            POSTGRES.run(&mut connection).await?;
            connection.close().await.map_err(|error| MigrateError::Failed(error.into()))
        }
    }
}

/// Before our first migration there is no table of the name that every application of the kind has.
async fn refuse_foreign_tables(connection: &mut PgConnection) -> Result<(), MigrateError> {
    let failed = |error: sqlx::Error| MigrateError::Failed(error.into());
    let (theirs, ours): (bool, bool) = sqlx::query_as(
        r#"select to_regclass('public."user"') is not null, to_regclass('public._sqlx_migrations') is not null"#,
    )
    .fetch_one(&mut *connection)
    .await
    .map_err(failed)?;
    let begun = if ours {
        sqlx::query_scalar("select exists (select 1 from public._sqlx_migrations)")
            .fetch_one(connection)
            .await
            .map_err(failed)?
    } else {
        false
    };
    if theirs && !begun { Err(MigrateError::ForeignTables) } else { Ok(()) }
}

/// How many migrations have not run yet.
pub async fn pending_migrations(settings: &DbSettings) -> Result<usize, MigrateError> {
    let (migrator, applied) = match settings {
        DbSettings::Sqlite { path } => {
            let mut connection = sqlite_options(path).connect().await.map_err(|error| {
                ConnectError::new("The database file could not be opened", error)
            })?;
            connection.ensure_migrations_table().await?;
            (&SQLITE, connection.list_applied_migrations().await?)
        }
        DbSettings::Postgres { urls, .. } => {
            let mut connection =
                postgres_options(&urls.migrate)?.connect().await.map_err(|error| {
                    ConnectError::new("The database in DATABASE_URL could not be reached", error)
                })?;
            refuse_foreign_tables(&mut connection).await?;
            connection.ensure_migrations_table().await?;
            (&POSTGRES, connection.list_applied_migrations().await?)
        }
    };
    if let Some(newer) = applied.iter().find(|done| !migrator.version_exists(done.version)) {
        return Err(MigrateError::NewerDatabase(newer.version));
    }
    Ok(migrator.iter().count() - applied.len())
}

/// Names this state of the Postgres migrations: the template database of the tests carries it.
#[cfg(feature = "testing")]
pub fn schema_fingerprint() -> String {
    use sha2::{Digest, Sha256};
    let mut hash = Sha256::new();
    for migration in POSTGRES.iter() {
        hash.update(&migration.checksum);
    }
    hex::encode(&hash.finalize()[..8])
}
