//! After a deletion no table keeps anything of the person.

use sqlx::{Connection, Executor, PgConnection, Row, SqliteConnection};

use secrecy::ExposeSecret;

use super::*;
use crate::{
    Backend, Timestamp,
    accounts::testing::account_of,
    billing, both_engines,
    db::DbSettings,
    execute, imports,
    testing::{backend, with_billing},
    transactions::testing::{Given, give},
};

const EMAIL: &str = "ann@example.com";

/// Tables that outlive the person: a payment stays in the books without its owner, and the trail keeps for 400 days
/// that this id did something, and no name or address with it.
const OUTLIVES: [&str; 5] =
    ["audit_event", "polar_grant", "polar_order", "polar_refund", "subscription"];

/// The database as whoever runs it sees it, past every rule about rows.
enum Owner {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Owner {
    async fn of(settings: &DbSettings) -> Self {
        match settings {
            DbSettings::Sqlite { path } => {
                let address = format!("sqlite://{}", path.display());
                Self::Sqlite(SqliteConnection::connect(&address).await.unwrap())
            }
            DbSettings::Postgres { urls, .. } => {
                Self::Postgres(PgConnection::connect(urls.migrate.expose_secret()).await.unwrap())
            }
        }
    }

    /// The first column of every row.
    async fn texts(&mut self, query: &str) -> Vec<String> {
        match self {
            Self::Sqlite(connection) => {
                let rows = connection.fetch_all(query).await.unwrap();
                rows.iter().map(|row| row.get(0)).collect()
            }
            Self::Postgres(connection) => {
                let rows = connection.fetch_all(query).await.unwrap();
                rows.iter().map(|row| row.get(0)).collect()
            }
        }
    }

    async fn tables(&mut self) -> Vec<String> {
        let query = match self {
            Self::Sqlite(_) => {
                "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name"
            }
            Self::Postgres(_) => {
                "select tablename::text from pg_tables where schemaname = 'public' order by tablename"
            }
        };
        self.texts(query).await
    }

    async fn columns(&mut self, table: &str) -> Vec<String> {
        let query = match self {
            Self::Sqlite(_) => format!("select name from pragma_table_info('{table}')"),
            Self::Postgres(_) => format!(
                "select column_name::text from information_schema.columns \
                 where table_schema = 'public' and table_name = '{table}'"
            ),
        };
        self.texts(&query).await
    }

    /// Tables with a column for the owner of a row.
    async fn personal_tables(&mut self) -> Vec<String> {
        let mut personal = Vec::new();
        for table in self.tables().await {
            if self.columns(&table).await.iter().any(|column| column == "userId") {
                personal.push(table);
            }
        }
        personal
    }

