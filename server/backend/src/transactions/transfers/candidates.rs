//! Which rows can be the other side of one.

use domain::{Date, TransactionId};
use time::Duration;

use super::super::TRANSACTION;
use crate::{
    Backend, Error, Result, SignedIn,
    db::UserTx,
    fetch_all, fetch_optional,
    transactions::{Brief, brief},
};

/// How far away the other side of the same amount may lie.
const REACH: Duration = Duration::days(30);
/// How far away one in another currency may lie.
const REACH_ABROAD: Duration = Duration::days(4);
/// Rows that are looked at.
const LIMIT: i64 = 200;
/// Rows that are offered.
const OFFERED: usize = 20;

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Around {
    date: Date,
    amount_minor: i64,
    currency: String,
    taken: bool,
}

/// The rows of the caller's that can be the other side of this one, the likeliest first: the same amount within a month,
/// then any amount of another currency within days. None for a row that is paired, split or worth nothing.
///
/// # Errors
/// [`Error::NotFound`] also for a row of somebody else.
#[tracing::instrument(name = "transfers.candidates", skip_all, fields(user.id = %caller.user()))]
pub async fn candidates(
    backend: &Backend,
    caller: &SignedIn,
    id: &TransactionId,
) -> Result<Vec<Brief>> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let around: Option<Around> = fetch_optional!(
        tx,
        r#"
        select t."date", t."amountMinor", t."currency",
               t."transferId" is not null or t."hasParts" or t."status" = 'failed' as "taken"
        from "transaction" t
        where t."userId" = $1 and t."id" = $2 and t."deletedAt" is null
        "#,
        caller.user(),
        id,
    )?;
    let around = around.ok_or(Error::NotFound(TRANSACTION))?;
    if around.taken || around.amount_minor == 0 {
        return Ok(Vec::new());
    }
    let ids = near(&mut tx, id, &around).await?;
    let mut found: Vec<Brief> =
        brief::of(&mut tx, ids.iter().map(|(id,)| id)).await?.into_values().collect();
    found.sort_by_key(|other| {
        let days = other.date.to_julian_day().abs_diff(around.date.to_julian_day());
        (other.currency != around.currency, days, other.id.clone())
    });
    found.truncate(OFFERED);
    Ok(found)
}

async fn near(
    tx: &mut UserTx,
    id: &TransactionId,
    around: &Around,
) -> Result<Vec<(TransactionId,)>> {
    let user = tx.user().clone();
    let reach = |by: Duration| (around.date.saturating_sub(by), around.date.saturating_add(by));
    let ((from, to), (from_abroad, to_abroad)) = (reach(REACH), reach(REACH_ABROAD));
    Ok(fetch_all!(
        tx,
        r#"
        select t."id"
        from "transaction" t
        join "transaction" own on own."userId" = t."userId" and own."id" = $2
        where t."userId" = $1 and t."deletedAt" is null and t."transferId" is null and t."status" <> 'failed'
          and not t."hasParts" and t."accountId" <> own."accountId"
          and t."date" between $5 and $6
          and ((t."currency" = $3 and t."amountMinor" = $4)
               or (t."currency" <> $3 and (t."amountMinor" > 0) = ($4 > 0) and t."amountMinor" <> 0
                   and t."date" between $7 and $8))
        order by t."date" desc, t."id" desc
        limit $9
        "#,
        user,
        id,
        &around.currency,
        around.amount_minor.saturating_neg(),
        from,
        to,
        from_abroad,
        to_abroad,
        LIMIT,
    )?)
}
