//! The server functions of transactions. The forms post to paths without the row's id; it travels in a field, as does
//! `back`, the query of the list that they were opened from.
#![expect(clippy::too_many_arguments, reason = "one argument for each field of the form")]

use backend::{
    Error,
    categories::{self, OwnCategory},
    idempotency::{Key, Once},
    transactions::{self, BatchView},
};
use domain::{
    BatchId, PageRequest, TransactionFilter, TransactionId, TransactionPage,
    batch::{BatchForm, BatchKind},
    entry::{EditForm, EntryForm, TransactionDetail},
    ledger::splits::{PartForm, SplitForm},
    query,
};
use leptos::prelude::*;
use leptos_axum::redirect;

use super::bulk;
use crate::{
    AppError, flash,
    flash::Flash,
    routes,
    server::{reject, signed_in},
    ui::money::are_hidden,
};

/// One page of the caller's transactions: filters, page and cursor as they stand in the address of
/// `/transactions`. What does not fit is named field by field.
#[server(prefix = "/api/fn", endpoint = "transactions/list")]
pub async fn list_transactions(query: String) -> Result<TransactionPage, AppError> {
    let (backend, caller) = signed_in()?;
    let pairs = query::parse(&query);
    let filter = TransactionFilter::from_query(&pairs).map_err(AppError::Invalid)?;
    let request = PageRequest::from_query(&pairs, filter.hash()).map_err(AppError::Invalid)?;
    transactions::list(&backend, &caller, &filter, &request).await.map_err(reject)
}

/// The caller's own categories and words for ours.
#[server(prefix = "/api/fn", endpoint = "categories/list")]
pub async fn list_categories() -> Result<Vec<OwnCategory>, AppError> {
    let (backend, caller) = signed_in()?;
    categories::list(&backend, &caller).await.map_err(reject)
}

/// Everything about one of the caller's transactions.
#[server(prefix = "/api/fn", endpoint = "transactions/get")]
pub async fn get_transaction(id: TransactionId) -> Result<TransactionDetail, AppError> {
    let (backend, caller) = signed_in()?;
    transactions::get(&backend, &caller, &id).await.map_err(reject)
}

/// `POST /transactions/new`: adds a row. The same form sent twice adds one.
#[server(prefix = "", endpoint = "transactions/new")]
pub async fn add_transaction(
    #[server(default)]
    #[server(rename = "accountId")]
    account_id: String,
    #[server(default)] date: String,
    #[server(default)] description: String,
    #[server(default)] amount: String,
    #[server(default)] direction: String,
    #[server(default)] category: String,
    #[server(default)] note: String,
    #[server(default)] tags: String,
    #[server(default)]
    #[server(rename = "idempotencyKey")]
    idempotency_key: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let form = EntryForm { account_id, date, description, amount, direction, category, note, tags };
    let once = once(&idempotency_key, &form);
    let added = transactions::add(&backend, &caller, &form, once.as_ref()).await.map_err(reject)?;

    flash::set(&Flash::done("Transaction added."));
    redirect(&routes::transaction(&added.value.id, ""));
    Ok(())
}

/// The form's key with what it was sent for; nothing when the key is none of ours.
fn once(key: &str, form: &EntryForm) -> Option<Once> {
    let EntryForm { account_id, date, description, amount, direction, category, note, tags } = form;
    let body = [account_id, date, description, amount, direction, category, note, tags];
    let body = body.map(String::as_str).join("\u{1F}");
    Some(Once::new(&Key::parse(key)?, "POST /transactions/new", body.as_bytes()))
}

/// `POST /transactions/edit`: changes what is different from the row as it is. `label` makes a category under `group`.
#[server(prefix = "", endpoint = "transactions/edit")]
pub async fn edit_transaction(
    #[server(default)] id: String,
    #[server(default)] back: String,
    #[server(default)] merchant: String,
    #[server(default)] category: String,
    #[server(default)] group: String,
    #[server(default)] label: String,
    #[server(default)] date: String,
    #[server(default)] note: String,
    #[server(default)] tags: String,
    #[server(default)] excluded: bool,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let id = TransactionId::new(id);
    let row = transactions::get(&backend, &caller, &id).await.map_err(reject)?;
    let category = if label.trim().is_empty() {
        category
    } else {
        new_category(&backend, &caller, &group, &label).await.map_err(reject)?
    };
    let typed = EditForm {
        category: Some(category),
        merchant: Some(merchant),
        note: Some(note),
        tags: Some(tags),
        date: Some(date),
        excluded: Some(excluded),
    };
    let form = typed.changed(&row);
    let undo = if form == EditForm::default() {
        None
    } else {
        transactions::edit(&backend, &caller, &id, &form).await.map_err(reject)?.undo
    };

    let page = routes::transaction(&id, &back);
    flash::set(&with_undo(Flash::done("Transaction saved."), undo.as_ref(), &page));
    redirect(&page);
    Ok(())
}

/// The key of a new category; of the one that is there, where it has that name already.
async fn new_category(
    backend: &backend::Backend,
    caller: &backend::SignedIn,
    group: &str,
    label: &str,
) -> Result<String, Error> {
    match categories::create(backend, caller, group, label).await {
        Err(Error::AlreadyExists(what)) => {
            let own = categories::list(backend, caller).await?;
            let is_it = |found: &&OwnCategory| {
                found.group_key == group && found.label.eq_ignore_ascii_case(label.trim())
            };
            own.iter().find(is_it).map(|found| found.key.clone()).ok_or(Error::AlreadyExists(what))
        }
        made => made,
    }
}

