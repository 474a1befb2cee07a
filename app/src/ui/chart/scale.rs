//! From amounts to places on a grid of whole numbers. No floating point: the same bytes on every machine.

use domain::DayTotal;

/// Width of the drawing in its own units.
pub const WIDTH: i64 = 1000;
/// Height of the drawing in its own units.
pub const HEIGHT: i64 = 300;
/// The most steps between two lines of the grid.
const STEPS: i64 = 4;

/// The range of amounts a chart covers, in whole steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale {
    /// The lowest line of the grid, in minor units.
    pub bottom: i64,
    /// The highest line of the grid, in minor units.
    pub top: i64,
    /// Between two lines.
    pub step: i64,
}

impl Scale {
    /// The smallest scale of round steps that holds all amounts and zero. `unit` is one major unit in minor
    /// units, so that no line falls between two cents of it.
    pub fn of(amounts: impl Iterator<Item = i64>, unit: i64) -> Self {
        let (low, high) = amounts.fold((0, 0), |(low, high): (i64, i64), amount| (low.min(amount), high.max(amount)));
        let span = high.saturating_sub(low).max(unit.max(1));
        let mut step = round_up(span.saturating_add(STEPS - 1) / STEPS, unit.max(1));
        loop {
            let bottom = low.div_euclid(step).saturating_mul(step);
            let top = high.saturating_add(step - 1).div_euclid(step).saturating_mul(step).max(bottom + step);
            if (top - bottom) / step <= STEPS {
                return Self { bottom, top, step };
            }
            step = round_up(step + 1, unit.max(1));
        }
    }

    /// The lines of the grid, highest first.
    pub fn lines(self) -> Vec<i64> {
        let count = (self.top - self.bottom) / self.step;
        (0..=count).map(|n| self.top - n * self.step).collect()
    }

    /// Where an amount lies: 0 at the top, [`HEIGHT`] at the bottom.
    pub fn y(self, amount: i64) -> i64 {
        let span = i128::from(self.top) - i128::from(self.bottom);
        let above = i128::from(self.top) - i128::from(amount);
        i64::try_from(above * i128::from(HEIGHT) / span).unwrap_or(0).clamp(0, HEIGHT)
    }
}

/// The next of 1, 2, 5 × 10ⁿ units that is not less.
fn round_up(amount: i64, unit: i64) -> i64 {
    let mut power = unit;
    loop {
        for factor in [1, 2, 5] {
            let candidate = power.saturating_mul(factor);
            if candidate >= amount {
                return candidate;
            }
        }
        power = power.saturating_mul(10);
    }
}

/// Where the point `index` of `count` lies: 0 at the left, [`WIDTH`] at the right.
pub fn x(index: usize, count: usize) -> i64 {
    let last = i64::try_from(count.saturating_sub(1)).unwrap_or(i64::MAX).max(1);
    i64::try_from(index).unwrap_or(0) * WIDTH / last
}

/// The line through all points, as a path. `count` is the number of places, which may be more than the points.
pub fn line(points: &[DayTotal], scale: Scale, count: usize) -> String {
    points
        .iter()
        .enumerate()
        .map(|(n, point)| format!("{}{} {}", if n == 0 { "M" } else { "L" }, x(n, count), scale.y(point.minor)))
        .collect()
}

/// The area between the line and zero, as a path.
pub fn area(points: &[DayTotal], scale: Scale, count: usize) -> String {
    let end = x(points.len().saturating_sub(1), count);
    let zero = scale.y(0);
    format!("{}L{end} {zero}L0 {zero}Z", line(points, scale, count))
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn the_lines_are_round_and_hold_everything() {
        let cases = [
            (vec![0, 341_208], (0, 400_000, 100_000)),
            (vec![123_456], (0, 150_000, 50_000)),
            (vec![-5_000, 20_000], (-10_000, 20_000, 10_000)),
            (vec![], (0, 100, 100)),
            (vec![99], (0, 100, 100)),
        ];
        for (amounts, (bottom, top, step)) in cases {
            assert_eq!(Scale::of(amounts.iter().copied(), 100), Scale { bottom, top, step }, "{amounts:?}");
        }
    }

    #[test]
    fn extreme_amounts_do_not_overflow() {
        let scale = Scale::of([-1_000_000_000_000_00, 1_000_000_000_000_00].into_iter(), 100);

        assert_eq!(scale.y(scale.top), 0);
        assert_eq!(scale.y(scale.bottom), HEIGHT);
    }

    #[test]
    fn the_path_starts_at_the_left_and_ends_at_the_right() {
        let points = [
            DayTotal { date: date!(2026 - 06 - 01), minor: 0 },
            DayTotal { date: date!(2026 - 06 - 02), minor: 10_000 },
        ];
        let scale = Scale::of(points.iter().map(|p| p.minor), 100);

        assert_eq!(line(&points, scale, 2), "M0 300L1000 0");
        assert_eq!(area(&points, scale, 2), "M0 300L1000 0L1000 300L0 300Z");
    }
}
