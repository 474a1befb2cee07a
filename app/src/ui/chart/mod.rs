//! Charts, drawn by the server as SVG. Shapes stretch with the page; words stand around them,
//! so that they never shrink. The geometry is `domain::chart`.

mod area;
mod cursor;
mod spark;

pub use area::{AreaChart, Guide};
pub use spark::{Sparkline, direction, trend};
