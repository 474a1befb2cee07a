//! The rows that a batch is about: read and held, written, and kept as they were.

use std::collections::HashMap;

use domain::{
    BatchId, Date, TransactionId, TransactionType,
    ledger::{provenance::Writer, splits::Part},
};
use serde::Serialize;
use sqlx::types::Json;

use super::{CHUNK, fields::Fields};
use crate::{Error, Result, Timestamp, db::UserTx, execute, fetch_all, transactions::edit::words};

/// A row with what a batch can change on it.
#[derive(Debug, sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
pub(in crate::transactions) struct Row {
    pub id: TransactionId,
    pub description: String,
    pub merchant: Option<String>,
    pub merchant_by: Writer,
    pub category: String,
    pub category_by: Writer,
    pub r#type: TransactionType,
    pub note: Option<String>,
    pub note_by: Writer,
    pub tags: String,
    pub tags_by: Writer,
    pub excluded: bool,
    pub excluded_by: Writer,
    pub source: String,
    pub has_parts: bool,
    pub transfer_id: Option<String>,
    pub date: Date,
    pub date_by: Writer,
    pub amount_minor: i64,
    pub flag: Option<String>,
    pub deleted: bool,
    /// Its parts, where a change is about them.
    #[sqlx(skip)]
    pub parts: Vec<Part>,
}

/// A row and what a batch made of it.
#[derive(sqlx::FromRow)]
pub(super) struct Changed {
    #[sqlx(flatten)]
    pub row: Row,
    pub before: Json<Fields>,
    pub after: Json<Fields>,
}

/// What is written to one row.
#[derive(Serialize)]
struct Write<'f> {
    id: &'f TransactionId,
    #[serde(flatten)]
    fields: &'f Fields,
    #[serde(rename = "hasParts")]
    has_parts: Option<bool>,
    search: Option<String>,
}

/// What is kept of one row.
#[derive(Serialize)]
struct Keep<'f> {
    id: &'f TransactionId,
    before: Fields,
    after: &'f Fields,
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct PartNote {
    transaction_id: TransactionId,
    note: String,
}

/// Holds the accounts of the person, in the order in which readings of a bank hold them: whoever changes many rows
/// waits here, and not for a row of the other while the other waits for one of theirs.
pub(in crate::transactions) async fn hold(tx: &mut UserTx) -> Result<()> {
    let user = tx.user().clone();
    let _: Vec<(String,)> = fetch_all!(
        tx,
        sqlite: r#"select "id" from "bank_account" where "userId" = $1 order by "createdAt", "id""#,
        postgres: r#"select "id" from "bank_account" where "userId" = $1 order by "createdAt", "id" for no key update"#,
        user,
    )?;
    Ok(())
}

/// Those of these rows that the person of this transaction has, held until it ends.
pub(super) async fn of(tx: &mut UserTx, ids: &[TransactionId]) -> Result<Vec<Row>> {
    let user = tx.user().clone();
    let ids = serde_json::to_string(ids).map_err(|_| Error::Corrupt("id"))?;
    Ok(fetch_all!(
        tx,
        sqlite: r#"
        select t."id", t."description", t."merchant", t."merchantBy", t."category", t."categoryBy", t."type", t."note",
               t."noteBy", t."tags", t."tagsBy", t."excluded", t."excludedBy", t."source", t."hasParts",
               t."transferId", t."date", t."dateBy", t."amountMinor", t."flag",
               t."deletedAt" is not null as "deleted"
        from "transaction" t
        where t."userId" = $1 and t."deletedAt" is null and t."id" in (select value from json_each($2))
        order by t."id"
        "#,
        postgres: r#"
        select t."id", t."description", t."merchant", t."merchantBy", t."category", t."categoryBy", t."type", t."note",
               t."noteBy", t."tags", t."tagsBy", t."excluded", t."excludedBy", t."source", t."hasParts",
               t."transferId", t."date", t."dateBy", t."amountMinor", t."flag",
               t."deletedAt" is not null as "deleted"
        from "transaction" t
        where t."userId" = $1 and t."deletedAt" is null
          and t."id" in (select value from json_array_elements_text(cast($2 as json)))
        order by t."id"
        for no key update
        "#,
        user,
        ids,
    )?)
}

