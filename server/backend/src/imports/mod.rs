//! Files of transactions: uploaded, looked at, taken in, taken back.
//!
//! A draft keeps the bytes of its file and nothing else: each preview reads them again, so that what is applied
//! is what was shown. Rows are added and removed in one transaction.

mod add;
mod apply;
mod balance;
mod compare;
mod draft;
mod history;
mod preview;
mod read;
mod undo;

pub use apply::{Applied, Choice, apply};
pub use balance::{LedgerGap, Opening};
pub use domain::states::import::ImportState;
pub use draft::{discard, sweep, upload, upload_once};
pub(crate) use history::all;
pub use history::{ImportView, get, history};
pub use preview::{PossibleMatch, Preview, PreviewCounts, PreviewRow, RowState, preview};
pub use undo::{Undone, edited_since, undo};

/// The word for a missing import, in errors.
pub(crate) const IMPORT: &str = "import";

#[cfg(test)]
mod tests;
