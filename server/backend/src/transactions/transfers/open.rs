//! The suggestions that wait.

use domain::{PairId, TransactionId, states::pair::PairState};
use serde::{Deserialize, Serialize};

use crate::{
    Backend, Result, SignedIn,
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

/// Some of a person's pairs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairPage {
    /// The newest first.
    pub items: Vec<Suggestion>,
    /// Where the next page begins, if there is one: an id.
    pub next: Option<String>,
}

/// How many pairs a page has.
const SHOWN: usize = 10;

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
    with_sides(tx, rows).await
}

/// The pairs with what their owner knows of both sides.
async fn with_sides(tx: &mut UserTx, rows: Vec<Row>) -> Result<Vec<Suggestion>> {
    let found = brief::of(tx, rows.iter().flat_map(|row| [&row.out_id, &row.in_id])).await?;
    let suggestions = rows.into_iter().filter_map(|row| {
        let (out, into) = (found.get(&row.out_id)?.clone(), found.get(&row.in_id)?.clone());
        Some(Suggestion { id: row.id, out, into })
    });
    Ok(suggestions.collect())
}

/// One page of the caller's pairs in this state: suggested ones are those that wait. `after` is where the page before it
/// ended.
#[tracing::instrument(name = "transfers.page", skip_all, fields(user.id = %caller.user()))]
pub async fn page(
    backend: &Backend,
    caller: &SignedIn,
    state: PairState,
    after: Option<&str>,
) -> Result<PairPage> {
    let limit = i64::try_from(SHOWN + 1).unwrap_or(i64::MAX);
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let mut items = match state {
        PairState::Suggested => open(&mut tx, after, limit).await?,
        other => decided(&mut tx, other, after, limit).await?,
    };
    let is_more = items.len() > SHOWN;
    items.truncate(SHOWN);
    let next = items.last().filter(|_| is_more).map(|pair| pair.id.to_string());
    Ok(PairPage { items, next })
}

/// Pairs that somebody, or the rule, has decided on.
async fn decided(
    tx: &mut UserTx,
    state: PairState,
    before: Option<&str>,
    limit: i64,
) -> Result<Vec<Suggestion>> {
    let user = tx.user().clone();
    let rows: Vec<Row> = fetch_all!(
        tx,
        r#"
        select "id", "outId", "inId"
        from "transfer_pair"
        where "userId" = $1 and "state" = $2 and (cast($3 as text) is null or "id" < $3)
        order by "id" desc
        limit $4
        "#,
        user,
        state,
        before,
        limit,
    )?;
    with_sides(tx, rows).await
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
