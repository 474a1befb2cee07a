//! Two rows that are one movement between own accounts: found after every change of rows, decided by their owner, or
//! put together by hand. See [`domain::ledger::transfers`] for the rule.

mod candidates;
mod decide;
mod kept;
mod look;
mod open;
mod rows;
#[cfg(test)]
mod tests;

pub use candidates::candidates;
pub use decide::{confirm, link, reject, take_back, unlink};
pub(crate) use kept::{Kept, all};
pub(crate) use look::look;
pub use open::{PairPage, Suggestion, page};
pub(crate) use open::{count, open};
pub(super) use rows::part;
pub(crate) use rows::part_import;

/// The word for a missing pair, in errors.
const PAIR: &str = "transfer";
