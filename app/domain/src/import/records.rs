//! One record after the other, by the quotes of RFC 4180, each with the line it starts in.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::{MAX_CELL, MAX_COLUMNS};
use crate::Code;

/// One record of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The line of the file it starts in, from 1.
    pub line: u32,
    /// Its cells, without quotes and without blanks around them.
    pub cells: Vec<String>,
}

impl Record {
    /// The cell in this column; an absent one is empty.
    pub fn cell(&self, column: u32) -> &str {
        usize::try_from(column)
            .ok()
            .and_then(|column| self.cells.get(column))
            .map_or("", String::as_str)
    }

    /// True when nothing stands in it.
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(String::is_empty)
    }
}

/// Reads a text once, from start to end. Ends after the first record that breaks a limit.
pub(super) struct Records<'t> {
    reader: Reader,
    rest: &'t [u8],
    line: u32,
    output: Vec<u8>,
    ends: [usize; MAX_COLUMNS],
    done: bool,
}

impl<'t> Records<'t> {
    /// The records of a text whose first line has this number.
    pub(super) fn new(text: &'t str, delimiter: u8, first_line: u32) -> Self {
        Self {
            reader: ReaderBuilder::new().delimiter(delimiter).build(),
            rest: text.as_bytes(),
            line: first_line,
            // No character of UTF-8 has more than four bytes.
            output: vec![0; MAX_COLUMNS.saturating_mul(MAX_CELL).saturating_mul(4)],
            ends: [0; MAX_COLUMNS],
            done: false,
        }
    }

    /// Reads one record; nothing at the end.
    fn read(&mut self) -> Result<Option<Record>, Code> {
        let blank = self.rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        self.advance(blank);
        let line = self.line;
        let (result, read, written, count) =
            self.reader.read_record(self.rest, &mut self.output, &mut self.ends);
        self.advance(read);
        if !matches!(result, ReadRecordResult::InputEmpty) {
            return self.record(line, result, written, count);
        }
        // The text has ended: the next call, with nothing, closes its last record.
        let output = self.output.get_mut(written..).unwrap_or_default();
        let ends = self.ends.get_mut(count..).unwrap_or_default();
        let (result, _, more, last) = self.reader.read_record(&[], output, ends);
        self.record(line, result, written.saturating_add(more), count.saturating_add(last))
    }

    fn record(
        &self,
        line: u32,
        result: ReadRecordResult,
        written: usize,
        count: usize,
    ) -> Result<Option<Record>, Code> {
        match result {
            ReadRecordResult::OutputFull => Err(Code::FileCellTooLong),
            ReadRecordResult::OutputEndsFull => Err(Code::FileTooManyColumns),
            ReadRecordResult::End | ReadRecordResult::InputEmpty => Ok(None),
            ReadRecordResult::Record => {
                Ok(Some(Record { line, cells: self.cells(written, count)? }))
            }
        }
    }

    fn cells(&self, written: usize, count: usize) -> Result<Vec<String>, Code> {
        let mut from = 0;
        let mut cells = Vec::with_capacity(count);
        for end in self.ends.iter().take(count) {
            let bytes = self.output.get(from..(*end).min(written)).unwrap_or_default();
            from = *end;
            let cell = str::from_utf8(bytes).map_err(|_| Code::FileNotText)?.trim();
            if cell.len() > MAX_CELL && cell.chars().count() > MAX_CELL {
                return Err(Code::FileCellTooLong);
            }
            cells.push(cell.to_owned());
        }
        Ok(cells)
    }

    /// Moves on and counts the lines that ended; `\r\n` ends one.
    fn advance(&mut self, count: usize) {
        let (done, left) = self.rest.split_at_checked(count).unwrap_or((self.rest, &[]));
        self.rest = left;
        for (at, byte) in done.iter().enumerate() {
            let next = done.get(at.saturating_add(1)).or_else(|| left.first());
            if *byte == b'\n' || (*byte == b'\r' && next != Some(&b'\n')) {
                self.line = self.line.saturating_add(1);
            }
        }
    }
}

impl Iterator for Records<'_> {
    type Item = Result<Record, Code>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let item = self.read().transpose();
        self.done = !matches!(item, Some(Ok(_)));
        item
    }
}
