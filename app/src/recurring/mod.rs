//! What repeats: rent, salaries, subscriptions, with what comes next.

mod api;
mod coming;
mod detail;
mod list;
mod words;

pub(crate) use api::list_series;
pub use api::{ChooseSeries, GetSeries, LeaveOutRow, ListSeries, MergeSeries};
pub use detail::SeriesPage;
pub use list::RecurringPage;
