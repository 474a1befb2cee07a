//! From a table to rows of an account: what the file proves is taken, what it leaves open is asked.

use serde::{Deserialize, Serialize};

use super::columns::{self, Mapping, Role};
use super::dates::{self, DateFormat};
use super::numbers::{self, Decimal};
use super::options::ImportOptions;
use super::sign::{self, Order, Proof};
use super::{Record, Table};
use crate::{Code, Currency, Date, Money, category, day, text};

/// What stands in for an empty description.
const NO_DESCRIPTION: &str = "(no description)";

/// A table as rows of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interpretation {
    /// One entry a record, in the order of the file. Empty while a question is open.
    pub rows: Vec<RowResult>,
    /// What only the person can know. Nothing is chosen for them.
    pub questions: Vec<Question>,
    /// True when the file itself says which way money went.
    pub sign_proven: bool,
    /// True when signs were turned: money out is above zero in the file.
    pub flipped: bool,
    /// The columns as understood.
    pub mapping: Mapping,
    /// How dates are read.
    pub date_format: Option<DateFormat>,
    /// How decimals are read.
    pub decimal: Option<Decimal>,
    /// What a remembered mapping is found by: [`Table::signature`].
    pub header_signature: String,
    /// Lines above and below the table that were left out.
    pub skipped: Vec<u32>,
}

impl Interpretation {
    /// Everything as understood, to be remembered for the next file of this make.
    pub fn options(&self) -> ImportOptions {
        ImportOptions {
            columns: self.mapping.iter().map(|(role, column)| (role, Some(column))).collect(),
            date_format: self.date_format,
            decimal: self.decimal,
            flip: Some(self.flipped),
        }
    }

    /// The rows without errors.
    pub fn good_rows(&self) -> impl Iterator<Item = (u32, &ImportRow)> {
        self.rows.iter().filter_map(|row| Some((row.line, row.outcome.as_ref().ok()?)))
    }
}

/// What became of one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowResult {
    /// The line of the file it starts in, from 1.
    pub line: u32,
    /// The row, or everything that is wrong with it.
    pub outcome: Result<ImportRow, Vec<RowError>>,
}

/// A row of the file, understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportRow {
    /// The date at the bank.
    #[serde(with = "day::iso")]
    pub date: Date,
    /// Minor units, in above zero.
    pub minor: i64,
    /// The currency of the row, else of the account.
    pub currency: Currency,
    /// One line; never empty.
    pub description: String,
    /// The key of the category the file names, when it is one of ours.
    pub category: Option<String>,
    /// One line.
    pub note: Option<String>,
    /// The balance beside it, in minor units.
    pub balance: Option<i64>,
    /// The bank's own id of it.
    pub external_id: Option<String>,
}

/// One thing wrong with one cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowError {
    /// The name of the column.
    pub column: String,
    /// The stable code.
    pub code: String,
    /// The sentence shown.
    pub message: String,
}

/// Something the file doesn't say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Question {
    /// Columns that are needed and weren't found. Answered by `col.date`, `col.description`, `col.amount`, …
    Columns {
        /// What is needed.
        missing: Vec<Role>,
        /// The columns there are, in their order.
        found: Vec<String>,
    },
    /// Two ways of writing dates fit equally well. Answered by `date`.
    DateFormat {
        /// The ways that fit.
        choices: Vec<Choice>,
    },
    /// Two ways of writing decimals fit equally well. Answered by `decimal`.
    Decimal {
        /// The ways that fit.
        choices: Vec<Choice>,
    },
}

/// One answer to a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The value in the address.
    pub value: String,
    /// What it is called.
    pub label: String,
    /// What it makes of cells of this file, two at most.
    pub examples: Vec<Example>,
}

/// A cell, and what an answer makes of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Example {
    /// The cell as written: "03/04/2026".
    pub text: String,
    /// What it would mean: "3 April 2026".
    pub meaning: String,
}

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
            reader.rows(format, decimal, options.flip, &mut result);
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

struct Reader<'t> {
    table: &'t Table,
    mapping: Mapping,
    currency: Currency,
    latest: Date,
}

impl<'t> Reader<'t> {
    fn cell(&self, row: &'t Record, role: Role) -> Option<&'t str> {
        self.mapping.get(role).map(|column| row.cell(column))
    }

    fn cells(&self, role: Role) -> impl Iterator<Item = (&'t Record, &'t str)> {
        let column = self.mapping.get(role);
        let cells = self.table.rows.iter().filter_map(move |row| Some((row, row.cell(column?))));
        cells.filter(|(_, cell)| !cell.is_empty())
    }

    fn row_currency(&self, row: &'t Record) -> Result<Currency, Code> {
        match self.cell(row, Role::Currency) {
            Some(code) if !code.is_empty() => Currency::parse(code),
            _ => Ok(self.currency),
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
            let currency = self.row_currency(row).unwrap_or(self.currency);
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

    /// Reads every record once both are known, and lets the balances prove the sign.
    fn rows(
        &self,
        format: DateFormat,
        decimal: Decimal,
        flip: Option<bool>,
        result: &mut Interpretation,
    ) {
        let mut records = self.table.rows.as_slice();
        while let Some((last, rest)) = records.split_last() {
            if !self.is_junk(last, format) {
                break;
            }
            result.skipped.push(last.line);
            records = rest;
        }
        result.skipped.sort_unstable();
        let debits_are_negative = self.debits_are_negative(decimal);
        let read = |row: &'t Record| RowResult {
            line: row.line,
            outcome: self.row(row, format, decimal, debits_are_negative),
        };
        result.rows = records.iter().map(read).collect();

        let steps: Vec<sign::Step> =
            result.good_rows().map(|(_, row)| (row.minor, row.balance)).collect();
        let dates = || result.good_rows().map(|(_, row)| row.date);
        let order = dates()
            .next()
            .zip(dates().last())
            .map_or(Order::Unknown, |(first, last)| Order::of(first, last));
        let proof = sign::prove(&steps, order);
        let in_columns =
            self.mapping.get(Role::Amount).is_none() || self.mapping.get(Role::Indicator).is_some();
        result.sign_proven = proof != Proof::None || in_columns;
        result.flipped = flip.unwrap_or(proof == Proof::Flipped);
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
                numbers::parse(cell, decimal, self.row_currency(row).ok()?).ok()
            })
            .filter(|minor| *minor != 0)
            .peekable();
        amounts.peek().is_some() && amounts.all(|minor| minor < 0)
    }

