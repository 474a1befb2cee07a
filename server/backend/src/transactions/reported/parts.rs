//! The parts of a row whose amount the bank changed: the last one takes the difference, and somebody should look.

use domain::{TransactionId, ledger::splits};

use crate::{Error, Result, db::UserTx, execute, fetch_all};

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
