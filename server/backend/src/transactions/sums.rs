//! How many rows a list has in all, and what came in and went out in them. Failed rows add nothing, nor do the sides of a
//! transfer between own accounts: that is neither income nor spending.

use domain::{AccountId, CurrencySum, TransactionFilter};
use time::Date;

use super::{
    counted,
    list::{FIRST_DAY, LAST_DAY},
    narrow::{Narrow, narrow},
};
use crate::{Result, db::UserTx, fetch_all};

/// The sums of one currency.
#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
pub(super) struct Sum {
    currency: String,
    pub rows: i64,
    in_minor: i64,
    out_minor: i64,
    /// Sides of transfers: among the rows, and in neither sum.
    #[sqlx(default)]
    pub transfers: i64,
}

impl From<Sum> for CurrencySum {
    fn from(sum: Sum) -> Self {
        Self { currency: sum.currency, in_minor: sum.in_minor, out_minor: sum.out_minor }
    }
}

/// The sums of everything the filters let through, one entry a currency.
pub(super) async fn fetch(tx: &mut UserTx, filter: &TransactionFilter) -> Result<Vec<Sum>> {
    let dated = filter.from.is_some() || filter.to.is_some();
    let (from, to) = (filter.from.unwrap_or(FIRST_DAY), filter.to.unwrap_or(LAST_DAY));
    let account = filter.account.as_ref();
    let mut sums = match (narrow(filter), account) {
        (Some(narrow), _) if narrow.counted => return counted::fetch(tx, &narrow, from, to).await,
        (Some(narrow), _) => return narrowed(tx, &narrow, from, to).await,
        (None, account) if !dated => kept(tx, account).await?,
        (None, Some(account)) => of_account(tx, account, from, to).await?,
        (None, None) => all(tx, from, to).await?,
    };
    for moved in moved(tx, account, from, to).await? {
        if let Some(sum) = sums.iter_mut().find(|sum| sum.currency == moved.currency) {
            sum.in_minor = sum.in_minor.saturating_sub(moved.in_minor);
            sum.out_minor = sum.out_minor.saturating_sub(moved.out_minor);
            sum.transfers = moved.rows;
        }
    }
    Ok(sums)
}

/// Of every account, or of one, over all time: what the database keeps in step, so that a long list costs nothing.
async fn kept(tx: &mut UserTx, account: Option<&AccountId>) -> Result<Vec<Sum>> {
    let user = tx.user().clone();
    Ok(fetch_all!(
        tx,
        r#"
        select "currency", cast(sum("rows") as bigint) as "rows", cast(sum("inMinor") as bigint) as "inMinor",
               cast(sum("outMinor") as bigint) as "outMinor"
        from "ledger_sum"
        where "userId" = $1 and (cast($2 as text) is null or "accountId" = $2) and "status" <> 'failed'
        group by "currency"
        having sum("rows") > 0
        order by "currency"
        "#,
        user,
        account,
    )?)
}

/// Of every account, between two days.
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

