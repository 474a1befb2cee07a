//! What the cursor of a chart says at each point.

use domain::{Currency, Date, DayTotal, Money, day::format_day};

use super::scale::{Scale, x};
use crate::islands::CursorPoint;

/// The address of the rows behind a day.
pub type Explain = fn(Date) -> String;

/// The points of the line and of the one it is compared with.
pub fn lines(
    points: &[DayTotal],
    others: &[DayTotal],
    scale: Scale,
    currency: Currency,
    explain: Explain,
) -> Vec<Vec<CursorPoint>> {
    let count = points.len().max(others.len());
    let line = |points: &[DayTotal], others: &[DayTotal]| {
        let cursor = |(n, point): (usize, &DayTotal)| CursorPoint {
            x: small(x(n, count)),
            y: small(scale.y(point.minor)),
            text: text(*point, others.get(n), currency),
            href: explain(point.date),
        };
        points.iter().enumerate().map(cursor).collect()
    };
    vec![line(points, others), line(others, &[])]
}

/// "12 May 2026, $1,204.50, $80.00 above 12 April 2026".
fn text(point: DayTotal, other: Option<&DayTotal>, currency: Currency) -> String {
    let money = |minor| Money::new(minor, currency);
    let mut text = format!("{}, {}", format_day(point.date), money(point.minor).format());
    if let Some(other) = other {
        let more = point.minor.saturating_sub(other.minor);
        let than = format_day(other.date);
        let compared = match more {
            0 => format!(", the same as {than}"),
            1.. => format!(", {} above {than}", money(more).format()),
            _ => format!(", {} below {than}", money(more).format_absolute()),
        };
        text.push_str(&compared);
    }
    text
}

/// The drawing is a few hundred units wide and high.
pub fn small(units: i64) -> i32 {
    i32::try_from(units).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn a_point_says_its_day_its_amount_and_the_difference() {
        let now = DayTotal { date: date!(2026 - 05 - 12), minor: 120_450 };
        let before = DayTotal { date: date!(2026 - 04 - 12), minor: 112_450 };

        assert_eq!(
            text(now, Some(&before), Currency::USD),
            "12 May 2026, $1,204.50, $80.00 above 12 April 2026"
        );
        assert_eq!(
            text(before, Some(&now), Currency::USD),
            "12 April 2026, $1,124.50, $80.00 below 12 May 2026"
        );
        assert_eq!(text(now, None, Currency::USD), "12 May 2026, $1,204.50");
    }

    #[test]
    fn both_lines_start_at_the_left() {
        let days = [
            DayTotal { date: date!(2026 - 05 - 01), minor: 0 },
            DayTotal { date: date!(2026 - 05 - 02), minor: 100 },
        ];
        let scale = Scale::of([0, 100].into_iter(), 100);

        let lines = lines(&days[..1], &days, scale, Currency::USD, |date| format!("/{date}"));

        assert_eq!(lines[0].iter().map(|point| point.x).collect::<Vec<_>>(), [0]);
        assert_eq!(lines[1].iter().map(|point| point.x).collect::<Vec<_>>(), [0, 1000]);
        assert_eq!(lines[1][1].href, "/2026-05-02");
    }
}
