use secrecy::ExposeSecret;
use sqlx::{Executor, PgConnection, Row};

use super::*;
use crate::{
    Backend, Db,
    auth::{
        Client, SessionToken, SignIn, SignInRequest,
        sessions::{self, Extend},
        sign_in,
    },
    testing::{self, BareDb, TestDb},
};

/// What Better Auth 1.2 and a Drizzle schema make: `timestamp` without a zone, no index but keys, `now()` here and
/// there, and columns of plugins.
const TABLES: &str = r#"
    create table "user" (
        "role" text, "id" text primary key, "name" text not null, "email" text not null unique,
        "emailVerified" boolean not null default false, "image" text,
        "createdAt" timestamp not null default now(), "updatedAt" timestamp not null default now()
    );
    create table "session" (
        "id" text primary key, "expiresAt" timestamp not null, "token" text not null unique,
        "createdAt" timestamp not null default now(), "updatedAt" timestamp not null, "ipAddress" text, "userAgent" text,
        "userId" text not null references "user" ("id"), "activeOrganizationId" text
    );
    create table "account" (
        "id" text primary key, "accountId" text not null, "providerId" text not null,
        "userId" text not null references "user" ("id") on delete cascade, "accessToken" text, "refreshToken" text,
        "idToken" text, "accessTokenExpiresAt" timestamp, "refreshTokenExpiresAt" timestamp, "scope" text, "password" text,
        "createdAt" timestamp not null, "updatedAt" timestamp not null
    );
    create table "verification" (
        "id" text primary key, "identifier" text not null, "value" text not null, "expiresAt" timestamp not null,
        "createdAt" timestamp, "updatedAt" timestamp
    );
    create table "organization" ("id" text primary key, "owner" text references "user" ("id"));
"#;

/// Better Auth's hash of `correct horse battery`.
const SCRYPT: &str = "00112233445566778899aabbccddeeff:267a33c2ae63f1c2d542f84d50b7d87c68900c8b9475f6a47ade71cf44b234822e0a34af1d226572b5caf52809319d4c486f3d209cc2fd022fb53bb4eaeb35b1";

const TOKEN: &str = "GWZZ6DolvHNMKngXfq2f6kReAopeihQI";

const ROWS: &str = r#"
    insert into "user" ("id", "name", "email", "createdAt", "updatedAt", "role")
        values ('u1', 'Ann', 'ann@example.com', '2026-05-01 08:00:00.123456', '2026-05-01 08:00', 'admin');
    insert into "session" ("id", "expiresAt", "token", "createdAt", "updatedAt", "userId", "activeOrganizationId")
        values ('s1', '2026-05-10 12:00', 'GWZZ6DolvHNMKngXfq2f6kReAopeihQI', '2026-05-03 12:00', '2026-05-03 12:00', 'u1', 'o1');
    insert into "account" ("id", "accountId", "providerId", "userId", "password", "createdAt", "updatedAt")
        values ('a1', 'u1', 'credential', 'u1', '{SCRYPT}', '2026-05-01 08:00', '2026-05-01 08:00');
    insert into "verification" ("id", "identifier", "value", "expiresAt", "createdAt", "updatedAt")
        values ('v1', 'reset-password:abcdefghijklmnopqrstuvwx', 'u1', '2026-05-04 13:00', '2026-05-04 12:00', '2026-05-04 12:00'),
               ('v2', 'something of a plugin', 'x', '2026-05-04 13:00', null, null);
    insert into "organization" values ('o1', 'u1');
"#;

/// A database as another application left it. It is noon on 4 May 2026, UTC.
async fn theirs() -> (BareDb, PgConnection) {
    let db = BareDb::postgres().await;
    let mut owner = db.owner().await;
    owner.execute(TABLES).await.unwrap();
    owner.execute(&*ROWS.replace("{SCRYPT}", SCRYPT)).await.unwrap();
    (db, owner)
}

async fn run(db: &BareDb, profile: AuthProfile, dry_run: bool) -> Result<Report, AdoptError> {
    adopt(&db.settings, Options { dry_run, profile }).await
}

async fn backend(db: &BareDb, profile: AuthProfile) -> Backend {
    let mut backend = testing::backend(Db::connect(&db.settings).await.unwrap());
    let mut settings = testing::settings();
    settings.auth.profile = profile;
    backend.settings = settings.into();
    backend
}

async fn text(owner: &mut PgConnection, query: &str) -> String {
    owner.fetch_one(query).await.unwrap().get(0)
}

