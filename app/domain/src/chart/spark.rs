//! A line of the size of a word: no axis and no labels, all of the height for what there is.

use super::{MOST_POINTS, Point, between, day_number, largest_triangles, line, sorted};
use crate::DayTotal;

/// Room above and below, so that the line is as thick at its ends as between them.
const EDGE: i64 = 2;

/// A small line, ready to be written as SVG.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spark {
    /// The `d` of the line.
    pub line: String,
    /// Where zero lies, when the line crosses it.
    pub zero: Option<i32>,
}

/// The days, in any order, as a line from edge to edge: the lowest at the bottom, the highest at the top, one level in
/// the middle. A missing day is passed over. Nothing for fewer than two days or a box without room.
pub fn spark(days: &[DayTotal], width: i32, height: i32) -> Option<Spark> {
    let days = largest_triangles(&sorted(days), MOST_POINTS);
    let (first, last) = (days.first()?.date, days.last()?.date);
    let low = days.iter().map(|day| day.minor).min()?;
    let high = days.iter().map(|day| day.minor).max()?;
    let (top, bottom) = (EDGE, i64::from(height).saturating_sub(EDGE));
    let length = day_number(last, first);
    if length == 0 || width <= 0 || bottom <= top {
        return None;
    }
    let range = i128::from(high).saturating_sub(i128::from(low));
    let y = |minor: i64| match range {
        0 => between(bottom, top, 1, 2),
        _ => between(bottom, top, i128::from(minor).saturating_sub(i128::from(low)), range),
    };
    let x = |date| {
        between(0, i64::from(width), i128::from(day_number(date, first)), i128::from(length))
    };
    let points: Vec<Point> = days
        .iter()
        .map(|day| Point { x: x(day.date), y: y(day.minor), date: day.date, minor: day.minor })
        .collect();
    Some(Spark { line: line(&points), zero: (low < 0 && high > 0).then(|| y(0)) })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::{Duration, macros::date};

    use super::*;

    fn days(values: &[i64]) -> Vec<DayTotal> {
        let day = |(n, minor): (usize, &i64)| DayTotal {
            date: date!(2026 - 05 - 01) + Duration::days(i64::try_from(n).unwrap()),
            minor: *minor,
        };
        values.iter().enumerate().map(day).collect()
    }

    #[test]
    fn the_lowest_is_at_the_bottom_and_the_highest_at_the_top() {
        let spark = spark(&days(&[101_000, 103_900, 102_450]), 100, 32).unwrap();

        assert_eq!(spark, Spark { line: "M0 30L50 2L100 16".to_owned(), zero: None });
    }

    #[test]
    fn one_level_is_a_line_in_the_middle_and_zero_is_marked_where_it_is_crossed() {
        assert_eq!(spark(&days(&[5, 5]), 100, 32).unwrap().line, "M0 16L100 16");
        assert_eq!(spark(&days(&[-100, 100]), 100, 32).unwrap().zero, Some(16));
        assert_eq!(spark(&days(&[0, 100]), 100, 32).unwrap().zero, None);
    }

    #[test]
    fn one_day_is_no_line() {
        assert_eq!(spark(&days(&[5]), 100, 32), None);
        assert_eq!(spark(&[], 100, 32), None);
        assert_eq!(spark(&days(&[1, 2]), 0, 32), None);
        assert_eq!(spark(&days(&[1, 2]), 100, 4), None);
    }

    proptest! {
        #[test]
        fn the_line_stays_in_its_box(values in prop::collection::vec(any::<i64>(), 2..200)) {
            let spark = spark(&days(&values), 120, 32).unwrap();

            let points = spark.line.split(['M', 'L']).filter(|point| !point.is_empty());
            for point in points {
                let (x, y) = point.split_once(' ').unwrap();
                prop_assert!((0..=120).contains(&x.parse::<i32>().unwrap()), "{}", point);
                prop_assert!((2..=30).contains(&y.parse::<i32>().unwrap()), "{}", point);
            }
        }
    }
}
