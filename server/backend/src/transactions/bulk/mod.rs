//! One change of many rows or of one, and its undo. What each row was before is kept for a while; what its owner changes about a
//! row afterwards outlives the undo.

mod by_rule;
mod change;
mod deletion;
mod fields;
mod kept;
mod rows;
mod single;
mod undo;

pub use by_rule::apply_rule;
pub use change::change;
pub use deletion::{Deletion, Goes, deletion};
pub(super) use fields::Fields;
pub use kept::{BatchView, batches, get_batch};
pub(crate) use kept::{all, sweep};
pub(super) use rows::{Row, any, hold, write};
pub(super) use single::change_one;
pub use undo::undo;

/// The word for a missing batch, in errors.
const BATCH: &str = "batch";
/// Rows in one statement.
const CHUNK: usize = 1_000;

#[cfg(test)]
mod single_tests;
#[cfg(test)]
mod tests;
