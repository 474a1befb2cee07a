//! The islands: the only components that reach the browser as WASM. Each improves HTML that works without it.

mod busy;
mod chart_cursor;
mod dismiss;
mod file_size;
mod live;
mod password;
mod repeat;

pub use busy::BusyForms;
pub use chart_cursor::{ChartCursor, CursorPoint};
pub use dismiss::Dismiss;
pub use file_size::FileSize;
pub use live::{LiveField, Rule};
pub use password::PasswordTools;
pub use repeat::Repeat;