/// Those of these rows that the person has, held until it ends. Also what has been put away.
pub(in crate::transactions) async fn any(
    tx: &mut UserTx,
    ids: &[&TransactionId],
) -> Result<Vec<Row>> {
    let user = tx.user().clone();
    let ids = serde_json::to_string(ids).map_err(|_| Error::Corrupt("id"))?;
    Ok(fetch_all!(
        tx,
        sqlite: r#"
        select t."id", t."description", t."merchant", t."merchantBy", t."category", t."categoryBy", t."type", t."note",
               t."noteBy", t."tags", t."tagsBy", t."excluded", t."excludedBy", t."source", t."hasParts",
               t."transferId", t."date", t."dateBy", t."amountMinor", t."flag",
               t."deletedAt" is not null as "deleted"
        from "transaction" t
        where t."userId" = $1 and t."id" in (select value from json_each($2))
        order by t."id"
        "#,
        postgres: r#"
        select t."id", t."description", t."merchant", t."merchantBy", t."category", t."categoryBy", t."type", t."note",
               t."noteBy", t."tags", t."tagsBy", t."excluded", t."excludedBy", t."source", t."hasParts",
               t."transferId", t."date", t."dateBy", t."amountMinor", t."flag",
               t."deletedAt" is not null as "deleted"
        from "transaction" t
        where t."userId" = $1 and t."id" in (select value from json_array_elements_text(cast($2 as json)))
        order by t."id"
        for no key update
        "#,
        user,
        ids,
    )?)
}

/// The next rows that a batch changed, in the order of their ids, held until the transaction ends: what was kept of a
/// row before the row itself, as [`forget`] and the edit after it have them.
pub(super) async fn changed(tx: &mut UserTx, batch: &BatchId, after: &str) -> Result<Vec<Changed>> {
    let user = tx.user().clone();
    let limit = i64::try_from(CHUNK).unwrap_or(i64::MAX);
    Ok(fetch_all!(
        tx,
        sqlite: r#"
        select t."id", t."description", t."merchant", t."merchantBy", t."category", t."categoryBy", t."type", t."note",
               t."noteBy", t."tags", t."tagsBy", t."excluded", t."excludedBy", t."source", t."hasParts",
               t."transferId", t."date", t."dateBy", t."amountMinor", t."flag",
               t."deletedAt" is not null as "deleted", b."before", b."after"
        from "transaction_batch_row" b
        join "transaction" t on t."userId" = b."userId" and t."id" = b."transactionId"
        where b."userId" = $1 and b."batchId" = $2 and b."transactionId" > $3
        order by b."transactionId"
        limit $4
        "#,
        postgres: r#"
        select t."id", t."description", t."merchant", t."merchantBy", t."category", t."categoryBy", t."type", t."note",
               t."noteBy", t."tags", t."tagsBy", t."excluded", t."excludedBy", t."source", t."hasParts",
               t."transferId", t."date", t."dateBy", t."amountMinor", t."flag",
               t."deletedAt" is not null as "deleted", b."before", b."after"
        from "transaction_batch_row" b
        join "transaction" t on t."userId" = b."userId" and t."id" = b."transactionId"
        where b."userId" = $1 and b."batchId" = $2 and b."transactionId" > $3
        order by b."transactionId"
        limit $4
        for no key update
        "#,
        user,
        batch,
        after,
        limit,
    )?)
}

