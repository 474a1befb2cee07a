//! What the totals count of a list: of a row that was split the parts that count, of any other the whole. So the sums
//! of a list that asks for what counts are the figure that leads to it.

use time::Date;

use super::{narrow::Narrow, sums::Sum};
use crate::{Result, db::UserTx, fetch_all};

/// The sums of what counts in everything the filters let through, one entry a currency.
pub(super) async fn fetch(
    tx: &mut UserTx,
    narrow: &Narrow,
    from: Date,
    to: Date,
) -> Result<Vec<Sum>> {
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
        select t."currency", count(distinct t."id") as "rows",
               cast(coalesce(sum(case when coalesce(q."amountMinor", t."amountMinor") > 0
                                      then coalesce(q."amountMinor", t."amountMinor") else 0 end), 0) as bigint) as "inMinor",
               cast(coalesce(sum(case when coalesce(q."amountMinor", t."amountMinor") < 0
                                      then coalesce(q."amountMinor", t."amountMinor") else 0 end), 0) as bigint) as "outMinor"
        from "transaction" t
        left join "transaction_part" q on t."hasParts" and q."userId" = t."userId" and q."transactionId" = t."id"
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
              and t."status" <> 'failed' and t."type" <> 'transfer' and not t."excluded"
              and coalesce(q."category", t."category") <> 'transfer' and coalesce(q."category", t."category") not like 'transfer.%'
              and (not exists (select 1 from "wanted" w where w."kind" = 'c')
                   or coalesce(q."category", t."category") in (select l."key" from "leaf" l where l."kind" = 'c'))
              and case when coalesce(q."category", t."category") = 'income' or coalesce(q."category", t."category") like 'income.%'
                         or (coalesce(q."category", t."category") = 'uncategorized'
                             and coalesce(q."amountMinor", t."amountMinor") > 0) then 'income' else 'spending' end
                  in (select w."word" from "wanted" w where w."kind" = 'k')
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
