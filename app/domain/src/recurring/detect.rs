//! Finding series in the rows of one person.

use std::collections::BTreeMap;

use super::{
    Cadence, Kind, Known, PriceChange, Row, Series,
    cadence::days,
    chain::{Chain, Entry, LEVEL, TWICE, chains, clusters, sizes},
    identity,
    status::status_on,
};
use crate::{Date, money};

/// How many days back rows are looked at.
pub const REACH: i64 = 800;

/// Rows a series has when it is more than a guess.
const ENOUGH: usize = 3;

/// Finds what repeats in the completed rows of one person, transfers left out; rows may be in any order.
///
/// Rows after `today`, beyond [`REACH`], without amount or without merchant are left alone. A series keeps the key of
/// the `known` one whose rows it has, so that finding it again changes the one that is stored.
pub fn detect(rows: &[Row], today: Date, known: &[Known]) -> Vec<Series> {
    let mut groups: BTreeMap<_, Vec<Entry>> = BTreeMap::new();
    for row in rows.iter().filter(|row| (0..=REACH).contains(&days(row.date, today))) {
        let Some(entry) = Entry::new(row).filter(|_| !row.merchant.is_empty()) else { continue };
        let group = (&row.account, &row.merchant, row.currency, row.minor > 0);
        groups.entry(group).or_default().push(entry);
    }
    let mut found: Vec<Series> =
        groups.into_values().flat_map(|entries| in_group(entries, today)).collect();
    identity::recognise(&mut found, known);
    found
}

/// The series among rows of one account, direction, currency and merchant, by the date of their first row.
fn in_group(entries: Vec<Entry>, today: Date) -> Vec<Series> {
    let mut found = Vec::new();
    let mut rest = Vec::new();
    for chain in chains(entries) {
        match Finding::fixed(&chain).and_then(|finding| finding.series(&chain.entries, today)) {
            Some(series) => found.push(series),
            None => rest.extend(chain.entries),
        }
    }
    found.extend(clusters(rest, TWICE).iter().filter_map(|cluster| {
        Finding::loose(cluster).and_then(|finding| finding.series(cluster, today))
    }));
    found.sort_by(|a, b| (a.first, &a.members).cmp(&(b.first, &b.members)));
    found
}

/// What makes some rows a series.
struct Finding {
    cadence: Cadence,
    kind: Kind,
    /// What the next row should be, in minor units without a sign.
    size: i64,
    changes: Vec<PriceChange>,
    is_mature: bool,
}

impl Finding {
    /// Levels that follow each other: three rows, or two that are a year apart.
    fn fixed(chain: &Chain) -> Option<Self> {
        let cadence = chain.cadence()?;
        let enough = if cadence == Cadence::Yearly { 2 } else { ENOUGH };
        let finding = Self {
            cadence,
            kind: Kind::Fixed,
            size: chain.size(),
            changes: chain.changes(),
            is_mature: true,
        };
        (chain.entries.len() >= enough).then_some(finding)
    }

    /// Rows that are no such chain: three of them, or two that may become one.
    fn loose(cluster: &[Entry]) -> Option<Self> {
        let dates: Vec<Date> = cluster.iter().map(|entry| entry.row.date).collect();
        let sizes = sizes(cluster);
        let same = LEVEL.joins(*sizes.iter().min()?, *sizes.iter().max()?);
        Some(Self {
            cadence: Cadence::of(&dates)?,
            kind: if same { Kind::Fixed } else { Kind::Variable },
            size: money::median(&sizes)?,
            changes: Vec::new(),
            is_mature: cluster.len() >= ENOUGH,
        })
    }

    fn series(self, entries: &[Entry], today: Date) -> Option<Series> {
        let (first, last) = (entries.first()?.row, entries.last()?.row);
        let dates: Vec<Date> = entries.iter().map(|entry| entry.row.date).collect();
        let anchor = self.cadence.anchor(&dates);
        let next = self.cadence.following(last.date, anchor);
        Some(Series {
            key: String::new(),
            account: last.account.clone(),
            merchant: last.merchant.clone(),
            currency: last.currency,
            cadence: self.cadence,
            kind: self.kind,
            status: status_on(self.cadence, next, self.is_mature, today)?,
            minor: if last.minor < 0 { self.size.checked_neg()? } else { self.size },
            first: first.date,
            last: last.date,
            next,
            anchor,
            changes: self.changes,
            members: entries.iter().map(|entry| entry.row.id.clone()).collect(),
        })
    }
}
