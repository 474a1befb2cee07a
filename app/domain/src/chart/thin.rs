//! Fewer points that look the same: of each bucket the day that makes the largest triangle stays (Steinarsson, 2013).

use crate::DayTotal;

/// At most `most` of the days, which stand in order. The first and the last stay where two may; the days between them
/// are put into buckets of one size, and of each bucket the one stays that makes the largest triangle with the day that
/// stayed before it and the middle of the next bucket. Whole numbers all the way.
pub fn largest_triangles(days: &[DayTotal], most: usize) -> Vec<DayTotal> {
    if days.len() <= most {
        return days.to_vec();
    }
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return Vec::new() };
    let Some(buckets) = most.checked_sub(2) else {
        return days.iter().take(most).cloned().collect();
    };
    let inner = days.get(1..days.len().saturating_sub(1)).unwrap_or_default();
    let edge = |n: usize| n.saturating_mul(inner.len()).checked_div(buckets).unwrap_or(0);
    // Behind the last bucket there is none.
    let bucket = |n: usize| inner.get(edge(n)..edge(n.saturating_add(1))).unwrap_or_default();
    let mut kept = vec![first.clone()];
    let mut before = Spot::of(first);
    for n in 0..buckets {
        let next = bucket(n.saturating_add(1));
        let middle = Middle::of(if next.is_empty() { std::slice::from_ref(last) } else { next });
        // From the end, so that of equal triangles the first one stays.
        let largest = bucket(n).iter().rev().max_by_key(|day| area(before, Spot::of(day), middle));
        if let Some(day) = largest {
            before = Spot::of(day);
            kept.push(day.clone());
        }
    }
    kept.push(last.clone());
    kept
}

/// A day as a point, wide enough for what is worked out with it.
#[derive(Clone, Copy)]
struct Spot {
    x: i128,
    y: i128,
}

impl Spot {
    fn of(day: &DayTotal) -> Self {
        Self { x: i128::from(day.date.to_julian_day()), y: i128::from(day.minor) }
    }
}

/// The middle of some points: their sums and how many they are, so that nothing is rounded.
#[derive(Clone, Copy)]
struct Middle {
    x: i128,
    y: i128,
    count: i128,
}

impl Middle {
    fn of(days: &[DayTotal]) -> Self {
        days.iter().map(Spot::of).fold(Self { x: 0, y: 0, count: 0 }, |sum, spot| Self {
            x: sum.x.saturating_add(spot.x),
            y: sum.y.saturating_add(spot.y),
            count: sum.count.saturating_add(1),
        })
    }
}

/// The triangle of two points and a middle, as a multiple of its area that is the same for every `b`.
fn area(a: Spot, b: Spot, middle: Middle) -> i128 {
    let of = |a: i128, b: i128| a.saturating_sub(b);
    let wide = of(a.x.saturating_mul(middle.count), middle.x).saturating_mul(of(b.y, a.y));
    let high = of(a.x, b.x).saturating_mul(of(middle.y, a.y.saturating_mul(middle.count)));
    of(wide, high).saturating_abs()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::{Duration, macros::date};

    use super::*;

    fn line(values: &[i64]) -> Vec<DayTotal> {
        let day = |(n, minor): (usize, &i64)| DayTotal {
            date: date!(2020 - 01 - 01) + Duration::days(i64::try_from(n).unwrap()),
            minor: *minor,
        };
        values.iter().enumerate().map(day).collect()
    }

    #[test]
    fn a_short_line_stays_as_it_is_and_a_long_one_keeps_its_corners() {
        let days = line(&[0, 0, 0, 0, 90, 0, 0, 0, 0, 0, 0, -50, 0, 0]);

        assert_eq!(largest_triangles(&days, 14), days);
        let kept: Vec<i64> = largest_triangles(&days, 5).into_iter().map(|day| day.minor).collect();
        assert_eq!(kept, [0, 90, 0, -50, 0]);
    }

    #[test]
    fn where_two_may_not_stay_there_are_no_ends() {
        let days = line(&[1, 2, 3]);

        assert_eq!(largest_triangles(&days, 0), []);
        assert_eq!(largest_triangles(&days, 1), days[..1]);
        assert_eq!(largest_triangles(&days, 2), [days[0].clone(), days[2].clone()]);
        assert_eq!(largest_triangles(&[], 5), []);
    }

    proptest! {
        #[test]
        fn the_ends_stay_and_all_that_stays_was_there_in_this_order(
            values in prop::collection::vec(any::<i64>(), 2..400),
            most in 2_usize..120,
        ) {
            let days = line(&values);
            let kept = largest_triangles(&days, most);

            prop_assert!(kept.len() <= most);
            prop_assert_eq!(kept.len(), most.min(days.len()));
            prop_assert_eq!(kept.first(), days.first());
            prop_assert_eq!(kept.last(), days.last());
            prop_assert!(kept.windows(2).all(|pair| pair[0].date < pair[1].date));
            prop_assert!(kept.iter().all(|day| days.contains(day)));
        }

        #[test]
        fn a_day_that_stands_out_stays(
            mut values in prop::collection::vec(-100_i64..100, 50..600),
            most in 10_usize..50,
            at in any::<prop::sample::Index>(),
            is_low in any::<bool>(),
        ) {
            let at = at.index(values.len());
            values[at] = if is_low { -10_000_000 } else { 10_000_000 };

            let kept = largest_triangles(&line(&values), most);

            prop_assert!(kept.iter().any(|day| day.minor == values[at]));
        }
    }
}
