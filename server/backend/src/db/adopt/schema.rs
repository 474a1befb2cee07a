//! How the tables must be, taken from the migrations themselves, and the migrations on tables that are there.

use sqlx::{
    PgConnection,
    migrate::{Migrate, Migration},
};

use super::{
    PUBLIC, Schema, catalog, execute, quoted,
    statements::{Makes, makes, split},
};
use crate::db::migrate::{MigrateError, POSTGRES};

/// Holds the tables as a new database would have them, for a moment.
const SCRATCH: &str = "coffer_adopt";

/// What the migrations make of an empty database.
pub(crate) struct Expected {
    /// After the first: Better Auth's tables.
    pub(crate) first: Schema,
    /// After the last.
    pub(crate) last: Schema,
}

/// Runs every migration in a schema that does not outlive this call.
pub(crate) async fn expected(connection: &mut PgConnection) -> Result<Expected, sqlx::Error> {
    execute(connection, &format!("create schema {SCRATCH}; set local search_path = {SCRATCH}"))
        .await?;
    let mut first = None;
    for migration in POSTGRES.iter() {
        execute(connection, &migration.sql).await?;
        if first.is_none() {
            first = Some(catalog::read(connection, SCRATCH).await?);
        }
    }
    let last = catalog::read(connection, SCRATCH).await?;
    execute(
        connection,
        &format!("set local client_min_messages = warning; drop schema {SCRATCH} cascade; set local search_path = {PUBLIC}"),
    )
    .await?;
    Ok(Expected { first: first.unwrap_or_default(), last })
}

/// The migrations that have not run here, oldest first.
pub(crate) async fn pending(
    connection: &mut PgConnection,
) -> Result<Vec<&'static Migration>, MigrateError> {
    connection.ensure_migrations_table().await?;
    if let Some(version) = connection.dirty_version().await? {
        return Err(MigrateError::Failed(sqlx::migrate::MigrateError::Dirty(version)));
    }
    let done = connection.list_applied_migrations().await?;
    if let Some(newer) = done.iter().find(|done| !POSTGRES.version_exists(done.version)) {
        return Err(MigrateError::NewerDatabase(newer.version));
    }
    let is_done =
        |migration: &&Migration| done.iter().any(|done| done.version == migration.version);
    Ok(POSTGRES.iter().filter(|migration| !is_done(migration)).collect())
}

/// Tables that our pending migrations make and that are here already, by another hand.
///
/// Tables of Better Auth are taken over by the first migration, those of its plugins by migrations that say
/// `if not exists`.
pub(crate) fn taken_names(found: &Schema, pending: &[&'static Migration]) -> Vec<String> {
    let later = pending.iter().filter(|migration| !is_first(migration));
    let made =
        later.flat_map(|migration| split(&migration.sql)).filter_map(|statement| {
            match makes(statement) {
                Makes::Table(table) => Some(table.to_owned()),
                _ => None,
            }
        });
    made.filter(|table| found.has(table)).collect()
}

/// Whether this is the migration that makes Better Auth's tables.
pub(crate) fn is_first(migration: &Migration) -> bool {
    POSTGRES.iter().next().is_some_and(|first| first.version == migration.version)
}

/// Runs the first migration but for the tables that `found` has, which are as it would have made them by now,
/// and marks it as done.
pub(crate) async fn run_first(
    connection: &mut PgConnection,
    migration: &Migration,
    found: &Schema,
) -> Result<(), sqlx::Error> {
    for statement in split(&migration.sql) {
        let is_there = match makes(statement) {
            Makes::Table(table) | Makes::IndexOn(table) | Makes::Forces(table) => found.has(table),
            Makes::TableIfMissing(_) | Makes::Other => false,
        };
        if !is_there {
            execute(connection, statement).await?;
        }
    }
    sqlx::query(
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
         values ($1, $2, true, $3, 0)",
    )
    .bind(migration.version)
    .bind(&*migration.description)
    .bind(&*migration.checksum)
    .execute(connection)
    .await
    .map(drop)
}

/// Runs the other migrations, inside the transaction that is open.
pub(crate) async fn run_rest(
    connection: &mut PgConnection,
    migrations: &[&'static Migration],
) -> Result<(), MigrateError> {
    for migration in migrations {
        connection.apply(migration).await?;
    }
    Ok(())
}

/// A table by its whole name.
pub(super) fn in_public(table: &str) -> String {
    format!("{}.{}", quoted(PUBLIC), quoted(table))
}
