//! How many statements a piece of work runs: tests say what routes and pages cost.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// The statements of one database. Clones count together.
#[derive(Clone, Debug, Default)]
pub(super) struct Statements(Arc<AtomicU64>);

impl Statements {
    pub(super) fn one(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn so_far(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
