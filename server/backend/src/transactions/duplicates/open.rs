//! The doubts that wait.

use domain::{
    Code, DoubtId, TransactionId, TransactionStatus,
    ledger::duplicates::{Side, may_stay},
    states::doubt::DoubtKind,
};
use serde::{Deserialize, Serialize};

use crate::{
    Backend, Result, SignedIn,
    banks::ProviderKind,
    db::UserTx,
    fetch_all, fetch_one,
    transactions::{Brief, brief},
};

/// How many are listed at once.
const LISTED: i64 = 100;

/// Two rows that may be one, as their owner sees them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Doubt {
    /// Its id.
    pub id: DoubtId,
    /// Why they may be one.
    pub kind: DoubtKind,
    /// The row that stays unless its owner says otherwise.
    pub kept: Brief,
    /// The other one. It may be gone already, with something on it that its owner wrote.
    pub other: Brief,
}

impl Doubt {
    /// Whether its owner may keep the first of the two, and whether they may keep the second.
    pub fn may_stay(&self) -> [Result<(), Code>; 2] {
        let (kept, other) = (side(&self.kept), side(&self.other));
        [may_stay(kept, other), may_stay(other, kept)]
    }
}

/// What [`may_stay`] asks about a row.
pub(super) fn side(row: &Brief) -> Side {
    Side {
        reported: ProviderKind::parse(&row.source).is_some(),
        pending: row.status == TransactionStatus::Pending,
        split: row.split,
        gone: row.is_gone(),
    }
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Row {
    id: DoubtId,
    kind: DoubtKind,
    kept_id: TransactionId,
    other_id: TransactionId,
}

/// The open doubts of the person whose transaction this is, the newest first, before one of them.
pub(crate) async fn open(tx: &mut UserTx, before: Option<&str>, limit: i64) -> Result<Vec<Doubt>> {
    let user = tx.user().clone();
    let rows: Vec<Row> = fetch_all!(
        tx,
        r#"
        select p."id", p."kind", p."keptId", p."otherId"
        from "duplicate_pair" p
        join "transaction" k on k."userId" = p."userId" and k."id" = p."keptId"
        join "transaction" o on o."userId" = p."userId" and o."id" = p."otherId"
        where p."userId" = $1 and p."state" = 'open' and (cast($2 as text) is null or p."id" < $2)
          and k."deletedAt" is null and k."status" <> 'failed'
          and ((o."deletedAt" is null and o."status" <> 'failed')
               or o."noteBy" = 'user' or o."tagsBy" = 'user' or o."categoryBy" = 'user')
        order by p."id" desc
        limit $3
        "#,
        user,
        before,
        limit,
    )?;
    views(tx, rows).await
}

/// The open doubts of the caller, the newest first; the newest hundred of them.
#[tracing::instrument(name = "duplicates.list", skip_all, fields(user.id = %caller.user()))]
pub async fn list(backend: &Backend, caller: &SignedIn) -> Result<Vec<Doubt>> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    open(&mut tx, None, LISTED).await
}

/// How many open doubts there are about one of the caller's rows.
#[tracing::instrument(name = "duplicates.about", skip_all, fields(user.id = %caller.user()))]
pub async fn about(backend: &Backend, caller: &SignedIn, id: &TransactionId) -> Result<i64> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    of_row(&mut tx, id).await
}

pub(super) async fn of_row(tx: &mut UserTx, id: &TransactionId) -> Result<i64> {
    let user = tx.user().clone();
    let (rows,): (i64,) = fetch_one!(
        tx,
        r#"
        select count(*)
        from "duplicate_pair" p
        join "transaction" k on k."userId" = p."userId" and k."id" = p."keptId"
        join "transaction" o on o."userId" = p."userId" and o."id" = p."otherId"
        where p."userId" = $1 and p."state" = 'open' and (p."keptId" = $2 or p."otherId" = $2)
          and k."deletedAt" is null and k."status" <> 'failed' and o."deletedAt" is null and o."status" <> 'failed'
        "#,
        user,
        id,
    )?;
    Ok(rows)
}

/// How many [`open`] has in all.
pub(crate) async fn count(tx: &mut UserTx) -> Result<i64> {
    let user = tx.user().clone();
    let (rows,): (i64,) = fetch_one!(
        tx,
        r#"
        select count(*)
        from "duplicate_pair" p
        join "transaction" k on k."userId" = p."userId" and k."id" = p."keptId"
        join "transaction" o on o."userId" = p."userId" and o."id" = p."otherId"
        where p."userId" = $1 and p."state" = 'open'
          and k."deletedAt" is null and k."status" <> 'failed'
          and ((o."deletedAt" is null and o."status" <> 'failed')
               or o."noteBy" = 'user' or o."tagsBy" = 'user' or o."categoryBy" = 'user')
        "#,
        user,
    )?;
    Ok(rows)
}

async fn views(tx: &mut UserTx, rows: Vec<Row>) -> Result<Vec<Doubt>> {
    let ids = rows.iter().flat_map(|row| [&row.kept_id, &row.other_id]);
    let found = brief::of(tx, ids).await?;
    let doubts = rows.into_iter().filter_map(|row| {
        let (kept, other) = (found.get(&row.kept_id)?.clone(), found.get(&row.other_id)?.clone());
        Some(Doubt { id: row.id, kind: row.kind, kept, other })
    });
    Ok(doubts.collect())
}
