//! Rows of one merchant put together: first those of one level of amounts, then levels that follow each other.

use std::cmp::Reverse;

use super::{Cadence, PriceChange, Row, cadence::days};
use crate::{Date, money};

/// A change below this many minor units is none.
const LEAST_CHANGE: i64 = 50;

/// A row with the size of its amount: minor units without a sign.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'r> {
    pub row: &'r Row,
    pub size: i64,
}

impl<'r> Entry<'r> {
    /// Nothing for a row without an amount.
    pub fn new(row: &'r Row) -> Option<Self> {
        let size = row.minor.checked_abs().filter(|size| *size > 0)?;
        Some(Self { row, size })
    }
}

/// How far apart the amounts of one cluster may lie: so many times its smallest.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spread(i128, i128);

/// One level: 51/50.
pub(super) const LEVEL: Spread = Spread(51, 50);
/// Amounts that vary: twice.
pub(super) const TWICE: Spread = Spread(2, 1);

impl Spread {
    /// Whether the larger size is within reach of the smaller one.
    pub fn joins(self, smaller: i64, larger: i64) -> bool {
        let Self(times, of) = self;
        i128::from(larger).saturating_mul(of) <= i128::from(smaller).saturating_mul(times)
    }
}

/// Cuts rows into clusters of similar size; each is in order of date, the smallest amounts first.
pub(super) fn clusters<'r>(mut entries: Vec<Entry<'r>>, spread: Spread) -> Vec<Vec<Entry<'r>>> {
    entries.sort_by_key(|entry| entry.size);
    let mut clusters: Vec<Vec<Entry<'r>>> = Vec::new();
    let mut smallest = None;
    for entry in entries {
        match (clusters.last_mut(), smallest) {
            (Some(cluster), Some(smallest)) if spread.joins(smallest, entry.size) => {
                cluster.push(entry);
            }
            _ => {
                smallest = Some(entry.size);
                clusters.push(vec![entry]);
            }
        }
    }
    for cluster in &mut clusters {
        in_order(cluster);
    }
    clusters
}

/// The oldest first; rows of one day by their ids.
fn in_order(entries: &mut [Entry]) {
    entries.sort_by(|a, b| (a.row.date, &a.row.id).cmp(&(b.row.date, &b.row.id)));
}

/// Amounts of one level within a chain.
#[derive(Clone, Copy, Debug)]
struct Level {
    since: Date,
    /// The median size, doubled so that it is whole.
    doubled: i64,
}

/// Levels that follow each other in one cadence.
#[derive(Clone, Debug)]
pub(super) struct Chain<'r> {
    /// The oldest first.
    pub entries: Vec<Entry<'r>>,
    levels: Vec<Level>,
}

impl<'r> Chain<'r> {
    /// A chain of one level. Nothing without rows.
    fn new(entries: Vec<Entry<'r>>) -> Option<Self> {
        let since = entries.first()?.row.date;
        let doubled = money::doubled_median(&sizes(&entries))?;
        Some(Self { entries, levels: vec![Level { since, doubled }] })
    }

    pub fn dates(&self) -> Vec<Date> {
        self.entries.iter().map(|entry| entry.row.date).collect()
    }

    pub fn cadence(&self) -> Option<Cadence> {
        Cadence::of(&self.dates())
    }

    /// The median size of the last level, half to even.
    pub fn size(&self) -> i64 {
        self.levels
            .last()
            .and_then(|level| money::div_round_half_even(level.doubled, 2))
            .unwrap_or(0)
    }

    /// What changed from level to level.
    pub fn changes(&self) -> Vec<PriceChange> {
        let pairs = self.levels.iter().zip(self.levels.iter().skip(1));
        pairs.filter_map(|(before, after)| change(*before, *after)).collect()
    }

    /// The cadence and the date of the row that would come next.
    fn expected(&self) -> Option<(Cadence, Date)> {
        let dates = self.dates();
        let cadence = Cadence::of(&dates)?;
        Some((cadence, cadence.following(*dates.last()?, cadence.anchor(&dates))))
    }

    /// This and what follows it as one, if the rows together keep the cadence.
    fn with(&self, next: &Self, cadence: Cadence) -> Option<Self> {
        let mut both = self.clone();
        both.entries.extend(&next.entries);
        both.levels.extend(&next.levels);
        in_order(&mut both.entries);
        (both.cadence() == Some(cadence)).then_some(both)
    }
}

/// The sizes of some rows, in minor units.
pub(super) fn sizes(entries: &[Entry]) -> Vec<i64> {
    entries.iter().map(|entry| entry.size).collect()
}

/// At least 50 minor units and one in a hundred.
fn change(before: Level, after: Level) -> Option<PriceChange> {
    let doubled = after.doubled.saturating_sub(before.doubled);
    let size = doubled.saturating_abs();
    let counts = size >= LEAST_CHANGE.saturating_mul(2)
        && i128::from(size).saturating_mul(100) >= i128::from(before.doubled);
    let by_minor = money::div_round_half_even(doubled, 2)?;
    counts.then_some(PriceChange { on: after.since, by_minor })
}

/// The levels of these rows, joined where one follows the other.
pub(super) fn chains(entries: Vec<Entry>) -> Vec<Chain> {
    let mut chains: Vec<Chain> =
        clusters(entries, LEVEL).into_iter().filter_map(Chain::new).collect();
    while let Some((first, second, both)) = closest(&chains) {
        // The later place first, so that the other one stays where it is.
        chains.swap_remove(first.max(second));
        chains.swap_remove(first.min(second));
        chains.push(both);
        chains.sort_by_key(|chain| {
            let first = chain.entries.first();
            first.map(|entry| (entry.row.date, entry.size, entry.row.id.clone()))
        });
    }
    chains
}

/// The two chains that follow each other best: nearest to the expected date, then most alike, then the longest first.
fn closest<'r>(chains: &[Chain<'r>]) -> Option<(usize, usize, Chain<'r>)> {
    let mut found = Vec::new();
    for (first, chain) in chains.iter().enumerate() {
        let Some((cadence, expected)) = chain.expected() else { continue };
        let Some(level) = chain.levels.last() else { continue };
        for (second, next) in chains.iter().enumerate().filter(|(second, _)| *second != first) {
            let Some(other) = next.levels.first() else { continue };
            let off = days(expected, other.since).abs();
            let (small, large) =
                (level.doubled.min(other.doubled), level.doubled.max(other.doubled));
            if off <= cadence.grace() && TWICE.joins(small, large) {
                let rows = Reverse(chain.entries.len());
                found.push((off, large.saturating_sub(small), rows, first, second, cadence));
            }
        }
    }
    found.sort_unstable();
    found.into_iter().find_map(|(.., first, second, cadence)| {
        let both = chains.get(first)?.with(chains.get(second)?, cadence)?;
        Some((first, second, both))
    })
}
