//! Proofs that Postgres itself keeps people's rows apart, whatever a statement forgets.

use futures::future::join_all;
use secrecy::ExposeSecret;
use sqlx::{Connection, Executor, PgConnection, Row};

use crate::{
    db::{Conn, DbSettings, UserTx},
    testing::{TestDb, World},
};

/// Tables with a `userId` that sign-in needs before anybody is known: no rights at all for `coffer_app`.
const AUTH_TABLES: [&str; 9] = [
    "account",
    "audit_event",
    "explicit_linking",
    "known_device",
    "passkey",
    "session",
    "trustedDevice",
    "twoFactor",
    "verification",
];

async fn owner(db: &TestDb) -> PgConnection {
    let DbSettings::Postgres { urls, .. } = &db.settings else { panic!("a test of Postgres") };
    PgConnection::connect(urls.migrate.expose_secret()).await.expect("the owner's connection")
}

fn connection(tx: &mut UserTx) -> &mut PgConnection {
    match tx.conn() {
        Conn::Postgres(connection) => connection,
        Conn::Sqlite(_) => panic!("a test of Postgres"),
    }
}

/// What stands between a personal table and somebody else: empty when nothing is missing.
async fn gaps(owner: &mut PgConnection) -> Vec<String> {
    let rows = owner
        .fetch_all(
            r#"
            select c.relname, c.relrowsecurity, c.relforcerowsecurity,
                   exists (select 1 from pg_policy p join pg_roles r on r.oid = any(p.polroles)
                           where p.polrelid = c.oid and r.rolname = 'coffer_app'
                             and pg_get_expr(p.polqual, p.polrelid) like '%app_user_id%') as "policy",
                   exists (select 1 from pg_index i where i.indrelid = c.oid and i.indkey[0] = a.attnum) as "index",
                   has_table_privilege('coffer_app', c.oid, 'select') as "readable",
                   has_table_privilege('coffer_app', c.oid, 'truncate') as "truncates"
            from pg_class c
            join pg_attribute a on a.attrelid = c.oid and a.attname = 'userId'
            where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
            order by c.relname
            "#,
        )
        .await
        .expect("the catalogue");
    let mut gaps = Vec::new();
    for row in rows {
        let table: String = row.get("relname");
        let is = |column: &str| row.get::<bool, _>(column);
        if AUTH_TABLES.contains(&&*table) {
            if is("readable") {
                gaps.push(format!("{table} can be read by coffer_app"));
            }
            continue;
        }
        for (column, wanted) in [
            ("relrowsecurity", true),
            ("relforcerowsecurity", true),
            ("policy", true),
            ("index", true),
            ("truncates", false),
        ] {
            if is(column) != wanted {
                gaps.push(format!("{table}: {column}"));
            }
        }
    }
    gaps
}

/// Tables whose rows carry an owner and that `coffer_app` may write.
const PERSONAL: [&str; 18] = [
    "bank_account",
    "budget",
    "budget_alert",
    "budget_revision",
    "category",
    "connection",
    "duplicate_pair",
    "idempotency",
    "import",
    "link_attempt",
    "preference",
    "recurring_series",
    "rule",
    "saved_view",
    "transaction",
    "transaction_batch",
    "transaction_batch_row",
    "verification_round",
];

