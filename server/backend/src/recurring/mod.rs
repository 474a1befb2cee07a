//! What repeats in somebody's rows: found after every change of them, shown with what comes next, and decided on by
//! its owner. See [`domain::recurring`] for the rules.

mod decide;
mod look;
mod merge;
mod page;
mod prices;
mod rows;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(test)]
mod tests;

pub use decide::{choose, leave_out, put_back};
pub(crate) use look::look;
pub use merge::{MergeLook, look_at_merge, merge};
pub use page::{Coming, RecurringPage, SeriesDetail, SeriesRow, coming_in, get, page};
pub(crate) use prices::rises;
pub use prices::{forget_price, see_price};
pub(crate) use rows::{Kept, all};

/// The word for a missing series, in errors.
const SERIES: &str = "series";
