//! A person's rules: an ordered list that sorts every row that comes. See [`domain::rules`] for what they can say.

mod change;
mod old;
mod preview;
mod rows;
mod sort;
#[cfg(test)]
mod tests;

pub use change::{Shift, create, create_once, delete, reorder, shift, update};
pub(crate) use change::{add, hand_over};
pub(crate) use old::{OldRow, older};
pub use preview::{RulePreview, RuleSample, preview};
pub use rows::{RuleView, get, list};
pub(crate) use rows::{all, setting};
pub(crate) use sort::{compiled, other_side, ready, sorted};

/// The word for a missing rule, in errors.
const RULE: &str = "rule";
