//! All pages of one reading put together before anything is applied.

use std::collections::{BTreeMap, BTreeSet};

use crate::Date;

/// A row on a page of a provider. Its order tells two versions of one row apart when nothing else does.
pub trait Sent: Ord {
    /// The provider's id of the row.
    fn id(&self) -> &str;
    /// The provider's id of the pending row that it was.
    fn pending_id(&self) -> Option<&str>;
    /// True while it is not booked.
    fn is_pending(&self) -> bool;
    /// The day of booking.
    fn date(&self) -> Date;
}

/// One page of changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<R> {
    /// New rows.
    pub added: Vec<R>,
    /// Rows that are different now.
    pub modified: Vec<R>,
    /// The provider's ids of rows that are gone.
    pub removed: Vec<String>,
}

/// Everything one reading says, each row once, in the order to apply it: the rows first, then the removals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gathered<R> {
    /// Pending rows, then posted ones that name their pending row, then the others, each by date and id.
    pub rows: Vec<R>,
    /// The provider's ids of rows that are gone.
    pub removed: Vec<String>,
}

/// Puts pages together. The result is the same whatever order they come in and however often one is repeated.
///
/// Of several versions of a row the booked one counts, then the modified one; between two that claim the same, their
/// order decides, so that it is always the same one.
pub fn gather<R: Sent>(pages: impl IntoIterator<Item = Page<R>>) -> Gathered<R> {
    let mut rows: BTreeMap<String, Version<R>> = BTreeMap::new();
    let mut removed = BTreeSet::new();
    for page in pages {
        for row in page.added {
            take(&mut rows, row, false);
        }
        for row in page.modified {
            take(&mut rows, row, true);
        }
        removed.extend(page.removed);
    }
    let mut rows: Vec<R> = rows.into_values().map(|version| version.row).collect();
    // By id they are sorted already, and this keeps the order of equals.
    rows.sort_by_key(|row| (rank(row), row.date()));
    Gathered { rows, removed: removed.into_iter().collect() }
}

/// The derived order is the rule: booked before modified before the row's own order.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Version<R> {
    is_posted: bool,
    is_modified: bool,
    row: R,
}

fn take<R: Sent>(rows: &mut BTreeMap<String, Version<R>>, row: R, is_modified: bool) {
    let id = row.id().to_owned();
    let new = Version { is_posted: !row.is_pending(), is_modified, row };
    match rows.get_mut(&id) {
        Some(known) if *known >= new => {}
        Some(known) => *known = new,
        None => drop(rows.insert(id, new)),
    }
}

/// A posted row must find its pending one, and the one it names before another takes that.
fn rank<R: Sent>(row: &R) -> u8 {
    match (row.is_pending(), row.pending_id()) {
        (true, _) => 0,
        (false, Some(_)) => 1,
        (false, None) => 2,
    }
}
