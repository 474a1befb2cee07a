//! The rules of the product as pure functions: no I/O, no clock, no framework. The server and the browser run the same
//! code. The feature `sqlx` adds column types for the database and nothing else.
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::expect_used,
        clippy::float_arithmetic,
        clippy::indexing_slicing
    )
)]

#[macro_use]
mod column;

pub mod account;
pub mod activity;
pub mod billing;
pub mod category;
pub mod chart;
pub mod csv;
pub mod day;
pub mod export;
pub mod fingerprint;
pub mod import;
pub mod merchant;
pub mod money;
pub mod page;
pub mod password;
pub mod picture;
pub mod plan;
pub mod query;
pub mod redirect;
pub mod text;
pub mod user_agent;
pub mod wait;

mod account_number;
mod code;
mod currency;
mod email;
mod form;
mod ids;
mod routing;
mod transaction;

pub use account::{
    AccountStatus, AccountType, AccountView, NewAccount, NewAccountForm, mask_label, mask_spoken,
};
pub use account_number::AccountNumber;
pub use code::Code;
pub use currency::Currency;
pub use day::{Date, Month};
pub use email::Email;
pub use form::{Errors, FieldError, SECRET_FIELDS, is_secret};
pub use ids::{AccountId, ImportId, SessionId, TransactionId, UserId};
pub use money::Money;
pub use page::{Cursor, Direction, PageRequest};
pub use routing::RoutingNumber;
pub use transaction::{
    CategoryTotal, Chip, CurrencySum, DayTotal, TransactionFilter, TransactionPage,
    TransactionStatus, TransactionType, TransactionView,
};
