//! The rows of a list. Each combination that an index serves has a statement of its own: with `($n is null or …)`
//! around the account, an engine that plans before it knows the values reads every row of the person.

use domain::{
    AccountId, AccountType, Direction, TransactionFilter, TransactionId, TransactionStatus,
    TransactionType, TransactionView, account, tags,
};
use time::Date;

use super::{
    list::Stretch,
    narrow::{Narrow, narrow},
};
use crate::{Result, db::UserTx, fetch_all};

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Row {
    id: TransactionId,
    account_id: AccountId,
    bank_name: String,
    account_type: AccountType,
    account_nickname: Option<String>,
    mask: Option<String>,
    date: Date,
    description: String,
    merchant: Option<String>,
    category: String,
    r#type: TransactionType,
    status: TransactionStatus,
    amount_minor: i64,
    currency: String,
    note: Option<String>,
    tags: String,
    has_parts: bool,
    excluded: bool,
    invented: bool,
}

impl From<Row> for TransactionView {
    fn from(row: Row) -> Self {
        let nickname = row.account_nickname.as_deref();
        Self {
            account_name: account::display_name(nickname, &row.bank_name, row.account_type),
            id: row.id,
            account_id: row.account_id,
            account_mask: row.mask,
            date: row.date,
            description: row.description,
            merchant: row.merchant,
            category: row.category,
            r#type: row.r#type,
            status: row.status,
            amount_cents: row.amount_minor.saturating_abs(),
            signed_amount_cents: row.amount_minor,
            currency: row.currency,
            note: row.note,
            tags: tags::from_column(&row.tags),
            split: row.has_parts,
            excluded: row.excluded,
            invented: row.invented,
        }
    }
}

/// The rows of a stretch, in its direction.
pub(super) async fn fetch(
    tx: &mut UserTx,
    filter: &TransactionFilter,
    stretch: &Stretch<'_>,
) -> Result<Vec<TransactionView>> {
    let rows = match (narrow(filter), &filter.account, stretch.direction) {
        (Some(narrow), _, Direction::Next) => narrow_older(tx, &narrow, stretch).await?,
        (Some(narrow), _, Direction::Previous) => narrow_newer(tx, &narrow, stretch).await?,
        (None, Some(account), Direction::Next) => account_older(tx, account, stretch).await?,
        (None, Some(account), Direction::Previous) => account_newer(tx, account, stretch).await?,
        (None, None, Direction::Next) => older(tx, stretch).await?,
        (None, None, Direction::Previous) => newer(tx, stretch).await?,
    };
    Ok(rows.into_iter().map(TransactionView::from).collect())
}

/// Rows of every account, towards the past.
async fn older(tx: &mut UserTx, stretch: &Stretch<'_>) -> Result<Vec<Row>> {
    let user = tx.user().clone();
    Ok(fetch_all!(
        tx,
        r#"
        select t."id", t."accountId", a."bankName", a."accountType", a."accountNickname", a."mask", t."date",
               t."description", t."merchant", t."category", t."type", t."status", t."amountMinor", t."currency", t."note",
               t."tags", t."hasParts", t."excluded", t."source" = 'simbank' as "invented"
        from (
            select t."id"
            from "transaction" t
            where t."userId" = $1 and t."deletedAt" is null and t."status" <> 'failed'
              and (t."date", t."id") < ($2, $3) and t."date" >= $4
            order by t."date" desc, t."id" desc
            limit $5 offset $6
        ) p
        cross join "transaction" t
        cross join "bank_account" a
        where t."userId" = $1 and t."id" = p."id" and a."userId" = $1 and a."id" = t."accountId"
        order by t."date" desc, t."id" desc
        "#,
        user,
        stretch.date,
        &*stretch.id,
        stretch.from,
        stretch.limit,
        stretch.offset,
    )?)
}

/// Rows of every account, towards the present.
async fn newer(tx: &mut UserTx, stretch: &Stretch<'_>) -> Result<Vec<Row>> {
    let user = tx.user().clone();
    Ok(fetch_all!(
        tx,
        r#"
        select t."id", t."accountId", a."bankName", a."accountType", a."accountNickname", a."mask", t."date",
               t."description", t."merchant", t."category", t."type", t."status", t."amountMinor", t."currency", t."note",
               t."tags", t."hasParts", t."excluded", t."source" = 'simbank' as "invented"
        from (
            select t."id"
            from "transaction" t
            where t."userId" = $1 and t."deletedAt" is null and t."status" <> 'failed'
              and (t."date", t."id") > ($2, $3) and t."date" <= $4
            order by t."date" asc, t."id" asc
            limit $5
        ) p
        cross join "transaction" t
        cross join "bank_account" a
        where t."userId" = $1 and t."id" = p."id" and a."userId" = $1 and a."id" = t."accountId"
        order by t."date" asc, t."id" asc
        "#,
        user,
        stretch.date,
        &*stretch.id,
        stretch.to,
        stretch.limit,
    )?)
}

