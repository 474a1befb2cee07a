//! Whether money out is really below zero: the balance column proves it, one way or the other.

use crate::Date;

/// One row's amount with the balance after it (or before it, in files that begin with the newest row).
pub(super) type Step = (i64, Option<i64>);

/// Which end of the file is the older one, by its dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// Dates rise.
    OldestFirst,
    /// Dates fall.
    NewestFirst,
    /// All rows are of one day.
    Unknown,
}

impl Order {
    /// By the first and the last date of a file.
    pub(super) fn of(first: Date, last: Date) -> Self {
        match first.cmp(&last) {
            std::cmp::Ordering::Less => Self::OldestFirst,
            std::cmp::Ordering::Equal => Self::Unknown,
            std::cmp::Ordering::Greater => Self::NewestFirst,
        }
    }
}

/// What the balances say about the amounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proof {
    /// They move with the amounts.
    AsWritten,
    /// They move against the amounts: money out is above zero in this file.
    Flipped,
    /// They say nothing.
    None,
}

/// Compares neighbours: at least nine in ten must move by exactly the amount, in the order of the dates.
///
/// Without that order, equal amounts could be read both ways, and nothing is proven.
pub(super) fn prove(steps: &[Step], order: Order) -> Proof {
    let mut counts = [[0_usize; 2]; 2];
    let mut pairs = 0_usize;
    for pair in steps.windows(2) {
        let &[(one, Some(before)), (two, Some(after))] = pair else { continue };
        pairs = pairs.saturating_add(1);
        // Oldest first: the later row explains the change. Newest first: the earlier one does, the other way round.
        let [oldest, newest] = &mut counts;
        count(oldest, two, after.checked_sub(before));
        count(newest, one, before.checked_sub(after));
    }
    let proves = |count: usize| pairs > 0 && count.saturating_mul(10) >= pairs.saturating_mul(9);
    let [[oldest, oldest_flipped], [newest, newest_flipped]] = counts;
    let (as_written, flipped) = match order {
        Order::OldestFirst => (oldest, oldest_flipped),
        Order::NewestFirst => (newest, newest_flipped),
        Order::Unknown => (oldest.max(newest), oldest_flipped.max(newest_flipped)),
    };
    match (proves(as_written), proves(flipped)) {
        (true, false) => Proof::AsWritten,
        (false, true) => Proof::Flipped,
        (true, true) if as_written > flipped => Proof::AsWritten,
        (true, true) if flipped > as_written => Proof::Flipped,
        _ => Proof::None,
    }
}

fn count([as_written, flipped]: &mut [usize; 2], amount: i64, change: Option<i64>) {
    if change == Some(amount) {
        *as_written = as_written.saturating_add(1);
    }
    if change.is_some() && change == amount.checked_neg() {
        *flipped = flipped.saturating_add(1);
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn balances_prove_the_sign_in_either_order() {
        let rising = [(-500, Some(9500)), (1000, Some(10_500))];
        let falling = [(1000, Some(10_500)), (-500, Some(9500)), (-200, Some(10_000))];
        assert_eq!(prove(&rising, Order::OldestFirst), Proof::AsWritten);
        assert_eq!(prove(&rising, Order::Unknown), Proof::AsWritten);
        assert_eq!(prove(&falling, Order::NewestFirst), Proof::AsWritten);
        assert_eq!(
            prove(&[(500, Some(9500)), (-1000, Some(10_500))], Order::OldestFirst),
            Proof::Flipped
        );
    }

    #[test]
    fn equal_amounts_prove_nothing_without_an_order() {
        let steps = [(-100, Some(300)), (-100, Some(200)), (-100, Some(100))];
        assert_eq!(prove(&steps, Order::OldestFirst), Proof::AsWritten);
        assert_eq!(prove(&steps, Order::NewestFirst), Proof::Flipped);
        assert_eq!(prove(&steps, Order::Unknown), Proof::None);
    }

    #[test]
    fn nine_in_ten_rows_are_enough() {
        let mut steps: Vec<Step> = (0..=10).map(|day| (-100, Some(10_000 - day * 100))).collect();
        assert_eq!(prove(&steps, Order::OldestFirst), Proof::AsWritten);
        steps[5].0 = -99;
        assert_eq!(prove(&steps, Order::OldestFirst), Proof::AsWritten);
        steps[6].0 = -99;
        assert_eq!(prove(&steps, Order::OldestFirst), Proof::None);
    }

    #[test]
    fn without_two_balances_nothing_is_proven() {
        for steps in [
            &[][..],
            &[(1, Some(1))],
            &[(1, None), (1, None)],
            &[(0, Some(5)), (0, Some(5))],
            &[(1, Some(i64::MIN)), (1, Some(i64::MAX))],
        ] {
            assert_eq!(prove(steps, Order::OldestFirst), Proof::None, "{steps:?}");
        }
    }

    #[test]
    fn the_order_is_that_of_the_dates() {
        let (early, late) = (date!(2026 - 05 - 01), date!(2026 - 05 - 02));
        assert_eq!(Order::of(early, late), Order::OldestFirst);
        assert_eq!(Order::of(late, early), Order::NewestFirst);
        assert_eq!(Order::of(late, late), Order::Unknown);
    }
}
