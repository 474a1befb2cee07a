//! Two rows that may be one: filed when rows arrive, decided by their owner.

mod decide;
mod file;
mod filed;
mod open;
#[cfg(test)]
mod tests;

pub use decide::{different, same, take_back};
pub(crate) use file::{forget, suspect};
pub(crate) use filed::{Filed, all};
pub use open::{Doubt, about, list};
pub(crate) use open::{count, open};

/// The word for a missing doubt, in errors.
const DOUBT: &str = "pair";