/// Rows of one account, towards the past.
async fn account_older(
    tx: &mut UserTx,
    account: &AccountId,
    stretch: &Stretch<'_>,
) -> Result<Vec<Row>> {
    let user = tx.user().clone();
    Ok(fetch_all!(
        tx,
        r#"
        select t."id", t."accountId", a."bankName", a."accountType", a."accountNickname", a."mask", t."date",
               t."description", t."merchant", t."category", t."type", t."status", t."amountMinor", t."currency", t."note",
               t."tags", t."hasParts", t."excluded", t."source" = 'simbank' as "invented"
        from (
            select t."id"
            from "transaction" t
            where t."userId" = $1 and t."accountId" = $2 and t."deletedAt" is null and t."status" <> 'failed'
              and (t."date", t."id") < ($3, $4) and t."date" >= $5
            order by t."date" desc, t."id" desc
            limit $6 offset $7
        ) p
        cross join "transaction" t
        cross join "bank_account" a
        where t."userId" = $1 and t."id" = p."id" and a."userId" = $1 and a."id" = t."accountId"
        order by t."date" desc, t."id" desc
        "#,
        user,
        account,
        stretch.date,
        &*stretch.id,
        stretch.from,
        stretch.limit,
        stretch.offset,
    )?)
}

/// Rows of one account, towards the present.
async fn account_newer(
    tx: &mut UserTx,
    account: &AccountId,
    stretch: &Stretch<'_>,
) -> Result<Vec<Row>> {
    let user = tx.user().clone();
    Ok(fetch_all!(
        tx,
        r#"
        select t."id", t."accountId", a."bankName", a."accountType", a."accountNickname", a."mask", t."date",
               t."description", t."merchant", t."category", t."type", t."status", t."amountMinor", t."currency", t."note",
               t."tags", t."hasParts", t."excluded", t."source" = 'simbank' as "invented"
        from (
            select t."id"
            from "transaction" t
            where t."userId" = $1 and t."accountId" = $2 and t."deletedAt" is null and t."status" <> 'failed'
              and (t."date", t."id") > ($3, $4) and t."date" <= $5
            order by t."date" asc, t."id" asc
            limit $6
        ) p
        cross join "transaction" t
        cross join "bank_account" a
        where t."userId" = $1 and t."id" = p."id" and a."userId" = $1 and a."id" = t."accountId"
        order by t."date" asc, t."id" asc
        "#,
        user,
        account,
        stretch.date,
        &*stretch.id,
        stretch.to,
        stretch.limit,
    )?)
}