    fn row(
        &self,
        row: &'t Record,
        format: DateFormat,
        decimal: Decimal,
        negative: bool,
    ) -> Result<ImportRow, Vec<RowError>> {
        let mut errors = Vec::new();
        let width = self.table.columns.len();
        if self.table.has_header && row.cells.iter().skip(width).any(|cell| !cell.is_empty()) {
            errors.push(RowError {
                column: String::new(),
                code: Code::RowTooLong.as_str().to_owned(),
                message: Code::RowTooLong.message().into_owned(),
            });
            return Err(errors);
        }
        let date = self.note(&mut errors, Role::Date, self.date(row, format));
        let currency = self.note(&mut errors, Role::Currency, self.row_currency(row));
        let minor =
            currency.and_then(|currency| self.minor(row, decimal, currency, negative, &mut errors));
        let balance = currency.and_then(|currency| {
            numbers::parse(self.cell(row, Role::Balance)?, decimal, currency).ok()
        });
        match (date, minor, currency) {
            (Some(date), Some(minor), Some(currency)) if errors.is_empty() => Ok(ImportRow {
                date,
                minor,
                currency,
                description: self
                    .line(row, Role::Description)
                    .unwrap_or_else(|| NO_DESCRIPTION.to_owned()),
                category: self
                    .cell(row, Role::Category)
                    .and_then(category::from_label)
                    .map(str::to_owned),
                note: self.line(row, Role::Note),
                balance,
                external_id: self.line(row, Role::ExternalId),
            }),
            _ => Err(errors),
        }
    }

    fn note<T>(
        &self,
        errors: &mut Vec<RowError>,
        role: Role,
        result: Result<T, Code>,
    ) -> Option<T> {
        result
            .map_err(|code| {
                errors.push(RowError {
                    column: self
                        .mapping
                        .get(role)
                        .map_or_else(String::new, |column| self.table.column(column).to_owned()),
                    code: code.as_str().to_owned(),
                    message: code.message().into_owned(),
                });
            })
            .ok()
    }

    fn date(&self, row: &'t Record, format: DateFormat) -> Result<Date, Code> {
        let cell = self.cell(row, Role::Date).unwrap_or_default();
        if cell.is_empty() {
            return Err(Code::DateRequired);
        }
        dates::parse(cell, format, self.latest).ok_or_else(|| match dates::read(cell, format) {
            Some(date) if date > self.latest => Code::DateFuture(self.latest),
            _ => Code::DateInvalid,
        })
    }

    /// The signed amount, from whichever columns hold it.
    fn minor(
        &self,
        row: &'t Record,
        decimal: Decimal,
        currency: Currency,
        negative: bool,
        errors: &mut Vec<RowError>,
    ) -> Option<i64> {
        if let Some(cell) = self.cell(row, Role::Amount) {
            let minor = self.note(errors, Role::Amount, amount(cell, decimal, currency))?;
            let Some(indicator) = self.cell(row, Role::Indicator) else { return Some(minor) };
            let is_in = columns::indicates(indicator).ok_or(Code::IndicatorUnknown);
            let is_in = self.note(errors, Role::Indicator, is_in)?;
            let size = minor.saturating_abs();
            return Some(if is_in { size } else { size.saturating_neg() });
        }
        let mut side = |role| {
            let cell = self.cell(row, role).unwrap_or_default();
            if cell.is_empty() {
                Some(0)
            } else {
                self.note(errors, role, amount(cell, decimal, currency))
            }
        };
        let (out, paid_in) = (side(Role::Debit)?, side(Role::Credit)?);
        let is_empty = |role| self.cell(row, role).unwrap_or_default().is_empty();
        if is_empty(Role::Debit) && is_empty(Role::Credit) {
            return self.note(errors, Role::Debit, Err(Code::AmountRequired));
        }
        if out != 0 && paid_in != 0 {
            return self.note(errors, Role::Debit, Err(Code::AmountNumber));
        }
        let out = if negative { out } else { out.saturating_neg() };
        Some(out.saturating_add(paid_in))
    }

    /// The cell as one line without hidden characters; nothing when it is empty.
    fn line(&self, row: &'t Record, role: Role) -> Option<String> {
        let cell = self.cell(row, role)?;
        let visible: String =
            cell.chars().map(|c| if text::is_hidden(c) { ' ' } else { c }).collect();
        text::clean_line(&visible, super::MAX_CELL).ok().filter(|line| !line.is_empty())
    }
}

fn amount(cell: &str, decimal: Decimal, currency: Currency) -> Result<i64, Code> {
    if cell.is_empty() {
        Err(Code::AmountRequired)
    } else {
        numbers::parse(cell, decimal, currency)
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
