//! The pools, and how they are opened.

use std::{path::PathBuf, str::FromStr, sync::Arc, time::Duration};

use domain::UserId;
use secrecy::{ExposeSecret, SecretString};
use sqlx::{
    ConnectOptions, Database, PgPool, Postgres, Sqlite, SqlitePool, Transaction,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::tx::{SystemScope, UserScope};

/// How long a request waits for a connection before it is answered 503.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);
/// How long a connection may take to say that it is clean when it comes back.
const RELEASE_TIMEOUT: Duration = Duration::from_secs(2);
/// Writers of SQLite stand in one queue; the last of many waits for all before it.
const SQLITE_WRITER_TIMEOUT: Duration = Duration::from_secs(15);
/// For the moments in which another process (a backup, `coffer migrate`) holds the file.
const SQLITE_BUSY_TIMEOUT: Duration = Duration::from_secs(10);
const SQLITE_READERS: u32 = 8;

/// Where the data is.
#[derive(Clone, Debug)]
pub enum DbSettings {
    /// One file, made if it is missing.
    Sqlite {
        /// The file; its folder must exist.
        path: PathBuf,
    },
    /// A server, Postgres 15 or newer.
    Postgres {
        /// One address for everything, or one for each role.
        urls: PostgresUrls,
        /// Connections of each of the two pools.
        max_connections: u32,
    },
}

/// Addresses of one Postgres database. With a single one, each pool takes its weak role by `set role`.
#[derive(Clone, Debug)]
pub struct PostgresUrls {
    /// For migrations: the owner of the tables.
    pub migrate: SecretString,
    /// For sign-in, webhooks and jobs.
    pub auth: SecretString,
    /// For people's own rows.
    pub app: SecretString,
}

impl PostgresUrls {
    /// The same address for everything.
    pub fn single(url: SecretString) -> Self {
        Self { migrate: url.clone(), auth: url.clone(), app: url }
    }
}

/// Why the database could not be opened: one sentence, without the address.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct ConnectError {
    message: String,
    #[source]
    source: Option<sqlx::Error>,
}

impl ConnectError {
    pub(super) fn new(message: impl Into<String>, source: sqlx::Error) -> Self {
        Self { message: message.into(), source: Some(source) }
    }

    fn refused(message: impl Into<String>) -> Self {
        Self { message: message.into(), source: None }
    }
}

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    engine: Arc<Engine>,
    #[cfg(feature = "testing")]
    pub(super) statements: super::count::Statements,
}

pub(super) enum Engine {
    Sqlite(SqlitePools),
    Postgres(PostgresPools),
}

/// One connection that writes and several that read: writers queue here and never meet `database is locked`.
pub(super) struct SqlitePools {
    writer: SqlitePool,
    pub(super) readers: SqlitePool,
}

/// Two pools with disjoint rights.
pub(super) struct PostgresPools {
    pub(super) auth: PgPool,
    pub(super) app: PgPool,
}

impl SqlitePools {
    /// `begin immediate` takes the write lock at once, so a transaction cannot fail half-way for want of it.
    pub(super) async fn begin_writing(&self) -> Result<Transaction<'static, Sqlite>, sqlx::Error> {
        let connection = self.writer.acquire().await?;
        begun(Transaction::begin(connection, Some("begin immediate".into()))).await
    }

    pub(super) async fn begin_reading(&self) -> Result<Transaction<'static, Sqlite>, sqlx::Error> {
        let connection = self.readers.acquire().await?;
        begun(Transaction::begin(connection, None)).await
    }
}

/// Begins a transaction of Postgres, by this statement instead of `begin`.
pub(super) async fn begin_at(
    pool: &PgPool,
    statement: Option<&'static str>,
) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
    let connection = pool.acquire().await?;
    begun(Transaction::begin(connection, statement.map(Into::into))).await
}

/// Waits for a transaction to begin, on a task that goes on when the request is given up. sqlx 0.8 takes a connection back
/// inside of a transaction whose beginning nobody waited for to the end: no other can begin one on it (SQLite), or it
/// reads the past (Postgres). One that has begun and is dropped is rolled back.
async fn begun<DB: Database>(
    beginning: impl Future<Output = Result<Transaction<'static, DB>, sqlx::Error>> + Send + 'static,
) -> Result<Transaction<'static, DB>, sqlx::Error> {
    match tokio::spawn(beginning).await {
        Ok(begun) => begun,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        // The program ends.
        Err(_) => Err(sqlx::Error::PoolClosed),
    }
}

impl Db {
    /// Opens the pools on a database that [`super::migrate()`] has brought up to date.
    pub async fn connect(settings: &DbSettings) -> Result<Self, ConnectError> {
        let engine = match settings {
            DbSettings::Sqlite { path } => Engine::Sqlite(open_sqlite(sqlite_options(path)).await?),
            DbSettings::Postgres { urls, max_connections } => {
                Engine::Postgres(open_postgres(urls, *max_connections).await?)
            }
        };
        Ok(Self {
            engine: Arc::new(engine),
            #[cfg(feature = "testing")]
            statements: super::count::Statements::default(),
        })
    }

