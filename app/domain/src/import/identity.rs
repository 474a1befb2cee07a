//! Which rows of a file are in the ledger already: by the bank's own id where it gave one, else by what they say.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::outcome::{Deletion, ImportRow, RowFlag};
use crate::fingerprint::RowKey;
use crate::{Currency, Date};

/// A row of the ledger that came with an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownRow {
    /// The date it came with.
    pub date: Date,
    /// The amount it came with, in minor units.
    pub minor: i64,
    /// The currency it came with.
    pub currency: Currency,
    /// True when it is out of the ledger again; it must not come back by the same file.
    pub deleted: bool,
}

/// What the ledger knows of one account and one source of rows.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Rows with an id, by the id they are kept under.
    pub ids: HashMap<String, KnownRow>,
    /// How many equal rows came without one.
    pub copies: HashMap<RowKey, u32>,
}

/// What becomes of a row of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is added.
    New {
        /// The id it is kept under, unique within the account and the source.
        id: Option<String>,
        /// Why somebody should look at it.
        flag: Option<RowFlag>,
    },
    /// It is here already.
    Here,
    /// It takes the place of a row. Both ids stay known, or an older file brings the first one back.
    Replaces {
        /// The id of that row.
        of: String,
        /// The id it is kept under from now on.
        id: Option<String>,
    },
}

/// The id of a row whose own id belongs to another row: both are kept.
fn beside(id: &str, row: &ImportRow) -> String {
    format!("{id}|{}|{}|{}", row.date, row.minor, row.currency)
}

/// The ids to look up before rows are judged, each once.
pub fn ids<'r>(
    rows: impl Iterator<Item = &'r ImportRow>,
    deletions: &[Deletion],
) -> BTreeSet<String> {
    let mut ids: BTreeSet<String> =
        deletions.iter().flat_map(|deletion| deletion.of.iter().cloned()).collect();
    for row in rows {
        ids.extend(row.replaces.iter().cloned());
        if let Some(id) = &row.provider_id {
            ids.insert(beside(id, row));
            ids.insert(id.clone());
        }
    }
    ids
}

/// Judges every row, in the order of the file: a second row may be the copy of the first.
pub fn judge<'r>(rows: impl Iterator<Item = &'r ImportRow>, known: &Known) -> Vec<Verdict> {
    let mut judge =
        Judge { known, new: HashMap::new(), copies: HashMap::new(), replaced: HashSet::new() };
    rows.map(|row| judge.verdict(row)).collect()
}

/// The rows that deletions take out: the ids they are kept under.
pub fn deleted(deletions: &[Deletion], known: &Known) -> Vec<String> {
    deletions.iter().filter_map(|deletion| living(&deletion.of, known)).map(str::to_owned).collect()
}

/// The latest of these that was ever here, if it still is.
fn living<'i>(of: &'i [String], known: &Known) -> Option<&'i str> {
    let (id, row) = of.iter().find_map(|id| Some((id, known.ids.get(id)?)))?;
    Some(id.as_str()).filter(|_| !row.deleted)
}

struct Judge<'k> {
    known: &'k Known,
    /// Rows of this file, by the id they will be kept under.
    new: HashMap<String, KnownRow>,
    /// How many equal rows without an id have been found here.
    copies: HashMap<RowKey, u32>,
    /// Rows whose place has been taken.
    replaced: HashSet<String>,
}

impl Judge<'_> {
    fn verdict(&mut self, row: &ImportRow) -> Verdict {
        let of = living(&row.replaces, self.known)
            .filter(|of| !self.replaced.contains(*of))
            .map(str::to_owned);
        let (id, flag) = match &row.provider_id {
            None if self.is_copy(row) => return Verdict::Here,
            None => (None, row.flag),
            Some(id) => match self.has(id, row) {
                Some(true) => return Verdict::Here,
                Some(false) if self.has(&beside(id, row), row).is_some() => return Verdict::Here,
                Some(false) if of.as_ref() != Some(id) => {
                    (Some(beside(id, row)), Some(RowFlag::RepeatedId))
                }
                _ => (Some(id.clone()), row.flag),
            },
        };
        if let Some(id) = &id {
            let seen = KnownRow {
                date: row.date,
                minor: row.minor,
                currency: row.currency,
                deleted: false,
            };
            self.new.insert(id.clone(), seen);
        }
        match of {
            Some(of) => {
                self.replaced.insert(of.clone());
                Verdict::Replaces { of, id }
            }
            None => Verdict::New { id, flag },
        }
    }

    /// True while the ledger has more such rows than the file had before this one.
    fn is_copy(&mut self, row: &ImportRow) -> bool {
        let key = RowKey::new(row.date, row.minor, row.currency, &row.description);
        let there = self.known.copies.get(&key).copied().unwrap_or(0);
        let found = self.copies.entry(key).or_default();
        let is_copy = *found < there;
        *found = found.saturating_add(1);
        is_copy
    }

    /// Nothing when the id is new, else whether it belongs to the same row.
    fn has(&self, id: &str, row: &ImportRow) -> Option<bool> {
        let there = self.new.get(id).or_else(|| self.known.ids.get(id))?;
        Some((there.date, there.minor, there.currency) == (row.date, row.minor, row.currency))
    }
}

#[cfg(test)]
#[path = "identity_tests.rs"]
mod tests;
