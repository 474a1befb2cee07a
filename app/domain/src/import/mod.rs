//! Reading files of transactions: bytes to text, text to a table, a table to rows of an account.
//!
//! Everything a person may choose is in [`ImportOptions`]; what the file doesn't prove becomes a [`Question`].

mod columns;
mod dates;
mod decode;
mod headers;
mod interpret;
mod numbers;
mod options;
mod outcome;
mod records;
mod row;
mod sign;
mod table;

pub use columns::{Mapping, Role};
pub use dates::DateFormat;
pub use decode::decode;
pub use interpret::interpret;
pub use numbers::Decimal;
pub use options::ImportOptions;
pub use outcome::{Choice, Example, ImportRow, Interpretation, Question, RowError, RowResult};
pub use records::Record;
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
mod tests;
