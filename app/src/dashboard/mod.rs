//! The overview of a signed-in person: what there is, what this month took, where it went.

mod accounts;
mod ahead;
mod api;
mod budgets;
mod categories;
mod checklist;
mod figures;
mod page;
mod spending;
mod words;

pub use api::{GetOverview, get_overview};
pub use checklist::HideChecklist;
pub(crate) use checklist::{BringBackFirstSteps, first_steps_hidden};
pub use page::DashboardPage;
