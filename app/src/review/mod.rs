//! What waits for a look, and each answer as a form of its own.

mod api;
mod duplicates;
mod keys;
mod page;
mod prices;
mod rows;
mod transfers;
mod unsorted;

pub(crate) use api::waiting;
pub use api::{DecideDuplicate, DecideTransfer, SeePrice, SortRow, UndoReview};
pub use page::ReviewPage;