/// Somebody's cookie and password from before the move.
async fn assert_that_ann_gets_in(backend: &Backend) {
    let token = SessionToken::from_signed_cookie(TOKEN);
    let found =
        sessions::find(backend, &token, Extend::WhenDue).await.unwrap().expect("the session");
    assert_eq!(found.user.email, "ann@example.com");
    assert_eq!(found.user.created_at.unix_timestamp_nanos(), 1_777_622_400_123_000_000);

    let request = SignInRequest {
        email: "ann@example.com".to_owned(),
        password: "correct horse battery".into(),
        remember: true,
        client: Client::default(),
        replaces: None,
    };
    let SignIn::Done(login) = sign_in(backend, &request).await.unwrap() else {
        panic!("no second factor is switched on")
    };
    assert_eq!(login.user.id.as_str(), "u1");
}

#[tokio::test]
async fn an_adopted_database_knows_the_old_cookie_and_password_and_keeps_what_is_not_ours() {
    let (db, mut owner) = theirs().await;

    let report = run(&db, AuthProfile::Hardened, false).await.unwrap();

    assert!(report.changed, "{report}");
    let backend = backend(&db, AuthProfile::Hardened).await;
    assert_that_ann_gets_in(&backend).await;
    let kept = r#"select u."role" || s."activeOrganizationId" || o."owner"
                  from "user" u join "session" s on s."userId" = u."id" join "organization" o on o."owner" = u."id"
                  where s."id" = 's1'"#;
    assert_eq!(text(&mut owner, kept).await, "admino1u1");
    let other = r#"select "identifier" from "verification" where "id" = 'v2'"#;
    assert_eq!(text(&mut owner, other).await, "something of a plugin");
    let left = r"select coalesce(string_agg(table_name || '.' || column_name, ' '), '') from information_schema.columns
                  where table_schema = 'public' and data_type = 'timestamp without time zone'";
    assert_eq!(text(&mut owner, left).await, "");
    backend.db.close().await;
    db.remove().await;
}

#[tokio::test]
async fn tokens_of_sessions_and_of_mailed_links_are_no_longer_readable() {
    let (db, mut owner) = theirs().await;

    run(&db, AuthProfile::Hardened, false).await.unwrap();

    let plain = r#"select (select count(*) from "session" where "token" = 'GWZZ6DolvHNMKngXfq2f6kReAopeihQI')
                        + (select count(*) from "verification" where "identifier" like '%abcdefghijklmnopqrstuvwx')"#;
    assert_eq!(owner.fetch_one(plain).await.unwrap().get::<i64, _>(0), 0);
    let link = r#"select "identifier" || ' ' || "userId" from "verification" where "id" = 'v1'"#;
    assert_eq!(
        text(&mut owner, link).await,
        "reset-password:93b0cabf8668e0c534c52a568957499e12a284f59d97dc9b2725ef836804875b u1"
    );
    db.remove().await;
}

#[tokio::test]
async fn a_second_time_there_is_nothing_to_do() {
    let (db, _owner) = theirs().await;
    run(&db, AuthProfile::Hardened, false).await.unwrap();

    let again = run(&db, AuthProfile::Hardened, false).await.unwrap();

    assert!(!again.changed, "{again}");
    assert!(again.to_string().ends_with("Nothing to do.\n"));
    db.remove().await;
}

#[tokio::test]
async fn a_database_of_our_own_needs_nothing() {
    let db = TestDb::postgres().await;

    let options = Options { dry_run: false, profile: AuthProfile::Hardened };
    let report = adopt(&db.settings, options).await.unwrap();

    assert!(!report.changed, "{report}");
    db.remove().await;
}

