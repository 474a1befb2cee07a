//! One row in parts, and whole again.

use domain::{
    Code, Currency, FieldError, Money, TransactionId,
    batch::Deed,
    category,
    ledger::splits::{self, Part, SplitForm},
    tags,
};

use super::{
    bulk::{self, Fields},
    detail,
    edit::Edited,
};
use crate::{Backend, Error, Result, SignedIn, categories, db::UserTx, execute, look};

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
) -> Result<Edited> {
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
    finish(tx, backend, caller, id, parts).await
}

/// Makes a row whole again: its own category counts from now on.
///
/// # Errors
/// [`Error::NotFound`] also for a row of somebody else.
#[tracing::instrument(name = "transactions.unsplit", skip_all, fields(user.id = %caller.user()))]
pub async fn unsplit(backend: &Backend, caller: &SignedIn, id: &TransactionId) -> Result<Edited> {
    let tx = backend.db.as_user(caller.user()).write().await?;
    finish(tx, backend, caller, id, Vec::new()).await
}

/// Writes the parts of a row, so that it can be undone; there are none when it is whole.
async fn finish(
    mut tx: UserTx,
    backend: &Backend,
    caller: &SignedIn,
    id: &TransactionId,
    parts: Vec<Part>,
) -> Result<Edited> {
    let fields = Fields { parts: Some(parts), adjusted: Some(false), ..Fields::default() };
    let undo = bulk::change_one(&mut tx, backend, id, Deed::Split, fields).await?;
    let row = detail::one(&mut tx, id).await?;
    look::later(&mut tx, backend, caller.user()).await?;
    tx.commit().await?;
    Ok(Edited { row, undo })
}

/// The parts of a row, in their order.
pub(super) async fn parts(tx: &mut UserTx, id: &TransactionId) -> Result<Vec<Part>> {
    let parts = detail::parts(tx, id).await?;
    Ok(parts
        .into_iter()
        .map(|part| Part {
            minor: part.signed_amount_cents,
            category: part.category,
            note: part.note,
            tags: part.tags,
        })
        .collect())
}

/// Puts these parts in the place of those a row has. What the row itself says of them is written elsewhere.
pub(super) async fn put(
    tx: &mut UserTx,
    backend: &Backend,
    id: &TransactionId,
    parts: &[Part],
) -> Result<()> {
    clear(tx, id).await?;
    for (position, part) in (0_i64..).zip(parts) {
        insert(tx, backend, id, position, part).await?;
    }
    Ok(())
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
