//! The parts of a row that the bank changed. When its amount is another the last one takes the difference, and somebody
//! should look; a search still finds the row by the notes on them.

use std::collections::HashMap;

use domain::{TransactionId, ledger::splits};

use super::write::Change;
use crate::{Error, Result, db::UserTx, execute, fetch_all};

/// Ids in one statement.
const CHUNK: usize = 10_000;

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Row {
    position: i64,
    category: String,
    amount_minor: i64,
}

/// Lets the parts add up to `total` again.
pub(super) async fn follow(tx: &mut UserTx, row: &TransactionId, total: i64) -> Result<()> {
    let user = tx.user().clone();
    let rows: Vec<Row> = fetch_all!(
        tx,
        r#"
        select "position", "category", "amountMinor"
        from "transaction_part"
        where "userId" = $1 and "transactionId" = $2
        order by "position"
        "#,
        &user,
        row,
    )?;
    let parts = rows.iter().map(|row| splits::Part {
        minor: row.amount_minor,
        category: row.category.clone(),
        note: None,
        tags: Vec::new(),
    });
    let left = splits::follow(parts.collect(), total).ok_or(Error::Corrupt("split row"))?;
    for (at, stored) in rows.iter().enumerate() {
        match left.get(at) {
            Some(part) if part.minor == stored.amount_minor => {}
            Some(part) => resize(tx, row, stored.position, part.minor).await?,
            None => remove(tx, row, stored.position).await?,
        }
    }
    execute!(
        tx,
        r#"update "transaction" set "flag" = $3, "hasParts" = $4 where "userId" = $1 and "id" = $2"#,
        user,
        row,
        splits::ADJUSTED,
        !left.is_empty(),
    )?;
    Ok(())
}

async fn resize(tx: &mut UserTx, row: &TransactionId, position: i64, minor: i64) -> Result<()> {
    let user = tx.user().clone();
    execute!(
        tx,
        r#"
        update "transaction_part" set "amountMinor" = $4
        where "userId" = $1 and "transactionId" = $2 and "position" = $3
        "#,
        user,
        row,
        position,
        minor,
    )?;
    Ok(())
}

async fn remove(tx: &mut UserTx, row: &TransactionId, position: i64) -> Result<()> {
    let user = tx.user().clone();
    execute!(
        tx,
        r#"
        delete from "transaction_part" where "userId" = $1 and "transactionId" = $2 and "position" = $3
        "#,
        user,
        row,
        position,
    )?;
    Ok(())
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Note {
    transaction_id: String,
    note: String,
}

/// Lets a search find changed rows by the notes on the parts that they have now.
pub(super) async fn reword(tx: &mut UserTx, changes: &mut [Change]) -> Result<()> {
    let split: Vec<&str> =
        changes.iter().filter(|change| change.has_parts).map(|change| change.id.as_str()).collect();
    let mut notes: HashMap<String, Vec<String>> = HashMap::new();
    for chunk in split.chunks(CHUNK) {
        let ids = serde_json::to_string(chunk).map_err(|_| Error::Corrupt("id"))?;
        for found in noted(tx, &ids).await? {
            notes.entry(found.transaction_id).or_default().push(found.note);
        }
    }
    for change in changes.iter_mut().filter(|change| change.has_parts) {
        change.reword(notes.get(change.id.as_str()).map_or(&[], Vec::as_slice));
    }
    Ok(())
}

async fn noted(tx: &mut UserTx, ids: &str) -> Result<Vec<Note>> {
    let user = tx.user().clone();
    Ok(fetch_all!(
        tx,
        sqlite: r#"
        select "transactionId", "note"
        from "transaction_part"
        where "userId" = $1 and "note" is not null and "transactionId" in (select value from json_each($2))
        order by "transactionId", "position"
        "#,
        postgres: r#"
        select "transactionId", "note"
        from "transaction_part"
        where "userId" = $1 and "note" is not null
          and "transactionId" in (select value from json_array_elements_text(cast($2 as json)))
        order by "transactionId", "position"
        "#,
        user,
        ids,
    )?)
}
