//! Bank accounts: the list, one account, adding, renaming and deleting.

mod api;
mod archived;
mod balance;
mod danger;
mod delete;
mod detail;
mod held;
mod link;
mod list;
mod menu;
mod numbers;
mod projection;
mod statement;
mod status;

pub use api::{
    AddAccount, ArchiveAccount, DeleteAccount, GetAccount, ListAccounts, RenameAccount,
    ShiftAccount, UnarchiveAccount, add_account, archive_account, delete_account, get_account,
    list_accounts, rename_account, shift_account, unarchive_account,
};
pub use balance::GetBalances;
pub use delete::DeleteAccountPage;
pub use detail::AccountPage;
pub(crate) use held::InApp;
pub use link::LinkPage;
pub use list::AccountsPage;
pub(crate) use numbers::NumberFields;
pub use statement::{GetStatement, ListStatements, StatementPage};
pub use status::StatusBadge;
pub(crate) use status::{Proofs, WhatNext, next_step};