/// One row of each personal table for one person.
async fn fill(owner: &mut PgConnection, user: &str) {
    let rows = format!(
        r#"
        insert into "bank_account" ("id", "userId", "bankName", "accountType", "status", "currency", "createdAt", "updatedAt")
            values ('acc-{user}', '{user}', 'Bank', 'checking', 'active', 'USD', now(), now());
        insert into "import" ("id", "userId", "accountId", "fileName", "state", "createdAt")
            values ('imp-{user}', '{user}', 'acc-{user}', 'a.csv', 'applied', now());
        insert into "transaction" ("id", "userId", "accountId", "date", "description", "type", "status",
                                   "amountMinor", "currency", "source", "createdAt", "updatedAt")
            values ('tra-{user}', '{user}', 'acc-{user}', '2026-05-04', 'Coffee', 'debit', 'completed', -450, 'USD',
                    'manual', now(), now());
        insert into "budget" ("id", "userId", "category", "amountMinor", "currency", "period", "startDate", "createdAt", "updatedAt")
            values ('bud-{user}', '{user}', 'food', 100, 'USD', 'monthly', '2026-05-01', now(), now());
        insert into "budget_revision" ("userId", "budgetId", "fromDate", "amountMinor", "createdAt")
            values ('{user}', 'bud-{user}', '2026-05-01', 100, now());
        insert into "budget_alert" ("userId", "budgetId", "windowStart", "threshold", "sentAt")
            values ('{user}', 'bud-{user}', '2026-05-01', 80, now());
        insert into "category" ("userId", "key", "groupKey", "label", "own", "createdAt")
            values ('{user}', 'food.mine', 'food', 'Mine', true, now());
        insert into "preference" ("userId", "updatedAt") values ('{user}', now());
        insert into "rule" ("id", "userId", "position", "name", "body", "createdAt", "updatedAt")
            values ('rul-{user}', '{user}', 1, 'Coffee', '{{}}', now(), now());
        insert into "saved_view" ("id", "userId", "name", "query", "createdAt", "updatedAt")
            values ('vie-{user}', '{user}', 'Coffee', 'q=coffee', now(), now());
        insert into "recurring_series" ("id", "userId", "accountId", "key", "merchant", "currency", "cadence", "kind",
                                        "status", "amountMinor", "firstOn", "lastOn", "nextOn", "anchor", "members",
                                        "createdAt", "updatedAt")
            values ('ser-{user}', '{user}', 'acc-{user}', 'tra-{user}', 'coffee', 'USD', 'monthly', 'fixed', 'active', -450,
                    '2026-03-04', '2026-05-04', '2026-06-04', 4, '[]', now(), now());
        insert into "transaction_batch" ("id", "userId", "deed", "createdAt") values ('bat-{user}', '{user}', 'exclude', now());
        insert into "transaction_batch_row" ("userId", "batchId", "transactionId", "before", "after")
            values ('{user}', 'bat-{user}', 'tra-{user}', '{{}}', '{{}}');
        insert into "duplicate_pair" ("id", "userId", "keptId", "otherId", "kind", "createdAt")
            values ('dup-{user}', '{user}', 'tra-{user}', 'tra-{user}', 'copy', now());
        insert into "connection" ("id", "userId", "provider", "institutionId", "institutionName", "itemId",
                                  "createdAt", "updatedAt")
            values ('con-{user}', '{user}', 'simbank', 'ins', 'Bank', 'item-{user}', now(), now());
        insert into "link_attempt" ("id", "userId", "provider", "connectionId", "stateHash", "expiresAt", "createdAt")
            values ('att-{user}', '{user}', 'simbank', 'con-{user}', 'hash', now(), now());
        insert into "verification_round" ("id", "userId", "accountId", "kind", "state", "answerHash", "maxTries", "provider",
                                          "expectedOn", "sentAt")
            values ('rou-{user}', '{user}', 'acc-{user}', 'code', 'sent', 'hash', 5, 'simbank', '2026-05-06', now());
        insert into "idempotency" ("userId", "keyHash", "route", "bodyHash", "createdAt")
            values ('{user}', 'key', 'r', 'b', now());
        "#
    );
    owner.execute(&*rows).await.expect("a row of each kind");
}

/// Two people with a row in each table, written by the owner past row-level security.
async fn two_people() -> (TestDb, World, PgConnection) {
    let db = TestDb::postgres().await;
    let w = World::new(db.clone()).await;
    let mut owner = owner(&db).await;
    fill(&mut owner, "alice").await;
    fill(&mut owner, "mallory").await;
    (db, w, owner)
}

