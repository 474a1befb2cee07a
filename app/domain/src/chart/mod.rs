//! The geometry of a chart of days: whole numbers in a view box, no drawing. The same on the server and in a page.

mod axis;
mod bars;
mod spark;
mod thin;

use std::fmt::Write as _;

pub use axis::{DayLabel, Tick};
pub use bars::{Bar, Bars, Measured, bars};
pub use spark::{Spark, spark};
pub use thin::largest_triangles;

use crate::{Date, DayTotal};

/// The most points of a line that are drawn: a screen shows no more. A longer line is thinned by [`largest_triangles`].
pub const MOST_POINTS: usize = 1_000;

/// The view box and the room around the plot, in its units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Width of the view box.
    pub width: i32,
    /// Height of the view box.
    pub height: i32,
    /// Room for the labels of the values.
    pub left: i32,
    /// Room at the right end.
    pub right: i32,
    /// Room above the highest value.
    pub top: i32,
    /// Room for the labels of the days.
    pub bottom: i32,
    /// Most lines across the plot.
    pub ticks: u32,
    /// Most labels under it.
    pub labels: u32,
    /// True when zero must be on it, as the area of sums needs; a balance may leave it out.
    pub from_zero: bool,
}

impl Default for Frame {
    fn default() -> Self {
        Self {
            width: 640,
            height: 240,
            left: 72,
            right: 12,
            top: 12,
            bottom: 28,
            ticks: 5,
            labels: 6,
            from_zero: false,
        }
    }
}

/// One day on the plot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// From the left of the view box.
    pub x: i32,
    /// From its top.
    pub y: i32,
    /// The day.
    pub date: Date,
    /// Its value in minor units.
    pub minor: i64,
}

/// A chart, ready to be written as SVG.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// The `d` of the line. A missing day is a gap.
    pub line: String,
    /// The `d` of the area between the line and the base.
    pub area: String,
    /// Where zero lies, when it is on the plot.
    pub zero: Option<i32>,
    /// The lines across, from the lowest value up.
    pub ticks: Vec<Tick>,
    /// The labels under it, from the left.
    pub labels: Vec<DayLabel>,
    /// Every day that is drawn, from the left: all that were given, or what is left of more than [`MOST_POINTS`].
    pub points: Vec<Point>,
}

/// Lays out the days, in any order; of a day given twice the last counts. Nothing for no days or a frame without room.
pub fn layout(days: &[DayTotal], frame: &Frame) -> Option<Chart> {
    layout_pair(days, &[], frame).map(|(chart, _)| chart)
}

/// Lays out two lines on one plot with one scale. The second starts at the left edge as the first does, whatever its
/// dates are, so that one month lies over another; it is empty when it has no days.
pub fn layout_pair(
    days: &[DayTotal],
    others: &[DayTotal],
    frame: &Frame,
) -> Option<(Chart, Chart)> {
    let mut charts = layout_all(&[days, others], frame)?.into_iter();
    Some((charts.next()?, charts.next()?))
}

/// The same for any number of lines, the main one first: nothing where that has no days.
pub fn layout_all(lines: &[&[DayTotal]], frame: &Frame) -> Option<Vec<Chart>> {
    let lines: Vec<Vec<DayTotal>> = lines.iter().map(|days| sorted(days)).collect();
    let reach = |days: &Vec<DayTotal>| match (days.first(), days.last()) {
        (Some(first), Some(last)) => day_number(last.date, first.date),
        _ => 0,
    };
    let first = lines.first()?.first()?.date;
    let longest = time::Duration::days(lines.iter().map(reach).max().unwrap_or(0));
    let last = first.checked_add(longest)?;
    let values: Vec<i64> = lines.iter().flatten().map(|day| day.minor).collect();
    let plot = Plot::new(frame, first, last, &values)?;
    let labels = axis::days(first, last, frame.labels);
    let labels: Vec<DayLabel> =
        labels.into_iter().map(|(date, text)| DayLabel { x: plot.x(date), date, text }).collect();
    let draw = |days: &Vec<DayTotal>| {
        let first = days.first().map_or(first, |day| day.date);
        Plot { first, ..plot }.draw(days, labels.clone())
    };
    Some(lines.iter().map(draw).collect())
}

/// The view box and the scales of both directions.
#[derive(Clone, Copy)]
struct Plot {
    left: i64,
    right: i64,
    top: i64,
    bottom: i64,
    first: Date,
    days: i64,
    scale: axis::Scale,
}

