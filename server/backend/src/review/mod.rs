//! What waits for a look: rows without a category, possible copies, suggested transfers, prices that rose.

mod doubts;

pub(crate) use doubts::{DoubtKind, forget, suspect};
