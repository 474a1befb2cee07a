//! The one way into a file: from bytes of any kind to rows of an account, for the preview and for what is applied.

use super::interpret::interpret;
use super::options::ImportOptions;
use super::outcome::Interpretation;
use super::records::Record;
use super::statement::{Statement, StatementInfo, Statements};
use super::table::{self, Table};
use super::{FileFormat, camt, decode, entries, ofx, qif};
use crate::{Code, Currency, Date};

/// A file, read as far as it can be without knowing the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    format: FileFormat,
    content: Content,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Content {
    Table(Table),
    Statements(Statements),
}

/// The account that a file is read for.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// The currency of rows when the file names none.
    pub currency: Currency,
    /// The last digits of its number: of several statements, its own is found by them.
    pub mask: Option<&'a str>,
}

impl File {
    /// Reads bytes of any kind. What has no rows, breaks a limit or is damaged is refused whole.
    pub fn parse(bytes: &[u8]) -> Result<Self, Code> {
        let text = decode(bytes)?;
        let format = FileFormat::of_text(&text)?;
        let content = match format {
            FileFormat::Csv => Content::Table(table::read(&text)?),
            FileFormat::Ofx1 | FileFormat::Ofx2 | FileFormat::Qfx => {
                Content::Statements(ofx::parse(&text, format)?)
            }
            FileFormat::Qif => Content::Statements(qif::parse(&text)?),
            FileFormat::Camt053 => Content::Statements(camt::parse(&text)?),
        };
        Ok(Self { format, content })
    }

    /// What kind of file it is.
    pub const fn format(&self) -> FileFormat {
        self.format
    }

    /// The names of its columns; none where the format has no columns to choose.
    pub fn columns(&self) -> &[String] {
        match &self.content {
            Content::Table(table) => &table.columns,
            Content::Statements(_) => &[],
        }
    }

    /// The first rows of a table as they stand in the file, a cell a column.
    pub fn sample(&self, most: usize) -> Vec<Vec<String>> {
        let cells = |row: &Record| {
            (0_u32..).zip(self.columns()).map(|(at, _)| row.cell(at).to_owned()).collect()
        };
        match &self.content {
            Content::Table(table) => table.rows.iter().take(most).map(cells).collect(),
            Content::Statements(_) => Vec::new(),
        }
    }

    /// How many rows it has, of whatever account.
    pub fn row_count(&self) -> usize {
        match &self.content {
            Content::Table(table) => table.rows.len(),
            Content::Statements(file) => {
                file.list.iter().map(|statement| statement.entries.len()).sum()
            }
        }
    }

    /// The accounts in it; none in a table.
    pub fn statements(&self) -> Vec<StatementInfo> {
        match &self.content {
            Content::Table(_) => Vec::new(),
            Content::Statements(file) => file.list.iter().map(Statement::info).collect(),
        }
    }

    /// The same for every file of the same make: what remembered choices are found by.
    pub fn signature(&self) -> String {
        match &self.content {
            Content::Table(table) => table.signature(),
            Content::Statements(file) => file.signature(),
        }
    }

    /// Reads it as rows of an account. `today` bounds the dates: a year ahead at most.
    pub fn interpret(
        &self,
        options: &ImportOptions,
        account: Target<'_>,
        today: Date,
    ) -> Interpretation {
        match &self.content {
            Content::Table(table) => interpret(table, options, account.currency, today),
            Content::Statements(file) => entries::interpret(file, options, account, today),
        }
    }
}
