//! Transactions: the list with its filters, and the table that other pages show too.

mod api;
mod chips;
mod filters;
mod page;
mod pages;
mod summary;
mod table;

pub use api::{ListTransactions, list_transactions};
pub use filters::account_choice;
pub use page::TransactionsPage;
pub use summary::sum_line;
pub use table::TransactionTable;
