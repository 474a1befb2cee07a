//! Bars side by side, each held against a limit of its own.

use super::{Frame, Tick, axis::Scale, between};

/// What a bar stands for, in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measured {
    /// Its height; below zero it hangs down.
    pub minor: i64,
    /// Where its limit is marked.
    pub limit_minor: i64,
}

/// One bar in the units of the view box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar {
    /// The left edge.
    pub left: i32,
    /// How wide it is.
    pub width: i32,
    /// Where its value ends.
    pub value: i32,
    /// Where its limit is.
    pub limit: i32,
    /// The ends of the limit's mark, which reaches out on both sides.
    pub mark: (i32, i32),
}

impl Bar {
    /// The point over the middle of the bar.
    pub const fn middle(&self) -> i32 {
        self.left.saturating_add(self.width / 2)
    }
}

/// Bars, ready to be written as SVG.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bars {
    /// From the left.
    pub bars: Vec<Bar>,
    /// Where they stand: the height of zero.
    pub zero: i32,
    /// The lines across, from the lowest value up.
    pub ticks: Vec<Tick>,
}

/// Few bars do not get wider than if there were so many.
const FEWEST_PLACES: usize = 6;

/// Lays out the bars from the left, with zero on the plot. Nothing for no bars or a frame without room.
pub fn bars(values: &[Measured], frame: &Frame) -> Option<Bars> {
    let (left, top) = (i64::from(frame.left), i64::from(frame.top));
    let right = i64::from(frame.width).checked_sub(i64::from(frame.right))?;
    let bottom = i64::from(frame.height).checked_sub(i64::from(frame.bottom))?;
    if values.is_empty() || right <= left || bottom <= top {
        return None;
    }
    let ends = || values.iter().flat_map(|value| [value.minor, value.limit_minor]).chain([0]);
    let scale = Scale::new(ends().min()?, ends().max()?, frame.ticks);
    let y = |minor| {
        let (above, range) = scale.part(minor);
        between(bottom, top, above, range)
    };
    // Each place has ten parts: the bar takes the six in the middle, its mark eight.
    let parts = i128::try_from(values.len().max(FEWEST_PLACES)).ok()?.checked_mul(10)?;
    let x = |part: i128| between(left, right, part, parts);
    let bar = |(n, value): (usize, &Measured)| {
        let start = i128::try_from(n).unwrap_or(i128::MAX).saturating_mul(10);
        let at = |part: i128| x(start.saturating_add(part));
        Bar {
            left: at(2),
            width: at(8).saturating_sub(at(2)),
            value: y(value.minor),
            limit: y(value.limit_minor),
            mark: (at(1), at(9)),
        }
    };
    Some(Bars {
        bars: values.iter().enumerate().map(bar).collect(),
        zero: y(0),
        ticks: scale.values().map(|minor| Tick { y: y(minor), minor }).collect(),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn frame() -> Frame {
        Frame {
            width: 600,
            height: 100,
            left: 0,
            right: 0,
            top: 0,
            bottom: 0,
            ticks: 5,
            ..Frame::default()
        }
    }

    fn measured(values: &[(i64, i64)]) -> Vec<Measured> {
        values.iter().map(|&(minor, limit_minor)| Measured { minor, limit_minor }).collect()
    }

    #[test]
    fn a_bar_stands_on_zero_and_its_limit_reaches_out_on_both_sides() {
        let drawn = bars(&measured(&[(5_000, 10_000), (8_000, 4_000)]), &frame()).unwrap();

        assert_eq!(drawn.zero, 100);
        assert_eq!(
            drawn.bars,
            [
                Bar { left: 20, width: 60, value: 50, limit: 0, mark: (10, 90) },
                Bar { left: 120, width: 60, value: 20, limit: 60, mark: (110, 190) },
            ]
        );
        assert_eq!(drawn.bars[0].middle(), 50);
    }

    #[test]
    fn more_money_back_than_spent_hangs_below_zero() {
        let drawn = bars(&measured(&[(-5_000, 5_000)]), &frame()).unwrap();

        assert!(drawn.zero < drawn.bars[0].value && drawn.bars[0].limit < drawn.zero, "{drawn:?}");
    }

    #[test]
    fn without_bars_or_room_nothing_is_drawn() {
        assert_eq!(bars(&[], &frame()), None);
        assert_eq!(bars(&measured(&[(1, 2)]), &Frame { left: 600, ..frame() }), None);
    }

    proptest! {
        #[test]
        fn every_bar_stays_in_its_place_and_on_the_plot(
            values in prop::collection::vec((any::<i64>(), any::<i64>()), 1..40),
        ) {
            let drawn = bars(&measured(&values), &frame()).unwrap();

            prop_assert_eq!(drawn.bars.len(), values.len());
            for pair in drawn.bars.windows(2) {
                prop_assert!(pair[0].mark.1 <= pair[1].mark.0);
            }
            for bar in &drawn.bars {
                prop_assert!(0 <= bar.mark.0 && bar.mark.1 <= 600);
                prop_assert!(bar.mark.0 <= bar.left && bar.left + bar.width <= bar.mark.1);
                prop_assert!([bar.value, bar.limit, drawn.zero].iter().all(|y| (0..=100).contains(y)));
            }
        }
    }
}
