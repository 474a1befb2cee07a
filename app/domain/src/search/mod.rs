//! What people type above the list: `coffee >20 <50 account:checking -category:food date:2026-05`. Words that mean
//! nothing special are looked for as they stand.

mod found;
mod read;
mod token;
mod vocabulary;
mod write;

#[cfg(test)]
mod tests;

pub use read::{Part, Reading, interpret};
pub use vocabulary::{AccountWords, CategoryWords, Vocabulary};
pub use write::write;