/// Everything that Mallory's scope reaches of Alice's, by statements that forget their `where`.
async fn leaks(w: &World) -> Vec<String> {
    let mut leaks = Vec::new();
    for table in PERSONAL {
        let mut tx = w.backend.db.as_user(w.mallory.user()).write().await.expect("a scope");
        let seen: Vec<String> = sqlx::query_scalar(&format!(r#"select "userId" from "{table}""#))
            .fetch_all(connection(&mut tx))
            .await
            .expect("a select");
        if seen != ["mallory"] {
            leaks.push(format!("select on {table} sees {seen:?}"));
        }
        let changed = connection(&mut tx)
            .execute(&*format!(r#"update "{table}" set "userId" = "userId""#))
            .await
            .expect("an update of all");
        if changed.rows_affected() != 1 {
            leaks.push(format!("update on {table} touches {}", changed.rows_affected()));
        }
        let copied = connection(&mut tx)
            .fetch_all(&*format!(r#"select count(*) from (table "{table}") t"#))
            .await
            .expect("a table scan");
        if copied[0].get::<i64, _>(0) != 1 {
            leaks.push(format!("table {table} shows {}", copied[0].get::<i64, _>(0)));
        }
        let gone = connection(&mut tx)
            .execute(&*format!(r#"delete from "{table}""#))
            .await
            .expect("a delete of all");
        if gone.rows_affected() != 1 {
            leaks.push(format!("delete on {table} touches {}", gone.rows_affected()));
        }
        drop(tx);

        let mut tx = w.backend.db.as_user(w.mallory.user()).write().await.expect("a scope");
        let given = connection(&mut tx)
            .execute(&*format!(r#"update "{table}" set "userId" = 'alice'"#))
            .await;
        if given.is_ok() {
            leaks.push(format!("a row of {table} can be given away"));
        }
    }
    leaks
}

#[tokio::test]
async fn every_personal_table_has_forced_row_level_security_and_an_index_of_its_owner() {
    let db = TestDb::postgres().await;

    assert_eq!(gaps(&mut owner(&db).await).await, Vec::<String>::new());
    db.remove().await;
}

#[tokio::test]
async fn statements_without_a_where_touch_only_the_rows_of_their_scope() {
    let (db, w, _owner) = two_people().await;

    assert_eq!(leaks(&w).await, Vec::<String>::new());
    db.remove().await;
}

#[tokio::test]
async fn without_a_scope_there_is_nothing_to_see() {
    let (db, w, _owner) = two_people().await;
    let mut tx = w.backend.db.as_user(w.alice.user()).write().await.expect("a scope");

    connection(&mut tx)
        .execute("select set_config('app.user_id', '', true)")
        .await
        .expect("a setting");

    for table in PERSONAL {
        let seen: i64 = sqlx::query_scalar(&format!(r#"select count(*) from "{table}""#))
            .fetch_one(connection(&mut tx))
            .await
            .expect("a count");
        assert_eq!(seen, 0, "{table}");
    }
    drop(tx);
    db.remove().await;
}

#[tokio::test]
async fn a_row_cannot_hang_on_somebody_elses_account() {
    let (db, w, _owner) = two_people().await;
    let mut tx = w.backend.db.as_user(w.mallory.user()).write().await.expect("a scope");

    let hung = connection(&mut tx)
        .execute(
            r#"insert into "import" ("id", "userId", "accountId", "fileName", "state", "createdAt")
               values ('x', 'mallory', 'acc-alice', 'a.csv', 'applied', now())"#,
        )
        .await;

    assert!(hung.is_err());
    drop(tx);
    db.remove().await;
}

#[tokio::test]
async fn each_pool_is_kept_from_the_tables_of_the_other() {
    let (db, w, _owner) = two_people().await;
    for table in ["user", "session", "account", "verification", "data_key"] {
        let mut tx = w.backend.db.as_user(w.alice.user()).read().await.expect("a scope");
        let read = connection(&mut tx).execute(&*format!(r#"select * from "{table}""#)).await;
        assert!(read.is_err(), "coffer_app reads {table}");
    }
    for table in ["bank_account", "transaction", "budget"] {
        let mut tx = w.backend.db.system().read().await.expect("a connection");
        let Conn::Postgres(connection) = tx.conn() else { panic!("a test of Postgres") };
        let read = connection.execute(&*format!(r#"select * from "{table}""#)).await;
        assert!(read.is_err(), "coffer_auth reads {table}");
    }
    db.remove().await;
}

#[tokio::test]
async fn two_hundred_tasks_on_four_connections_never_see_a_foreign_row() {
    let (db, w, _owner) = two_people().await;
    let tasks = (0..200).map(|n| {
        let db = w.backend.db.clone();
        let user = if n % 2 == 0 { w.alice.user().clone() } else { w.mallory.user().clone() };
        tokio::spawn(async move {
            let mut tx = db.as_user(&user).write().await.expect("a scope");
            let seen: Vec<String> = sqlx::query_scalar(r#"select "userId" from "transaction""#)
                .fetch_all(connection(&mut tx))
                .await
                .expect("a select");
            assert_eq!(seen, [user.as_str()]);
            match n % 5 {
                0 => drop(tx),
                1 => {
                    let wrong = connection(&mut tx).execute("select 1 / 0").await;
                    assert!(wrong.is_err());
                }
                2 => {
                    // Cancelled in the middle of a statement.
                    let slow = connection(&mut tx).execute("select pg_sleep(5)").await;
                    drop(slow);
                }
                _ => tx.commit().await.expect("a commit"),
            }
        })
    });
    let tasks: Vec<_> = tasks.collect();
    for (n, task) in tasks.iter().enumerate() {
        if n % 5 == 2 {
            task.abort();
        }
    }

    for done in join_all(tasks).await {
        assert!(done.is_ok() || done.is_err_and(|error| error.is_cancelled()));
    }
    db.remove().await;
}

#[tokio::test]
async fn the_proofs_turn_red_when_a_lock_is_taken_away() {
    let mutations = [
        r#"drop policy "own" on "transaction"; create policy "own" on "transaction" to coffer_app using (true) with check (true)"#,
        r#"alter table "budget" no force row level security"#,
        r#"alter table "bank_account" disable row level security"#,
        r#"drop policy "own" on "import""#,
        r#"grant truncate on "budget" to coffer_app"#,
        r#"grant select on "session" to coffer_app"#,
    ];
    for mutation in mutations {
        let (db, w, mut owner) = two_people().await;

        owner.execute(mutation).await.expect("a mutation");

        let found = !gaps(&mut owner).await.is_empty() || !leaks(&w).await.is_empty();
        assert!(found, "nobody noticed: {mutation}");
        db.remove().await;
    }
}
