//! Rows of the other application: what must be unique, and secrets that are kept as hashes from now on.

use sqlx::PgConnection;

use super::{catalog::Reference, quoted, schema::in_public};

/// Ids that are shown for one problem.
const SHOWN: i64 = 20;

/// How many rows a table has.
pub(crate) async fn count(connection: &mut PgConnection, table: &str) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(&format!("select count(*) from {}", in_public(table)))
        .fetch_one(connection)
        .await
}

/// How many rows have nothing in a column.
pub(crate) async fn count_empty(
    connection: &mut PgConnection,
    table: &str,
    column: &str,
) -> Result<i64, sqlx::Error> {
    let text =
        format!("select count(*) from {} where {} is null", in_public(table), quoted(column));
    sqlx::query_scalar(&text).fetch_one(connection).await
}

/// Ids of rows that have one value of `key`, an expression of ours; those of one group together.
pub(crate) async fn duplicates(
    connection: &mut PgConnection,
    table: &str,
    key: &str,
) -> Result<Vec<String>, sqlx::Error> {
    let text = format!(
        r#"select string_agg("id", ', ' order by "id") from {} group by {key} having count(*) > 1 order by 1 limit {SHOWN}"#,
        in_public(table)
    );
    sqlx::query_scalar(&text).fetch_all(connection).await
}

/// Ids of rows whose reference has no target.
pub(crate) async fn unlinked(
    connection: &mut PgConnection,
    reference: &Reference,
) -> Result<Vec<String>, sqlx::Error> {
    let text = format!(
        r#"select r."id" from {table} r where r.{column} is not null
           and not exists (select 1 from {target} t where t."id" = r.{column}) order by 1 limit {SHOWN}"#,
        table = in_public(&reference.table),
        column = quoted(&reference.column),
        target = in_public(&reference.target),
    );
    sqlx::query_scalar(&text).fetch_all(connection).await
}

const PLAIN_SESSION: &str = r#""token" !~ '^[0-9a-f]{64}$'"#;

/// How many sessions hold their token as Better Auth writes it.
pub(crate) async fn count_plain_sessions(
    connection: &mut PgConnection,
) -> Result<i64, sqlx::Error> {
    let text = format!("select count(*) from {} where {PLAIN_SESSION}", in_public("session"));
    sqlx::query_scalar(&text).fetch_one(connection).await
}

/// Replaces session tokens by their SHA-256, as `AUTH_PROFILE=hardened` keeps them.
pub(crate) async fn hash_session_tokens(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let text = format!(
        r#"update {} set "token" = encode(sha256(convert_to("token", 'UTF8')), 'hex') where {PLAIN_SESSION}"#,
        in_public("session")
    );
    sqlx::query(&text).execute(connection).await.map(drop)
}

const PLAIN_PROOF: &str = r#"starts_with("identifier", $1)
    and substr("identifier", length($1) + 1) !~ '^[0-9a-f]{64}$'"#;

/// How many proofs of one kind hold their token as Better Auth writes it.
pub(crate) async fn count_plain_proofs(
    connection: &mut PgConnection,
    prefix: &str,
) -> Result<i64, sqlx::Error> {
    let text = format!("select count(*) from {} where {PLAIN_PROOF}", in_public("verification"));
    sqlx::query_scalar(&text).bind(prefix).fetch_one(connection).await
}

/// Replaces the tokens of one kind of proof by their SHA-256, and notes whose they are.
pub(crate) async fn hash_proofs(
    connection: &mut PgConnection,
    prefix: &str,
) -> Result<(), sqlx::Error> {
    let text = format!(
        r#"update {} v
           set "identifier" = $1 || encode(sha256(convert_to(substr("identifier", length($1) + 1), 'UTF8')), 'hex'),
               "userId" = (select u."id" from {} u where u."id" = v."value")
           where {PLAIN_PROOF}"#,
        in_public("verification"),
        in_public("user"),
    );
    sqlx::query(&text).bind(prefix).execute(connection).await.map(drop)
}
