//! The rules of the product as pure functions: no I/O, no clock, no framework. The server and the browser run the same
//! code. The feature `sqlx` adds column types for the database, `zones` the time zones of the world, for the server.
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
pub mod balance;
pub mod bank_day;
pub mod batch;
pub mod billing;
pub mod budget;
pub mod category;
pub mod chart;
pub mod connection;
pub mod count;
pub mod csv;
pub mod day;
pub mod entry;
pub mod export;
pub mod fingerprint;
pub mod import;
pub mod ledger;
pub mod merchant;
pub mod money;
pub mod page;
pub mod password;
pub mod picture;
pub mod plan;
pub mod provider;
pub mod query;
pub mod recurring;
pub mod redirect;
pub mod review;
pub mod rules;
pub mod saved_view;
pub mod search;
pub mod states;
pub mod tags;
pub mod text;
pub mod user_agent;
pub mod verification;
pub mod wait;
#[cfg(feature = "zones")]
pub mod zone;

mod account_number;
mod code;
mod currency;
mod email;
mod filter;
mod form;
mod ids;
mod routing;
mod transaction;

pub use account::{
    AccountStatus, AccountType, AccountView, NewAccount, NewAccountForm, NumbersForm, mask_label,
    mask_spoken,
};
pub use account_number::AccountNumber;
pub use code::Code;
pub use currency::Currency;
pub use day::{Date, Month};
pub use email::Email;
pub use filter::{Chip, Counted, Flow, TransactionFilter};
pub use form::{Errors, FieldError, SECRET_FIELDS, is_secret};
pub use ids::{
    AccountId, BatchId, BudgetId, ConnectionId, DoubtId, ImportId, PairId, RoundId, RuleId,
    SavedViewId, SeriesId, SessionId, TransactionId, UserId,
};
pub use money::Money;
pub use page::{Cursor, Direction, PageRequest};
pub use routing::RoutingNumber;
pub use transaction::{
    CategoryTotal, CurrencySum, DayTotal, TransactionPage, TransactionStatus, TransactionType,
    TransactionView,
};
