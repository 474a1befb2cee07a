//! What repeats: rent, salaries, subscriptions, with what comes next.

mod api;
mod coming;
mod detail;
mod list;
mod merge;
mod words;

pub(crate) use api::list_series;
pub use api::{
    ChooseSeries, GetMerge, GetSeries, LeaveOutRow, ListSeries, LookAtMerge, MergeSeries,
    PutBackRow,
};
pub use detail::SeriesPage;
pub use list::RecurringPage;
pub use merge::MergePage;
