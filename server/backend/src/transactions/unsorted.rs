//! Rows without a category, and what they are likely to be.

use std::collections::HashMap;

use domain::{TransactionId, review::suggestions};
use serde::{Deserialize, Serialize};

use super::{Brief, brief};
use crate::{Error, Result, db::UserTx, fetch_all, fetch_one};

/// A row without a category, as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Unsorted {
    /// The row.
    pub row: Brief,
    /// The keys of its likely categories, the likeliest first.
    pub likely: Vec<String>,
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct ByHand {
    merchant_key: String,
    category: String,
    times: i64,
}

/// The rows without a category of the person whose transaction this is, the newest first, after one of them.
pub(crate) async fn unsorted(
    tx: &mut UserTx,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<Unsorted>> {
    let user = tx.user().clone();
    let ids: Vec<(TransactionId,)> = match after {
        None => fetch_all!(
            tx,
            r#"
            select t."id"
            from "transaction" t
            where t."userId" = $1 and t."deletedAt" is null and t."category" = 'uncategorized'
              and t."status" <> 'failed' and t."type" <> 'transfer' and not t."hasParts" and not t."excluded"
            order by t."date" desc, t."id" desc
            limit $2
            "#,
            user,
            limit,
        )?,
        Some(after) => fetch_all!(
            tx,
            r#"
            select t."id"
            from "transaction" t
            where t."userId" = $1 and t."deletedAt" is null and t."category" = 'uncategorized'
              and t."status" <> 'failed' and t."type" <> 'transfer' and not t."hasParts" and not t."excluded"
              and (t."date", t."id") < (
                  select a."date", a."id" from "transaction" a where a."userId" = $1 and a."id" = $3)
            order by t."date" desc, t."id" desc
            limit $2
            "#,
            user,
            limit,
            after,
        )?,
    };
    let mut found = brief::of(tx, ids.iter().map(|(id,)| id)).await?;
    let known = by_hand(tx, found.values()).await?;
    let rows = ids.into_iter().filter_map(|(id,)| {
        let row = found.remove(&id)?;
        let said = known.get(&row.merchant_key).map_or(&[][..], Vec::as_slice);
        Some(Unsorted { likely: suggestions(said, &row.description, row.amount_minor), row })
    });
    Ok(rows.collect())
}

/// What the person gave to rows of these shops by hand.
async fn by_hand<'r>(
    tx: &mut UserTx,
    rows: impl Iterator<Item = &'r Brief>,
) -> Result<HashMap<String, Vec<(String, i64)>>> {
    let user = tx.user().clone();
    let mut keys: Vec<&str> = rows.map(|row| row.merchant_key.as_str()).collect();
    keys.retain(|key| !key.is_empty());
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let keys = serde_json::to_string(&keys).map_err(|_| Error::Corrupt("merchant"))?;
    let found: Vec<ByHand> = fetch_all!(
        tx,
        sqlite: r#"
        select t."merchantKey", t."category", count(*) as "times"
        from "transaction" t
        where t."userId" = $1 and t."deletedAt" is null and t."categoryBy" = 'user'
          and t."merchantKey" in (select value from json_each($2))
        group by t."merchantKey", t."category"
        "#,
        postgres: r#"
        select t."merchantKey", t."category", count(*) as "times"
        from "transaction" t
        where t."userId" = $1 and t."deletedAt" is null and t."categoryBy" = 'user'
          and t."merchantKey" in (select value from json_array_elements_text(cast($2 as json)))
        group by t."merchantKey", t."category"
        "#,
        user,
        keys,
    )?;
    let mut known: HashMap<String, Vec<(String, i64)>> = HashMap::new();
    for row in found {
        known.entry(row.merchant_key).or_default().push((row.category, row.times));
    }
    Ok(known)
}

/// How many there are in all.
pub(crate) async fn count(tx: &mut UserTx) -> Result<i64> {
    let user = tx.user().clone();
    let (rows,): (i64,) = fetch_one!(
        tx,
        r#"
        select count(*)
        from "transaction" t
        where t."userId" = $1 and t."deletedAt" is null and t."category" = 'uncategorized'
          and t."status" <> 'failed' and t."type" <> 'transfer' and not t."hasParts" and not t."excluded"
        "#,
        user,
    )?;
    Ok(rows)
}