impl Plot {
    fn new(frame: &Frame, first: Date, last: Date, values: &[i64]) -> Option<Self> {
        let edge = |size: i32, room: i32| i64::from(size).checked_sub(i64::from(room));
        let (left, top) = (i64::from(frame.left), i64::from(frame.top));
        let (right, bottom) = (edge(frame.width, frame.right)?, edge(frame.height, frame.bottom)?);
        let values = || values.iter().copied().chain(frame.from_zero.then_some(0));
        let scale = axis::Scale::new(values().min()?, values().max()?, frame.ticks);
        let room = right > left && bottom > top;
        room.then(|| Self { left, right, top, bottom, first, days: day_number(last, first), scale })
    }

    /// One line of the plot, from days in order.
    fn draw(&self, days: &[DayTotal], labels: Vec<DayLabel>) -> Chart {
        let point = |day: &DayTotal| Point {
            x: self.x(day.date),
            y: self.y(day.minor),
            date: day.date,
            minor: day.minor,
        };
        let runs: Vec<Vec<Point>> =
            runs(days).iter().map(|run| run.iter().map(point).collect()).collect();
        Chart {
            line: runs.iter().map(|run| line(run)).collect(),
            area: runs.iter().map(|run| area(run, self.base())).collect(),
            zero: self.scale.holds(0).then(|| self.y(0)),
            ticks: self.scale.values().map(|minor| Tick { y: self.y(minor), minor }).collect(),
            labels,
            points: runs.concat(),
        }
    }

    /// A chart of one day has it in the middle.
    fn x(&self, date: Date) -> i32 {
        if self.days == 0 {
            return between(self.left, self.right, 1, 2);
        }
        between(
            self.left,
            self.right,
            i128::from(day_number(date, self.first)),
            i128::from(self.days),
        )
    }

    fn y(&self, minor: i64) -> i32 {
        let (above, range) = self.scale.part(minor);
        between(self.bottom, self.top, above, range)
    }

    /// Where areas stand on: zero, or the edge nearest to it.
    fn base(&self) -> i32 {
        self.y(self.scale.nearest_to_zero())
    }
}

/// The point `part` of `whole` on the way from one end to the other, rounded to the nearest.
fn between(from: i64, to: i64, part: i128, whole: i128) -> i32 {
    let way = i128::from(to).saturating_sub(i128::from(from)).saturating_mul(part);
    let half = whole.checked_div(2).unwrap_or(0);
    let step = way.saturating_add(half).checked_div_euclid(whole).unwrap_or(0);
    let at = i128::from(from).saturating_add(step);
    i32::try_from(at).unwrap_or(if at < 0 { i32::MIN } else { i32::MAX })
}

fn day_number(date: Date, first: Date) -> i64 {
    i64::from(date.to_julian_day()).saturating_sub(i64::from(first.to_julian_day()))
}

fn sorted(days: &[DayTotal]) -> Vec<DayTotal> {
    let mut days = days.to_vec();
    // A stable sort, read from the end, keeps the last of equal days.
    days.sort_by_key(|day| day.date);
    days.reverse();
    days.dedup_by_key(|day| day.date);
    days.reverse();
    days
}

/// The days without a missing one between them. Of more than may be drawn each run keeps its share, and both ends.
fn runs(days: &[DayTotal]) -> Vec<Vec<DayTotal>> {
    let runs = days.chunk_by(|one, two| one.date.next_day() == Some(two.date));
    runs.map(|run| {
        let share = run.len().saturating_mul(MOST_POINTS).checked_div(days.len()).unwrap_or(0);
        largest_triangles(run, if days.len() > MOST_POINTS { share.max(2) } else { run.len() })
    })
    .collect()
}

fn line(run: &[Point]) -> String {
    let mut path = String::new();
    for (at, point) in run.iter().enumerate() {
        let command = if at == 0 { 'M' } else { 'L' };
        let _ = write!(path, "{command}{} {}", point.x, point.y);
    }
    // A day alone is a dot under round line caps.
    if run.len() == 1 {
        path.push_str("h0");
    }
    path
}

fn area(run: &[Point], base: i32) -> String {
    let (Some(first), Some(last)) = (run.first(), run.last()) else { return String::new() };
    if run.len() == 1 {
        return String::new();
    }
    format!("{}L{} {base}L{} {base}Z", line(run), last.x, first.x)
}

#[cfg(test)]
mod tests;
