//! The two ways in: [`SystemTx`] and [`UserTx`].

use std::sync::Arc;

use domain::UserId;
use sqlx::{PgConnection, Postgres, Sqlite, SqliteConnection, Transaction, pool::PoolConnection};
use tokio::sync::Notify;

use super::engine::{Db, Engine, begin_at};

/// The connection under a transaction, for the statement macros.
pub enum Conn<'c> {
    /// SQLite.
    Sqlite(&'c mut SqliteConnection),
    /// Postgres.
    Postgres(&'c mut PgConnection),
}

/// What the statement macros run on.
pub trait Tx: Send {
    /// The connection, borrowed for one statement.
    fn conn(&mut self) -> Conn<'_>;

    /// Tells `waiting` once this transaction is durable, and never if it is not.
    fn notify_after_commit(&mut self, waiting: Arc<Notify>);
}

enum Work {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
    /// Reading without a transaction: each statement sees the newest state.
    SqliteRead(PoolConnection<Sqlite>),
    PostgresRead(PoolConnection<Postgres>),
}

/// Work whose statements are counted in tests: each takes the connection once.
struct Counted {
    work: Work,
    #[cfg(feature = "testing")]
    statements: super::count::Statements,
}

impl Counted {
    fn new(work: Work, db: &Db) -> Self {
        #[cfg(not(feature = "testing"))]
        let _ = db;
        Self {
            work,
            #[cfg(feature = "testing")]
            statements: db.statements.clone(),
        }
    }

    fn conn(&mut self) -> Conn<'_> {
        #[cfg(feature = "testing")]
        self.statements.one();
        self.work.conn()
    }
}

impl Work {
    fn conn(&mut self) -> Conn<'_> {
        match self {
            Self::Sqlite(tx) => Conn::Sqlite(tx),
            Self::Postgres(tx) => Conn::Postgres(tx),
            Self::SqliteRead(connection) => Conn::Sqlite(connection),
            Self::PostgresRead(connection) => Conn::Postgres(connection),
        }
    }

    async fn commit(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(tx) => tx.commit().await,
            Self::Postgres(tx) => tx.commit().await,
            Self::SqliteRead(_) | Self::PostgresRead(_) => Ok(()),
        }
    }

    async fn rollback(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(tx) => tx.rollback().await,
            Self::Postgres(tx) => tx.rollback().await,
            Self::SqliteRead(_) | Self::PostgresRead(_) => Ok(()),
        }
    }
}

/// Work of the program itself: sign-in, webhooks, jobs. On Postgres the role `coffer_auth`, which cannot read
/// any table of money.
#[must_use = "nothing is written until commit()"]
pub struct SystemTx {
    work: Counted,
    notify: Option<Arc<Notify>>,
}

/// Work for one person, on rows that are theirs. On Postgres the role `coffer_app` with row-level security for
/// this user; every statement names the owner as well.
#[must_use = "nothing is written until commit()"]
pub struct UserTx {
    work: Counted,
    notify: Option<Arc<Notify>>,
    user: UserId,
}

// `conn` is inherent as well, so that the statement macros need no import.
impl SystemTx {
    /// The connection, borrowed for one statement.
    pub fn conn(&mut self) -> Conn<'_> {
        self.work.conn()
    }

    /// Makes everything since the start durable. Dropping instead undoes it.
    pub async fn commit(self) -> Result<(), sqlx::Error> {
        self.work.work.commit().await?;
        self.notify.iter().for_each(|waiting| waiting.notify_one());
        Ok(())
    }
}

impl UserTx {
    /// The connection, borrowed for one statement.
    pub fn conn(&mut self) -> Conn<'_> {
        self.work.conn()
    }

    /// Whose rows these are.
    pub fn user(&self) -> &UserId {
        &self.user
    }

    /// Makes everything since the start durable. Dropping instead undoes it.
    pub async fn commit(self) -> Result<(), sqlx::Error> {
        self.work.work.commit().await?;
        self.notify.iter().for_each(|waiting| waiting.notify_one());
        Ok(())
    }

    /// Undoes everything since the start and waits for it: dropping does so a moment later, and until then its
    /// locks hold.
    pub async fn rollback(self) -> Result<(), sqlx::Error> {
        self.work.work.rollback().await
    }
}

impl Tx for SystemTx {
    fn conn(&mut self) -> Conn<'_> {
        self.work.conn()
    }

    fn notify_after_commit(&mut self, waiting: Arc<Notify>) {
        self.notify = Some(waiting);
    }
}

impl Tx for UserTx {
    fn conn(&mut self) -> Conn<'_> {
        self.work.conn()
    }

    fn notify_after_commit(&mut self, waiting: Arc<Notify>) {
        self.notify = Some(waiting);
    }
}

/// Every statement sees the state of the first.
const SNAPSHOT: &str = "begin isolation level repeatable read read only";

/// `db.system()`: choose how.
pub struct SystemScope<'db>(pub(super) &'db Db);

/// `db.as_user(user)`: choose how.
pub struct UserScope<'db> {
    pub(super) db: &'db Db,
    pub(super) user: UserId,
}

impl SystemScope<'_> {
    /// Single reading statements, each on the newest state: one round trip each.
    pub async fn read(self) -> Result<SystemTx, sqlx::Error> {
        let work = match self.0.engine() {
            Engine::Sqlite(pools) => Work::SqliteRead(pools.readers.acquire().await?),
            Engine::Postgres(pools) => Work::PostgresRead(pools.auth.acquire().await?),
        };
        Ok(SystemTx { work: Counted::new(work, self.0), notify: None })
    }

    /// A transaction that may write.
    pub async fn write(self) -> Result<SystemTx, sqlx::Error> {
        let work = match self.0.engine() {
            Engine::Sqlite(pools) => Work::Sqlite(pools.begin_writing().await?),
            Engine::Postgres(pools) => Work::Postgres(begin_at(&pools.auth, None).await?),
        };
        Ok(SystemTx { work: Counted::new(work, self.0), notify: None })
    }
}

impl UserScope<'_> {
    /// A transaction that reads one state of this person's rows.
    pub async fn read(self) -> Result<UserTx, sqlx::Error> {
        let work = match self.db.engine() {
            Engine::Sqlite(pools) => Work::Sqlite(pools.begin_reading().await?),
            Engine::Postgres(pools) => Work::Postgres(begin_at(&pools.app, Some(SNAPSHOT)).await?),
        };
        self.scoped(work).await
    }

    /// A transaction that may write this person's rows.
    pub async fn write(self) -> Result<UserTx, sqlx::Error> {
        let work = match self.db.engine() {
            Engine::Sqlite(pools) => Work::Sqlite(pools.begin_writing().await?),
            Engine::Postgres(pools) => Work::Postgres(begin_at(&pools.app, None).await?),
        };
        self.scoped(work).await
    }

    /// Tells Postgres whose rows its policies may show, until the end of this transaction.
    async fn scoped(self, mut work: Work) -> Result<UserTx, sqlx::Error> {
        if let Work::Postgres(tx) = &mut work {
            sqlx::query("select set_config('app.user_id', $1, true)")
                .bind(self.user.as_str())
                .execute(&mut **tx)
                .await?;
        }
        Ok(UserTx { work: Counted::new(work, self.db), notify: None, user: self.user })
    }
}
