//! Transactions: lists by page and by cursor, and what they add up to.

mod bulk;
mod detail;
mod edit;
pub mod export;
mod insert;
mod list;
mod narrow;
mod period;
pub(crate) mod reported;
mod rows;
mod split;
mod sums;
#[cfg(feature = "testing")]
pub mod testing;

pub use bulk::{BatchView, apply_rule, batches, change, get_batch, undo};
pub(crate) use bulk::{all as all_batches, sweep as sweep_batches};
pub use detail::get;
pub use edit::{add, delete, edit};
pub(crate) use insert::{NewTransaction, insert};
pub(crate) use list::LAST_DAY;
pub use list::list;
pub(crate) use list::newest;
pub(crate) use period::period;
pub use period::{Period, SpendingSeries, month_totals, spending};
pub(crate) use rows::after;
pub use split::{split, unsplit};

/// The word for a missing transaction, in errors.
pub(crate) const TRANSACTION: &str = "transaction";

#[cfg(test)]
mod edit_tests;
#[cfg(test)]
mod filter_tests;
#[cfg(test)]
mod split_tests;
#[cfg(test)]
mod tests;