/// Of one account, between two days.
async fn of_account(
    tx: &mut UserTx,
    account: &AccountId,
    from: Date,
    to: Date,
) -> Result<Vec<Sum>> {
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
async fn narrowed(tx: &mut UserTx, narrow: &Narrow, from: Date, to: Date) -> Result<Vec<Sum>> {
    let user = tx.user().clone();
    Ok(fetch_all!(
        tx,
        r#"
        with recursive "cell"("at") as (
            select 0 union all select "at" + 80 from "cell" where "at" + 80 < length(cast($4 as text))
        ), "wanted" as materialized (
            select substr(cast($4 as text), "at" + 1, 1) as "kind", rtrim(substr(cast($4 as text), "at" + 2, 79)) as "word"
            from "cell"
        ), "leaf" as materialized (
            select w."kind", o."key" from "wanted" w
            join "category" o on o."userId" = $1 and o."groupKey" = w."word" and o."own"
            where w."kind" in ('c', 'x')
            union all
            select w."kind", w."word" from "wanted" w where w."kind" in ('c', 'x')
        )
        select t."currency", count(*) as "rows",
               cast(coalesce(sum(case when t."amountMinor" > 0 and t."status" <> 'failed' and t."transferId" is null
                                      then t."amountMinor" else 0 end), 0) as bigint) as "inMinor",
               cast(coalesce(sum(case when t."amountMinor" < 0 and t."status" <> 'failed' and t."transferId" is null
                                      then t."amountMinor" else 0 end), 0) as bigint) as "outMinor",
               count(t."transferId") as "transfers"
        from "transaction" t
        where t."userId" = $1 and t."deletedAt" is null and t."date" between $2 and $3
          and case when
              t."status" in (select w."word" from "wanted" w where w."kind" = 's')
              and (not exists (select 1 from "wanted" w where w."kind" = 'a')
                   or t."accountId" in (select w."word" from "wanted" w where w."kind" = 'a'))
              and (not exists (select 1 from "wanted" w where w."kind" = 'm')
                   or t."currency" in (select w."word" from "wanted" w where w."kind" = 'm'))
              and (not exists (select 1 from "wanted" w where w."kind" = 'f')
                   or case when t."amountMinor" > 0 then 'in' else 'out' end in (select w."word" from "wanted" w where w."kind" = 'f'))
              and (cast($5 as text) is null or t."search" like $5 escape '\')
              and (cast($6 as text) is null or t."type" = $6)
              and (cast($7 as bigint) is null or abs(t."amountMinor") * 100 / case
                      when t."currency" in ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF') then 1
                      when t."currency" in ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') then 1000
                      when t."currency" in ('CLF', 'UYW') then 10000
                      else 100
                  end between $7 and $8)
              and (not exists (select 1 from "wanted" w where w."kind" = 'c')
                   or (case when t."hasParts" then exists (
                       select 1 from "transaction_part" p
                       where p."userId" = $1 and p."transactionId" = t."id"
                         and p."category" in (select l."key" from "leaf" l where l."kind" = 'c'))
                     else t."category" in (select l."key" from "leaf" l where l."kind" = 'c') end))
              and (not exists (select 1 from "wanted" w where w."kind" = 'x')
                   or not (case when t."hasParts" then exists (
                       select 1 from "transaction_part" p
                       where p."userId" = $1 and p."transactionId" = t."id"
                         and p."category" in (select l."key" from "leaf" l where l."kind" = 'x'))
                     else t."category" in (select l."key" from "leaf" l where l."kind" = 'x') end))
              and (not exists (select 1 from "wanted" w where w."kind" = 't')
                   or exists (
                       select 1 from "wanted" w
                       where w."kind" = 't' and (
                           replace(t."tags", w."word", '') <> t."tags"
                           or (t."hasParts" and exists (
                               select 1 from "transaction_part" p
                               where p."userId" = $1 and p."transactionId" = t."id" and replace(p."tags", w."word", '') <> p."tags")))))
              and (not exists (select 1 from "wanted" w where w."kind" = 'u')
                   or not exists (
                       select 1 from "wanted" w
                       where w."kind" = 'u' and (
                           replace(t."tags", w."word", '') <> t."tags"
                           or (t."hasParts" and exists (
                               select 1 from "transaction_part" p
                               where p."userId" = $1 and p."transactionId" = t."id" and replace(p."tags", w."word", '') <> p."tags")))))
              and (not exists (select 1 from "wanted" w where w."kind" = 'k')
                   or (t."status" <> 'failed' and t."type" <> 'transfer' and not t."excluded"
                       and case when t."hasParts" then exists (
                         select 1 from "transaction_part" p
                         where p."userId" = $1 and p."transactionId" = t."id"
                           and p."category" <> 'transfer' and p."category" not like 'transfer.%'
                           and (not exists (select 1 from "wanted" w where w."kind" = 'c')
                                or p."category" in (select l."key" from "leaf" l where l."kind" = 'c'))
                           and case when p."category" = 'income' or p."category" like 'income.%'
                                      or (p."category" = 'uncategorized' and p."amountMinor" > 0) then 'income' else 'spending' end
                               in (select w."word" from "wanted" w where w."kind" = 'k'))
                       else t."category" <> 'transfer' and t."category" not like 'transfer.%'
                           and case when t."category" = 'income' or t."category" like 'income.%'
                                      or (t."category" = 'uncategorized' and t."amountMinor" > 0) then 'income' else 'spending' end
                               in (select w."word" from "wanted" w where w."kind" = 'k') end))
              then true else false end
        group by t."currency"
        order by t."currency"
        "#,
        user,
        from,
        to,
        &narrow.cells,
        narrow.search.as_deref(),
        narrow.r#type,
        narrow.amount.map(|(least, _)| least),
        narrow.amount.map(|(_, most)| most),
    )?)
}

/// What was only moved, of every account or of one, between two days. The rows are found by their transfer, not by their
/// day: of those there are few.
async fn moved(
    tx: &mut UserTx,
    account: Option<&AccountId>,
    from: Date,
    to: Date,
) -> Result<Vec<Sum>> {
    let user = tx.user().clone();
    Ok(fetch_all!(
        tx,
        r#"
        select t."currency", cast(sum(case when t."date" between $3 and $4 then 1 else 0 end) as bigint) as "rows",
               cast(sum(case when t."amountMinor" > 0 and t."date" between $3 and $4 then t."amountMinor" else 0 end) as bigint)
                   as "inMinor",
               cast(sum(case when t."amountMinor" < 0 and t."date" between $3 and $4 then t."amountMinor" else 0 end) as bigint)
                   as "outMinor"
        from "transaction" t
        where t."userId" = $1 and t."transferId" > '' and t."deletedAt" is null and t."status" <> 'failed'
          and (cast($2 as text) is null or t."accountId" = $2)
        group by t."currency"
        "#,
        user,
        account,
        from,
        to,
    )?)
}
