//! From a table to rows of an account: what the file proves is taken, what it leaves open is asked.

use super::Table;
use super::columns::{self, Mapping, Role};
use super::dates::{self, DateFormat};
use super::numbers::{self, Decimal};
use super::options::ImportOptions;
use super::outcome::{Choice, Example, Interpretation, Question};
use super::records::Record;
use super::row::{self, Style};
use super::sign::{self, Order, Proof};
use crate::{Code, Currency, Date, Money, day};

/// Reads the table as rows of an account in `currency`. `today` bounds the dates: a year ahead at most.
pub fn interpret(
    table: &Table,
    options: &ImportOptions,
    currency: Currency,
    today: Date,
) -> Interpretation {
    let mapping = columns::map(table, options);
    let mut result = Interpretation {
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
    let format = decide(options.date_format, || reader.date_format());
    let decimal = decide(options.decimal, || reader.decimal());
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

fn decide<T>(chosen: Option<T>, find: impl FnOnce() -> Result<T, Question>) -> Result<T, Question> {
    chosen.map_or_else(find, Ok)
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

    /// The currency a record names, else that of the account.
    pub(super) fn currency_of(&self, record: &Record) -> Result<Currency, Code> {
        match self.mapping.get(Role::Currency).map_or("", |column| record.cell(column)) {
            "" => Ok(self.currency),
            code => Currency::parse(code),
        }
    }

    /// The way of writing that most dates follow; a question when two do and disagree.
    fn date_format(&self) -> Result<DateFormat, Question> {
        let read = |cell: &str, format: DateFormat| dates::parse(cell, format, self.latest);
        let counted = DateFormat::ALL.iter().map(|format| {
            (
                self.cells(Role::Date).filter(|(_, cell)| read(cell, *format).is_some()).count(),
                *format,
            )
        });
        let fitting = best(counted);
        let first = fitting.first().copied().unwrap_or(DateFormat::Ymd);
        let differing: Vec<&str> = self
            .cells(Role::Date)
            .map(|(_, cell)| cell)
            .filter(|cell| fitting.iter().any(|format| read(cell, *format) != read(cell, first)))
            .take(2)
            .collect();
        if differing.is_empty() {
            return Ok(first);
        }
        let meaning = |cell: &str, format| {
            read(cell, format).map_or_else(|| "no date".to_owned(), day::format_day)
        };
        let choices = fitting.iter().map(|format| {
            choice(format.as_str(), format.label(), &differing, |cell| meaning(cell, *format))
        });
        Err(Question::DateFormat { choices: choices.collect() })
    }

    /// The decimal sign that most amounts fit; a question when both fit and disagree.
    fn decimal(&self) -> Result<Decimal, Question> {
        let read = |(row, cell): (&'t Record, &str), decimal: Decimal| {
            let currency = self.currency_of(row).unwrap_or(self.currency);
            numbers::parse(cell, decimal, currency).ok().map(|minor| Money::new(minor, currency))
        };
        let amounts = || {
            [Role::Amount, Role::Debit, Role::Credit].into_iter().flat_map(|role| self.cells(role))
        };
        let count =
            |decimal: Decimal| amounts().filter(|cell| read(*cell, decimal).is_some()).count();
        let fitting = best(Decimal::ALL.iter().map(|decimal| (count(*decimal), *decimal)));
        if let &[only] = fitting.as_slice() {
            return Ok(only);
        }
        let differing: Vec<(&Record, &str)> = amounts()
            .filter(|cell| read(*cell, Decimal::Point) != read(*cell, Decimal::Comma))
            .take(2)
            .collect();
        // Where no amount can be read at all, the rows say so themselves.
        if differing.is_empty() || count(Decimal::Point) == 0 {
            return Ok(Decimal::Point);
        }
        let meaning = |cell, decimal| {
            read(cell, decimal).map_or_else(|| "no amount".to_owned(), Money::format)
        };
        let choices = Decimal::ALL.iter().map(|decimal| Choice {
            value: decimal.as_str().to_owned(),
            label: decimal.label().to_owned(),
            examples: differing
                .iter()
                .map(|cell| Example { text: cell.1.to_owned(), meaning: meaning(*cell, *decimal) })
                .collect(),
        });
        Err(Question::Decimal { choices: choices.collect() })
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
        result.sign_proven = proof == agrees || in_columns;
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

/// Those with the highest count, in their order; none when nothing was counted.
fn best<T: Copy>(counted: impl Iterator<Item = (usize, T)>) -> Vec<T> {
    let counted: Vec<(usize, T)> = counted.collect();
    let most = counted.iter().map(|(count, _)| *count).max().filter(|count| *count > 0);
    counted.into_iter().filter(|(count, _)| Some(*count) == most).map(|(_, value)| value).collect()
}

fn choice(value: &str, label: &str, cells: &[&str], meaning: impl Fn(&str) -> String) -> Choice {
    let example = |cell: &&str| Example { text: (*cell).to_owned(), meaning: meaning(cell) };
    Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        examples: cells.iter().map(example).collect(),
    }
}