    /// Tables with this text anywhere in a row.
    async fn mentions(&mut self, text: &str) -> Vec<String> {
        let mut found = Vec::new();
        for table in self.tables().await {
            let columns: Vec<String> = self
                .columns(&table)
                .await
                .iter()
                .map(|column| format!(r#"coalesce(cast("{column}" as text), '')"#))
                .collect();
            let row = columns.join(" || '|' || ");
            let query = format!(r#"select 'x' from "{table}" where {row} like '%{text}%'"#);
            if !self.texts(&query).await.is_empty() {
                found.push(table);
            }
        }
        found
    }
}

/// Ann, with something in every table that has people's rows.
async fn ann(backend: &Backend) -> SignedIn {
    let request = SignUpRequest {
        name: "Ann Lee".into(),
        email: EMAIL.into(),
        password: "correct horse battery staple".into(),
        image: None,
        callback: String::new(),
        remember: true,
        client: Client::default(),
    };
    let login = sign_up(backend, &request).await.unwrap().login.unwrap();
    let found = sessions::find(backend, &login.token, sessions::Extend::Never).await.unwrap();
    let ann = found.unwrap().caller;
    request_reset(backend, EMAIL, "", &Client::default()).await.unwrap();
    own_money(backend, &ann).await;
    own_bank(backend, &ann).await;
    own_factors(backend, &ann).await;
    own_plan(backend, &ann).await;
    ann
}

async fn own_plan(backend: &Backend, ann: &SignedIn) {
    billing::tests::live_through(backend, ann.user().as_str(), EMAIL).await;
    let (now, user) = (Timestamp::from(backend.clock.now()), ann.user());
    let mut tx = backend.db.system().write().await.unwrap();
    // Letters that were delivered have left the house: the mailbox stands for the world outside.
    execute!(tx, r#"delete from "mail_message""#).unwrap();
    execute!(
        tx,
        r#"insert into "plan_gift" ("userId", "plan", "givenAt") values ($1, 'plus', $2)"#,
        user,
        now,
    )
    .unwrap();
    execute!(
        tx,
        r#"insert into "polar_usage" ("id", "userId", "name", "at") values ('use-1', $1, 'api_call', $2)"#,
        user,
        now,
    )
    .unwrap();
    tx.commit().await.unwrap();
}

/// What was found in rows, and what sorts them.
async fn own_patterns(tx: &mut crate::db::UserTx, account: &domain::AccountId, now: Timestamp) {
    let user = tx.user().clone();
    let today = time::OffsetDateTime::from(now).date();
    execute!(
        tx,
        r#"
        insert into "recurring_series" ("id", "userId", "accountId", "key", "merchant", "currency", "cadence", "kind",
                                        "status", "amountMinor", "firstOn", "lastOn", "nextOn", "anchor", "members",
                                        "createdAt", "updatedAt")
        values ('series-1', $1, $2, 'row-1', 'coffee', 'USD', 'monthly', 'fixed', 'active', -450, $3, $3, $3, 4, '[]',
                $4, $4)
        "#,
        &user,
        account,
        today,
        now,
    )
    .unwrap();
    execute!(
        tx,
        r#"
        insert into "rule" ("id", "userId", "position", "name", "body", "createdAt", "updatedAt")
        values ('rule-1', $1, 1, 'Coffee', '{"match":"all","conditions":[],"actions":[]}', $2, $2)
        "#,
        &user,
        now,
    )
    .unwrap();
    execute!(
        tx,
        r#"
        insert into "saved_view" ("id", "userId", "name", "query", "createdAt", "updatedAt")
        values ('view-1', $1, 'Coffee', 'q=coffee', $2, $2)
        "#,
        &user,
        now,
    )
    .unwrap();
}

/// A change of many rows, with what one of them was.
async fn own_batch(tx: &mut crate::db::UserTx, row: &domain::TransactionId, now: Timestamp) {
    let user = tx.user().clone();
    execute!(
        tx,
        r#"insert into "transaction_batch" ("id", "userId", "deed", "createdAt") values ('batch-1', $1, 'exclude', $2)"#,
        &user,
        now,
    )
    .unwrap();
    execute!(
        tx,
        r#"
        insert into "transaction_batch_row" ("userId", "batchId", "transactionId", "before", "after")
        values ($1, 'batch-1', $2, '{}', '{}')
        "#,
        &user,
        row,
    )
    .unwrap();
}

async fn own_money(backend: &Backend, ann: &SignedIn) {
    let account = account_of(backend, ann).await;
    let row = give(backend, ann, &account, Given::default()).await;
    let other = give(backend, ann, &account, Given { minor: 450, ..Given::default() }).await;
    let file = b"Date,Description,Amount\n2026-05-04,Coffee,-4.50".to_vec();
    imports::upload(backend, ann, &account, "bank.csv", file).await.unwrap();
    let (now, user) = (Timestamp::from(backend.clock.now()), ann.user());
    let mut tx = backend.db.as_user(user).write().await.unwrap();
    execute!(
        tx,
        r#"
        insert into "budget" ("id", "userId", "category", "amountMinor", "currency", "period", "startDate", "createdAt",
                              "updatedAt")
        values ('budget-1', $1, 'food', 100, 'USD', 'monthly', $2, $3, $3)
        "#,
        user,
        backend.clock.now().date(),
        now,
    )
    .unwrap();
    let today = backend.clock.now().date();
    execute!(
        tx,
        r#"
        insert into "budget_revision" ("userId", "budgetId", "fromDate", "amountMinor", "createdAt")
        values ($1, 'budget-1', $2, 100, $3)
        "#,
        user,
        today,
        now,
    )
    .unwrap();
    execute!(
        tx,
        r#"
        insert into "budget_alert" ("userId", "budgetId", "windowStart", "threshold", "sentAt")
        values ($1, 'budget-1', $2, 80, $3)
        "#,
        user,
        today,
        now,
    )
    .unwrap();
    execute!(
        tx,
        r#"
        insert into "category" ("userId", "key", "groupKey", "label", "own", "createdAt")
        values ($1, 'food.mine', 'food', 'Mine', true, $2)
        "#,
        user,
        now,
    )
    .unwrap();
    own_patterns(&mut tx, &account, now).await;
    execute!(tx, r#"insert into "preference" ("userId", "updatedAt") values ($1, $2)"#, user, now)
        .unwrap();
    execute!(
        tx,
        r#"
        insert into "transaction_part" ("id", "userId", "transactionId", "position", "category", "amountMinor")
        values ('part-1', $1, $2, 0, 'food', -450)
        "#,
        user,
        &row,
    )
    .unwrap();
    own_batch(&mut tx, &row, now).await;
    execute!(
        tx,
        r#"
        insert into "transfer_pair" ("id", "userId", "outId", "inId", "state", "createdAt")
        values ('pair-1', $1, $2, $3, 'confirmed', $4)
        "#,
        user,
        &row,
        &other,
        now,
    )
    .unwrap();
    execute!(
        tx,
        r#"
        insert into "idempotency" ("userId", "keyHash", "route", "bodyHash", "createdAt")
        values ($1, 'key', 'route', 'body', $2)
        "#,
        user,
        now,
    )
    .unwrap();
    tx.commit().await.unwrap();
}

async fn own_bank(backend: &Backend, ann: &SignedIn) {
    let account = account_of(backend, ann).await;
    let row = give(backend, ann, &account, Given::default()).await;
    let (now, user) = (Timestamp::from(backend.clock.now()), ann.user());
    let mut tx = backend.db.as_user(user).write().await.unwrap();
    execute!(
        tx,
        r#"
        insert into "connection" ("id", "userId", "provider", "institutionId", "institutionName", "itemId", "createdAt",
                                  "updatedAt")
        values ('connection-1', $1, 'simbank', 'bank', 'Bank', 'item-1', $2, $2)
        "#,
        user,
        now,
    )
    .unwrap();
    execute!(
        tx,
        r#"
        insert into "link_attempt" ("id", "userId", "provider", "connectionId", "stateHash", "expiresAt", "createdAt")
        values ('attempt-1', $1, 'simbank', 'connection-1', 'hash', $2, $2)
        "#,
        user,
        now,
    )
    .unwrap();
    execute!(
        tx,
        r#"
        insert into "verification_round" ("id", "userId", "accountId", "kind", "state", "answerHash", "maxTries", "provider",
                                          "expectedOn", "sentAt")
        values ('round-1', $1, $2, 'code', 'sent', 'hash', 5, 'simbank', $3, $4)
        "#,
        user,
        &account,
        backend.clock.now().date(),
        now,
    )
    .unwrap();
    execute!(
        tx,
        r#"
        insert into "duplicate_pair" ("id", "userId", "keptId", "otherId", "kind", "createdAt")
        values ('doubt-1', $1, $2, $2, 'copy', $3)
        "#,
        user,
        &row,
        now,
    )
    .unwrap();
    tx.commit().await.unwrap();
}

async fn own_factors(backend: &Backend, ann: &SignedIn) {
    let (now, user) = (Timestamp::from(backend.clock.now()), ann.user());
    let mut tx = backend.db.system().write().await.unwrap();
    execute!(
        tx,
        r#"insert into "explicit_linking" ("userId", "createdAt") values ($1, $2)"#,
        user,
        now,
    )
    .unwrap();
    execute!(
        tx,
        r#"insert into "twoFactor" ("id", "secret", "backupCodes", "userId") values ('factor-1', 's', '[]', $1)"#,
        user,
    )
    .unwrap();
    execute!(
        tx,
        r#"
        insert into "passkey" ("id", "publicKey", "userId", "credentialID", "counter", "deviceType", "backedUp")
        values ('passkey-1', 'key', $1, 'credential', 0, 'multiDevice', true)
        "#,
        user,
    )
    .unwrap();
    execute!(
        tx,
        r#"
        insert into "trustedDevice" ("id", "userId", "tokenHash", "userAgent", "ipAddress", "createdAt", "lastUsedAt",
                                     "expiresAt")
        values ('device-1', $1, 'hash', '', '', $2, $2, $2)
        "#,
        user,
        now,
    )
    .unwrap();
    tx.commit().await.unwrap();
}

both_engines! {
    async fn nothing_of_a_deleted_person_is_left_in_any_table(db: TestDb) {
        let backend = with_billing(backend(db.db.clone()), &"http://127.0.0.1:9".parse().unwrap());
        let ann = ann(&backend).await;
        let mut owner = Owner::of(&db.settings).await;
        let id = ann.user().as_str().to_owned();
        let mut personal = owner.personal_tables().await;
        personal.retain(|table| !OUTLIVES.contains(&&**table));
        let before = owner.mentions(&id).await;
        // A new table with people's rows needs a row here as well.
        for table in &personal {
            assert!(before.contains(table), "no row of Ann's in {table}");
        }

        delete_account(&backend, &ann, EMAIL).await.unwrap();

        assert_eq!(owner.mentions(&id).await, ["audit_event"]);
        assert_eq!(owner.mentions(EMAIL).await, Vec::<String>::new());
        let mails = crate::testing::mails_of(&backend, EMAIL).await;
        assert!(mails.iter().any(|mail| mail.subject.contains("deleted")), "no farewell");
    }

    async fn an_account_is_not_deleted_by_another_address_or_an_old_sign_in(db: TestDb) {
        let backend = with_billing(backend(db.db.clone()), &"http://127.0.0.1:9".parse().unwrap());
        let ann = ann(&backend).await;

        let other = delete_account(&backend, &ann, "anna@example.com").await;
        backend.clock.advance(std::time::Duration::from_mins(16));
        let old = delete_account(&backend, &ann, EMAIL).await;

        assert!(matches!(other, Err(AuthFailure::EmailMismatch)), "{other:?}");
        assert!(matches!(old, Err(AuthFailure::NotFresh)), "{old:?}");
        assert_eq!(linked_accounts(&backend, &ann).await.unwrap().len(), 1);
    }
}
