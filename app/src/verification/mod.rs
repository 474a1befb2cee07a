//! The proof that an account is its owner's: small deposits are sent, waited for and confirmed.

mod api;
mod notice;
mod numbers;
mod page;

pub use api::{AnswerDeposits, EnterNumbers, LetArrive, StartDeposits};
pub(crate) use api::{awaited, sends_deposits, verification_of};
pub(crate) use notice::VerificationNotice;
pub(crate) use numbers::NumbersAgain;
pub use page::VerifyPage;
