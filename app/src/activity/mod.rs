//! What was done to an account, for its owner.

mod api;
mod page;
mod table;

pub use api::{ActivityList, ActivityRow, list_activity};
pub use page::ActivityPage;
pub use table::ActivityTable;