#[tokio::test]
async fn a_dry_run_says_the_same_and_writes_nothing() {
    let (db, mut owner) = theirs().await;
    let before = tables::read(&mut owner, PUBLIC).await.unwrap();

    let dry = run(&db, AuthProfile::Hardened, true).await.unwrap();

    assert_eq!(tables::read(&mut owner, PUBLIC).await.unwrap(), before);
    let token = text(&mut owner, r#"select "token" from "session""#).await;
    assert_eq!(token, TOKEN);
    let real = run(&db, AuthProfile::Hardened, false).await.unwrap();
    assert_eq!(dry.tables, real.tables);
    db.remove().await;
}

#[tokio::test]
async fn while_the_database_is_shared_the_other_application_reads_what_it_knows() {
    let (db, mut owner) = theirs().await;

    run(&db, AuthProfile::BetterAuth, false).await.unwrap();

    let shared = backend(&db, AuthProfile::BetterAuth).await;
    assert_that_ann_gets_in(&shared).await;
    shared.db.close().await;
    let kept =
        r#"select pg_typeof("expiresAt")::text || ' ' || "token" from "session" where "id" = 's1'"#;
    assert_eq!(text(&mut owner, kept).await, format!("timestamp without time zone {TOKEN}"));
    assert!(!run(&db, AuthProfile::BetterAuth, false).await.unwrap().changed);

    // The day the other application is switched off.
    assert!(run(&db, AuthProfile::Hardened, false).await.unwrap().changed);
    let alone = backend(&db, AuthProfile::Hardened).await;
    assert_that_ann_gets_in(&alone).await;
    alone.db.close().await;
    db.remove().await;
}

async fn refused(db: &BareDb) -> Vec<String> {
    match run(db, AuthProfile::Hardened, false).await {
        Err(AdoptError::Refused(problems)) => problems,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn rows_that_say_they_are_the_same_are_named_by_their_ids() {
    let (db, mut owner) = theirs().await;
    owner
        .execute(
            r#"insert into "user" ("id", "name", "email") values ('u2', 'Ann', 'ANN@example.com');
               insert into "account" ("id", "accountId", "providerId", "userId", "createdAt", "updatedAt")
               values ('a2', 'g', 'google', 'u1', now(), now()), ('a3', 'g', 'google', 'u2', now(), now());"#,
        )
        .await
        .unwrap();

    let problems = refused(&db).await;

    assert_eq!(
        problems,
        [
            r#""user" has rows with the same address: u1, u2"#,
            r#""account" has rows with the same account at the same provider: a2, a3"#,
        ]
    );
    let migrations = "select coalesce(to_regclass('_sqlx_migrations')::text, 'none')";
    assert_eq!(text(&mut owner, migrations).await, "none");
    db.remove().await;
}

#[tokio::test]
async fn tables_in_the_way_and_rows_without_a_value_are_named() {
    let (db, mut owner) = theirs().await;
    owner.execute(r#"create table "budget" ("id" text)"#).await.unwrap();
    assert_eq!(
        refused(&db).await,
        [r#""budget" is the name of a table that Coffer makes. Rename yours"#]
    );

    owner
        .execute(
            r#"drop table "budget";
               alter table "account" alter column "updatedAt" drop not null;
               update "account" set "updatedAt" = null;"#,
        )
        .await
        .unwrap();
    assert_eq!(refused(&db).await, [r#""account"."updatedAt" has no value in 1 rows"#]);
    db.remove().await;
}

#[tokio::test]
async fn a_failure_half_way_leaves_everything_as_it_was_and_quotes_no_row() {
    let (db, mut owner) = theirs().await;
    owner
        .execute(
            r#"create table "subscription" ("id" text primary key, "metadata" text, "userId" text references "user" ("id"));
               insert into "subscription" values ('x', 'a secret that is no JSON', 'u1');"#,
        )
        .await
        .unwrap();
    let wanted = r#"alter table "subscription" add column "createdAt" timestamp not null default now(),
        add column "amount" integer not null default 0, add column "currency" text not null default 'usd',
        add column "recurringInterval" text not null default 'month', add column "status" text not null default 'active',
        add column "currentPeriodStart" timestamp not null default now(), add column "customerId" text not null default 'c',
        add column "productId" text not null default 'p'"#;
    owner.execute(wanted).await.unwrap();
    let before = tables::read(&mut owner, PUBLIC).await.unwrap();

    let error = run(&db, AuthProfile::Hardened, false).await.unwrap_err().to_string();

    assert_eq!(
        error,
        "Nothing was changed: subscription: metadata: text becomes jsonb: failed with SQLSTATE 22P02"
    );
    assert_eq!(tables::read(&mut owner, PUBLIC).await.unwrap(), before);
    owner.execute(r#"update "subscription" set "metadata" = '{"a": 1}'"#).await.unwrap();
    run(&db, AuthProfile::Hardened, false).await.unwrap();
    db.remove().await;
}

#[tokio::test]
async fn what_is_no_better_auth_database_is_left_alone() {
    let (empty, sqlite) = (BareDb::postgres().await, TestDb::sqlite().await);

    let nothing = run(&empty, AuthProfile::Hardened, false).await;
    let options = Options { dry_run: false, profile: AuthProfile::Hardened };
    let file = adopt(&sqlite.settings, options).await;

    assert!(matches!(nothing, Err(AdoptError::NotBetterAuth)), "{nothing:?}");
    assert!(matches!(file, Err(AdoptError::NotPostgres)), "{file:?}");
    sqlite.remove().await;
    empty.remove().await;
}

#[tokio::test]
async fn serving_a_foreign_database_says_what_to_run() {
    let (db, _owner) = theirs().await;

    let error = crate::db::migrate(&db.settings).await.unwrap_err();
    let looked = crate::db::pending_migrations(&db.settings).await;

    assert!(matches!(looked, Err(MigrateError::ForeignTables)), "{looked:?}");
    assert!(error.to_string().ends_with("run coffer adopt-better-auth"), "{error}");
    let DbSettings::Postgres { urls, .. } = &db.settings else { panic!("a test of Postgres") };
    assert!(!error.to_string().contains(urls.migrate.expose_secret()));
    db.remove().await;
}
