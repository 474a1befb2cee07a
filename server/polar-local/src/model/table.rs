//! Rows found by id, in the order in which they were made.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Something with an id.
pub trait Row: Clone {
    fn id(&self) -> Uuid;
}

/// All rows of one kind.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Table<T>(Vec<T>);

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Row> Table<T> {
    /// A copy of the row of an id.
    pub fn find(&self, id: Uuid) -> Option<T> {
        self.0.iter().find(|row| row.id() == id).cloned()
    }

    /// Writes a row: over the one with its id, or at the end.
    pub fn put(&mut self, row: T) {
        match self.0.iter_mut().find(|old| old.id() == row.id()) {
            Some(old) => *old = row,
            None => self.0.push(row),
        }
    }

    /// Every row, oldest first.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.0.iter()
    }
}
