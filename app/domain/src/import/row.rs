//! One record as one row, or everything that is wrong with it.

use super::MAX_CELL;
use super::columns::{self, Role};
use super::dates::{self, DateFormat};
use super::interpret::Reader;
use super::numbers::{self, Decimal};
use super::outcome::{ImportRow, RowError, RowResult};
use super::records::Record;
use crate::{Code, Currency, Date, TransactionStatus, category, text};

/// What stands in for an empty description.
pub(super) const NO_DESCRIPTION: &str = "(no description)";

/// How the cells of a file are read, once that is known.
#[derive(Clone, Copy)]
pub(super) struct Style {
    pub(super) dates: DateFormat,
    pub(super) decimal: Decimal,
    /// True when the column of money out is below zero itself.
    pub(super) debits_are_negative: bool,
}

/// Reads one record; every cell that is wrong is noted, not the first alone.
pub(super) fn read(reader: &Reader<'_>, record: &Record, style: Style) -> RowResult {
    let mut row = Row { reader, record, style, errors: Vec::new() };
    let read = row.read();
    RowResult {
        line: record.line,
        outcome: read.filter(|_| row.errors.is_empty()).ok_or(row.errors),
    }
}

struct Row<'r> {
    reader: &'r Reader<'r>,
    record: &'r Record,
    style: Style,
    errors: Vec<RowError>,
}

impl<'r> Row<'r> {
    fn read(&mut self) -> Option<ImportRow> {
        let table = self.reader.table;
        let beyond = self.record.cells.iter().skip(table.columns.len());
        if table.has_header && beyond.into_iter().any(|cell| !cell.is_empty()) {
            return self.fail(None, Code::RowTooLong);
        }
        let date = self.date();
        let currency = self.take(Role::Currency, self.reader.currency_of(self.record));
        let minor = currency.and_then(|currency| self.minor(currency));
        let (date, minor, currency) = (date?, minor?, currency?);
        Some(ImportRow {
            date,
            minor,
            currency,
            description: self.line(Role::Description).unwrap_or_else(|| NO_DESCRIPTION.to_owned()),
            category: category::from_label(self.cell(Role::Category)).map(str::to_owned),
            note: self.line(Role::Note),
            balance: numbers::parse(self.cell(Role::Balance), self.style.decimal, currency).ok(),
            external_id: self.line(Role::ExternalId),
            provider_id: None,
            status: TransactionStatus::Completed,
            merchant: None,
            transfer: false,
            other_account: None,
            parts: Vec::new(),
            replaces: Vec::new(),
            flag: None,
        })
    }

    /// The cell of a role; empty when it has no column.
    fn cell(&self, role: Role) -> &'r str {
        self.reader.mapping.get(role).map_or("", |column| self.record.cell(column))
    }

    fn take<T>(&mut self, role: Role, result: Result<T, Code>) -> Option<T> {
        result.or_else(|code| self.fail(Some(role), code).ok_or(())).ok()
    }

    /// Notes what is wrong, with the name of the column; without one it is the whole row.
    fn fail<T>(&mut self, role: Option<Role>, code: Code) -> Option<T> {
        let column = role.and_then(|role| self.reader.mapping.get(role));
        self.errors.push(RowError {
            column: column
                .map_or_else(String::new, |column| self.reader.table.column(column).to_owned()),
            code: code.as_str().to_owned(),
            message: code.message().into_owned(),
        });
        None
    }

    fn date(&mut self) -> Option<Date> {
        let (cell, latest) = (self.cell(Role::Date), self.reader.latest);
        self.take(Role::Date, dates::checked(cell, self.style.dates, latest))
    }

    /// The signed amount, from whichever columns hold it.
    fn minor(&mut self, currency: Currency) -> Option<i64> {
        if self.reader.mapping.get(Role::Amount).is_none() {
            return self.both_sides(currency);
        }
        let minor = self.amount(Role::Amount, currency)?;
        if self.reader.mapping.get(Role::Indicator).is_none() {
            return Some(minor);
        }
        let is_in = columns::indicates(self.cell(Role::Indicator)).ok_or(Code::IndicatorUnknown);
        let size = minor.saturating_abs();
        self.take(Role::Indicator, is_in)
            .map(|is_in| if is_in { size } else { size.saturating_neg() })
    }

    /// From a column of money out and one of money in, of which one is empty or zero.
    fn both_sides(&mut self, currency: Currency) -> Option<i64> {
        let is_filled = |role| !self.cell(role).is_empty();
        let (has_out, has_in) = (is_filled(Role::Debit), is_filled(Role::Credit));
        if !has_out && !has_in {
            return self.fail(Some(Role::Debit), Code::AmountRequired);
        }
        let out = if has_out { self.amount(Role::Debit, currency)? } else { 0 };
        let paid_in = if has_in { self.amount(Role::Credit, currency)? } else { 0 };
        if out != 0 && paid_in != 0 {
            return self.fail(Some(Role::Debit), Code::AmountNumber);
        }
        let out = if self.style.debits_are_negative { out } else { out.saturating_neg() };
        Some(out.saturating_add(paid_in))
    }

    fn amount(&mut self, role: Role, currency: Currency) -> Option<i64> {
        match self.cell(role) {
            "" => self.fail(Some(role), Code::AmountRequired),
            cell => self.take(role, numbers::parse(cell, self.style.decimal, currency)),
        }
    }

    fn line(&self, role: Role) -> Option<String> {
        one_line(self.cell(role))
    }
}

/// A text as one line of at most [`MAX_CELL`] characters without hidden ones; nothing when it is empty.
pub(super) fn one_line(text: &str) -> Option<String> {
    let visible: String = text.chars().map(|c| if text::is_hidden(c) { ' ' } else { c }).collect();
    let mut line = text::clean_line(&visible, usize::MAX).ok()?;
    if let Some((end, _)) = line.char_indices().nth(MAX_CELL) {
        line.truncate(end);
        line.truncate(line.trim_end().len());
    }
    Some(line).filter(|line| !line.is_empty())
}
