//! Transactions: lists by page and by cursor, and what they add up to.

mod brief;
mod bulk;
mod counted;
mod detail;
pub mod duplicates;
mod edit;
pub mod export;
mod insert;
mod list;
mod narrow;
mod offer;
mod period;
pub(crate) mod reported;
mod rows;
mod split;
mod sums;
#[cfg(feature = "testing")]
pub mod testing;
pub mod transfers;
mod unsorted;
pub mod views;

pub use brief::Brief;
pub use bulk::{BatchView, Deletion, Goes, apply_rule, batches, change, deletion, get_batch, undo};
pub(crate) use bulk::{all as all_batches, sweep as sweep_batches};
pub use detail::get;
pub use edit::{Edited, add, delete, edit};
pub(crate) use insert::{NewTransaction, insert};
pub(crate) use list::LAST_DAY;
pub use list::list;
pub(crate) use list::newest;
pub use offer::{Offer, always, offer, take_offer};
pub(crate) use period::period;
pub use period::{Period, SpendingSeries, month_totals, spending};
pub(crate) use rows::after;
pub use split::{split, unsplit};
pub use unsorted::Unsorted;
pub(crate) use unsorted::{count as count_unsorted, unsorted};

/// The word for a missing transaction, in errors.
pub(crate) const TRANSACTION: &str = "transaction";

#[cfg(test)]
mod counted_tests;
#[cfg(test)]
mod edit_tests;
#[cfg(test)]
mod filter_tests;
#[cfg(test)]
mod offer_tests;
#[cfg(test)]
mod split_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod views_tests;