/// Keeps what each of these rows is, and makes it what it is told to be.
pub(super) async fn keep_and_write(
    tx: &mut UserTx,
    batch: &BatchId,
    changes: &[(Row, Fields)],
    now: Timestamp,
) -> Result<()> {
    let user = tx.user().clone();
    let rows: Vec<Keep<'_>> = changes
        .iter()
        .map(|(row, after)| Keep { id: &row.id, before: after.of(row), after })
        .collect();
    let rows = serde_json::to_string(&rows).map_err(|_| Error::Corrupt("row of a batch"))?;
    execute!(
        tx,
        sqlite: r#"
        insert into "transaction_batch_row" ("userId", "batchId", "transactionId", "before", "after")
        select $1, $2, r.value ->> 'id', r.value ->> 'before', r.value ->> 'after'
        from json_each($3) r
        "#,
        postgres: r#"
        insert into "transaction_batch_row" ("userId", "batchId", "transactionId", "before", "after")
        select $1, $2, r."id", r."before", r."after"
        from json_to_recordset(cast($3 as json)) as r("id" text, "before" jsonb, "after" jsonb)
        "#,
        user,
        batch,
        rows,
    )?;
    write(tx, changes, now).await
}

/// Makes each of these rows what it is told to be. Whoever changes their parts has written those before.
pub(in crate::transactions) async fn write(
    tx: &mut UserTx,
    changes: &[(Row, Fields)],
    now: Timestamp,
) -> Result<()> {
    let user = tx.user().clone();
    let notes = part_notes(tx, changes).await?;
    let rows: Vec<Write<'_>> = changes
        .iter()
        .map(|(row, fields)| Write {
            id: &row.id,
            has_parts: fields.parts.as_ref().map(|parts| !parts.is_empty()),
            search: fields.are_searched().then(|| search(row, fields, &notes)),
            fields,
        })
        .collect();
    let rows = serde_json::to_string(&rows).map_err(|_| Error::Corrupt("changed row"))?;
    execute!(
        tx,
        sqlite: r#"
        with r as materialized (select value from json_each($2))
        update "transaction" as t
        set "category" = coalesce(r.value ->> 'category', t."category"),
            "categoryBy" = coalesce(r.value ->> 'categoryBy', t."categoryBy"),
            "merchant" = case when r.value ->> 'merchantBy' is null then t."merchant" else r.value ->> 'merchant' end,
            "merchantBy" = coalesce(r.value ->> 'merchantBy', t."merchantBy"),
            "note" = case when r.value ->> 'noteBy' is null then t."note" else r.value ->> 'note' end,
            "noteBy" = coalesce(r.value ->> 'noteBy', t."noteBy"),
            "tags" = coalesce(r.value ->> 'tags', t."tags"),
            "tagsBy" = coalesce(r.value ->> 'tagsBy', t."tagsBy"),
            "excluded" = coalesce(r.value ->> 'excluded', t."excluded"),
            "excludedBy" = coalesce(r.value ->> 'excludedBy', t."excludedBy"),
            "type" = coalesce(r.value ->> 'type', t."type"),
            "date" = coalesce(r.value ->> 'date', t."date"),
            "dateBy" = coalesce(r.value ->> 'dateBy', t."dateBy"),
            "hasParts" = coalesce(r.value ->> 'hasParts', t."hasParts"),
            "flag" = case r.value ->> 'adjusted'
                when 1 then coalesce(t."flag", 'split_adjusted')
                when 0 then nullif(t."flag", 'split_adjusted')
                else t."flag"
            end,
            "search" = coalesce(r.value ->> 'search', t."search"),
            "deletedAt" = case r.value ->> 'deleted' when 1 then $3 when 0 then null else t."deletedAt" end,
            "updatedAt" = $3
        from r
        where t."userId" = $1 and t."id" = r.value ->> 'id'
        "#,
        postgres: r#"
        update "transaction" t
        set "category" = coalesce(r."category", t."category"),
            "categoryBy" = coalesce(r."categoryBy", t."categoryBy"),
            "merchant" = case when r."merchantBy" is null then t."merchant" else r."merchant" end,
            "merchantBy" = coalesce(r."merchantBy", t."merchantBy"),
            "note" = case when r."noteBy" is null then t."note" else r."note" end,
            "noteBy" = coalesce(r."noteBy", t."noteBy"),
            "tags" = coalesce(r."tags", t."tags"),
            "tagsBy" = coalesce(r."tagsBy", t."tagsBy"),
            "excluded" = coalesce(r."excluded", t."excluded"),
            "excludedBy" = coalesce(r."excludedBy", t."excludedBy"),
            "type" = coalesce(r."type", t."type"),
            "date" = coalesce(r."date", t."date"),
            "dateBy" = coalesce(r."dateBy", t."dateBy"),
            "hasParts" = coalesce(r."hasParts", t."hasParts"),
            "flag" = case
                when r."adjusted" then coalesce(t."flag", 'split_adjusted')
                when not r."adjusted" then nullif(t."flag", 'split_adjusted')
                else t."flag"
            end,
            "search" = coalesce(r."search", t."search"),
            "deletedAt" = case when r."deleted" then $3 when not r."deleted" then null else t."deletedAt" end,
            "updatedAt" = $3
        from json_to_recordset(cast($2 as json)) as r(
            "id" text, "category" text, "categoryBy" text, "merchant" text, "merchantBy" text, "note" text,
            "noteBy" text, "tags" text, "tagsBy" text, "excluded" boolean, "excludedBy" text, "type" text,
            "date" date, "dateBy" text, "hasParts" boolean, "adjusted" boolean, "search" text, "deleted" boolean)
        where t."userId" = $1 and t."id" = r."id"
        "#,
        user,
        rows,
        now,
    )?;
    Ok(())
}

