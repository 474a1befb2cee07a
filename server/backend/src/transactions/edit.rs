//! What a person changes about one row: they outrank rules and the bank, so what they set stays.

use domain::{
    AccountId, Currency, TransactionId,
    entry::{self, Edit, EditForm, EntryForm, TransactionDetail},
    merchant, tags,
};

use super::{NewTransaction, TRANSACTION, bulk, detail, insert, list::searchable};
use crate::{
    Backend, Error, Result, SignedIn, Timestamp, accounts, categories,
    db::UserTx,
    execute,
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
    write(tx, &id, &edit, now).await?;
    detail::one(tx, &id).await
}

/// Changes one of the caller's rows.
///
/// # Errors
/// [`Error::Invalid`] names each field; [`Error::NotFound`] also for a row of somebody else.
#[tracing::instrument(name = "transactions.edit", skip_all, fields(user.id = %caller.user()))]
pub async fn edit(
    backend: &Backend,
    caller: &SignedIn,
    id: &TransactionId,
    form: &EditForm,
) -> Result<TransactionDetail> {
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    let today = preferences::today(&mut tx, backend).await?;
    let own = categories::own_keys(&mut tx).await?;
    let edit = form.parse(today, |key| own.contains(key)).map_err(Error::Invalid)?;
    bulk::forget(&mut tx, id).await?;
    write(&mut tx, id, &edit, backend.clock.now().into()).await?;
    let detail = detail::one(&mut tx, id).await?;
    look::later(&mut tx, backend, caller.user()).await?;
    tx.commit().await?;
    Ok(detail)
}

/// Writes the changes of a person. What they set is theirs from now on.
pub(super) async fn write(
    tx: &mut UserTx,
    id: &TransactionId,
    edit: &Edit,
    now: Timestamp,
) -> Result<()> {
    let before = detail::one(tx, id).await?;
    let merchant = edit.merchant.clone().unwrap_or(before.merchant);
    let note = edit.note.clone().unwrap_or(before.note);
    let notes = before.parts.iter().filter_map(|part| part.note.as_ref());
    let search = words(&before.description, merchant.as_deref(), note.as_deref(), notes);
    let user = tx.user().clone();
    execute!(
        tx,
        r#"
        update "transaction"
        set "category" = coalesce($3, "category"),
            "categoryBy" = case when cast($3 as text) is null then "categoryBy" else 'user' end,
            "merchant" = $4, "merchantBy" = case when $5 then 'user' else "merchantBy" end,
            "note" = $6, "noteBy" = case when $7 then 'user' else "noteBy" end,
            "tags" = coalesce($8, "tags"),
            "tagsBy" = case when cast($8 as text) is null then "tagsBy" else 'user' end,
            "date" = coalesce($9, "date"),
            "dateBy" = case when $10 then 'user' else "dateBy" end,
            "excluded" = coalesce($11, "excluded"),
            "excludedBy" = case when $12 then 'user' else "excludedBy" end,
            "search" = $13, "updatedAt" = $14
        where "userId" = $1 and "id" = $2 and "deletedAt" is null
        "#,
        user,
        id,
        edit.category.as_deref(),
        merchant,
        edit.merchant.is_some(),
        note,
        edit.note.is_some(),
        edit.tags.as_deref().map(tags::to_column),
        edit.date,
        edit.date.is_some(),
        edit.excluded,
        edit.excluded.is_some(),
        search,
        now,
    )?;
    Ok(())
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

/// Deletes one of the caller's rows that they typed in. What a bank or a file brought is not theirs to take away.
///
/// # Errors
/// [`Error::Forbidden`] for a row of another source or a side of a transfer; [`Error::NotFound`] also for a row of
/// somebody else.
#[tracing::instrument(name = "transactions.delete", skip_all, fields(user.id = %caller.user()))]
pub async fn delete(backend: &Backend, caller: &SignedIn, id: &TransactionId) -> Result<()> {
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    let row = detail::one(&mut tx, id).await?;
    if !row.may_delete() {
        return Err(Error::Forbidden("the deletion of this transaction"));
    }
    execute!(
        tx,
        r#"update "transaction" set "deletedAt" = $3, "updatedAt" = $3 where "userId" = $1 and "id" = $2"#,
        caller.user(),
        id,
        Timestamp::from(backend.clock.now()),
    )?;
    look::later(&mut tx, backend, caller.user()).await?;
    tx.commit().await?;
    Ok(())
}