/// Rows that further filters let through, towards the past.
#[expect(clippy::too_many_lines, reason = "one statement, whose text can't be put together")]
async fn narrow_older(tx: &mut UserTx, narrow: &Narrow, stretch: &Stretch<'_>) -> Result<Vec<Row>> {
    let user = tx.user().clone();
    Ok(fetch_all!(
        tx,
        r#"
        with recursive "cell"("at") as (
            select 0 union all select "at" + 80 from "cell" where "at" + 80 < length(cast($7 as text))
        ), "wanted" as materialized (
            select substr(cast($7 as text), "at" + 1, 1) as "kind", rtrim(substr(cast($7 as text), "at" + 2, 79)) as "word"
            from "cell"
        ), "leaf" as materialized (
            select w."kind", o."key" from "wanted" w
            join "category" o on o."userId" = $1 and o."groupKey" = w."word" and o."own"
            where w."kind" in ('c', 'x')
            union all
            select w."kind", w."word" from "wanted" w where w."kind" in ('c', 'x')
        )
        select t."id", t."accountId", a."bankName", a."accountType", a."accountNickname", a."mask", t."date",
               t."description", t."merchant", t."category", t."type", t."status", t."amountMinor", t."currency", t."note",
               t."tags", t."hasParts", t."excluded", t."source" = 'simbank' as "invented"
        from (
            select t."id"
            from "transaction" t
            where t."userId" = $1 and t."deletedAt" is null
              and (t."date", t."id") < ($2, $3) and t."date" >= $4
              and case when
                  t."status" in (select w."word" from "wanted" w where w."kind" = 's')
                  and (not exists (select 1 from "wanted" w where w."kind" = 'a')
                       or t."accountId" in (select w."word" from "wanted" w where w."kind" = 'a'))
                  and (not exists (select 1 from "wanted" w where w."kind" = 'm')
                       or t."currency" in (select w."word" from "wanted" w where w."kind" = 'm'))
                  and (not exists (select 1 from "wanted" w where w."kind" = 'f')
                       or case when t."amountMinor" > 0 then 'in' else 'out' end in (select w."word" from "wanted" w where w."kind" = 'f'))
                  and (cast($8 as text) is null or t."search" like $8 escape '\')
                  and (cast($9 as text) is null or t."type" = $9)
                  and (cast($10 as bigint) is null or abs(t."amountMinor") * 100 / case
                          when t."currency" in ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF') then 1
                          when t."currency" in ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') then 1000
                          when t."currency" in ('CLF', 'UYW') then 10000
                          else 100
                      end between $10 and $11)
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
            order by t."date" desc, t."id" desc
            limit $5 offset $6
        ) p
        cross join "transaction" t
        cross join "bank_account" a
        where t."userId" = $1 and t."id" = p."id" and a."userId" = $1 and a."id" = t."accountId"
        order by t."date" desc, t."id" desc
        "#,
        user,
        stretch.date,
        &*stretch.id,
        stretch.from,
        stretch.limit,
        stretch.offset,
        &narrow.cells,
        narrow.search.as_deref(),
        narrow.r#type,
        narrow.amount.map(|(least, _)| least),
        narrow.amount.map(|(_, most)| most),
    )?)
}

/// Rows that further filters let through, towards the present.
#[expect(clippy::too_many_lines, reason = "one statement, whose text can't be put together")]
async fn narrow_newer(tx: &mut UserTx, narrow: &Narrow, stretch: &Stretch<'_>) -> Result<Vec<Row>> {
    let user = tx.user().clone();
    Ok(fetch_all!(
        tx,
        r#"
        with recursive "cell"("at") as (
            select 0 union all select "at" + 80 from "cell" where "at" + 80 < length(cast($6 as text))
        ), "wanted" as materialized (
            select substr(cast($6 as text), "at" + 1, 1) as "kind", rtrim(substr(cast($6 as text), "at" + 2, 79)) as "word"
            from "cell"
        ), "leaf" as materialized (
            select w."kind", o."key" from "wanted" w
            join "category" o on o."userId" = $1 and o."groupKey" = w."word" and o."own"
            where w."kind" in ('c', 'x')
            union all
            select w."kind", w."word" from "wanted" w where w."kind" in ('c', 'x')
        )
        select t."id", t."accountId", a."bankName", a."accountType", a."accountNickname", a."mask", t."date",
               t."description", t."merchant", t."category", t."type", t."status", t."amountMinor", t."currency", t."note",
               t."tags", t."hasParts", t."excluded", t."source" = 'simbank' as "invented"
        from (
            select t."id"
            from "transaction" t
            where t."userId" = $1 and t."deletedAt" is null
              and (t."date", t."id") > ($2, $3) and t."date" <= $4
              and case when
                  t."status" in (select w."word" from "wanted" w where w."kind" = 's')
                  and (not exists (select 1 from "wanted" w where w."kind" = 'a')
                       or t."accountId" in (select w."word" from "wanted" w where w."kind" = 'a'))
                  and (not exists (select 1 from "wanted" w where w."kind" = 'm')
                       or t."currency" in (select w."word" from "wanted" w where w."kind" = 'm'))
                  and (not exists (select 1 from "wanted" w where w."kind" = 'f')
                       or case when t."amountMinor" > 0 then 'in' else 'out' end in (select w."word" from "wanted" w where w."kind" = 'f'))
                  and (cast($7 as text) is null or t."search" like $7 escape '\')
                  and (cast($8 as text) is null or t."type" = $8)
                  and (cast($9 as bigint) is null or abs(t."amountMinor") * 100 / case
                          when t."currency" in ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF') then 1
                          when t."currency" in ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') then 1000
                          when t."currency" in ('CLF', 'UYW') then 10000
                          else 100
                      end between $9 and $10)
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
            order by t."date" asc, t."id" asc
            limit $5
        ) p
        cross join "transaction" t
        cross join "bank_account" a
        where t."userId" = $1 and t."id" = p."id" and a."userId" = $1 and a."id" = t."accountId"
        order by t."date" asc, t."id" asc
        "#,
        user,
        stretch.date,
        &*stretch.id,
        stretch.to,
        stretch.limit,
        &narrow.cells,
        narrow.search.as_deref(),
        narrow.r#type,
        narrow.amount.map(|(least, _)| least),
        narrow.amount.map(|(_, most)| most),
    )?)
}

/// The rows after the one with id `after`, in the order of their ids, failed ones too: for whoever takes all of them
/// along, some at a time.
pub(crate) async fn after(
    tx: &mut UserTx,
    after: &str,
    limit: i64,
) -> Result<Vec<TransactionView>> {
    let user = tx.user().clone();
    let rows: Vec<Row> = fetch_all!(
        tx,
        r#"
        select t."id", t."accountId", a."bankName", a."accountType", a."accountNickname", a."mask", t."date",
               t."description", t."merchant", t."category", t."type", t."status", t."amountMinor", t."currency", t."note",
               t."tags", t."hasParts", t."excluded", t."source" = 'simbank' as "invented"
        from "transaction" t
        join "bank_account" a on a."userId" = t."userId" and a."id" = t."accountId"
        where t."userId" = $1 and t."id" > $2 and t."deletedAt" is null
        order by t."id"
        limit $3
        "#,
        user,
        after,
        limit,
    )?;
    Ok(rows.into_iter().map(TransactionView::from).collect())
}
