//! What a file says of rows by their ids: which take the place of others, which are taken back, which share an id.

use std::collections::{HashMap, HashSet};

use super::outcome::{Deletion, Interpretation, RowFlag, RowResult};
use super::statement::{Correction, Entry};
use crate::{Currency, Date};

/// How many times one row is corrected at most; older ids are of no use.
const MAX_CHAIN: usize = 16;

/// Takes out of the rows what others of the same file replace or delete, and the deletions themselves.
///
/// What is left says of earlier files which of their rows it replaces or deletes.
pub(super) fn settle(entries: &[Entry], result: &mut Interpretation) {
    let corrections: Vec<(&Entry, &Correction)> =
        entries.iter().filter_map(|entry| Some((entry, entry.correction.as_ref()?))).collect();
    if corrections.is_empty() {
        return;
    }
    let links: HashMap<&str, &str> = corrections
        .iter()
        .filter(|(entry, _)| !entry.provider_id.is_empty())
        .map(|(entry, correction)| (entry.provider_id.as_str(), correction.of()))
        .collect();
    let mut settled = Settled::default();
    for (entry, correction) in corrections {
        settled.add(entry, correction, chain(&entry.provider_id, correction.of(), &links));
    }
    result.rows.retain(|row| !settled.drops(row));
    for row in &mut result.rows {
        if let (Ok(good), Some(of)) = (&mut row.outcome, settled.replaces.remove(&row.line)) {
            good.replaces = of;
        }
    }
    result.deletions = settled.deletions;
}

#[derive(Default)]
struct Settled<'e> {
    /// Ids that are corrected, with the lines of the entries that say so.
    gone: HashMap<&'e str, Vec<u32>>,
    /// Entries that are no rows.
    no_rows: HashSet<u32>,
    /// What a row takes the place of.
    replaces: HashMap<u32, Vec<String>>,
    deletions: Vec<Deletion>,
}

impl<'e> Settled<'e> {
    fn add(&mut self, entry: &Entry, correction: &'e Correction, chain: Option<Vec<&str>>) {
        let is_deletion = matches!(correction, Correction::Delete(_));
        if is_deletion {
            self.no_rows.insert(entry.line);
        }
        let Some(chain) = chain else { return };
        self.gone.entry(correction.of()).or_default().push(entry.line);
        let of = chain.into_iter().map(str::to_owned).collect();
        if is_deletion {
            self.deletions.push(Deletion { line: entry.line, of });
        } else {
            self.replaces.insert(entry.line, of);
        }
    }

    /// True for a deletion, and for a row that another entry corrects.
    fn drops(&self, row: &RowResult) -> bool {
        let id = row.outcome.as_ref().ok().and_then(|row| row.provider_id.as_deref());
        let corrected_by = id.and_then(|id| self.gone.get(id));
        self.no_rows.contains(&row.line)
            || corrected_by.is_some_and(|lines| lines.iter().any(|line| *line != row.line))
    }
}

/// The ids before this one, the latest first. Nothing when they lead back to it: then they say nothing at all.
fn chain<'e>(own: &str, of: &'e str, links: &HashMap<&'e str, &'e str>) -> Option<Vec<&'e str>> {
    let mut chain = vec![of];
    let mut next = of;
    while let Some(before) = links.get(next).filter(|before| **before != next && next != own) {
        if *before == own || chain.contains(before) {
            return None;
        }
        chain.push(before);
        next = before;
        if chain.len() == MAX_CHAIN {
            break;
        }
    }
    Some(chain)
}

/// Flags each row whose id stands on an earlier row of the file with another date or amount.
pub(super) fn flag_repeated(result: &mut Interpretation) {
    let mut seen: HashMap<String, (Date, i64, Currency)> = HashMap::new();
    for row in result.rows.iter_mut().filter_map(|row| row.outcome.as_mut().ok()) {
        let Some(id) = &row.provider_id else { continue };
        let this = (row.date, row.minor, row.currency);
        if *seen.entry(id.clone()).or_insert(this) != this {
            row.flag = Some(RowFlag::RepeatedId);
        }
    }
}
