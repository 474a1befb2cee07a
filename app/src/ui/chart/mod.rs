//! Charts, drawn by the server as SVG. Shapes stretch with the page; words stand around them,
//! so that they never shrink. The geometry is `domain::chart`.

mod area;
mod bars;
mod cursor;
mod plot;
mod spark;

pub use area::{AreaChart, Guide};
pub use bars::{BarChart, ChartBar};
pub use spark::{Sparkline, direction, trend};
