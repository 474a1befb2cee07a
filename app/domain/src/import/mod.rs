//! Reading files of transactions: bytes to text, text to a table or to statements, those to rows of an account.
//!
//! [`File::parse`] is the way in for every format. Everything a person may choose is in [`ImportOptions`]; what the
//! file doesn't prove becomes a [`Question`]. [`identity`] says which rows are in the ledger already.

pub mod identity;

mod camt;
mod camt_entry;
mod columns;
mod corrections;
mod dates;
mod decide;
mod decode;
mod entries;
mod entry;
mod file;
mod format;
mod glance;
mod headers;
mod interpret;
mod markup;
mod numbers;
mod ofx;
mod options;
mod outcome;
mod qif;
mod records;
mod row;
mod sign;
mod statement;
mod table;

pub use columns::{Mapping, Role};
pub use dates::DateFormat;
pub use decode::decode;
pub use file::{File, Target};
pub use format::FileFormat;
pub use glance::Glance;
pub use interpret::interpret;
pub use numbers::Decimal;
pub use options::ImportOptions;
pub use outcome::{
    Balance, Balances, Choice, Deletion, Example, ImportPart, ImportRow, Interpretation, Question,
    RowError, RowFlag, RowResult,
};
pub use records::Record;
pub use statement::StatementInfo;
pub use table::{Table, read};

/// Most bytes of a file: 10 MB.
pub const MAX_BYTES: usize = 10 * 1024 * 1024;
/// Most rows below the header.
pub const MAX_ROWS: usize = 50_000;
/// Most columns.
pub const MAX_COLUMNS: usize = 64;
/// Most characters in a cell.
pub const MAX_CELL: usize = 1_000;

#[cfg(test)]
mod format_properties;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
