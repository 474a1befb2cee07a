//! What the cursor of a chart says at each point.

use std::sync::Arc;

use domain::{Currency, Date, Money, chart::Point, day::format_day};

use crate::{islands::CursorPoint, ui::AmountText};

/// The address of the rows behind a day.
pub type Explain = Arc<dyn Fn(Date) -> String + Send + Sync>;

/// The points of the line and of the one it is compared with.
pub fn lines(
    points: &[Point],
    others: &[Point],
    currency: Currency,
    explain: &dyn Fn(Date) -> String,
) -> Vec<Vec<CursorPoint>> {
    let line = |points: &[Point], others: &[Point]| {
        let cursor = |(n, point): (usize, &Point)| CursorPoint {
            x: point.x,
            y: point.y,
            text: text(point, others.get(n), currency),
            href: explain(point.date),
        };
        points.iter().enumerate().map(cursor).collect()
    };
    vec![line(points, others), line(others, &[])]
}

/// "12 May 2026, $1,204.50, $80.00 above 12 April 2026".
fn text(point: &Point, other: Option<&Point>, currency: Currency) -> String {
    let money = |minor| Money::new(minor, currency);
    let mut text = format!("{}, {}", format_day(point.date), money(point.minor).shown());
    if let Some(other) = other {
        let more = point.minor.saturating_sub(other.minor);
        let than = format_day(other.date);
        let compared = match more {
            0 => format!(", the same as {than}"),
            1.. => format!(", {} above {than}", money(more).shown()),
            _ => format!(", {} below {than}", money(more).shown_absolute()),
        };
        text.push_str(&compared);
    }
    text
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn a_point_says_its_day_its_amount_and_the_difference() {
        let now = Point { x: 0, y: 0, date: date!(2026 - 05 - 12), minor: 120_450 };
        let before = Point { date: date!(2026 - 04 - 12), minor: 112_450, ..now };

        assert_eq!(
            text(&now, Some(&before), Currency::USD),
            "12 May 2026, $1,204.50, $80.00 above 12 April 2026"
        );
        assert_eq!(
            text(&before, Some(&now), Currency::USD),
            "12 April 2026, $1,124.50, $80.00 below 12 May 2026"
        );
        assert_eq!(text(&now, None, Currency::USD), "12 May 2026, $1,204.50");
    }

    #[test]
    fn every_point_leads_to_its_rows() {
        let day = Point { x: 1000, y: 300, date: date!(2026 - 05 - 02), minor: 100 };

        let lines = lines(&[], &[day], Currency::USD, &|date| format!("/{date}"));

        assert!(lines[0].is_empty());
        assert_eq!((lines[1][0].x, lines[1][0].y, &*lines[1][0].href), (1000, 300, "/2026-05-02"));
    }
}
