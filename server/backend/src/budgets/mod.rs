//! Budgets: what somebody means to spend on a category, and how that stands. Sums are read from the rows each time.

mod alerts;
mod change;
mod currency;
mod letters;
mod live;
mod page;
mod rows;
#[cfg(test)]
mod tests;

pub(crate) use alerts::look;
pub use change::{create, delete, end, update};
pub use currency::usual_currency;
pub(crate) use live::hand_over;
pub use page::{
    AmountFrom, BudgetDetail, BudgetsPage, Unbudgeted, get, history, page, preview, preview_change,
};
use rows::Budget;
pub(crate) use rows::{Kept, kept};

/// The word for a missing budget, in errors.
const BUDGET: &str = "budget";
