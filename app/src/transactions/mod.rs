//! Transactions: the list with its filters, one row with all that can be changed about it, a new one, and the table that
//! other pages show too.

mod api;
mod bulk;
mod chips;
mod choices;
mod detail;
mod edit;
mod filters;
mod new;
mod page;
mod pages;
mod reading;
mod split;
mod summary;
mod table;

pub use api::{
    AddTransaction, ChangeTransactions, DeleteTransaction, EditTransaction, GetTransaction,
    ListCategories, ListTransactions, SplitTransaction, UndoTransactions, list_transactions,
    say_done,
};
pub use detail::TransactionDetailPage;
pub use filters::account_choice;
pub use new::AddTransactionPage;
pub use page::TransactionsPage;
pub use summary::sum_line;
pub use table::TransactionTable;
