//! The proof that an account is its owner's: small deposits are sent, waited for and confirmed.

mod api;
mod notice;
mod page;

pub use api::{AnswerDeposits, LetArrive, StartDeposits};
pub(crate) use api::{awaited, verification_of};
pub(crate) use notice::VerificationNotice;
pub use page::VerifyPage;
