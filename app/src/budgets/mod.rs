//! Budgets: all of them in one month, a new one with a look back, and one with its history.

mod api;
mod bar;
mod change;
mod detail;
mod example;
mod fields;
mod history;
mod list;
mod new;
mod replay;

pub(crate) use api::list_budgets;
pub use api::{
    ChangeBudget, CreateBudget, DeleteBudget, EndBudget, GetBudget, ListBudgets, ReplayBudget,
    ReplayChange, UsualCurrency,
};
pub use detail::BudgetPage;
pub use list::BudgetsPage;
pub use new::NewBudgetPage;
