//! The suggestions that wait.

use domain::{PairId, TransactionId};
use serde::{Deserialize, Serialize};

use crate::{
    Result,
    db::UserTx,
    fetch_all, fetch_one,
    transactions::{Brief, brief},
};

/// Two rows that may be a transfer, as their owner sees them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Suggestion {
    /// The pair.
    pub id: PairId,
    /// The row of the money that left.
    pub out: Brief,
    /// The row of the money that came.
    pub into: Brief,
}

impl Suggestion {
    /// False for one that was a transfer until the bank changed an amount: it cannot be confirmed as it is.
    pub fn fits(&self) -> bool {
        let (out, into) = (self.out.amount_minor, self.into.amount_minor);
        let is_opposite =
            self.out.currency != self.into.currency || out.checked_neg() == Some(into);
        out < 0 && into > 0 && is_opposite
    }
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Row {
    id: PairId,
    out_id: TransactionId,
    in_id: TransactionId,
}

/// The suggestions for the person whose transaction this is, the newest first, before one of them.
pub(crate) async fn open(
    tx: &mut UserTx,
    before: Option<&str>,
    limit: i64,
) -> Result<Vec<Suggestion>> {
    let user = tx.user().clone();
    let rows: Vec<Row> = fetch_all!(
        tx,
        r#"
        select p."id", p."outId", p."inId"
        from "transfer_pair" p
        join "transaction" o on o."userId" = p."userId" and o."id" = p."outId"
        join "transaction" i on i."userId" = p."userId" and i."id" = p."inId"
        where p."userId" = $1 and p."state" = 'suggested' and (cast($2 as text) is null or p."id" < $2)
          and o."deletedAt" is null and o."transferId" is null and o."status" <> 'failed' and not o."hasParts"
          and i."deletedAt" is null and i."transferId" is null and i."status" <> 'failed' and not i."hasParts"
        order by p."id" desc
        limit $3
        "#,
        user,
        before,
        limit,
    )?;
    let found = brief::of(tx, rows.iter().flat_map(|row| [&row.out_id, &row.in_id])).await?;
    let suggestions = rows.into_iter().filter_map(|row| {
        let (out, into) = (found.get(&row.out_id)?.clone(), found.get(&row.in_id)?.clone());
        Some(Suggestion { id: row.id, out, into })
    });
    Ok(suggestions.collect())
}

/// How many [`open`] has in all.
pub(crate) async fn count(tx: &mut UserTx) -> Result<i64> {
    let user = tx.user().clone();
    let (rows,): (i64,) = fetch_one!(
        tx,
        r#"
        select count(*)
        from "transfer_pair" p
        join "transaction" o on o."userId" = p."userId" and o."id" = p."outId"
        join "transaction" i on i."userId" = p."userId" and i."id" = p."inId"
        where p."userId" = $1 and p."state" = 'suggested'
          and o."deletedAt" is null and o."transferId" is null and o."status" <> 'failed' and not o."hasParts"
          and i."deletedAt" is null and i."transferId" is null and i."status" <> 'failed' and not i."hasParts"
        "#,
        user,
    )?;
    Ok(rows)
}
