//! How many rows a list has in all, and what came in and went out in them. Failed rows add nothing.

use domain::{AccountId, CurrencySum, TransactionFilter};
use time::Date;

use super::list::{FIRST_DAY, LAST_DAY, Narrow, narrow};
use crate::{Result, db::UserTx, fetch_all};

/// The sums of one currency.
#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
pub(super) struct Sum {
    currency: String,
    pub rows: i64,
    in_minor: i64,
    out_minor: i64,
}

impl From<Sum> for CurrencySum {
    fn from(sum: Sum) -> Self {
        Self { currency: sum.currency, in_minor: sum.in_minor, out_minor: sum.out_minor }
    }
}

/// The sums of everything the filters let through, one entry a currency.
pub(super) async fn fetch(tx: &mut UserTx, filter: &TransactionFilter) -> Result<Vec<Sum>> {
    let (from, to) = (filter.from.unwrap_or(FIRST_DAY), filter.to.unwrap_or(LAST_DAY));
    match (narrow(filter), &filter.account) {
        (Some(narrow), _) => narrowed(tx, &narrow, from, to).await,
        (None, Some(account)) => of_account(tx, account, from, to).await,
        (None, None) => all(tx, from, to).await,
    }
}

/// Of every account.
async fn all(tx: &mut UserTx, from: Date, to: Date) -> Result<Vec<Sum>> {
    let user = tx.user().clone();
    Ok(fetch_all!(
        tx,
        r#"
        select t."currency", count(*) as "rows",
               cast(coalesce(sum(case when t."amountMinor" > 0 and t."status" <> 'failed' then t."amountMinor" else 0 end), 0) as bigint)
                   as "inMinor",
               cast(coalesce(sum(case when t."amountMinor" < 0 and t."status" <> 'failed' then t."amountMinor" else 0 end), 0) as bigint)
                   as "outMinor"
        from "transaction" t
        where t."userId" = $1 and t."deletedAt" is null and t."status" <> 'failed' and t."date" between $2 and $3
        group by t."currency"
        order by t."currency"
        "#,
        user,
        from,
        to,
    )?)
}

/// Of one account.
async fn of_account(tx: &mut UserTx, account: &AccountId, from: Date, to: Date) -> Result<Vec<Sum>> {
    let user = tx.user().clone();
    Ok(fetch_all!(
        tx,
        r#"
        select t."currency", count(*) as "rows",
               cast(coalesce(sum(case when t."amountMinor" > 0 and t."status" <> 'failed' then t."amountMinor" else 0 end), 0) as bigint)
                   as "inMinor",
               cast(coalesce(sum(case when t."amountMinor" < 0 and t."status" <> 'failed' then t."amountMinor" else 0 end), 0) as bigint)
                   as "outMinor"
        from "transaction" t
        where t."userId" = $1 and t."accountId" = $2 and t."deletedAt" is null and t."status" <> 'failed' and t."date" between $3 and $4
        group by t."currency"
        order by t."currency"
        "#,
        user,
        account,
        from,
        to,
    )?)
}

/// Of what further filters let through.
async fn narrowed(tx: &mut UserTx, narrow: &Narrow<'_>, from: Date, to: Date) -> Result<Vec<Sum>> {
    let user = tx.user().clone();
    Ok(fetch_all!(
        tx,
        r#"
        select t."currency", count(*) as "rows",
               cast(coalesce(sum(case when t."amountMinor" > 0 and t."status" <> 'failed' then t."amountMinor" else 0 end), 0) as bigint)
                   as "inMinor",
               cast(coalesce(sum(case when t."amountMinor" < 0 and t."status" <> 'failed' then t."amountMinor" else 0 end), 0) as bigint)
                   as "outMinor"
        from "transaction" t
        where t."userId" = $1 and t."deletedAt" is null and t."date" between $2 and $3
          and ($4 is null or t."accountId" = $4)
          and ($5 is null or t."category" = $5 or t."category" like $6 escape '\')
          and ($7 is null or t."type" = $7)
          and (t."status" = $8 or ($8 is null and t."status" <> 'failed'))
          and ($9 is null or t."search" like $9 escape '\')
          and abs(t."amountMinor") * 100 / case
                  when t."currency" in ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF') then 1
                  when t."currency" in ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') then 1000
                  when t."currency" in ('CLF', 'UYW') then 10000
                  else 100
              end between $10 and $11
        group by t."currency"
        order by t."currency"
        "#,
        user,
        from,
        to,
        narrow.account,
        narrow.category,
        narrow.leaves.as_deref(),
        narrow.r#type,
        narrow.status,
        narrow.search.as_deref(),
        narrow.min,
        narrow.max,
    )?)
}
