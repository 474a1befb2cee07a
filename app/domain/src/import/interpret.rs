//! From a table to rows of an account: what the file proves is taken, what it leaves open is asked.

use super::Table;
use super::columns::{self, Mapping, Role};
use super::dates::{self, DateFormat};
use super::numbers::{self, Decimal};
use super::options::ImportOptions;
use super::outcome::{Interpretation, Question};
use super::records::Record;
use super::row::{self, Style};
use super::sign::{self, Order, Proof};
use super::{FileFormat, decide};
use crate::{Code, Currency, Date, export};

/// Reads the table as rows of an account in `currency`. `today` bounds the dates: a year ahead at most.
pub fn interpret(
    table: &Table,
    options: &ImportOptions,
    currency: Currency,
    today: Date,
) -> Interpretation {
    let own;
    let options = if export::is_header(&table.columns) {
        own = own_export(options);
        &own
    } else {
        options
    };
    let mapping = columns::map(table, options);
    let mut result = Interpretation {
        format: FileFormat::Csv,
        statements: Vec::new(),
        statement: None,
        balances: None,
        deletions: Vec::new(),
        rows: Vec::new(),
        questions: Vec::new(),
        sign_proven: false,
        balance_disagrees: false,
        flipped: options.flip.unwrap_or(false),
        mapping,
        date_format: options.date_format,
        decimal: options.decimal,
        header_signature: table.signature(),
        skipped: table.skipped.clone(),
    };
    let missing = result.mapping.missing();
    if !missing.is_empty() {
        result.questions.push(Question::Columns { missing, found: table.columns.clone() });
        return result;
    }
    let reader = Reader {
        table,
        mapping: result.mapping.clone(),
        currency,
        latest: dates::a_year_after(today),
    };
    let format = chosen(options.date_format, || {
        let cells: Vec<&str> = reader.cells(Role::Date).map(|(_, cell)| cell).collect();
        decide::date_format(&cells, reader.latest)
    });
    let decimal = chosen(options.decimal, || decide::decimal(&reader.amounts()));
    match (format, decimal) {
        (Ok(format), Ok(decimal)) => {
            result.date_format = Some(format);
            result.decimal = Some(decimal);
            reader.rows(format, decimal, &mut result);
        }
        (format, decimal) => {
            result.date_format = format.as_ref().ok().copied();
            result.decimal = decimal.as_ref().ok().copied();
            result.questions.extend(format.err());
            result.questions.extend(decimal.err());
        }
    }
    result
}

/// A file that we wrote says nothing that has to be found out; what the person chose stands.
fn own_export(options: &ImportOptions) -> ImportOptions {
    let mut options = options.clone();
    options.date_format = options.date_format.or(Some(DateFormat::Ymd));
    options.decimal = options.decimal.or(Some(Decimal::Point));
    options.columns.entry(Role::Indicator).or_insert(None);
    options
}

/// What the person chose, else what is found out.
pub(super) fn chosen<T>(
    choice: Option<T>,
    find: impl FnOnce() -> Result<T, Question>,
) -> Result<T, Question> {
    choice.map_or_else(find, Ok)
}

/// A file, with what is known of it before its cells are read.
pub(super) struct Reader<'t> {
    pub(super) table: &'t Table,
    pub(super) mapping: Mapping,
    /// The currency of rows that name none.
    pub(super) currency: Currency,
    /// The last day a row may have.
    pub(super) latest: Date,
}

impl<'t> Reader<'t> {
    fn cells(&self, role: Role) -> impl Iterator<Item = (&'t Record, &'t str)> {
        let column = self.mapping.get(role);
        let cells = self.table.rows.iter().filter_map(move |row| Some((row, row.cell(column?))));
        cells.filter(|(_, cell)| !cell.is_empty())
    }

    /// Every amount with its currency; the account's where the record names none that we know.
    fn amounts(&self) -> Vec<(&'t str, Currency)> {
        [Role::Amount, Role::Debit, Role::Credit]
            .into_iter()
            .flat_map(|role| self.cells(role))
            .map(|(row, cell)| (cell, self.currency_of(row).unwrap_or(self.currency)))
            .collect()
    }

    /// The currency a record names, else that of the account.
    pub(super) fn currency_of(&self, record: &Record) -> Result<Currency, Code> {
        match self.mapping.get(Role::Currency).map_or("", |column| record.cell(column)) {
            "" => Ok(self.currency),
            code => Currency::parse(code),
        }
    }

    /// Reads every record once both are known.
    fn rows(&self, format: DateFormat, decimal: Decimal, result: &mut Interpretation) {
        let mut records = self.table.rows.as_slice();
        while let Some((last, rest)) = records.split_last() {
            if !self.is_junk(last, format) {
                break;
            }
            result.skipped.push(last.line);
            records = rest;
        }
        result.skipped.sort_unstable();
        let style = Style {
            dates: format,
            decimal,
            debits_are_negative: self.debits_are_negative(decimal),
        };
        result.rows = records.iter().map(|record| row::read(self, record, style)).collect();
        self.sign(result);
    }

    /// Lets the balances prove the sign, and turns it if the person says so.
    ///
    /// Balances that move against the amounts prove nothing: on a card they may be what is owed.
    fn sign(&self, result: &mut Interpretation) {
        let steps: Vec<sign::Step> =
            result.good_rows().map(|(_, row)| (row.minor, row.balance)).collect();
        let dates = || result.good_rows().map(|(_, row)| row.date);
        let ends = dates().next().zip(dates().last());
        let order = ends.map_or(Order::Unknown, |(first, last)| Order::of(first, last));
        let (agrees, disagrees) = if result.flipped {
            (Proof::Flipped, Proof::AsWritten)
        } else {
            (Proof::AsWritten, Proof::Flipped)
        };
        let proof = sign::prove(&steps, order);
        let in_columns =
            self.mapping.get(Role::Amount).is_none() || self.mapping.get(Role::Indicator).is_some();
        let written_by_us = export::is_header(&self.table.columns) && !result.flipped;
        result.sign_proven = proof == agrees || in_columns || written_by_us;
        result.balance_disagrees = proof == disagrees;
        if result.flipped {
            for row in result.rows.iter_mut().filter_map(|row| row.outcome.as_mut().ok()) {
                row.minor = row.minor.saturating_neg();
            }
        }
    }

    /// A line below the table: a sum, a closing balance, a remark. Only looked for at the end.
    fn is_junk(&self, row: &Record, format: DateFormat) -> bool {
        let date = self.mapping.get(Role::Date).map_or("", |column| row.cell(column));
        if dates::parse(date, format, self.latest).is_some() {
            return false;
        }
        let description = self.mapping.get(Role::Description).map_or("", |column| row.cell(column));
        let no_digits = !date.is_empty() && !date.contains(|c: char| c.is_ascii_digit());
        row.cells.len() < self.table.columns.len()
            || no_digits
            || (date.is_empty() && description.is_empty())
    }

    /// Some banks write money out below zero in its own column as well.
    fn debits_are_negative(&self, decimal: Decimal) -> bool {
        let mut amounts = self
            .cells(Role::Debit)
            .filter_map(|(row, cell)| {
                numbers::parse(cell, decimal, self.currency_of(row).ok()?).ok()
            })
            .filter(|minor| *minor != 0)
            .peekable();
        amounts.peek().is_some() && amounts.all(|minor| minor < 0)
    }
}
