//! `fetch_all!`, `fetch_one!`, `fetch_optional!` and `execute!`: one SQL text, bound and run on the engine at hand.
//!
//! ```ignore
//! let row: Option<Row> = fetch_optional!(tx, "select id from import where id = $1", id)?;
//! let changed: u64 = execute!(tx, sqlite: "…", postgres: "…", id)?;
//! ```
//!
//! The text is a literal, so that nothing can be pasted into it, and so that a test finds every statement in
//! the source and prepares it on both engines.

/// What the three fetching macros have in common. Not for use elsewhere.
#[doc(hidden)]
#[macro_export]
macro_rules! fetch_with {
    ($method:ident, $tx:expr, $lite:literal, $pg:literal $(, $bind:expr)*) => {
        match $tx.conn() {
            $crate::db::Conn::Sqlite(connection) => {
                sqlx::query_as::<sqlx::Sqlite, _>($lite)$(.bind($bind))*.$method(connection).await
            }
            $crate::db::Conn::Postgres(connection) => {
                sqlx::query_as::<sqlx::Postgres, _>($pg)$(.bind($bind))*.$method(connection).await
            }
        }
    };
}

/// Every row, as `Result<Vec<T>, sqlx::Error>`; `T` derives `sqlx::FromRow`.
#[macro_export]
macro_rules! fetch_all {
    ($tx:expr, sqlite: $lite:literal, postgres: $pg:literal $(, $bind:expr)* $(,)?) => {
        $crate::fetch_with!(fetch_all, $tx, $lite, $pg $(, $bind)*)
    };
    ($tx:expr, $sql:literal $(, $bind:expr)* $(,)?) => {
        $crate::fetch_with!(fetch_all, $tx, $sql, $sql $(, $bind)*)
    };
}

/// The one row there must be, as `Result<T, sqlx::Error>`.
#[macro_export]
macro_rules! fetch_one {
    ($tx:expr, sqlite: $lite:literal, postgres: $pg:literal $(, $bind:expr)* $(,)?) => {
        $crate::fetch_with!(fetch_one, $tx, $lite, $pg $(, $bind)*)
    };
    ($tx:expr, $sql:literal $(, $bind:expr)* $(,)?) => {
        $crate::fetch_with!(fetch_one, $tx, $sql, $sql $(, $bind)*)
    };
}

/// The row there may be, as `Result<Option<T>, sqlx::Error>`.
#[macro_export]
macro_rules! fetch_optional {
    ($tx:expr, sqlite: $lite:literal, postgres: $pg:literal $(, $bind:expr)* $(,)?) => {
        $crate::fetch_with!(fetch_optional, $tx, $lite, $pg $(, $bind)*)
    };
    ($tx:expr, $sql:literal $(, $bind:expr)* $(,)?) => {
        $crate::fetch_with!(fetch_optional, $tx, $sql, $sql $(, $bind)*)
    };
}

/// Runs a statement; answers how many rows it touched, as `Result<u64, sqlx::Error>`.
#[macro_export]
macro_rules! execute {
    ($tx:expr, sqlite: $lite:literal, postgres: $pg:literal $(, $bind:expr)* $(,)?) => {{
        match $tx.conn() {
            $crate::db::Conn::Sqlite(connection) => {
                sqlx::query::<sqlx::Sqlite>($lite)$(.bind($bind))*.execute(connection).await
                    .map(|done| done.rows_affected())
            }
            $crate::db::Conn::Postgres(connection) => {
                sqlx::query::<sqlx::Postgres>($pg)$(.bind($bind))*.execute(connection).await
                    .map(|done| done.rows_affected())
            }
        }
    }};
    ($tx:expr, $sql:literal $(, $bind:expr)* $(,)?) => {
        $crate::execute!($tx, sqlite: $sql, postgres: $sql $(, $bind)*)
    };
}