/// `POST /transactions/split`: puts these parts in the place of those there are. With `whole`, the row has none again.
#[server(prefix = "", endpoint = "transactions/split")]
pub async fn split_transaction(
    #[server(default)] id: String,
    #[server(default)] back: String,
    #[server(default)] parts: Vec<PartForm>,
    #[server(default)] whole: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let id = TransactionId::new(id);
    let (edited, text) = if whole.is_empty() {
        let form = SplitForm { parts };
        (transactions::split(&backend, &caller, &id, &form).await, "Transaction split.")
    } else {
        (transactions::unsplit(&backend, &caller, &id).await, "The transaction is whole again.")
    };
    let undo = edited.map_err(reject).map_err(without_sums)?.undo;

    let page = routes::transaction(&id, &back);
    flash::set(&with_undo(Flash::done(text), undo.as_ref(), &page));
    redirect(&page);
    Ok(())
}

/// What a refused split adds up to stays hidden where amounts are.
fn without_sums(error: AppError) -> AppError {
    match error {
        AppError::Invalid(mut errors) if are_hidden() => {
            for error in errors.iter_mut().filter(|error| error.code == "split_sum") {
                "The parts don't add up to the whole amount.".clone_into(&mut error.message);
            }
            AppError::Invalid(errors)
        }
        error => error,
    }
}

/// `POST /transactions/delete`: deletes a row that was typed in.
#[server(prefix = "", endpoint = "transactions/delete")]
pub async fn delete_transaction(
    #[server(default)] id: String,
    #[server(default)] back: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let id = TransactionId::new(id);
    let undo = transactions::delete(&backend, &caller, &id).await.map_err(reject)?;

    let page = routes::transactions_back(&back);
    flash::set(&with_undo(Flash::done("Transaction deleted."), undo.as_ref(), &page));
    redirect(&page);
    Ok(())
}

/// `POST /transactions/change`: one change of the ticked rows, or of all that match. The same form sent twice does it once.
/// A deletion asks first, unless it is `confirmed`.
#[server(prefix = "", endpoint = "transactions/change")]
pub async fn change_transactions(
    #[server(default)] ids: Vec<String>,
    #[server(default)] all: String,
    #[server(default)] filter: String,
    #[server(default)] action: String,
    #[server(default)] category: String,
    #[server(default)] tag: String,
    #[server(default)] back: String,
    #[server(default)] confirmed: String,
    #[server(default)]
    #[server(rename = "idempotencyKey")]
    idempotency_key: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let body = [&ids.join(","), &all, &filter, &action, &category, &tag];
    let body = body.map(String::as_str).join("\u{1F}");
    let once = Key::parse(&idempotency_key)
        .map(|key| Once::new(&key, "POST /transactions/change", body.as_bytes()));
    let form = BatchForm { ids, all, filter, action, category, tag };
    if form.action == BatchKind::Delete.as_str() && confirmed.is_empty() {
        form.parse().map_err(AppError::Invalid)?;
        redirect(&routes::delete_transactions(&form, &back));
        return Ok(());
    }
    let done = transactions::change(&backend, &caller, &form, once.as_ref()).await;
    let done = done.map_err(reject)?.value;

    let own = categories::list(&backend, &caller).await.map_err(reject)?;
    let back = routes::transactions_back(&back);
    say_done(&done, &own, &back);
    redirect(&back);
    Ok(())
}

/// The caller's changes of many rows, the newest first.
#[server(prefix = "/api/fn", endpoint = "transactions/batches")]
pub async fn list_batches() -> Result<Vec<BatchView>, AppError> {
    let (backend, caller) = signed_in()?;
    transactions::batches(&backend, &caller).await.map_err(reject)
}

/// Says what a change of many rows did, with a button that undoes it and comes back to this page, and the way to all such
/// changes.
pub fn say_done(batch: &BatchView, own: &[OwnCategory], page: &str) {
    let said = what_was_done(batch, own, page);
    flash::set(&said.with_link("See all changes", routes::TRANSACTION_CHANGES));
}

/// What [`say_done`] says.
pub fn what_was_done(batch: &BatchView, own: &[OwnCategory], page: &str) -> Flash {
    let said = Flash::done(bulk::outcome(batch, own));
    with_undo(said, batch.undo_until.map(|_| &batch.id), page)
}

/// Adds the button that takes a change back and comes to this page again.
fn with_undo(said: Flash, change: Option<&BatchId>, page: &str) -> Flash {
    // A cookie holds 4 KB. Whoever filters by more than half of that comes back to the whole list.
    let next = if page.len() > 2_000 { routes::TRANSACTIONS } else { page };
    match change {
        Some(id) => {
            let fields = [("id", id.as_str()), ("next", next), ("page", routes::TRANSACTIONS)];
            said.with_button("Undo", routes::UNDO_TRANSACTIONS, fields)
        }
        None => said,
    }
}

/// `POST /transactions/undo`: makes the rows of a change what they were, but those that were changed since.
#[server(prefix = "", endpoint = "transactions/undo")]
pub async fn undo_transactions(
    #[server(default)] id: String,
    #[server(default)] next: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let said = match transactions::undo(&backend, &caller, &BatchId::new(id)).await {
        Ok(undone) => Flash::done(bulk::undone(&undone)),
        Err(Error::Expired(_)) => Flash::failed("It's too late to undo this. Nothing was changed."),
        Err(error) => return Err(reject(error)),
    };

    flash::set(&said);
    let next = domain::redirect::safe_next(&next);
    redirect(next.as_deref().unwrap_or(routes::TRANSACTIONS));
    Ok(())
}
