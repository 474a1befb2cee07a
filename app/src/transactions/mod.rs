//! Transactions: the list with its filters, one row with all that can be changed about it, a new one, and the table that
//! other pages show too.

mod api;
mod bulk;
mod changes;
mod chips;
mod choices;
mod delete;
mod detail;
mod edit;
mod filters;
mod new;
mod offer;
mod page;
mod pages;
mod reading;
mod row_keys;
mod split;
mod summary;
mod syntax;
mod table;
mod transfer;
mod views;

pub use api::{
    AddTransaction, ChangeTransactions, DeleteTransaction, EditTransaction, GetTransaction,
    ListBatches, ListCategories, ListTransactions, SplitTransaction, UndoTransactions,
    list_batches, list_categories, list_transactions, say_done, what_was_done,
};
pub use changes::ChangesPage;
pub(crate) use choices::{
    categories as category_choices, groups as category_groups, label as category_label,
    leaves as category_leaves,
};
pub use delete::DeleteTransactionsPage;
pub use detail::TransactionDetailPage;
pub use filters::account_choice;
pub use new::AddTransactionPage;
pub use offer::Always;
pub use page::TransactionsPage;
pub(crate) use row_keys::ROW_KEYS;
pub use table::TransactionTable;
pub use transfer::{LinkTransfer, UnlinkTransfer};
pub use views::{DeleteView, RenameView, SaveView, ViewPage, ViewsPage};
