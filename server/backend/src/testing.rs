//! A world for tests: a fresh database on each engine, people in it, and a clock that stands still.

use std::{env, sync::Arc};

use domain::UserId;
use secrecy::{ExposeSecret, SecretString};
use sqlx::{Connection, Executor, PgConnection, SqliteConnection};
use tempfile::TempDir;
use time::macros::datetime;
use tokio::sync::OnceCell;
use tokio_util::task::TaskTracker;
use url::Url;

use crate::{
    AuthProfile, AuthSettings, Backend, BankSettings, Banks, Clock, Db, Limits, Outgoing, Random,
    Settings, SignedIn, Timestamp, Vault, VaultKeys,
    auth::{HashParams, Passwords, Providers, oauth::OAuthSettings},
    banks::Simbank,
    db::{DbSettings, PostgresUrls, migrate},
    execute,
    jobs::Queue,
    mail::{self, Action, Letter, Mailer},
};

/// Writes a test that runs on SQLite and on Postgres.
///
/// ```ignore
/// both_engines! {
///     async fn a_budget_cannot_use_somebody_elses_category(db: TestDb) {
///         let w = World::new(db).await;
///         …
///     }
/// }
/// ```
#[macro_export]
macro_rules! both_engines {
    ($($(#[$meta:meta])* async fn $name:ident($db:ident: TestDb) $body:block)*) => {$(
        $(#[$meta])*
        mod $name {
            use super::*;
            use $crate::testing::TestDb;

            async fn check($db: TestDb) $body

            #[tokio::test]
            async fn sqlite() {
                let db = TestDb::sqlite().await;
                check(db.clone()).await;
                db.remove().await;
            }

            #[tokio::test]
            async fn postgres() {
                let db = TestDb::postgres().await;
                check(db.clone()).await;
                db.remove().await;
            }
        }
    )*};
}

/// A migrated, empty database of one test.
#[derive(Clone)]
pub struct TestDb {
    /// How another process, or another pool, would open it.
    pub settings: DbSettings,
    /// Its pools.
    pub db: Db,
    home: Home,
}

#[derive(Clone)]
enum Home {
    Folder(#[expect(dead_code, reason = "dropping it removes the files")] Arc<TempDir>),
    Server { name: String },
}

impl TestDb {
    /// One file in a folder of its own.
    pub async fn sqlite() -> Self {
        let folder = TempDir::with_prefix("coffer-test-").expect("a folder for temporary files");
        let path = folder.path().join("coffer.db");
        tokio::fs::write(&path, migrated_file().await).await.expect("a copy of the template");
        let settings = DbSettings::Sqlite { path };
        let db = Db::connect(&settings).await.expect("the new file opens");
        Self { settings, db, home: Home::Folder(Arc::new(folder)) }
    }

    /// A copy of a migrated template on the server of `TEST_DATABASE_URL`.
    pub async fn postgres() -> Self {
        let template = template().await;
        let name = format!("test_{}", Random::system().alphanumeric(20).to_lowercase());
        let mut admin = admin().await;
        run(&mut admin, &format!("create database {name} template {template} strategy file_copy"))
            .await;
        let settings = DbSettings::Postgres {
            urls: PostgresUrls::single(SecretString::from(url_of(&name).to_string())),
            max_connections: 4,
        };
        let db = Db::connect(&settings).await.expect("the new database opens");
        Self { settings, db, home: Home::Server { name } }
    }

    /// Removes the database of a test that passed; one that failed stays to be looked at.
    pub async fn remove(self) {
        self.db.close().await;
        if let Home::Server { name } = &self.home {
            run(&mut admin().await, &format!("drop database if exists {name} with (force)")).await;
        }
    }
}

impl TestDb {
    /// Leaves the mark of a migration that no release has yet.
    pub async fn migrate_into_the_future(&self) {
        let mark = "insert into _sqlx_migrations (version, description, success, checksum, execution_time) \
                    values (99990101000000, 'from the future', true, '', 0)";
        self.as_owner(mark).await;
    }

    /// Runs one statement as whoever the tables belong to.
    pub async fn as_owner(&self, statement: &'static str) {
        match &self.settings {
            DbSettings::Sqlite { path } => {
                let mut file = SqliteConnection::connect(&format!("sqlite://{}", path.display()))
                    .await
                    .expect("the file opens");
                file.execute(statement).await.expect(statement);
            }
            DbSettings::Postgres { urls, .. } => {
                let mut owner = PgConnection::connect(urls.migrate.expose_secret())
                    .await
                    .expect("the owner's connection");
                run(&mut owner, statement).await;
            }
        }
    }
}

/// Lets somebody owe a code of an app at their next sign-in.
pub async fn switch_second_factor_on(backend: &Backend, user: &str) {
    let mut tx = backend.db.system().write().await.expect("a transaction");
    execute!(
        tx,
        r#"insert into "twoFactor" ("id", "secret", "backupCodes", "userId") values ('a-factor', '', '[]', $1)"#,
        user,
    )
    .expect("a factor");
    execute!(tx, r#"update "user" set "twoFactorEnabled" = true where "id" = $1"#, user)
        .expect("a person");
    tx.commit().await.expect("a commit");
}

/// Gives somebody a passkey that no authenticator holds.
pub async fn plant_passkey(backend: &Backend, user: &UserId) {
    let mut tx = backend.db.system().write().await.expect("a transaction");
    execute!(
        tx,
        r#"
        insert into "passkey" ("id", "publicKey", "userId", "credentialID", "counter", "deviceType", "backedUp")
        values ('a-passkey', '', $1, 'a-credential', 0, 'singleDevice', false)
        "#,
        user,
    )
    .expect("a passkey");
    tx.commit().await.expect("a commit");
}

/// The subjects of a person's lines of this action in the trail, the oldest first, and what they note.
pub async fn trail_of(
    backend: &Backend,
    user: &str,
    action: &str,
) -> Vec<(Option<String>, String)> {
    let mut tx = backend.db.system().read().await.expect("a connection");
    crate::fetch_all!(
        tx,
        r#"
        select "subjectId", "data"
        from "audit_event"
        where "userId" = $1 and "action" = $2
        order by "at", "id"
        "#,
        user,
        action,
    )
    .expect("the trail")
}

/// Connects an account at a provider to somebody.
pub async fn connect_provider(backend: &Backend, user: &UserId, provider: &str) {
    let mut tx = backend.db.system().write().await.expect("a transaction");
    execute!(
        tx,
        r#"
        insert into "account" ("id", "accountId", "providerId", "userId", "createdAt", "updatedAt")
        values ($1, $1, $2, $3, $4, $4)
        "#,
        format!("{provider}-account"),
        provider,
        user,
        Timestamp::from(backend.clock.now()),
    )
    .expect("an account");
    tx.commit().await.expect("a commit");
}

/// Queues a letter with a button to `/somewhere`.
pub async fn mail_to(backend: &Backend, address: &str) {
    let link = "https://bank.example/somewhere".to_owned();
    let letter = Letter {
        action: Some(Action { label: "Go on", link }),
        ..Letter::note("A letter", "One sentence.", "You get this mail because this is a test.")
    };
    let mut tx = backend.db.system().write().await.expect("a transaction");
    mail::post(&mut tx, backend, address, &letter).await.expect("a queued mail");
    tx.commit().await.expect("a commit");
}

/// Sends what is queued; answers the mails this address got, the newest first.
pub async fn mails_of(backend: &Backend, address: &str) -> Vec<mail::mailbox::Message> {
    crate::jobs::run_due(backend).await.expect("the queue runs");
    let mut messages = mail::mailbox::list(backend, 0, 100).await.expect("the mailbox");
    messages.retain(|message| message.recipient == address);
    messages
}

/// The address behind the button of a mail.
pub fn link_in(message: &mail::mailbox::Message) -> Url {
    let link = message.text.lines().find(|line| line.starts_with("http"));
    link.and_then(|link| link.parse().ok()).expect("a mail with a link")
}

/// The token in a mailed link: a query parameter, or the last part of the path.
pub fn token_in(message: &mail::mailbox::Message) -> String {
    let link = link_in(message);
    let asked = link.query_pairs().find(|(name, _)| name == "token");
    let last = || link.path_segments().and_then(|mut parts| parts.next_back()).map(str::to_owned);
    asked.map(|(_, token)| token.into_owned()).or_else(last).expect("a token")
}

/// An empty database on the server of `TEST_DATABASE_URL`, without our tables.
pub struct BareDb {
    /// How it is opened.
    pub settings: DbSettings,
    name: String,
}

impl BareDb {
    /// A new one.
    pub async fn postgres() -> Self {
        let name = format!("test_{}", Random::system().alphanumeric(20).to_lowercase());
        run(&mut admin().await, &format!("create database {name}")).await;
        let urls = PostgresUrls::single(SecretString::from(url_of(&name).to_string()));
        Self { settings: DbSettings::Postgres { urls, max_connections: 4 }, name }
    }

    /// The connection of whoever owns its tables.
    pub async fn owner(&self) -> PgConnection {
        PgConnection::connect(url_of(&self.name).as_str()).await.expect("the database opens")
    }

    /// Removes the database of a test that passed; one that failed stays to be looked at.
    pub async fn remove(self) {
        run(&mut admin().await, &format!("drop database {} with (force)", self.name)).await;
    }
}

/// Lets the time of every lease in the queue pass.
pub async fn end_leases(backend: &Backend) {
    let mut tx = backend.db.system().write().await.expect("a transaction");
    execute!(tx, r#"update "job" set "leaseUntil" = "createdAt" where "state" = 'running'"#)
        .expect("an update");
    tx.commit().await.expect("a commit");
}

/// How many syncs of banks run, or are to run within the next seconds: not those that wait for a bank that is down.
pub async fn syncs_left(backend: &Backend) -> i64 {
    let soon = Timestamp::from(backend.clock.now() + time::Duration::minutes(1));
    let mut tx = backend.db.system().read().await.expect("a connection");
    let (left,): (i64,) = crate::fetch_one!(
        tx,
        r#"
        select count(*) from "job"
        where "kind" = 'syncConnection' and ("state" = 'running' or ("state" = 'pending' and "runAt" <= $1))
        "#,
        soon,
    )
    .expect("a count");
    left
}

fn server_url() -> Url {
    #[expect(clippy::disallowed_methods, reason = "tests are told their server by the environment")]
    let url = env::var("TEST_DATABASE_URL").expect(
        "TEST_DATABASE_URL names a Postgres server for tests: run `make test`, or \
         `export TEST_DATABASE_URL=$(scripts/postgres url)` after `scripts/postgres start`",
    );
    url.parse().expect("TEST_DATABASE_URL is an address")
}

fn url_of(database: &str) -> Url {
    let mut url = server_url();
    url.set_path(database);
    url
}

async fn admin() -> PgConnection {
    PgConnection::connect(server_url().as_str()).await.expect("TEST_DATABASE_URL answers")
}

async fn run(admin: &mut PgConnection, statement: &str) {
    admin.execute(statement).await.expect("the server of the tests does what it is told");
}

/// The bytes of a migrated file, which each test copies.
async fn migrated_file() -> &'static [u8] {
    static FILE: OnceCell<Vec<u8>> = OnceCell::const_new();
    FILE.get_or_init(|| async {
        let folder = TempDir::with_prefix("coffer-test-").expect("a folder for temporary files");
        let path = folder.path().join("coffer.db");
        migrate(&DbSettings::Sqlite { path: path.clone() })
            .await
            .expect("the migrations of SQLite run");
        tokio::fs::read(&path).await.expect("the migrated file")
    })
    .await
}

/// The migrated database that each test copies, made once for each state of the migrations.
async fn template() -> &'static str {
    static NAME: OnceCell<String> = OnceCell::const_new();
    NAME.get_or_init(|| async {
        let name = format!("coffer_template_{}", crate::db::schema_fingerprint());
        let mut admin = admin().await;
        // One process makes it; the others wait here.
        run(&mut admin, "select pg_advisory_lock(20261121)").await;
        let there: Option<i32> = sqlx::query_scalar("select 1 from pg_database where datname = $1")
            .bind(&name)
            .fetch_optional(&mut admin)
            .await
            .expect("the list of databases");
        if there.is_none() {
            let half_made = format!("{name}_new");
            run(&mut admin, &format!("drop database if exists {half_made} with (force)")).await;
            run(&mut admin, &format!("create database {half_made}")).await;
            let url = SecretString::from(url_of(&half_made).to_string());
            migrate(&DbSettings::Postgres { urls: PostgresUrls::single(url), max_connections: 1 })
                .await
                .expect("the migrations of Postgres run");
            run(&mut admin, &format!("alter database {half_made} rename to {name}")).await;
        }
        run(&mut admin, "select pg_advisory_unlock(20261121)").await;
        name
    })
    .await
}

/// A backend on one database, with two people who must not see each other's things. It is noon on
/// 4 May 2026, UTC.
pub struct World {
    /// What use cases take.
    pub backend: Backend,
    /// Owns what a test is about.
    pub alice: SignedIn,
    /// Wants what is Alice's.
    pub mallory: SignedIn,
}

impl World {
    /// Fills an empty database.
    pub async fn new(db: TestDb) -> Self {
        let backend = backend(db.db.clone());
        let alice = person(&backend, "alice").await;
        let mallory = person(&backend, "mallory").await;
        Self { backend, alice, mallory }
    }
}

pub use crate::banks::plaid::testing::{PlaidStandIn, with_plaid};
pub use crate::billing::testing::{PRODUCTS, WEBHOOK_SECRET, with_billing};

/// A backend with a frozen clock, seeded randomness and development settings.
pub fn backend(db: Db) -> Backend {
    let clock = Clock::frozen(datetime!(2026-05-04 12:00 UTC));
    let random = Random::seeded(20_260_504);
    let outgoing = Outgoing::new(&clock, &random, []).expect("TLS of the tests");
    let settings = settings();
    let vault = Vault::open(&db, &clock, &random, vault_keys());
    let simbank = Simbank::new(&db, &clock, &random, &vault, &settings.app_url);
    Backend {
        banks: Banks::new(Some(simbank), None),
        providers: Providers::new(&OAuthSettings::default(), &outgoing, &clock),
        outgoing,
        vault,
        db,
        clock,
        random,
        passwords: Passwords::new(2, HashParams::CHEAP),
        mailer: Mailer::mailbox("Coffer <hello@bank.example>").expect("a literal sender"),
        jobs: Queue::default(),
        tasks: TaskTracker::new(),
        limits: Limits::off(),
        settings: Arc::new(settings),
    }
}

/// The root key of every test's backend.
const ENCRYPTION_KEY: [u8; 32] = [42; 32];

/// The root key of [`backend`], as `BANK_DATA_ENCRYPTION_KEY` gives it to a program.
pub fn encryption_key() -> String {
    hex::encode(ENCRYPTION_KEY)
}

/// One root key, and the index key that is derived from it.
pub fn vault_keys() -> VaultKeys {
    VaultKeys::new(vec![("1".to_owned(), ENCRYPTION_KEY)], None).expect("a literal key")
}

/// Settings as `COFFER_ENV=test` has them.
pub fn settings() -> Settings {
    Settings {
        app_url: "http://localhost:3000".parse().expect("a literal address"),
        auth: AuthSettings {
            profile: AuthProfile::Hardened,
            secret: SecretString::from("a secret of the tests, 32 bytes and more"),
            password_min: 12,
            require_email_verification: false,
            change_email: true,
            delete_user: true,
            breached_passwords: None,
            hashing_threads: 2,
        },
        billing: None,
        support_email: None,
        oauth: OAuthSettings::default(),
        banks: BankSettings { simbank: true },
    }
}

/// The same with limits that count in this process.
pub fn limited(backend: Backend) -> Backend {
    let limits = Limits::in_process(backend.clock.clone(), &backend.settings.auth.secret);
    Backend { limits, ..backend }
}

/// A person with the name as id and address, without password or session.
pub async fn person(backend: &Backend, name: &str) -> SignedIn {
    let now = Timestamp::from(backend.clock.now());
    let mut tx = backend.db.system().write().await.expect("a transaction");
    execute!(
        tx,
        r#"
        insert into "user" ("id", "name", "email", "emailVerified", "createdAt", "updatedAt")
        values ($1, $2, $3, true, $4, $4)
        "#,
        name,
        name,
        format!("{name}@example.com"),
        now,
    )
    .expect("a new person");
    tx.commit().await.expect("a commit");
    SignedIn::in_a_test(UserId::new(name), backend.clock.now())
}

/// When the newest session of this database was last noted as in use.
pub async fn last_seen(backend: &Backend) -> Timestamp {
    let mut tx = backend.db.system().read().await.expect("a connection");
    let (at,): (Timestamp,) = crate::fetch_one!(
        tx,
        r#"select "lastSeenAt" from "session" order by "createdAt" desc limit 1"#
    )
    .expect("a session");
    at
}

/// Says of an address that it is proven, or that it is not.
pub async fn set_email_verified(backend: &Backend, email: &str, verified: bool) {
    let mut tx = backend.db.system().write().await.expect("a transaction");
    execute!(tx, r#"update "user" set "emailVerified" = $1 where "email" = $2"#, verified, email)
        .expect("an update");
    tx.commit().await.expect("a commit");
}

/// An account at a provider with its access, refresh and ID token, as the columns hold them.
pub type TokenColumns = (String, Option<String>, Option<String>, Option<String>);

/// The tokens of all accounts at providers, by provider.
pub async fn token_columns(backend: &Backend) -> Vec<TokenColumns> {
    let mut tx = backend.db.system().read().await.expect("a connection");
    crate::fetch_all!(
        tx,
        r#"
        select "providerId", "accessToken", "refreshToken", "idToken"
        from "account"
        where "providerId" <> 'credential'
        order by "providerId", "createdAt"
        "#
    )
    .expect("the accounts")
}
