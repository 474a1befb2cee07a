//! Charts, drawn by the server as SVG. Shapes stretch with the page; words stand around them,
//! so that they never shrink. The geometry is `domain::chart`.

mod area;
mod cursor;

pub use area::AreaChart;