    /// For sign-in, webhooks and jobs.
    pub fn system(&self) -> SystemScope<'_> {
        SystemScope(self)
    }

    /// For everything a person owns.
    pub fn as_user(&self, user: &UserId) -> UserScope<'_> {
        UserScope { db: self, user: user.clone() }
    }

    /// `"sqlite"` or `"postgres"`.
    pub fn engine_name(&self) -> &'static str {
        match *self.engine {
            Engine::Sqlite(_) => "sqlite",
            Engine::Postgres(_) => "postgres",
        }
    }

    /// Waits for running work and closes every connection.
    pub async fn close(&self) {
        match &*self.engine {
            Engine::Sqlite(pools) => {
                pools.readers.close().await;
                pools.writer.close().await;
            }
            Engine::Postgres(pools) => {
                pools.app.close().await;
                pools.auth.close().await;
            }
        }
    }

    /// Whether a connection is given at once and this is a database that can be written: a standby cannot.
    pub async fn is_ready(&self) -> bool {
        match &*self.engine {
            Engine::Sqlite(pools) => {
                sqlx::query_scalar("select 1 = 1").fetch_one(&pools.readers).await
            }
            Engine::Postgres(pools) => {
                sqlx::query_scalar("select not pg_is_in_recovery()").fetch_one(&pools.auth).await
            }
        }
        .unwrap_or(false)
    }

    /// How many statements have run on this database, by whichever task. What begins and ends a transaction is none.
    #[cfg(feature = "testing")]
    pub fn statements_so_far(&self) -> u64 {
        self.statements.so_far()
    }

    pub(super) fn engine(&self) -> &Engine {
        &self.engine
    }
}

pub(super) fn sqlite_options(path: &std::path::Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // In WAL mode FULL syncs the log at each commit: what was acknowledged survives a power cut.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(SQLITE_BUSY_TIMEOUT)
        .pragma("temp_store", "memory")
        .pragma("cache_size", "-16000")
        .log_statements(tracing::log::LevelFilter::Trace)
}

async fn open_sqlite(options: SqliteConnectOptions) -> Result<SqlitePools, ConnectError> {
    let sentence = "The database file could not be opened. Check that DATA_DIR (or the path in DATABASE_URL) is writable";
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(SQLITE_WRITER_TIMEOUT)
        .connect_with(options.clone())
        .await
        .map_err(|error| ConnectError::new(sentence, error))?;
    let readers = SqlitePoolOptions::new()
        .max_connections(SQLITE_READERS)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .connect_with(options.pragma("query_only", "on"))
        .await
        .map_err(|error| ConnectError::new(sentence, error))?;
    Ok(SqlitePools { writer, readers })
}

pub(super) fn postgres_options(url: &SecretString) -> Result<PgConnectOptions, ConnectError> {
    PgConnectOptions::from_str(url.expose_secret())
        .map(|options| {
            options.application_name("coffer").log_statements(tracing::log::LevelFilter::Trace)
        })
        .map_err(|error| ConnectError::new("DATABASE_URL is not an address of Postgres", error))
}

async fn open_postgres(urls: &PostgresUrls, max: u32) -> Result<PostgresPools, ConnectError> {
    Ok(PostgresPools {
        auth: open_pool(&urls.auth, Role::Auth, max).await?,
        app: open_pool(&urls.app, Role::App, max).await?,
    })
}

/// The weak roles that the migrations make.
#[derive(Clone, Copy)]
enum Role {
    Auth,
    App,
}

impl Role {
    /// Statements are fixed texts: a role is a name, not a value that could be bound.
    fn set_role(self) -> &'static str {
        match self {
            Self::Auth => "set role coffer_auth",
            Self::App => "set role coffer_app",
        }
    }
}

async fn open_pool(url: &SecretString, role: Role, max: u32) -> Result<PgPool, ConnectError> {
    let pool = PgPoolOptions::new()
        .max_connections(max)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .after_connect(move |connection, _| {
            Box::pin(async move {
                use sqlx::Executor as _;
                connection.execute(role.set_role()).await?;
                // One round trip. Compiling a statement (`jit`) takes longer than any of ours runs.
                connection
                    .execute(
                        "set statement_timeout = '15s';
                         set lock_timeout = '3s';
                         set jit = off;
                         set idle_in_transaction_session_timeout = '30s'",
                    )
                    .await?;
                Ok(())
            })
        })
        .after_release(move |connection, _| {
            Box::pin(async move {
                // A scope that outlives its transaction would show one person's rows to the next.
                let asked =
                    sqlx::query_scalar("select nullif(current_setting('app.user_id', true), '')")
                        .fetch_one(connection);
                // A server that has vanished keeps no place in the pool.
                let asked = tokio::time::timeout(RELEASE_TIMEOUT, asked).await;
                let scope: Option<String> = asked.map_err(|_| sqlx::Error::PoolTimedOut)??;
                if scope.is_some() {
                    metrics::counter!("coffer_rls_scope_leaks_total").increment(1);
                }
                Ok(scope.is_none())
            })
        })
        .connect_with(postgres_options(url)?)
        .await
        .map_err(|error| {
            ConnectError::new("The database in DATABASE_URL could not be reached", error)
        })?;
    refuse_strong_role(&pool).await?;
    Ok(pool)
}

/// The program does not run with rights that would step around row-level security.
async fn refuse_strong_role(pool: &PgPool) -> Result<(), ConnectError> {
    let (strong, owns_tables): (bool, bool) = sqlx::query_as(
        "select r.rolsuper or r.rolbypassrls,
                exists (select 1 from pg_class c where c.relkind = 'r' and c.relowner = r.oid)
         from pg_roles r
         where r.rolname = current_user",
    )
    .fetch_one(pool)
    .await
    .map_err(|error| {
        ConnectError::new("The rights of the database role could not be read", error)
    })?;
    if strong || owns_tables {
        return Err(ConnectError::refused(
            "The database role of DATABASE_URL may step around row-level security. Run `coffer migrate` first, \
             or give DATABASE_AUTH_URL and DATABASE_APP_URL roles that own no table",
        ));
    }
    Ok(())
}
