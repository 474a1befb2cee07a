//! The server functions of transactions.

use domain::{PageRequest, TransactionFilter, TransactionPage, query};
use leptos::prelude::*;

use crate::{
    AppError,
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
    backend::transactions::list(&backend, &caller, &filter, &request).await.map_err(reject)
}
