//! Charts, drawn by the server as SVG. Shapes are in the SVG and stretch with it; words stand around it in HTML,
//! so that they never shrink.

mod area;
mod cursor;
mod scale;

pub use area::AreaChart;
