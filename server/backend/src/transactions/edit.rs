//! What a person changes about one row: they outrank rules and the bank, so what they set stays.

use domain::{
    AccountId, BatchId, Currency, TransactionId,
    batch::Deed,
    entry::{self, Edit, EditForm, EntryForm, TransactionDetail},
    merchant,
};

use super::{
    NewTransaction, TRANSACTION,
    bulk::{self, Fields},
    detail, insert,
    list::searchable,
};
use crate::{
    Backend, Error, Result, SignedIn, Timestamp, accounts, categories,
    db::UserTx,
    idempotency::{self, Begun, Once, Outcome},
    look, preferences,
};

/// Adds a row that the caller typed in.
///
/// # Errors
/// [`Error::Invalid`] names each field; [`Error::NotFound`] also for an account of somebody else; and what [`Once`]
/// can be refused for.
#[tracing::instrument(name = "transactions.add", skip_all, fields(user.id = %caller.user()))]
pub async fn add(
    backend: &Backend,
    caller: &SignedIn,
    form: &EntryForm,
    once: Option<&Once>,
) -> Result<Outcome<TransactionDetail>> {
    let account = form.account().map_err(Error::Invalid)?;
    let tx = backend.db.as_user(caller.user()).write().await?;
    let mut tx = match idempotency::begin(tx, once, TRANSACTION, backend.clock.now()).await? {
        Begun::First(tx) => tx,
        Begun::Again(outcome) => return Ok(outcome),
    };
    let added = add_in(backend, &mut tx, &account, form).await;
    if added.is_ok() {
        look::later(&mut tx, backend, caller.user()).await?;
    }
    idempotency::finish(tx, once, added).await
}

async fn add_in(
    backend: &Backend,
    tx: &mut UserTx,
    account: &AccountId,
    form: &EntryForm,
) -> Result<TransactionDetail> {
    let now = Timestamp::from(backend.clock.now());
    let currency = accounts::one(tx, account).await?.currency;
    let currency = Currency::parse(&currency).map_err(|_| Error::Corrupt("currency"))?;
    let today = preferences::today(tx, backend).await?;
    let own = categories::own_keys(tx).await?;
    let entry = form.parse(currency, today, |key| own.contains(key)).map_err(Error::Invalid)?;
    let (text, code) = (entry.description, currency.code().to_owned());
    let row = NewTransaction {
        merchant: merchant::display_name(&text),
        ..NewTransaction::plain(
            backend.new_id(),
            entry.date,
            text,
            entry.minor,
            code,
            entry::BY_HAND,
        )
    };
    accounts::touch(tx, account, now).await?;
    insert(tx, account, None, std::slice::from_ref(&row), now).await?;
    let id = TransactionId::new(row.id);
    let edit = Edit {
        category: entry.category,
        note: entry.note.map(Some),
        tags: (!entry.tags.is_empty()).then_some(entry.tags),
        ..Edit::default()
    };
    let added = bulk::any(tx, &[&id]).await?;
    let written: Vec<_> = added.into_iter().map(|row| (row, Fields::from(&edit))).collect();
    bulk::write(tx, &written, now).await?;
    detail::one(tx, &id).await
}

/// A row that was changed, and what undoes that; nothing when it was so already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    /// The row as it is now.
    pub row: TransactionDetail,
    /// The batch to undo.
    pub undo: Option<BatchId>,
}

/// Changes one of the caller's rows. It can be undone like a change of many.
///
/// # Errors
/// [`Error::Invalid`] names each field; [`Error::NotFound`] also for a row of somebody else.
#[tracing::instrument(name = "transactions.edit", skip_all, fields(user.id = %caller.user()))]
pub async fn edit(
    backend: &Backend,
    caller: &SignedIn,
    id: &TransactionId,
    form: &EditForm,
) -> Result<Edited> {
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    let today = preferences::today(&mut tx, backend).await?;
    let own = categories::own_keys(&mut tx).await?;
    let edit = form.parse(today, |key| own.contains(key)).map_err(Error::Invalid)?;
    let fields = Fields::from(&edit);
    let undo = bulk::change_one(&mut tx, backend, id, Deed::Edit, fields).await?;
    let row = detail::one(&mut tx, id).await?;
    look::later(&mut tx, backend, caller.user()).await?;
    tx.commit().await?;
    Ok(Edited { row, undo })
}

/// What a search finds a row by: its own texts and the notes on its parts.
pub(super) fn words<'t>(
    description: &'t str,
    merchant: Option<&'t str>,
    note: Option<&'t str>,
    notes: impl IntoIterator<Item = &'t String>,
) -> String {
    let parts = notes.into_iter().map(|note| Some(note.as_str()));
    searchable([Some(description), merchant, note].into_iter().chain(parts))
}

/// Deletes one of the caller's rows that they typed in; answers what undoes it. What a bank or a file brought is not
/// theirs to take away.
///
/// # Errors
/// [`Error::Forbidden`] for a row of another source or a side of a transfer; [`Error::NotFound`] also for a row of
/// somebody else.
#[tracing::instrument(name = "transactions.delete", skip_all, fields(user.id = %caller.user()))]
pub async fn delete(
    backend: &Backend,
    caller: &SignedIn,
    id: &TransactionId,
) -> Result<Option<BatchId>> {
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    bulk::hold(&mut tx).await?;
    let row = detail::one(&mut tx, id).await?;
    if !row.may_delete() {
        return Err(Error::Forbidden("the deletion of this transaction"));
    }
    let fields = Fields { deleted: Some(true), ..Fields::default() };
    let undo = bulk::change_one(&mut tx, backend, id, Deed::Delete, fields).await?;
    look::later(&mut tx, backend, caller.user()).await?;
    tx.commit().await?;
    Ok(undo)
}