/// What a search finds the row by from now on.
fn search(row: &Row, fields: &Fields, notes: &HashMap<TransactionId, Vec<String>>) -> String {
    let merchant = if fields.merchant_by.is_some() { &fields.merchant } else { &row.merchant };
    let note = if fields.note_by.is_some() { &fields.note } else { &row.note };
    let of_parts = notes.get(&row.id).into_iter().flatten();
    words(&row.description, merchant.as_deref(), note.as_deref(), of_parts)
}

/// The notes on the parts of those rows whose words are written anew.
async fn part_notes(
    tx: &mut UserTx,
    changes: &[(Row, Fields)],
) -> Result<HashMap<TransactionId, Vec<String>>> {
    let split: Vec<&TransactionId> = changes
        .iter()
        .filter(|(row, fields)| fields.are_searched() && (row.has_parts || fields.parts.is_some()))
        .map(|(row, _)| &row.id)
        .collect();
    if split.is_empty() {
        return Ok(HashMap::new());
    }
    let user = tx.user().clone();
    let ids = serde_json::to_string(&split).map_err(|_| Error::Corrupt("id"))?;
    let found: Vec<PartNote> = fetch_all!(
        tx,
        sqlite: r#"
        select "transactionId", "note" from "transaction_part"
        where "userId" = $1 and "note" is not null and "transactionId" in (select value from json_each($2))
        order by "transactionId", "position"
        "#,
        postgres: r#"
        select "transactionId", "note" from "transaction_part"
        where "userId" = $1 and "note" is not null
          and "transactionId" in (select value from json_array_elements_text(cast($2 as json)))
        order by "transactionId", "position"
        "#,
        user,
        ids,
    )?;
    let mut notes: HashMap<TransactionId, Vec<String>> = HashMap::new();
    for part in found {
        notes.entry(part.transaction_id).or_default().push(part.note);
    }
    Ok(notes)
}

/// No undo touches this row from now on: its owner says something about it. To be called before the row is written.
pub(super) async fn forget(tx: &mut UserTx, id: &TransactionId) -> Result<()> {
    let user = tx.user().clone();
    execute!(
        tx,
        r#"delete from "transaction_batch_row" where "userId" = $1 and "transactionId" = $2"#,
        user,
        id,
    )?;
    Ok(())
}
