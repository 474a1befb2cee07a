//! The server functions of transactions. The forms post to paths without the row's id; it travels in a field, as does
//! `back`, the query of the list that they were opened from.
#![expect(clippy::too_many_arguments, reason = "one argument for each field of the form")]

use backend::{
    Error,
    categories::{self, OwnCategory},
    idempotency::{Key, Once},
    transactions,
};
use domain::{
    PageRequest, TransactionFilter, TransactionId, TransactionPage,
    entry::{EditForm, EntryForm, TransactionDetail},
    ledger::splits::{PartForm, SplitForm},
    query,
};
use leptos::prelude::*;
use leptos_axum::redirect;

use crate::{
    AppError, flash,
    flash::Flash,
    routes,
    server::{reject, signed_in},
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
    if form != EditForm::default() {
        transactions::edit(&backend, &caller, &id, &form).await.map_err(reject)?;
    }

    flash::set(&Flash::done("Transaction saved."));
    redirect(&routes::transaction(&id, &back));
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
    let text = if whole.is_empty() {
        let form = SplitForm { parts };
        transactions::split(&backend, &caller, &id, &form).await.map_err(reject)?;
        "Transaction split."
    } else {
        transactions::unsplit(&backend, &caller, &id).await.map_err(reject)?;
        "The transaction is whole again."
    };

    flash::set(&Flash::done(text));
    redirect(&routes::transaction(&id, &back));
    Ok(())
}

/// `POST /transactions/delete`: deletes a row that was typed in.
#[server(prefix = "", endpoint = "transactions/delete")]
pub async fn delete_transaction(
    #[server(default)] id: String,
    #[server(default)] back: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    transactions::delete(&backend, &caller, &TransactionId::new(id)).await.map_err(reject)?;

    flash::set(&Flash::done("Transaction deleted."));
    redirect(&routes::transactions_back(&back));
    Ok(())
}
