//! One row in parts, and whole again.

use domain::{
    Code, Currency, FieldError, Money, TransactionId, category,
    entry::TransactionDetail,
    ledger::splits::{self, Part, SplitForm},
    tags,
};

use super::{bulk, detail, edit::words};
use crate::{Backend, Error, Result, SignedIn, Timestamp, categories, db::UserTx, execute, look};

/// Splits one of the caller's rows, or puts other parts in the place of those it has.
///
/// # Errors
/// [`Error::Invalid`] names each field, and `parts` for all of them; [`Error::NotFound`] also for a row of somebody
/// else.
#[tracing::instrument(name = "transactions.split", skip_all, fields(user.id = %caller.user()))]
pub async fn split(
    backend: &Backend,
    caller: &SignedIn,
    id: &TransactionId,
    form: &SplitForm,
) -> Result<TransactionDetail> {
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    // Whoever makes it a side of a transfer holds these too.
    bulk::hold(&mut tx).await?;
    let row = detail::one(&mut tx, id).await?;
    let currency = Currency::parse(&row.currency).map_err(|_| Error::Corrupt("currency"))?;
    splits::may_split(row.status, row.transfer.is_some())
        .map_err(|code| Error::field("parts", code))?;
    let whole = Money::new(row.signed_amount_cents, currency);
    let parts = form.parse(whole).map_err(Error::Invalid)?;
    refuse_unknown(&mut tx, form).await?;
    clear(&mut tx, id).await?;
    for (position, part) in (0_i64..).zip(&parts) {
        insert(&mut tx, backend, id, position, part).await?;
    }
    let notes: Vec<String> = parts.into_iter().filter_map(|part| part.note).collect();
    finish(tx, backend, caller, &row, &notes, true).await
}

/// Makes a row whole again: its own category counts from now on.
///
/// # Errors
/// [`Error::NotFound`] also for a row of somebody else.
#[tracing::instrument(name = "transactions.unsplit", skip_all, fields(user.id = %caller.user()))]
pub async fn unsplit(
    backend: &Backend,
    caller: &SignedIn,
    id: &TransactionId,
) -> Result<TransactionDetail> {
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    let row = detail::one(&mut tx, id).await?;
    clear(&mut tx, id).await?;
    finish(tx, backend, caller, &row, &[], false).await
}

/// Whether an own leaf exists only the person's list knows.
async fn refuse_unknown(tx: &mut UserTx, form: &SplitForm) -> Result<()> {
    let own = categories::own_keys(tx).await?;
    let is_unknown =
        |key: &str| !key.is_empty() && category::find(key).is_none() && !own.contains(key);
    let lines = form.parts.iter().enumerate();
    let errors: Vec<FieldError> = lines
        .filter(|(_, part)| is_unknown(part.category.trim()))
        .map(|(n, _)| FieldError::new(&format!("parts[{n}].category"), Code::CategoryUnknown))
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
}

async fn clear(tx: &mut UserTx, id: &TransactionId) -> Result<()> {
    let user = tx.user().clone();
    execute!(
        tx,
        r#"delete from "transaction_part" where "userId" = $1 and "transactionId" = $2"#,
        user,
        id,
    )?;
    Ok(())
}

async fn insert(
    tx: &mut UserTx,
    backend: &Backend,
    id: &TransactionId,
    position: i64,
    part: &Part,
) -> Result<()> {
    let user = tx.user().clone();
    execute!(
        tx,
        r#"
        insert into "transaction_part" ("id", "userId", "transactionId", "position", "category", "amountMinor", "note", "tags")
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        "#,
        backend.new_id(),
        user,
        id,
        position,
        &part.category,
        part.minor,
        part.note.as_deref(),
        tags::to_column(&part.tags),
    )?;
    Ok(())
}

/// Notes on the row whether it has parts, and what is found in it.
async fn finish(
    mut tx: UserTx,
    backend: &Backend,
    caller: &SignedIn,
    row: &TransactionDetail,
    notes: &[String],
    has_parts: bool,
) -> Result<TransactionDetail> {
    let search =
        words(&row.description, row.merchant.as_deref(), row.note.as_deref(), notes.iter());
    bulk::forget(&mut tx, &row.id).await?;
    execute!(
        tx,
        r#"
        update "transaction"
        set "hasParts" = $3, "search" = $4, "flag" = case when "flag" = $5 then null else "flag" end, "updatedAt" = $6
        where "userId" = $1 and "id" = $2
        "#,
        caller.user(),
        &row.id,
        has_parts,
        search,
        splits::ADJUSTED,
        Timestamp::from(backend.clock.now()),
    )?;
    let detail = detail::one(&mut tx, &row.id).await?;
    look::later(&mut tx, backend, caller.user()).await?;
    tx.commit().await?;
    Ok(detail)
}
