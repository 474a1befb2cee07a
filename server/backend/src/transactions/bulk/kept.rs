//! Batches as their owner sees them.

use domain::{BatchId, batch::Deed};
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::BATCH;
use crate::{
    Backend, Error, Result, SignedIn, Timestamp,
    db::{SystemTx, UserTx},
    execute, fetch_all, fetch_optional,
};

/// How long a batch can be undone.
pub(super) const UNDO: Duration = Duration::days(30);
/// How many a list shows.
const SHOWN: i64 = 100;

/// A change of many rows, or of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchView {
    /// Its id.
    pub id: BatchId,
    /// What was done.
    pub deed: Deed,
    /// The key of the category, the tag or the name of the rule.
    pub value: Option<String>,
    /// Rows that it changed.
    pub changed: i64,
    /// Rows that were meant and stay as they are.
    pub skipped: i64,
    /// Rows that are again what they were, once it is undone. The others were changed since, and stay.
    pub restored: i64,
    /// When it was done.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was undone.
    #[serde(with = "time::serde::rfc3339::option")]
    pub undone_at: Option<OffsetDateTime>,
    /// Until when it can be undone.
    #[serde(with = "time::serde::rfc3339::option")]
    pub undo_until: Option<OffsetDateTime>,
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Row {
    id: BatchId,
    deed: Deed,
    value: Option<String>,
    changed: i64,
    skipped: i64,
    restored: i64,
    created_at: Timestamp,
    undone_at: Option<Timestamp>,
}

impl From<Row> for BatchView {
    fn from(row: Row) -> Self {
        let created_at = OffsetDateTime::from(row.created_at);
        let can_be_undone = row.undone_at.is_none() && row.changed > 0;
        Self {
            id: row.id,
            deed: row.deed,
            value: row.value,
            changed: row.changed,
            skipped: row.skipped,
            restored: row.restored,
            created_at,
            undone_at: row.undone_at.map(OffsetDateTime::from),
            undo_until: can_be_undone.then_some(created_at + UNDO),
        }
    }
}

/// One of the caller's batches.
///
/// # Errors
/// [`Error::NotFound`] also for a batch of somebody else, and for one that can't be undone any more for long.
#[tracing::instrument(name = "transactions.get_batch", skip_all, fields(user.id = %caller.user()))]
pub async fn get_batch(backend: &Backend, caller: &SignedIn, id: &BatchId) -> Result<BatchView> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    one(&mut tx, id).await
}

/// The caller's changes of many rows, the newest first. Changes of one row's fields or parts are found by their id alone.
#[tracing::instrument(name = "transactions.batches", skip_all, fields(user.id = %caller.user()))]
pub async fn batches(backend: &Backend, caller: &SignedIn) -> Result<Vec<BatchView>> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let rows: Vec<Row> = fetch_all!(
        tx,
        r#"
        select "id", "deed", "value", "changed", "skipped", "restored", "createdAt", "undoneAt"
        from "transaction_batch"
        where "userId" = $1 and "deed" not in ('edit', 'split')
        order by "createdAt" desc, "id" desc
        limit $2
        "#,
        caller.user(),
        SHOWN,
    )?;
    Ok(rows.into_iter().map(BatchView::from).collect())
}

/// Every batch of the person whose transaction this is, the newest first.
pub(crate) async fn all(tx: &mut UserTx) -> Result<Vec<BatchView>> {
    let user = tx.user().clone();
    let rows: Vec<Row> = fetch_all!(
        tx,
        r#"
        select "id", "deed", "value", "changed", "skipped", "restored", "createdAt", "undoneAt"
        from "transaction_batch"
        where "userId" = $1
        order by "createdAt" desc, "id" desc
        "#,
        user,
    )?;
    Ok(rows.into_iter().map(BatchView::from).collect())
}

/// One batch of the person whose transaction this is.
pub(super) async fn one(tx: &mut UserTx, id: &BatchId) -> Result<BatchView> {
    let user = tx.user().clone();
    let row: Option<Row> = fetch_optional!(
        tx,
        r#"
        select "id", "deed", "value", "changed", "skipped", "restored", "createdAt", "undoneAt"
        from "transaction_batch"
        where "userId" = $1 and "id" = $2
        "#,
        user,
        id,
    )?;
    row.map(BatchView::from).ok_or(Error::NotFound(BATCH))
}

/// Deletes what can't be undone any more; answers how many.
pub(crate) async fn sweep(tx: &mut SystemTx, now: OffsetDateTime) -> Result<u64> {
    Ok(execute!(
        tx,
        r#"delete from "transaction_batch" where "createdAt" < $1"#,
        Timestamp::from(now - UNDO),
    )?)
}
