//! From text to a table: the delimiter, the quotes, the header, and the lines around the table that aren't part of it.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::records::{Record, Records};
use super::{MAX_ROWS, dates, headers, numbers};
use crate::Code;
use crate::fingerprint::hex;

/// How many lines of other text may stand above the header.
const PREAMBLE: usize = 50;
/// How many records decide on the delimiter.
const SAMPLE: usize = 100;
/// Candidates; of two that fit equally well the first wins.
const DELIMITERS: [u8; 4] = [b';', b'\t', b'|', b','];

/// A file as a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// What separates its cells.
    pub delimiter: char,
    /// The names of its columns: those of the header, else "Column 1" and so on.
    pub columns: Vec<String>,
    /// True when the names come from the file.
    pub has_header: bool,
    /// The records below the header, without blank ones.
    pub rows: Vec<Record>,
    /// Lines above the header that aren't part of the table.
    pub skipped: Vec<u32>,
}

impl Table {
    /// The name of a column.
    pub fn column(&self, column: u32) -> &str {
        usize::try_from(column)
            .ok()
            .and_then(|column| self.columns.get(column))
            .map_or("", String::as_str)
    }

    /// The same for every file of the same make: what a remembered mapping is found by.
    pub fn signature(&self) -> String {
        let names = if self.has_header {
            self.columns.iter().map(|name| headers::folded(name)).collect::<Vec<_>>().join("\u{1F}")
        } else {
            format!("{} columns", self.columns.len())
        };
        let digest = Sha256::digest(format!("{}|{names}", self.delimiter));
        hex(digest.get(..16).unwrap_or_default())
    }
}

/// Splits a text into records and finds the header.
pub fn read(text: &str) -> Result<Table, Code> {
    let (first_line, declared, text) = declaration(text);
    let delimiter = declared.unwrap_or_else(|| delimiter(text));
    let most = MAX_ROWS.saturating_add(PREAMBLE).saturating_add(2);
    let mut records: Vec<Record> =
        Records::new(text, delimiter, first_line).take(most).collect::<Result<_, _>>()?;
    records.retain(|record| !record.is_blank());
    if records.is_empty() {
        return Err(Code::FileEmpty);
    }

    let header = find_header(&records);
    let start = header.map_or_else(|| first_full(&records), |at| at.saturating_add(1));
    let rows = records.split_off(start.min(records.len()));
    let named = header.and_then(|_| records.pop());
    if rows.is_empty() {
        return Err(Code::FileNoRows);
    }
    if rows.len() > MAX_ROWS {
        return Err(Code::FileTooManyRows);
    }
    let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let columns =
        named.as_ref().map_or_else(|| numbered(width), |record| named_columns(&record.cells));
    Ok(Table {
        delimiter: char::from(delimiter),
        columns,
        has_header: named.is_some(),
        rows,
        skipped: records.iter().map(|record| record.line).collect(),
    })
}

/// Excel's `sep=;` line, when there is one: the number of the line behind it, the delimiter, and the rest.
fn declaration(text: &str) -> (u32, Option<u8>, &str) {
    let Some((first, rest)) = text.split_once('\n') else { return (1, None, text) };
    let named = first.trim_end().strip_prefix("sep=").map(str::as_bytes);
    match named {
        Some(&[delimiter]) if DELIMITERS.contains(&delimiter) => (2, Some(delimiter), rest),
        _ => (1, None, text),
    }
}

/// The delimiter under which a record names the columns; without one, that under which most records have one and the same
/// number of cells, and of those the one with most cells. A text in quotes may hold more lines with another delimiter than
/// the file has records.
fn delimiter(text: &str) -> u8 {
    let fit = |delimiter: u8| {
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        let mut named = 0;
        let records = Records::new(text, delimiter, 1).take(SAMPLE).map_while(Result::ok);
        for (at, record) in records.enumerate() {
            if at < PREAMBLE {
                named = headers::known_roles(&record.cells).max(named);
            }
            let count = counts.entry(record.cells.len()).or_default();
            *count = count.saturating_add(1);
        }
        counts
            .into_iter()
            .filter(|(cells, _)| *cells > 1)
            .map(|(cells, records)| (if named >= 2 { named } else { 0 }, records, cells))
            .max()
    };
    // `max_by_key` keeps the last of equals.
    DELIMITERS.into_iter().rev().max_by_key(|delimiter| fit(*delimiter)).unwrap_or(b',')
}

/// The record that names the columns: the one near the top with most known words, else the first full one without data.
fn find_header(records: &[Record]) -> Option<usize> {
    let known = |record: &Record| headers::known_roles(&record.cells);
    let by_words = records
        .iter()
        .enumerate()
        .take(PREAMBLE)
        .map(|(at, record)| (known(record), std::cmp::Reverse(at)))
        .filter(|(count, _)| *count >= 2)
        .max()
        .map(|(_, std::cmp::Reverse(at))| at);
    by_words.or_else(|| {
        let at = first_full(records);
        records.get(at).filter(|record| !has_data(record)).map(|_| at)
    })
}

/// The first record with as many cells as most have.
fn first_full(records: &[Record]) -> usize {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for record in records.iter().take(SAMPLE) {
        let count = counts.entry(record.cells.len()).or_default();
        *count = count.saturating_add(1);
    }
    let usual =
        counts.into_iter().map(|(cells, count)| (count, cells)).max().map_or(0, |(_, cells)| cells);
    records.iter().take(PREAMBLE).position(|record| record.cells.len() == usual).unwrap_or(0)
}

fn has_data(record: &Record) -> bool {
    record.cells.iter().any(|cell| dates::looks_like_date(cell) || numbers::looks_like_number(cell))
}

fn numbered(width: usize) -> Vec<String> {
    (1..=width).map(|number| format!("Column {number}")).collect()
}

fn named_columns(cells: &[String]) -> Vec<String> {
    let numbers = numbered(cells.len());
    cells
        .iter()
        .zip(numbers)
        .map(|(name, number)| if name.is_empty() { number } else { name.clone() })
        .collect()
}

#[cfg(test)]
#[path = "table_tests.rs"]
mod tests;
